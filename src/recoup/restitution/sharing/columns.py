"""Columns of exact integers: int64 where every sum fits, Python integers otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Below these an int64 column cannot overflow in any sum that the kernel forms (docs/reference/allocation.md).
SMALL_BITS = 49
SUM_BITS = 60

Column = NDArray[Any]  # dtype int64 or object (Python integers); one value per claim


def column(values: Sequence[int] | Column) -> Column:
    """One value per claim as int64 where `fits_small` allows it, as Python integers where not.

    Floats, booleans and text raise TypeError: money is an integer of the smallest unit.
    """
    if isinstance(values, np.ndarray):
        if values.dtype == np.int64:
            return values if fits_small(values) else values.astype(object)
        if values.dtype != object:
            raise TypeError(f"amounts are integers of the smallest unit, not {values.dtype}")
    listed = list(values)
    if any(type(value) is not int for value in listed):
        raise TypeError("amounts are integers of the smallest unit")
    largest = max(map(abs, listed), default=0)
    if _small(largest, len(listed)):
        return np.array(listed, dtype=np.int64)
    wide = np.empty(len(listed), dtype=object)
    wide[:] = listed
    return wide


def fits_small(values: Column) -> bool:
    """Every value below 2**49 and every sum below 2**60, so that int64 is exact."""
    if values.dtype != np.int64 or len(values) == 0:
        return bool(values.dtype == np.int64)
    largest = max(int(values.max()), -int(values.min()))
    return _small(largest, len(values))


def _small(largest: int, count: int) -> bool:
    return bool(largest < 2**SMALL_BITS and largest * count < 2**SUM_BITS)


def total(values: Column) -> int:
    """The exact sum."""
    return int(values.sum()) if values.dtype == np.int64 else sum(values.tolist())


def constant(value: int, like: Column) -> Column:
    """The same value for every claim: a view without memory of its own."""
    if like.dtype == np.int64 and _small(abs(value), len(like)):
        return np.broadcast_to(np.int64(value), like.shape)
    return column([value] * len(like))


def is_constant(values: Column, value: int) -> bool:
    """Whether `values` comes from `constant(value, ...)`; False says nothing."""
    return values.strides == (0,) and len(values) > 0 and bool(values[0] == value)


def pick(values: Column, index: Column) -> Column:
    """`values[index]`; a constant stays one."""
    if values.strides == (0,) and len(values):
        return np.broadcast_to(values[0], (int(index.sum()) if index.dtype == bool else len(index),))
    return values[index]


def no_less_than_zero(values: Column) -> Column:
    """max(0, value) for each."""
    return np.maximum(0, values)


def alike(*columns: Column) -> tuple[Column, ...]:
    """All as int64 if all are, otherwise all as Python integers; unequal lengths raise ValueError."""
    if len({len(each) for each in columns}) > 1:
        raise ValueError("columns differ in length")
    if all(each.dtype == np.int64 for each in columns):
        return columns
    return tuple(each.astype(object) for each in columns)
