"""Controlled rounding keeps every sum: the promises of §4, on drawn tables and at their edges."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.tracing.machine import Grains
from recoup.tracing.rounding import rounded

BITS = 16
UNIT = 1 << BITS


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Grains], int]:
    """Rows of grains whose columns are whole units, as a finished run leaves them, and the guard bits."""
    bits = draw(st.sampled_from([1, 2, 8, BITS]))
    height = draw(st.integers(1, 7))
    rows: list[Grains] = [{} for _ in range(height)]
    for colour in range(1, draw(st.integers(1, 5)) + 1):
        whole = draw(st.integers(0, 9)) << bits
        cuts = sorted(draw(st.lists(st.integers(0, whole), min_size=height - 1, max_size=height - 1)))
        for row, low, high in zip(rows, [0, *cuts], [*cuts, whole], strict=True):
            if high > low:
                row[colour] = high - low
    return rows, bits


@given(tables())
def test_every_cell_goes_to_its_floor_or_its_ceiling(drawn: tuple[list[Grains], int]) -> None:
    rows, bits = drawn
    for row, units in zip(rows, rounded(rows, bits), strict=True):
        assert set(units) <= set(row)
        for colour, grains in row.items():
            assert units.get(colour, 0) in (grains >> bits, -(-grains >> bits))


@given(tables())
def test_every_row_s_sum_goes_to_its_floor_or_its_ceiling(drawn: tuple[list[Grains], int]) -> None:
    rows, bits = drawn
    for row, units in zip(rows, rounded(rows, bits), strict=True):
        whole = sum(row.values())
        assert sum(units.values()) in (whole >> bits, -(-whole >> bits))


@given(tables())
def test_every_claim_s_sum_is_exact(drawn: tuple[list[Grains], int]) -> None:
    rows, bits = drawn
    units = rounded(rows, bits)
    for colour in {colour for row in rows for colour in row}:
        assert sum(row.get(colour, 0) for row in units) << bits == sum(row.get(colour, 0) for row in rows)


@given(tables())
def test_the_same_table_gives_the_same_units(drawn: tuple[list[Grains], int]) -> None:
    rows, bits = drawn
    assert rounded(rows, bits) == rounded([dict(row) for row in rows], bits)


def test_whole_units_stay_as_they_are() -> None:
    assert rounded([{1: 3 * UNIT}, {1: UNIT, 2: 5 * UNIT}], BITS) == [{1: 3}, {1: 1, 2: 5}]


def test_without_guard_bits_nothing_is_rounded() -> None:
    assert rounded([{1: 3, 2: 0}, {2: 7}], 0) == [{1: 3}, {2: 7}]


def test_one_claim_gives_its_odd_unit_to_the_largest_fraction_and_a_tie_to_the_earlier() -> None:
    assert rounded([{1: UNIT // 4}, {1: 3 * UNIT // 4}], BITS) == [{}, {1: 1}]
    assert rounded([{1: UNIT // 2}, {1: UNIT // 2}], BITS) == [{1: 1}, {}]


def test_two_halves_of_two_claims_do_not_both_land_in_one_balance_of_one_unit() -> None:
    """Rounding each claim by itself could report two units in an account that holds one."""
    units = rounded([{1: UNIT // 2, 2: UNIT // 2}, {1: UNIT // 2, 2: UNIT // 2}], BITS)
    assert [sum(row.values()) for row in units] == [1, 1]


def test_a_greedy_choice_is_turned_where_it_would_block_a_claim() -> None:
    """Rows of one unit each: taking the largest fractions first may leave a claim only full rows to go to."""
    third = UNIT // 3
    rows = [
        {1: UNIT - 2 * third, 2: third, 3: third},
        {1: third, 2: UNIT - 2 * third, 3: third},
        {1: third, 2: third, 3: UNIT - 2 * third},
    ]
    units = rounded(rows, BITS)
    assert [sum(row.values()) for row in units] == [1, 1, 1]
    assert all(sum(row.get(colour, 0) for row in units) == 1 for colour in (1, 2, 3))


@pytest.mark.parametrize("height", [50, 400])
def test_many_small_shares_sum_to_their_claims(height: int) -> None:
    """A dust attack: each of many accounts holds a sliver of each of three claims."""
    rows: list[Grains] = [{1: UNIT * 3 // height, 2: UNIT * 5 // height, 3: UNIT // height} for _ in range(height)]
    for colour, whole in ((1, 3), (2, 5), (3, 1)):
        rows[-1][colour] += whole * UNIT - sum(row[colour] for row in rows)
    units = rounded(rows, BITS)
    assert [sum(row.get(colour, 0) for row in units) for colour in (1, 2, 3)] == [3, 5, 1]
    assert max(sum(row.values()) for row in units) <= -(-max(sum(row.values()) for row in rows) >> BITS)


def test_nothing_is_nothing() -> None:
    assert rounded([], BITS) == []
    assert rounded([{}, {}], BITS) == [{}, {}]
