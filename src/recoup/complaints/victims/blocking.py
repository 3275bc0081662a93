"""Which pairs of records are worth comparing: those that share a key that few share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from recoup.complaints.victims.record import Record, skeleton
from recoup.complaints.victims.weights import HOT_VALUE_RECORDS_MAX

BUCKET_RECORDS_MAX = 60
NAME_WORDS_KEYED_MAX = 3

Pairs = npt.NDArray[np.int64]
Keys = Callable[[Record], Sequence[str]]


def candidate_pairs(records: Sequence[Record]) -> Pairs:
    """(left, right) row numbers, left < right, each pair once, in order.

    A bucket above its limit is not used: a shared e-mail on one record in a hundred adds no pair. Work grows with
    the number of records times the bucket limit.
    """
    count = max(len(records), 1)
    found = [_pairs_of(records, keys, most) for keys, most in _KEYS]
    codes = np.unique(np.concatenate([left * count + right for left, right in found]))
    return np.stack([codes // count, codes % count], axis=1)


def _email(record: Record) -> Sequence[str]:
    return (record.email,) if record.email else ()


def _phone(record: Record) -> Sequence[str]:
    return (record.phone,) if record.phone else ()


def _birth_and_word(record: Record) -> Sequence[str]:
    """Birth date with the beginning of each word of the name: any word may be spelt otherwise or missing."""
    if not record.born:
        return ()
    words = sorted({skeleton(token)[:3] for token in record.tokens if len(token) > 1})
    return [f"{record.born} {word}" for word in words[:NAME_WORDS_KEYED_MAX]]


def _name_and_place(record: Record) -> Sequence[str]:
    if len(record.tokens) < 2:
        return ()
    name = " ".join(record.tokens)
    return [f"{name}|{rest}" for rest in (record.city, record.born[:4]) if rest]


_KEYS: tuple[tuple[Keys, int], ...] = (
    (_email, HOT_VALUE_RECORDS_MAX),
    (_phone, HOT_VALUE_RECORDS_MAX),
    (_birth_and_word, BUCKET_RECORDS_MAX),
    (_name_and_place, BUCKET_RECORDS_MAX),
)


def _pairs_of(records: Sequence[Record], keys: Keys, most: int) -> tuple[Pairs, Pairs]:
    """All pairs inside the buckets of one kind of key that hold 2 to `most` records."""
    rows, values = [], []
    for row, record in enumerate(records):
        for value in keys(record):
            rows.append(row)
            values.append(value)
    codes = _codes(values)
    counts = np.bincount(codes, minlength=1)[codes]
    used = (counts >= 2) & (counts <= most)
    order = np.argsort(codes[used], kind="stable")
    kept, codes = np.array(rows, np.int64)[used][order], codes[used][order]
    lefts, rights = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for step in range(1, most):
        same = codes[step:] == codes[:-step]
        if not same.any():
            break
        lefts.append(kept[:-step][same])
        rights.append(kept[step:][same])
    return np.concatenate(lefts), np.concatenate(rights)


def _codes(values: list[str]) -> npt.NDArray[np.int64]:
    """One number per distinct value, in order of first appearance."""
    encoded = pc.dictionary_encode(pa.array(values, pa.string()))
    assert isinstance(encoded, pa.DictionaryArray)
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
