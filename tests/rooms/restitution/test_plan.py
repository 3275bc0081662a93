"""Plans: schema, seal, versions, comments, approvals."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from tests.rooms.restitution.plans import example, example_text

from recoup.ground import Instant, Refused
from recoup.restitution.plan import History, Plan, PlanState, diff, read_history, read_plan, status
from recoup.restitution.plan.document import schema
from recoup.restitution.plan.history import ActKind, written


def at(day: str) -> Instant:
    return Instant.parse(f"2026-{day}T12:00:00Z")


def faults(data: object) -> str:
    with pytest.raises(Refused) as refused:
        read_plan(json.dumps(data), "plan.json")
    return str(refused.value)


def test_toml_and_json_of_one_plan_have_one_seal() -> None:
    plan = read_plan(example_text(), "plan.toml")
    assert plan.seal == read_plan(json.dumps(dict(plan.data), indent=3), "other.json").seal
    assert (plan.rule, plan.version, plan.cost_cap, plan.days("cure")) == ("rising-tide", 1, Fraction(1, 20), 90)


@pytest.mark.parametrize(
    "changes",
    [{"plan__title": "Example Fund"}, {"windows__cure_days": 91}, {"sharing__parameters": {}}, {"costs__cap": "5.0%"}],
)
def test_any_change_changes_the_seal(changes: dict[str, Any]) -> None:
    changed = example(**changes)
    assert changed.seal != example().seal
    assert len(diff(example(), changed)) == 1


def test_diff_names_places_values_and_lists() -> None:
    changes = diff(example(), example(publication__languages=["en", "ar", "he"], plan__reasons=None))
    assert [str(change) for change in changes] == [
        "/plan/reasons: 'Net loss would give most to those who took out least and were paid late.' -> (absent)",
        "/publication/languages/1: 'de' -> 'ar'",
        "/publication/languages/2: (absent) -> 'he'",
    ]
    assert diff(example(), example()) == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"windows__cure_days": 30}, "at /windows/cure_days: 30 is less than the minimum of 90"),
        ({"unclaimed__months": 12}, "at /unclaimed/months: 12 is less than the minimum of 24"),
        ({"sharing__rule": "first-come"}, "at /sharing/rule: unknown rule 'first-come'"),
        ({"sharing__parameters": {"caps": 5}}, "at /sharing/parameters/caps: unknown member"),
        ({"sharing__parameters": {"costs": {"due": 5}}}, "unknown member 'costs'"),
        ({"surplus__rule": "keep"}, "Write one of: hold, interest"),
        ({"plan__version": 2}, "names no previous one"),
        ({"loss__rate": "x"}, "at /loss: "),
        ({"costs__cap": "five"}, "at /costs/cap"),
        ({"publication__least_cell": 2}, "less than the minimum of 3"),
        ({"payment__channels": []}, "at /payment/channels"),
    ],
)
def test_faults_are_named_with_their_place(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused) as refused:
        example(**changes)
    assert words in str(refused.value)


@pytest.mark.parametrize("value", [0.05, 2**53, None])
def test_inexact_and_empty_values_are_refused(value: object) -> None:
    data = dict(example().data)
    assert "at /costs/cap" in faults(data | {"costs": {"cap": value}})


def test_documents_that_are_no_plan() -> None:
    assert "'plan' is a required property" in faults({})
    with pytest.raises(Refused, match="is not TOML"):
        read_plan("[plan", "plan.toml")
    with pytest.raises(Refused, match="date is not allowed"):
        read_plan(example_text().replace('"date-of-loss"', "2026-01-31"), "plan.toml")


def test_the_schema_is_a_schema_and_every_object_is_closed() -> None:
    from jsonschema.validators import Draft202012Validator

    Draft202012Validator.check_schema(schema())
    tables = schema()["properties"].values()
    assert all(table.get("additionalProperties") is False for table in tables if table.get("type") == "object")


def full_life(plan: Plan) -> History:
    history = History(plan)
    for kind, by, day, text, answers in (
        (ActKind.OPEN, "secretary", "01-01", "", ()),
        (ActKind.COMMENT, "victim one", "01-05", "Why not net loss?", ()),
        (ActKind.COMMENT, "victim two", "01-06", "And the costs?", ()),
        (ActKind.ANSWER, "secretary", "02-05", "See the comparison.", (1, 2)),
        (ActKind.APPROVE, "judge", "02-06", "", ()),
    ):
        history.append(history.next(kind, by, "role", at(day), text, answers))
    return history


def test_a_plan_comes_into_force() -> None:
    history = full_life(example())
    assert status(history, at("02-07")).state is PlanState.APPROVING
    history.append(history.next(ActKind.APPROVE, "board", "board", at("02-08")))
    assert status(history, at("02-09")).state is PlanState.IN_FORCE
    with pytest.raises(ValueError, match="the plan is in-force"):
        history.next(ActKind.COMMENT, "late", "victim", at("02-10"), "too late")
    history.append(history.next(ActKind.WITHDRAW, "court", "court", at("03-01"), "order of the court"))
    assert status(history, at("03-02")).state is PlanState.WITHDRAWN


def test_states_on_the_way() -> None:
    history = History(example())
    assert status(history, at("01-01")).state is PlanState.DRAFT
    history.append(history.next(ActKind.OPEN, "secretary", "secretary", at("01-01")))
    assert status(history, at("01-30")).state is PlanState.COMMENTS
    history.append(history.next(ActKind.COMMENT, "v", "victim", at("01-30"), "x"))
    late = status(history, at("02-01"))
    assert (late.state, late.unanswered) == (PlanState.ANSWERING, (1,))
    assert late.missing == ("1 comments without an answer", "2 more approvals by persons who did not draft it")


@pytest.mark.parametrize(
    ("kind", "by", "day", "text", "answers", "words"),
    [
        (ActKind.APPROVE, "allocation officer", "02-07", "", (), "nobody approves what they drafted"),
        (ActKind.APPROVE, "judge", "02-07", "", (), "approved already"),
        (ActKind.OPEN, "secretary", "02-07", "", (), "opened before"),
        (ActKind.COMMENT, "v", "02-07", "x", (), "not open"),
        (ActKind.ANSWER, "s", "02-07", "x", (3,), "answers no comment"),
        (ActKind.ANSWER, "s", "02-07", "", (1,), "answers no comment"),
        (ActKind.WITHDRAW, "s", "02-07", "", (), "for a reason"),
        (ActKind.APPROVE, "board", "02-01", "", (), "older than the act before"),
        (ActKind.APPROVE, "", "02-07", "", (), "nobody who did it"),
    ],
)
def test_acts_that_may_not_follow(
    kind: ActKind, by: str, day: str, text: str, answers: tuple[int, ...], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        full_life(example()).next(kind, by, "role", at(day), text, answers)


def test_approval_before_the_end_of_the_comment_period_is_refused() -> None:
    history = History(example())
    history.append(history.next(ActKind.OPEN, "secretary", "secretary", at("01-01")))
    with pytest.raises(ValueError, match="comment period is not over"):
        history.next(ActKind.APPROVE, "judge", "court", at("01-15"))
    with pytest.raises(ValueError, match="comment is empty"):
        history.next(ActKind.COMMENT, "v", "victim", at("01-15"))


def test_history_is_read_back_and_every_change_is_found() -> None:
    plan = example()
    text = written(full_life(plan))
    assert [act.hash for act in read_history(plan, text, "h").acts] == [act.hash for act in full_life(plan).acts]
    lines = text.splitlines()
    for broken in (
        text.replace("victim one", "victim 1"), "\n".join(lines[1:]), "\n".join([lines[1], lines[0]]),
        text.replace("Why not", "why not"), "{}\n" + text, text.replace('"comment"', '"remark"'), "not json",
    ):  # fmt: skip
        with pytest.raises(Refused):
            read_history(plan, broken, "h")
    with pytest.raises(Refused, match="another version"):
        read_history(example(plan__title="other"), text, "h")
