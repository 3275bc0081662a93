"""Ground: the words that every room uses.

In: text from outside (amounts, instants, identifiers). Out: values that refuse to be wrong.
Always true: money is an integer of the smallest unit with its asset; an instant knows its precision;
a verdict keeps its reasons, and unknown never becomes yes; a fact can say where it came from.
"""

from recoup.ground.account import AccountId
from recoup.ground.asset import Asset, amount_from_decimal_text, amount_from_text
from recoup.ground.defect import Defect, Defects, Refused, one_line
from recoup.ground.digest import canonical_json, sha256_file, sha256_hex
from recoup.ground.instant import Instant
from recoup.ground.money import Money, apportion, largest_remainder
from recoup.ground.source import Source
from recoup.ground.verdict import Answer, Verdict

__all__ = [
    "AccountId",
    "Answer",
    "Asset",
    "Defect",
    "Defects",
    "Instant",
    "Money",
    "Refused",
    "Source",
    "Verdict",
    "amount_from_decimal_text",
    "amount_from_text",
    "apportion",
    "canonical_json",
    "largest_remainder",
    "one_line",
    "sha256_file",
    "sha256_hex",
]
