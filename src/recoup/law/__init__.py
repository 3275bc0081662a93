"""Law: what may be asked of whom, by which instrument, and how long it takes.

In: the catalogue (`catalogue/*.yaml`), tables of parties (`participation/*.csv`), a case and its assets.
Out: for each asset a portfolio of routes with reasons to the clause and source, dropped routes, blocks, warnings.
Always true: no statement without source and verify mark; unknown never becomes yes; same question, same plan.
"""
