"""Consolidation by beneficiary."""

from __future__ import annotations

import numpy as np
import pytest
from tests.rooms.restitution.build import claims

from recoup.ground import Refused
from recoup.restitution.claims.consolidate import JOINING, Link, LinkKind, LinkState, consolidate
from recoup.restitution.sharing.allocate import Rulebook, allocate
from recoup.restitution.sharing.columns import column


def link(one: str, other: str, kind: LinkKind = LinkKind.SAME_PERSON, state: LinkState = LinkState.CONFIRMED) -> Link:
    return Link(one, other, kind, state, "reviewer", "same passport")


def test_claims_of_one_person_become_one_beneficiary() -> None:
    found = consolidate(claims([100, 50, 70], withdrawn=[0, 120, 0]), ["p", "p", "q"], [])
    assert list(found.claims.ids) == ["p", "q"]
    assert (found.claims.gross.tolist(), found.claims.withdrawn.tolist()) == ([150, 70], [120, 0])
    assert found.claims.loss.tolist() == [30, 70]


def test_a_net_winner_with_two_accounts_is_not_paid() -> None:
    """One account lost 100, the other won 200: apart the first would be paid."""
    apart = claims([100, 100, 100], withdrawn=[0, 300, 0])
    assert allocate(Rulebook("pro-rata"), apart, 100).awards.tolist()[0] > 0
    together = consolidate(apart, ["p", "p", "q"], [])
    assert allocate(Rulebook("pro-rata"), together.claims, 100).awards.tolist() == [0, 100]


@pytest.mark.parametrize("kind", sorted(JOINING))
def test_confirmed_links_join_through_chains(kind: LinkKind) -> None:
    found = consolidate(claims([1, 2, 4, 8]), ["d", "c", "b", "a"], [link("d", "c", kind), link("b", "c", kind)])
    assert (list(found.claims.ids), found.claims.gross.tolist()) == (["a", "b"], [8, 7])


def test_a_lawyer_does_not_make_three_hundred_victims_one() -> None:
    links = [link("lawyer", person, LinkKind.REPRESENTS) for person in ("p", "q")]
    assert len(consolidate(claims([1, 2]), ["p", "q"], links).claims) == 2


def test_rejected_links_do_not_join() -> None:
    assert len(consolidate(claims([1, 2]), ["p", "q"], [link("p", "q", state=LinkState.REJECTED)]).claims) == 2


def test_undecided_links_and_unknown_persons_are_refused() -> None:
    with pytest.raises(Refused, match="between p and q is only suggested"):
        consolidate(claims([1, 2]), ["p", "q"], [Link("p", "q", LinkKind.JOINT, LinkState.SUGGESTED)])
    with pytest.raises(Refused, match="has no person"):
        consolidate(claims([1, 2]), ["p", ""], [])


def test_a_decision_has_an_author_and_a_reason() -> None:
    with pytest.raises(ValueError, match="for a reason"):
        Link("p", "q", LinkKind.JOINT, LinkState.CONFIRMED, "reviewer")
    with pytest.raises(ValueError, match="two persons"):
        link("p", "p")


def test_own_bounds_cannot_be_joined() -> None:
    with pytest.raises(Refused, match="their own upper"):
        consolidate(claims([1, 2], upper=[1, 1]), ["p", "p"], [])
    assert consolidate(claims([1, 2], upper=[1, 1]), ["p", "q"], []).claims.upper.tolist() == [1, 1]


def test_awards_are_spread_over_the_original_claims() -> None:
    found = consolidate(claims([100, 50, 70, 10]), ["p", "p", "q", "p"], [])
    spread = found.spread(column([31, 7]))
    assert (spread.tolist()[2], spread.sum()) == (7, 38)
    assert spread.tolist() == [19, 10, 7, 2]


def test_an_award_to_joined_claims_without_anything_outstanding_is_spread_evenly() -> None:
    found = consolidate(claims([0, 0]), ["p", "p"], [])
    assert found.spread(column([3])).tolist() == [2, 1]


def test_no_claims() -> None:
    assert len(consolidate(claims([]), [], []).claims) == 0


def test_large_amounts_add_up() -> None:
    found = consolidate(claims([2**200, 2**200]), ["p", "p"], [])
    assert found.claims.gross.tolist() == [2**201]
    assert found.spread(column([2**200 + 1])).tolist() == [2**199 + 1, 2**199]
    assert isinstance(found.beneficiary, np.ndarray)
