"""How alike two names are: a cheap score first, the exact one where it may decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.fuzz import ratio, token_sort_ratio

from recoup.complaints.victims import skeleton
from recoup.network.screening.words import LIGHT, word_weight

FULL = 1000
CHEAP_MIN = 48
WORD_MIN = 760
SURPLUS_PERCENT = 45  # how much a word that only the longer name has weighs
JOINED_MIN = 900
JOINED_LETTERS_MIN = 5
SHORT_LETTERS_MAX, SHORT_LIKE = 4, 780  # one letter in four is much


@dataclass(frozen=True, slots=True)
class Scored:
    """A score from 0 to 1000 and the pairs of words that made it."""

    score: int
    why: tuple[str, ...]


def cheap_score(a: str, b: str) -> float:
    """0 to 100; below CHEAP_MIN no exact score reaches the alarm."""
    return max(token_sort_ratio(a, b), ratio(a.replace(" ", ""), b.replace(" ", "")))


def exact_score(a: Sequence[str], b: Sequence[str], counts: Mapping[str, int], total: int) -> Scored:
    """Words paired best first, weighed by how much they say; what only one name has counts against it."""
    if not a or not b:
        return Scored(0, ())
    a, b = _parted(a, b), _parted(b, a)
    weigh = {word: word_weight(word, counts, total) for word in (*a, *b)}
    pairs = _paired(a, b)
    matched = sum(like * (weigh[x] + weigh[y]) for x, y, like in pairs)
    left = _left(a, [x for x, _, _ in pairs]), _left(b, [y for _, y, _ in pairs])
    lost = [sum(weigh[word] for word in words) for words in left]
    solid = sum(1 for x, y, like in pairs if min(weigh[x], weigh[y]) > LIGHT and like >= 850)
    forgiven = SURPLUS_PERCENT if solid >= 2 else 100
    gap = max(lost) * forgiven // 100 + min(lost)
    whole = sum(weigh[x] + weigh[y] for x, y, _ in pairs) + gap
    score = matched // whole if whole else 0
    joined = int(10 * ratio("".join(sorted(a)), "".join(sorted(b)))) if len(a) != len(b) else 0
    run = int(10 * ratio("".join(a), "".join(b)))
    why = tuple(_words(x, y, like) for x, y, like in pairs) + _surplus(left)
    if run >= JOINED_MIN and run > score and (joined >= JOINED_MIN or len(a) == len(b)):
        return Scored(run, (*why, "letters agree when written together"))
    return Scored(score, why)


def _parted(a: Sequence[str], b: Sequence[str]) -> Sequence[str]:
    """`a` with a word cut in two where two neighbours of `b`, written together, are that word."""
    for at in range(len(b) - 1):
        joined = b[at] + b[at + 1]
        for to, word in enumerate(a):
            near = len(word) >= JOINED_LETTERS_MIN and abs(len(word) - len(joined)) <= 1 and word not in b
            if near and len(word) > (cut := len(b[at])) and OSA.distance(word, joined, score_cutoff=1) <= 1:
                return [*a[:to], word[:cut], word[cut:], *a[to + 1 :]]
    return a


def _paired(a: Sequence[str], b: Sequence[str]) -> list[tuple[str, str, int]]:
    """The best pairing of words, greedily from the most alike; each word serves once."""
    found = [
        (-likeness(x, y), at, to) for at, x in enumerate(a) for to, y in enumerate(b) if likeness(x, y) >= WORD_MIN
    ]
    used_a: set[int] = set()
    used_b: set[int] = set()
    pairs = []
    for like, at, to in sorted(found):
        if at not in used_a and to not in used_b:
            used_a.add(at)
            used_b.add(to)
            pairs.append((a[at], b[to], -like))
    return pairs


@lru_cache(maxsize=262144)
def likeness(a: str, b: str) -> int:
    """0 to 1000 for two words: equal, an initial, a slip of the hand, or one sound in two spellings."""
    if a == b:
        return FULL
    if len(a) == 1 or len(b) == 1:
        return 800 if a[0] == b[0] else 0
    similarity = int(1000 * JaroWinkler.similarity(a, b))
    if max(len(a), len(b)) <= SHORT_LETTERS_MAX:
        return SHORT_LIKE if OSA.distance(a, b, score_cutoff=1) <= 1 else 0
    slip = OSA.distance(a, b, score_cutoff=2)
    by_edit = FULL - 1000 * slip // max(len(a), len(b)) if slip <= 2 else 0
    best = max(min(similarity, 930) if slip <= 2 or similarity >= 900 else 0, by_edit)
    bones = skeleton(a)
    if bones == skeleton(b) and len(bones) > 1 and similarity >= (600 if len(bones) > 2 else 800):
        best = max(best, 900 if len(bones) > 2 else 840)
    return best


def _left(words: Sequence[str], used: Sequence[str]) -> list[str]:
    rest = list(words)
    for word in used:
        rest.remove(word)
    return rest


def _words(a: str, b: str, like: int) -> str:
    return f"{a} = {b}" if a == b else f"{a} ~ {b} ({like})"


def _surplus(left: tuple[list[str], list[str]]) -> tuple[str, ...]:
    said = [
        f"only the {side} has {' '.join(words)}" for side, words in zip(("query", "entry"), left, strict=True) if words
    ]
    return tuple(said)
