"""Screening: names against lists.

In: entries of lists, names with what else is known. Out: hits with a score and the reasons for it.
Always true: every hit says which words made it; scripts are compared after transliteration, never re-written;
a wallet address is never re-cased; the same names and lists give the same hits.
"""

from recoup.network.screening.model import Hit, Listing, Subject
from recoup.network.screening.score import exact_score, likeness
from recoup.network.screening.screen import ALARM, Screen
from recoup.network.screening.words import words_of

__all__ = ["ALARM", "Hit", "Listing", "Screen", "Subject", "exact_score", "likeness", "words_of"]
