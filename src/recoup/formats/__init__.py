"""Formats: outside formats to the rooms' nouns and back.

In: files of chains, banks and registers. Out: ledgers, and a defect for every row that was rejected.
Always true: nothing is dropped silently; every leg carries its source; no edge is invented.
"""
