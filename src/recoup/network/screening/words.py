"""Words of names, and how much each says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from recoup.complaints.selectors import folded

WORDS_MAX = 24
LIGHT, MIDDLE, HEAVY = 15, 60, 130

# Legal forms say what a company is, not which; particles and titles stand in many names or are left out.
_FORMS = """
llc ltd limited inc incorporated corp corporation co company gmbh ag kg ohg sa sas sarl spa srl bv nv ab as oy
oyj aps plc llp lp ooo oao zao pao ao jsc pjsc ojsc cjsc tov fze fzco fzc est pte pvt pty sdn bhd kft doo dooel
eood ead sro group holding holdings the and of for liability stock joint public private societe anonyme
aktsionernoe obshchestvo otvetstvennostyu ogranichennoi
"""
_PARTICLES = "al el bin ibn bint abu abd ul ud ad de da do del la le van von der den mr mrs dr haji hajji mullah sheikh"
_LIGHT = frozenset((_FORMS + _PARTICLES).split())
_SAME = {
    "limited": "ltd", "incorporated": "inc", "corporation": "corp", "company": "co", "aktiengesellschaft": "ag",
    "joint": "jsc", "public": "plc", "hajji": "haji",
}  # fmt: skip


@lru_cache(maxsize=262144)
def words_of(name: str) -> tuple[str, ...]:
    """Folded words of a name with the spellings of one legal form made one, in order; at most WORDS_MAX."""
    return tuple(_SAME.get(word, word) for word in folded(name).split()[:WORDS_MAX])


def word_counts(names: Iterable[tuple[str, ...]]) -> dict[str, int]:
    """In how many names each word stands."""
    counts: dict[str, int] = {}
    for words in names:
        for word in set(words):
            counts[word] = counts.get(word, 0) + 1
    return counts


def word_weight(word: str, counts: Mapping[str, int], total: int) -> int:
    """LIGHT for legal forms, particles and initials; else MIDDLE to HEAVY as the word grows rarer in the lists."""
    if word in _LIGHT or len(word) == 1:
        return LIGHT
    share = max(total, 2) // (counts.get(word, 0) + 1)
    return min(HEAVY, MIDDLE + 6 * max(0, share.bit_length() - 4))
