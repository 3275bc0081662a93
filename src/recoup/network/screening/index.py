"""Retrieval: the entries whose names share the rarest letter groups with a name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from recoup.complaints.victims import skeleton

COMMON_SHARE = 0.08
CANDIDATES_MAX = 24

Rows = npt.NDArray[np.int32]


def grams_of(words: Sequence[str]) -> set[str]:
    """Groups of three letters within each word (its ends marked), and each word's consonants."""
    grams: set[str] = set()
    for word in words:
        padded = f" {word} "
        grams.update(padded[at : at + 3] for at in range(len(padded) - 2))
        bones = skeleton(word)
        if len(bones) > 1:
            grams.add("~" + bones)
    joined = "".join(words)
    grams.update(joined[at : at + 3] for at in range(len(joined) - 2))
    return grams


class GramIndex:
    """Names of entries by their grams. `entries[n]` is the entry of name n; names of one entry stand together."""

    def __init__(self, names: Sequence[Sequence[str]], entries: Sequence[int]) -> None:
        by_gram: dict[str, list[int]] = {}
        for row, words in enumerate(names):
            for gram in grams_of(words):
                by_gram.setdefault(gram, []).append(row)
        count = max(len(names), 1)
        self._count = len(names)
        self._rows_of: dict[str, tuple[Rows, float]] = {}
        norms = np.full(count, 1e-9)
        for gram, rows in by_gram.items():
            array = np.array(rows, np.int32)
            weight = float(np.log(1 + count / len(rows))) ** 2
            norms[array] += weight
            self._rows_of[gram] = (array, weight)
        self._norms = np.sqrt(norms)
        self._starts = (
            np.flatnonzero(np.diff(np.array([-1, *entries]), prepend=-1)[1:]) if entries else np.zeros(0, int)
        )
        self._entries = np.array(entries, np.int64)
        self._common = max(200, int(COMMON_SHARE * count))

    def nearest(self, words: Sequence[str], most: int = CANDIDATES_MAX) -> list[int]:
        """Up to `most` entries, nearest first; ties by entry number. Very common grams are left out where rarer ones
        are there."""
        known = [self._rows_of[gram] for gram in sorted(grams_of(words)) if gram in self._rows_of]
        used = [each for each in known if len(each[0]) <= self._common] or known
        if not used:
            return []
        rows = np.concatenate([rows for rows, _ in used])
        weights = np.repeat([weight for _, weight in used], [len(rows) for rows, _ in used])
        scores = np.bincount(rows, weights=weights, minlength=self._count) / self._norms
        best = np.maximum.reduceat(scores, self._starts)
        kept = np.argpartition(-best, most)[:most] if len(best) > most else np.arange(len(best))
        kept = kept[best[kept] > 0]
        order = np.lexsort((kept, -best[kept]))
        return [int(self._entries[self._starts[at]]) for at in kept[order]]
