"""Versions, answers, cures and supersession."""

from __future__ import annotations

import pytest

from recoup.ground import Instant
from recoup.law.load import built_in
from recoup.requests import IllegalMove
from recoup.requests.answer import Answer, Next, Outcome, follows
from recoup.requests.request import VERSIONS_MAX, Request, cured, superseded

AT = Instant.parse("2026-11-21T10:00:00Z")
FIRST = Request("r1", 1, "EU_2018_1805", "freeze", "CY: court", ("a1",), (("F01", "PNF"), ("F04", "facts")))


@pytest.mark.parametrize(
    ("outcome", "grounds", "expected"),
    [
        (Outcome.GRANTED, (), Next.EXECUTE),
        (Outcome.PARTIAL, (), Next.EXECUTE),
        (Outcome.SUPPLEMENT, (), Next.SUPPLEMENT),
        (Outcome.POSTPONED, ("G20",), Next.COORDINATE),
        (Outcome.REFUSED, ("G08",), Next.CURE),
        (Outcome.REFUSED, ("G17",), Next.CURE),
        (Outcome.REFUSED, ("G21", "G08"), Next.CURE),
        (Outcome.REFUSED, ("G01",), Next.REPLEAD),
        (Outcome.REFUSED, ("G01", "G08"), Next.REPLEAD),
        (Outcome.REFUSED, ("G06",), Next.OTHER_ROUTE),
        (Outcome.REFUSED, ("G10", "G01"), Next.OTHER_ROUTE),
        (Outcome.REFUSED, ("G05",), Next.REVIEW),
        (Outcome.REFUSED, ("G08", "G03"), Next.REVIEW),
        (Outcome.REFUSED, ("G20",), Next.COORDINATE),
        (Outcome.REFUSED, ("G99",), Next.REVIEW),
    ],
)
def test_what_follows_an_answer(outcome: Outcome, grounds: tuple[str, ...], expected: Next) -> None:
    assert follows(Answer("r1/v1", outcome, AT, grounds)) is expected


def test_conditions_are_accepted_before_anything_else() -> None:
    answer = Answer("r1/v1", Outcome.CONDITIONAL, AT, conditions=("use in this case only",))
    assert follows(answer) is Next.ACCEPT_CONDITIONS


def test_every_ground_of_the_code_list_leads_somewhere_known() -> None:
    for code in built_in().codes.grounds:
        found = follows(Answer("r1/v1", Outcome.REFUSED, AT, (code,)))
        assert (found is Next.REVIEW) == (code in {"G03", "G04", "G05", "G14", "G15"}), code


def test_answers_refuse_to_be_empty() -> None:
    with pytest.raises(ValueError, match="names its grounds"):
        Answer("r1/v1", Outcome.REFUSED, AT)
    with pytest.raises(ValueError, match="names its conditions"):
        Answer("r1/v1", Outcome.CONDITIONAL, AT)


def test_a_cure_is_a_new_version_that_keeps_the_old_one() -> None:
    second = cured(FIRST, "refused", "translation added", [("F21", "Greek"), ("F04", "better facts")])
    assert (second.key, second.supersedes, second.cures) == ("r1/v2", "r1/v1", "translation added")
    assert dict(second.fields) == {"F01": "PNF", "F04": "better facts", "F21": "Greek"}
    assert dict(FIRST.fields)["F04"] == "facts"
    with pytest.raises(IllegalMove, match="CURE"):
        cured(FIRST, "examining", "x", [])
    with pytest.raises(IllegalMove, match="says what it cures"):
        cured(FIRST, "refused", " ", [])


def test_another_route_takes_over_the_assets() -> None:
    other = superseded(FIRST, "refused", "CETS_198", "freeze", "CY: central authority")
    assert (other.version, other.supersedes, other.assets) == (1, "r1/v1", ("a1",))
    assert superseded(FIRST, "impossible", "UNTOC", "freeze", "x").instrument == "UNTOC"
    with pytest.raises(IllegalMove, match="MOVE"):
        superseded(FIRST, "granted", "CETS_198", "freeze", "x")
    with pytest.raises(IllegalMove, match="is cured, not superseded"):
        superseded(FIRST, "refused", "EU_2018_1805", "freeze", "x")


def test_missing_contents_are_those_without_text() -> None:
    written = Request("r", 1, "x", "y", "z", ("a",), (("F01", "PNF"), ("F21", "  ")))
    assert written.missing(["F01", "F04", "F21"]) == ("F04", "F21")


def test_limits() -> None:
    Request("r", VERSIONS_MAX, "x", "y", "z", ("a",), ())
    for version in (0, VERSIONS_MAX + 1):
        with pytest.raises(ValueError, match="version"):
            Request("r", version, "x", "y", "z", ("a",), ())
    with pytest.raises(ValueError, match="at least one asset"):
        Request("r", 1, "x", "y", "z", (), ())
