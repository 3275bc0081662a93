"""Casework: the stair. One function per step a person takes; the only place where rooms are strung together.

In: files and choices of a person. Out: results, exhibits and bundles.
Always true: a step either finishes whole or leaves nothing behind.
"""
