"""Ownership worked by hand: chains, cycles, circular holdings, nominees, ranges, and three regimes side by side."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest
from tests.rooms.network.registers_made import band, owned, owner, register, said

from recoup.network.ownership import (
    REGIMES,
    Band,
    Holding,
    Interest,
    Nature,
    Party,
    Register,
    bounds,
    controlled_by,
    declared_high,
    graph_above,
)
from recoup.network.ownership.owners import CHAINS_SHOWN_MAX

F = Fraction


def low_high(text: str, person: str = "P", target: str = "T", kind: Interest = Interest.SHARES) -> tuple[F, F]:
    return bounds(graph_above(register(text), target), person, kind)


@pytest.mark.parametrize("length", [1, 2, 3, 7, 20])
def test_a_chain_multiplies(length: int) -> None:
    steps = ["P E0 50; Q E0 50"] + [f"E{n} E{n + 1} 50; Q E{n + 1} 50" for n in range(length - 1)]
    share = F(1, 2**length)
    assert low_high("; ".join(steps), target=f"E{length - 1}") == (share, share)


def test_ways_that_meet_again_add_up() -> None:
    text = "P A 30; Q A 70; P B 40; Q B 60; A T 50; B T 50"
    assert low_high(text) == (F(35, 100), F(35, 100))
    assert low_high(text, "Q") == (F(65, 100), F(65, 100))
    assert low_high(text + "; P T 0") == (F(35, 100), F(35, 100))


def test_a_direct_and_an_indirect_share_add_up() -> None:
    assert low_high("P T 10; A T 90; P A 20; Q A 80") == (F(28, 100), F(28, 100))


@pytest.mark.parametrize(("own", "cross"), [(10, 90), (50, 50), (25, 75), (1, 99)])
def test_two_entities_that_hold_each_other(own: int, cross: int) -> None:
    """a = p + c·b and b = c·a, therefore a = p / (1 - c²)."""
    p, c = F(own, 100), F(cross, 100)
    a = p / (1 - c * c)
    text = f"P A {own}; B A {cross}; A B {cross}; Q B {own}"
    assert low_high(text, target="A") == (a, a)
    assert low_high(text, target="B") == (c * a, c * a)
    assert low_high(text, "P", "A")[0] + low_high(text, "Q", "A")[0] == 1


@pytest.mark.parametrize("size", [2, 3, 5, 9])
def test_a_ring_of_any_size(size: int) -> None:
    """Each holds half of the next, P the other half of the first: v0 = 1/2 + v0/2^size when the others go to Q."""
    ring = [f"E{n} E{(n + 1) % size} 50" for n in range(size)] + ["P E0 50"]
    ring += [f"Q E{n} 50" for n in range(1, size)]
    share = F(1, 2) / (1 - F(1, 2**size))
    assert low_high("; ".join(ring), target="E0") == (share, share)


def test_own_shares_count_for_the_others() -> None:
    for own in (0, 10, 50, 90):
        rest = F(100 - own)
        text = f"T T {own}; P T {rest / 4}; Q T {rest * 3 / 4}"
        assert low_high(text) == (F(1, 4), F(1, 4))


def test_an_entity_wholly_its_own_is_nobodys() -> None:
    assert low_high("T T 100; P T 0") == (F(0), F(0))


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("P T 25-50; Q T 50", (F(1, 4), F(1, 2))),
        ("P T 25-50; Q T 60-70", (F(1, 4), F(2, 5))),
        ("P T 25-50; Q T 75-100", (F(1, 4), F(1, 4))),
        ("P T 0-100", (0, 1)),
        ("P T 10; Q T 20", (F(1, 10), F(4, 5))),
        ("P T 10; ? T 20; Q T 70", (F(1, 10), F(3, 10))),
        ("P T 10; Q T 90", (F(1, 10), F(1, 10))),
        ("P A 50-75; Q A 25; A T 40; R T 60", (F(1, 5), F(3, 10))),
        ("P A 50; A T 40; R T 60", (F(1, 5), F(2, 5))),
    ],
)  # fmt: skip
def test_ranges_and_what_nobody_declares(text: str, expect: tuple[F, F]) -> None:
    assert low_high(text) == expect


def test_what_is_declared_is_an_upper_bound_of_its_own() -> None:
    graph = graph_above(register("P T 10-20; Q T 30"), "T")
    assert bounds(graph, "P", Interest.SHARES) == (F(1, 10), F(7, 10))
    assert declared_high(graph, "P", Interest.SHARES) == F(1, 5)


def test_bounds_of_all_persons_hold_the_whole_between_them() -> None:
    text = "P A 20-40; Q A 30-50; A T 60; R T 10-30; B T 5; A B 100"
    found = [low_high(text, person) for person in "PQR"]
    assert sum(low for low, _ in found) <= 1 <= sum(high for _, high in found)
    assert all(0 <= low <= high <= 1 for low, high in found)


def test_the_order_of_statements_decides_nothing() -> None:
    lines = ["P A 50", "B A 50", "A B 40", "Q B 60", "A T 30-50"]
    found = {low_high("; ".join(order), person) for order in permutations(lines) for person in "P"}
    assert len(found) == 1


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("R T 60; R T - nominee; P T - nominator; Q T 40", {"P": (F(3, 5), F(3, 5)), "Q": (F(2, 5), F(2, 5))}),
        ("R T 60; R T - nominee; P T - nominator; S T - nominator; Q T 40", {"P": (0, F(3, 5)), "S": (0, F(3, 5))}),
        ("R T 60; R T - nominee; Q T 40", {"R": (0, F(3, 5)), "Q": (F(2, 5), 1)}),
    ],
)  # fmt: skip
def test_what_a_nominee_holds_is_the_nominators(text: str, expect: dict[str, tuple[F, F]]) -> None:
    for person, share in expect.items():
        assert low_high(text, person) == share, person
    assert "nominee" in [finding.code for finding in owned(text).findings]


@pytest.mark.parametrize(
    ("text", "eu", "uk", "fatf"),
    [
        ("P T 25; Q T 75", "certain", "excluded", "excluded"),
        ("P T >25-50; Q T 50", "certain", "certain", "certain"),
        ("P T 26; Q T 74", "certain", "certain", "certain"),
        ("P T 24; Q T 76", "excluded", "excluded", "excluded"),
        ("P T 24; Q T 75", "possible", "excluded", "excluded"),
        ("P A 60; Q A 40; A T 30; R T 70", "certain", "certain", "excluded"),
        ("P A 50; Q A 50; A T 60; R T 40", "certain", "excluded", "certain"),
        ("P A 40; Q A 60; A T 60; R T 40", "certain", "excluded", "excluded"),
        ("P T - board; Q T 100", "certain", "certain", "certain"),
        ("P T - influence; Q T 100", "possible", "certain", "possible"),
        ("P T - manager; Q T 100", "excluded", "excluded", "excluded"),
        ("P T 0 shares; P T 26 votes; Q T 100 shares; Q T 74 votes", "certain", "certain", "certain"),
    ],
)  # fmt: skip
def test_three_regimes_side_by_side(text: str, eu: str, uk: str, fatf: str) -> None:
    assert [said(owned(text, regime), "P")[2] for regime in ("eu-amlr", "uk-psc", "fatf")] == [eu, uk, fatf]


@pytest.mark.parametrize(
    ("name", "at", "above"), [("eu-amlr", True, True), ("uk-psc", False, True), ("fatf", False, True)]
)
def test_the_threshold_of_each_regime_at_its_edge(name: str, at: bool, above: bool) -> None:
    regime = REGIMES[name]
    assert regime.reached(F(1, 4)) is at
    assert regime.reached(F(1, 4) + F(1, 10**30)) is above
    assert not regime.reached(F(1, 4) - F(1, 10**30))


def test_control_at_each_level_and_one_hair_below() -> None:
    hair = F(1, 10**9)
    at = f"P A {50 + hair}; A T {50 + hair}"
    assert controlled_by(graph_above(register(at), "T"), "P") == ("T", "A") or set(
        controlled_by(graph_above(register(at), "T"), "P")
    ) == {"A", "T"}
    assert controlled_by(graph_above(register(f"P A 50; A T {50 + hair}"), "T"), "P") == ()


def test_control_runs_round_a_ring_once() -> None:
    graph = graph_above(register("P A 51; A B 51; B C 51; C A 49; C T 51"), "T")
    assert sorted(controlled_by(graph, "P")) == ["A", "B", "C", "T"]


@pytest.mark.parametrize(("low", "high"), [(F(-1, 9), F(1)), (F(0), F(10, 9)), (F(2, 3), F(1, 3))])
def test_a_band_outside_the_whole_raises(low: Fraction, high: Fraction) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Band(low, high)


def test_an_open_band_moves_inwards_and_never_turns_over() -> None:
    hair = F(1, 100)
    assert band(">25-<50").within(hair) == Band(F(26, 100), F(49, 100), False, False)
    assert band("25-50").within(hair) == band("25-50")
    narrow = band(">25-<26").within(hair)
    assert narrow.low <= narrow.high


def test_chains_are_shown_up_to_their_limit() -> None:
    lines = [f"P E{n} 100; E{n} T {F(20, CHAINS_SHOWN_MAX + 5)}" for n in range(CHAINS_SHOWN_MAX + 5)]
    found = owner(owned("; ".join([*lines, "Q T 80"])), "P")
    assert len(found.chains) == CHAINS_SHOWN_MAX == len(set(found.chains))
    assert found.assessment.low == F(1, 5)


def test_a_state_ends_a_chain_and_a_nameless_holder_is_a_finding() -> None:
    found = owned("G T 60; ? T 20; P T 20", natures={"G": Nature.STATE})
    assert {"state", "declared-unknown"} <= {finding.code for finding in found.findings}
    assert said(found, "P") == ("1/5", "2/5", "possible")


def test_every_regime_names_its_source_and_a_quarter() -> None:
    assert {regime.threshold for regime in REGIMES.values()} == {F(1, 4)}
    assert all(regime.source and regime.name == name for name, regime in REGIMES.items())


def test_a_person_whose_id_begins_like_a_gap_is_still_a_person() -> None:
    parties = {"?p": Party("?p", "Ana", Nature.PERSON), "T": Party("T", "T", Nature.ENTITY)}
    held = Holding("s1", "?p", "T", Interest.SHARES, band("60"))
    graph = graph_above(Register(parties, (held,)), "T")
    assert graph.persons() == ("?p",)
    assert bounds(graph, "?p", Interest.SHARES) == (F(3, 5), F(1))
