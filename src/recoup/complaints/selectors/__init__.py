"""Selectors: typed, validated mentions with their offsets.

In: a text of any script and the country it was filed in. Out: domains, URLs, e-mails, phones, accounts, cards,
wallets, hashes, amounts, dates and known names. Always true: `raw` is the original text at `start:end` (cards
masked); nothing is translated; `valid` is True only where a checksum, plan or suffix list holds.
"""

from recoup.complaints.selectors.extract import NO_NAMES, TEXT_CHARACTERS_MAX, selectors_of, selectors_of_text
from recoup.complaints.selectors.model import Selector, Type
from recoup.complaints.selectors.names import Gazetteer, Known, folded, tokens_of
from recoup.complaints.selectors.web import domain_parts

__all__ = [
    "NO_NAMES",
    "TEXT_CHARACTERS_MAX",
    "Gazetteer",
    "Known",
    "Selector",
    "Type",
    "domain_parts",
    "folded",
    "selectors_of",
    "selectors_of_text",
    "tokens_of",
]
