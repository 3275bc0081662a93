"""Claims as columns, and what an allocation says about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cached_property
from typing import overload

from recoup.restitution.sharing.columns import Column, alike, column, constant, no_less_than_zero, pick

NOT_GIVEN = -1


@dataclass(frozen=True, eq=False)
class Claims:
    """One row per beneficiary, all amounts >= 0 in the smallest unit of one asset.

    `gross` paid in, `withdrawn` before the collapse, `collateral` recovered elsewhere for the same loss, `paid` in
    earlier rounds, `elsewhere` received from other pools for the same share (hotchpot), `balance` the highest balance,
    `interest` allowed beyond the loss. `weight`, `lower`, `upper` replace what a rule says where they are given
    (`NOT_GIVEN` = -1 otherwise).
    """

    ids: Sequence[str]
    gross: Column
    withdrawn: Column
    collateral: Column
    paid: Column
    elsewhere: Column
    balance: Column
    interest: Column
    weight: Column
    lower: Column
    upper: Column

    def __post_init__(self) -> None:
        names = [field.name for field in fields(self) if field.name != "ids"]
        for name, values in zip(names, alike(*(column(getattr(self, name)) for name in names)), strict=True):
            least = NOT_GIVEN if name in ("weight", "lower", "upper") else 0
            if len(values) != len(self.ids) or (len(values) and values.min() < least):
                raise ValueError(f"{name} has a negative amount or another length than the claims")
            object.__setattr__(self, name, values)

    @classmethod
    def of(cls, ids: Sequence[str], gross: Column, **given: Column) -> Claims:
        """Claims with zeros (bounds and weights: not given) for every column that is not named."""
        gross = column(gross)
        absent = {name: constant(NOT_GIVEN if name in ("weight", "lower", "upper") else 0, gross) for name in COLUMNS}
        return cls(ids, gross, **(absent | given))

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def loss(self) -> Column:
        """What the beneficiary is still short of, before this fund paid: max(0, gross - withdrawn - collateral)."""
        return no_less_than_zero(self.gross - self.withdrawn - self.collateral)

    @cached_property
    def outstanding(self) -> Column:
        """The loss less earlier rounds and less what other pools paid; never below zero."""
        return no_less_than_zero(self.loss - self.paid - self.elsewhere)

    def take(self, index: Column) -> Claims:
        """Some of the claims, in the order of `index` (positions)."""
        taken = object.__new__(Claims)  # the columns were checked when the whole was made
        object.__setattr__(taken, "ids", Picked(self.ids, index))
        for name in ("gross", *COLUMNS):
            object.__setattr__(taken, name, pick(getattr(self, name), index))
        return taken


class Picked(Sequence[str]):
    """Some of the ids, looked up when they are asked for."""

    def __init__(self, ids: Sequence[str], index: Column) -> None:
        self._ids, self._index = ids, index

    def __len__(self) -> int:
        return len(self._index)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return Picked(self._ids, self._index[place])
        return self._ids[int(self._index[place])]


COLUMNS = ("withdrawn", "collateral", "paid", "elsewhere", "balance", "interest", "weight", "lower", "upper")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an allocation, for the reader of a report: money in, money paid, money left."""

    name: str
    rule: str
    claims: int
    amount: int
    paid: int
    level: Fraction | None
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Allocation:
    """Sum of `awards` + sum of `held` + surplus + undivided = amount, always.

    `held` is what stays in the fund for disputed claims; `undivided` what flooring leaves in an interim round.
    """

    awards: Column
    level: Fraction | None
    surplus: int
    undivided: int
    held: Column
    steps: tuple[Step, ...] = ()
