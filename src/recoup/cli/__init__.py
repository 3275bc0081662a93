"""The command line: data on stdout, words on stderr.

Exit 0 done, 1 the work found or failed something, 2 wrong use, 3 refused by authority.
"""
