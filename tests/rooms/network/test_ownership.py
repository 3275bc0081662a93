"""Beneficial owners: the worked cases of the trade, and what a register can hide."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.rooms.network.registers_made import band, owned, owner, register, said

from recoup.network.ownership import (
    REGIMES,
    Band,
    Interest,
    Nature,
    Ownership,
    bounds,
    controlled_by,
    declared_high,
    graph_above,
    owners_of,
)
from recoup.network.ownership.bounds import CYCLE_ENTITIES_MAX
from recoup.network.ownership.graph import ANCESTORS_MAX

QUARTER = Fraction(1, 4)


def codes(found: Ownership) -> list[str]:
    return [finding.code for finding in found.findings]


def test_a_product_of_exactly_a_quarter_is_enough_in_the_eu_and_not_in_the_uk() -> None:
    complete = "P A 50; Q A 50; A T 50; R T 50"
    assert said(owned(complete), "P") == ("1/4", "1/4", "certain")
    assert said(owned(complete, "uk-psc"), "P")[2] == "excluded"
    assert said(owned(complete, "fatf"), "P")[2] == "excluded"


def test_article_54_b_a_quarter_of_the_entity_that_controls() -> None:
    found = owned("P A 30; Q A 70; A T 80; R T 20")
    assert said(found, "P") == ("6/25", "6/25", "certain")
    assert owner(found, "P").assessment.basis == ("control",)
    assert not owner(found, "P").assessment.control
    assert said(owned("P A 30; Q A 70; A T 80; R T 20", "fatf"), "P")[2] == "excluded"


def test_article_54_a_entities_that_the_person_controls_hold_enough_together() -> None:
    text = "P A 60; Q A 40; P B 60; Q B 40; A T 20; B T 20; R T 60"
    assert said(owned(text), "P") == ("6/25", "6/25", "certain")
    uk = owned(text, "uk-psc")
    assert said(uk, "P") == ("2/5", "2/5", "certain")
    assert said(uk, "Q")[2] == "excluded"


def test_cycles_are_solved_exactly() -> None:
    text = "P A 50; C A 50; A C 50; Q C 50"
    assert said(owned(text, target="A"), "P")[:2] == ("2/3", "2/3")
    assert said(owned(text, target="C"), "P")[:2] == ("1/3", "1/3")
    assert said(owned(text, target="A"), "Q")[:2] == ("1/3", "1/3")
    assert "cycle" in codes(owned(text, target="A"))


def test_a_closed_loop_has_no_owner_and_ends() -> None:
    found = owned("B A 100; A B 100", target="A")
    assert found.owners == ()
    assert {"cycle", "no-natural-person"} <= set(codes(found))


def test_a_closed_loop_beside_a_person_gives_the_person_nothing() -> None:
    graph = graph_above(register("B A 100; A B 100; A T 60; P T 40"), "T")
    assert bounds(graph, "P", Interest.SHARES) == (Fraction(2, 5), Fraction(2, 5))


def test_an_entity_that_holds_itself_counts_for_its_owners() -> None:
    found = owned("T T 20; P T 40; Q T 40")
    assert said(found, "P")[:2] == said(found, "Q")[:2] == ("1/2", "1/2")


def test_bands_bound_each_other() -> None:
    found = owned("P T 25-50; Q T 50-75")
    assert said(found, "P") == ("1/4", "1/2", "certain")
    assert said(found, "Q") == ("1/2", "3/4", "certain")


def test_what_nobody_declares_may_be_anybodys() -> None:
    found = owned("P T 20")
    assert said(found, "P") == ("1/5", "1", "possible")
    assert "undeclared-share" in codes(found)
    graph = graph_above(register("P T 20"), "T")
    assert declared_high(graph, "P", Interest.SHARES) == Fraction(1, 5)


def test_a_holder_the_register_does_not_name_may_be_anybody() -> None:
    found = owned("P T 20; ? T 30; Q T 50")
    assert said(found, "P") == ("1/5", "1/2", "possible")
    assert "declared-unknown" in codes(found)


def test_a_nominee_holds_for_its_nominator() -> None:
    found = owned("Q T 100; Q T - nominee; P T - nominator")
    assert said(found, "P") == ("1", "1", "certain")
    assert said(found, "Q")[2] == "excluded"
    assert next(each for each in found.findings if each.code == "nominee").detail == "Q"


def test_two_nominators_may_share_in_any_way() -> None:
    found = owned("Q T 100; Q T - nominee; P T - nominator; R T - nominator")
    assert said(found, "P") == said(found, "R") == ("0", "1", "possible")


@pytest.mark.parametrize(
    ("share", "regime", "status"),
    [
        ("25", "eu-amlr", "certain"),
        ("24", "eu-amlr", "excluded"),
        ("25", "uk-psc", "excluded"),
        (">25-50", "uk-psc", "certain"),
        (">25-50", "fatf", "certain"),
        ("10-25", "eu-amlr", "possible"),
    ],
)
def test_the_threshold_at_its_edge(share: str, regime: str, status: str) -> None:
    rest = 100 - band(share).low * 100
    found = owned(f"P T {share}; A T {100 - band(share).high * 100}-{rest}; Q A 100", regime)
    assert said(found, "P")[2] == status


def test_an_open_bound_is_not_reached() -> None:
    assert said(owned("P T 10-<25; Q T >75-90"), "P") == ("1/10", "1/4", "excluded")
    assert said(owned("P T 10-25; Q T 75-90"), "P") == ("1/10", "1/4", "possible")
    assert said(owned("P T 10-<25; Q T 75-90"), "P")[2] == "possible"  # the undeclared rest may be P's


@pytest.mark.parametrize(("share", "control"), [("50", False), (">50-75", True), ("51", True), ("50-75", False)])
def test_a_majority_is_more_than_half(share: str, control: bool) -> None:
    assert owner(owned(f"P T {share}"), "P").assessment.control is control


def test_control_needs_a_majority_at_each_level_and_is_not_multiplied() -> None:
    graph = graph_above(register("P A 51; A B 51; B T 51"), "T")
    assert set(controlled_by(graph, "P")) == {"A", "B", "T"}
    broken = graph_above(register("P A 51; A B 50; B T 51"), "T")
    assert controlled_by(broken, "P") == ("A",)


def test_holdings_of_controlled_entities_add_up_to_a_majority() -> None:
    graph = graph_above(register("P A 60; P B 60; A T 30; B T 21"), "T")
    assert "T" in controlled_by(graph, "P")


def test_votes_and_shares_are_kept_apart() -> None:
    found = owned("P T 10; P T 60 votes; Q T 90; Q T 40 votes")
    p = owner(found, "P").assessment
    assert (p.low, p.control, p.basis) == (Fraction(3, 5), True, ("votes", "control"))
    assert owner(found, "Q").assessment.basis == ("shares", "votes", "control")
    assert "over-declared" not in codes(found)


def test_a_right_to_the_board_is_control() -> None:
    assert owner(owned("P T - board; Q T 100"), "P").assessment.control


def test_influence_is_enough_in_the_uk_and_only_possible_in_the_eu() -> None:
    text = "P T - influence; Q T 100"
    assert said(owned(text, "uk-psc"), "P")[2] == "certain"
    assert said(owned(text), "P")[2] == "possible"


def test_every_role_in_an_arrangement_that_owns_enough_is_an_owner() -> None:
    natures = {"A": Nature.ARRANGEMENT}
    text = "P A - role; Q A - role; A T 30; R T 70"
    found = owned(text, natures=natures)
    assert [said(found, each)[2] for each in "PQ"] == ["certain", "certain"]
    assert owner(found, "P").assessment.basis == ("role",)
    assert said(owned("P A - role; A T 20; R T 80", natures=natures), "P")[2] == "excluded"
    assert said(owned("P A - role; R A - role", target="A", natures=natures), "P")[2] == "certain"


def test_the_state_is_nobodys_hidden_share() -> None:
    found = owned("P T 20; G T 80", natures={"G": Nature.STATE})
    assert said(found, "P") == ("1/5", "1/5", "excluded")
    assert "state" in codes(found)


def test_a_manager_is_named_only_where_no_owner_is_certain() -> None:
    found = owned("P T 20; S T - manager")
    assert [each.person for each in found.fallback] == ["S"]
    assert said(found, "S")[2] != "certain"
    assert owned("P T 60; S T - manager").fallback == ()


def test_chains_name_every_statement_and_removes_if_a_smallest_set() -> None:
    found = owner(owned("P A 60; A T 50; P B 60; B T 50; Q A 40; Q B 40"), "P")
    assert found.chains == (("s1", "s2"), ("s3", "s4"))
    assert len(found.removes_if) == 2
    single = owner(owned("P A 100; A T 30; Q T 70"), "P")
    assert single.removes_if in (("s1",), ("s2",))
    assert owner(owned("P T 10; Q T 90"), "P").removes_if == ()


def test_removing_the_set_really_removes() -> None:
    data = register("P A 60; A T 50; P B 60; B T 50; Q A 40; Q B 40")
    first = owner(owners_of(data, "T", REGIMES["eu-amlr"]), "P")
    graph = graph_above(data, "T").without(frozenset(first.removes_if))
    left = owners_of(graph.register, "T", REGIMES["eu-amlr"]).owners
    assert not [each for each in left if each.person == "P" and each.assessment.status == "certain"]


def test_statements_that_exclude_each_other_are_a_finding_and_widen() -> None:
    data = register("P T 20; P T 40; Q T 30")
    found = owners_of(data, "T", REGIMES["eu-amlr"])
    assert "conflict" in codes(found)
    assert said(found, "P")[0] == "1/5"
    agreeing = owned("P T 25-50; P T 30; Q T 70")
    assert said(agreeing, "P")[:2] == ("3/10", "3/10") and "conflict" not in codes(agreeing)


def test_more_than_the_whole_is_a_finding() -> None:
    assert "over-declared" in codes(owned("P T 60; Q T 60"))


def test_a_large_cycle_is_said_not_solved() -> None:
    size = CYCLE_ENTITIES_MAX + 1
    ring = "; ".join(f"E{n} E{(n + 1) % size} 50" for n in range(size)) + "; P E0 50"
    assert "cycle-too-large" in codes(owned(ring, target="E0"))
    smaller = "; ".join(f"E{n} E{(n + 1) % (size - 1)} 50" for n in range(size - 1)) + "; P E0 50"
    assert "cycle-too-large" not in codes(owned(smaller, target="E0"))


def test_limits_and_unknown_targets() -> None:
    with pytest.raises(KeyError):
        owned("P T 20", target="nobody")
    wide = "; ".join(f"E{n} T 0" for n in range(ANCESTORS_MAX))
    with pytest.raises(ValueError, match="more than 20,000 entities"):
        graph_above(register(wide), "T")
    with pytest.raises(ValueError, match="low bound below"):
        Band(Fraction(1, 2), QUARTER)
