"""Positions: what proves an order, and what does not."""

from __future__ import annotations

import pytest

from recoup.formats.position import BLOCK_MAX, levelled, position_at
from recoup.ground import Asset, Instant
from recoup.ledger import Entry, Leg, Side


def entry(name: str, position: int, ledger: str = "ethereum", time: int = 1_600_000_000) -> Entry:
    leg = Leg("a", Side.IN, "x", Asset("ETH"), 1)
    return Entry(name, Instant.from_unix(time), position, ledger, (leg,))


def test_block_and_index_can_be_read_in_the_number() -> None:
    assert position_at(17_173_049, 4) == 17_173_049_000_005
    assert position_at(17_173_049, None) == 17_173_049_000_000


def test_limits_at_their_edge() -> None:
    assert position_at(BLOCK_MAX, 999_998) < 2**63
    for block, index in ((BLOCK_MAX + 1, 0), (-1, 0), (5, 999_999), (5, -1)):
        with pytest.raises(ValueError, match="out of range"):
            position_at(block, index)


def test_one_entry_without_index_levels_its_block_and_no_other() -> None:
    entries = [
        entry("a", position_at(5, 1)),
        entry("b", position_at(5, None)),
        entry("c", position_at(6, 1)),
        entry("d", position_at(5, 1), ledger="bsc"),
        entry("e", position_at(5, 1), time=1_600_000_001),
    ]
    assert [each.position % 10**6 for each in levelled(entries)] == [0, 0, 2, 2, 2]


def test_blocks_that_know_their_order_keep_it() -> None:
    entries = [entry("a", position_at(5, 1)), entry("b", position_at(5, 0))]
    assert levelled(entries) == entries
