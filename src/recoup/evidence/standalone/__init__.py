"""One file that checks evidence with nothing of this package: it is copied beside an exhibit and run there.

In: proofs, custody records, bundles, public keys. Out: yes or no, and why.
Always true: `verify.py` imports the standard library and `cryptography`, and no line of Recoup.
"""
