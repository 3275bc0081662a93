"""Plans and their histories under attack: hidden values, pre-answered comments, one person twice."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from tests.rooms.restitution.plans import example, example_text
from tests.rooms.restitution.test_plan import at, faults, full_life

from recoup.ground import Refused
from recoup.restitution.plan import History, PlanState, diff, read_history, read_plan, status
from recoup.restitution.plan.history import ActKind, written

TABLES = sorted(example().data)
MUST = ("plan", "loss", "sharing", "windows", "rounds", "payment", "unclaimed", "surplus", "publication")


@pytest.mark.parametrize("table", MUST)
def test_a_missing_table_is_named(table: str) -> None:
    data = {name: value for name, value in example().data.items() if name != table}
    assert f"'{table}' is a required property" in faults(data)


@pytest.mark.parametrize("table", TABLES)
def test_an_unknown_member_is_named_with_its_table(table: str) -> None:
    found = faults(dict(example().data) | {table: {**example().data[table], "zzz": 1}})
    assert f"at /{table}: " in found
    assert "'zzz'" in found
    assert "Known here: " in found


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("value", [[], "text", 5, True])
def test_a_table_of_another_kind_is_named(table: str, value: object) -> None:
    assert f"at /{table}: " in faults(dict(example().data) | {table: value})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"plan__version": 0}, "at /plan/version: 0 is less than the minimum of 1"),
        ({"plan__version": True}, "at /plan/version: True is not of type 'integer'"),
        ({"plan__id": ""}, "at /plan/id"),
        ({"plan__id": "x" * 201}, "at /plan/id"),
        ({"plan__previous": "AB" * 32}, "at /plan/previous"),
        ({"plan__previous": "a" * 64 + "\n"}, "at /plan/previous"),
        ({"loss__measure": "Net"}, "at /loss/measure: 'Net' is not one of"),
        ({"loss__currency": "USD\n"}, "at /loss/currency"),
        ({"loss__currency": "US D"}, "at /loss/currency"),
        ({"loss__valuation": "2026-02-30"}, "at /loss/valuation: '2026-02-30' is no day of the calendar"),
        ({"loss__valuation": "2026-01-31\n"}, "at /loss/valuation"),
        ({"loss__valuation": "yesterday"}, "at /loss/valuation"),
        ({"loss__offsets": ["collateral", "collateral"]}, "at /loss/offsets"),
        ({"windows__cut_off": "2026-13-01"}, "at /windows/cut_off: '2026-13-01' is no day of the calendar"),
        ({"windows__cure_days": 89}, "at /windows/cure_days: 89 is less than the minimum of 90"),
        ({"windows__comment_days": -1}, "at /windows/comment_days"),
        ({"windows__appeal_days": 36501}, "at /windows/appeal_days"),
        ({"windows__appeal_days": "60"}, "at /windows/appeal_days"),
        ({"reserve__silent_months": 23}, "at /reserve/silent_months: 23 is less than the minimum of 24"),
        ({"unclaimed__months": 23}, "at /unclaimed/months: 23 is less than the minimum of 24"),
        ({"unclaimed__then": "keep"}, "Write one of: redistribute, hold"),
        ({"approvals__needed": 0}, "at /approvals/needed: 0 is less than the minimum of 1"),
        ({"rounds__planned": 0}, "at /rounds/planned"),
        ({"payment__channels": ["cash"]}, "at /payment/channels/0: 'cash' is not one of"),
        ({"payment__channels": ["sepa", "sepa"]}, "at /payment/channels"),
        ({"payment__attempts_max": 0}, "at /payment/attempts_max"),
        ({"payment__least_payment": -1}, "at /payment/least_payment"),
        ({"payment__least_payment": "10\n"}, "at /payment/least_payment"),
        ({"costs__cap": "5%\n"}, "at /costs/cap"),
        ({"costs__cap": "1/0"}, "at /costs/cap: '1/0' is not an exact fraction"),
        ({"costs__cap": "101%"}, "at /costs/cap: 101% is more than the whole"),
        ({"costs__cap": "3/2"}, "at /costs/cap: 3/2 is more than the whole"),
        ({"costs__cap": "٥%"}, "at /costs/cap"),
        ({"tax__withholding": "1/0"}, "at /tax/withholding"),
        ({"tax__withholding": "200%"}, "at /tax/withholding: 200% is more than the whole"),
        ({"publication__languages": ["EN"]}, "at /publication/languages/0"),
        ({"publication__languages": []}, "at /publication/languages"),
        ({"sharing__parameters": {"cap": 2**53}}, "at /sharing/parameters/cap: the number is not exact"),
        ({"sharing__parameters": {"cap": -(2**53)}}, "at /sharing/parameters/cap: the number is not exact"),
        ({"sharing__parameters": {"cap": 0.5}}, "at /sharing/parameters/cap: the number is not exact"),
        ({"sharing__parameters": {"a/b~c": 1}}, "at /sharing/parameters/a~1b~0c: unknown member"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused) as refused:
        example(**changes)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("text", "cap"),
    [("0", Fraction(0)), ("100%", Fraction(1)), ("1/3", Fraction(1, 3)), ("12.5%", Fraction(1, 8)), ("1", Fraction(1))],
)
def test_cost_caps_at_their_edges(text: str, cap: Fraction) -> None:
    assert example(costs__cap=text).cost_cap == cap


def test_the_largest_exact_number_is_allowed_and_larger_ones_are_text() -> None:
    assert example(sharing__parameters={"cap": 2**53 - 1}).seal != example(sharing__parameters={"cap": "9"}).seal
    example(sharing__parameters={"cap": str(2**53)})


def test_the_order_of_members_does_not_change_the_seal_and_the_order_of_a_list_does() -> None:
    turned = json.dumps(dict(reversed(list(example().data.items()))))
    assert read_plan(turned, "p.json").seal == example().seal
    assert example(publication__languages=["de", "en"]).seal != example().seal


def test_a_seal_is_not_moved_by_comments_or_spaces_of_toml() -> None:
    spaced = "# a comment\n" + example_text().replace(" = ", "   =   ")
    assert read_plan(spaced, "p.toml").seal == example().seal


def test_the_text_absent_is_not_the_same_as_nothing() -> None:
    plain, said = example(plan__reasons=None), example(plan__reasons="(absent)")
    assert plain.seal != said.seal
    assert [str(change) for change in diff(plain, said)] == ["/plan/reasons: (absent) -> '(absent)'"]


def test_a_difference_of_kind_is_a_difference() -> None:
    one, text = example(sharing__parameters={"cap": 1}), example(sharing__parameters={"cap": "1"})
    assert [change.pointer for change in diff(one, text)] == ["/sharing/parameters/cap"]
    yes = example(sharing__parameters={"cap": True})
    assert len(diff(one, yes)) == 1


def test_a_difference_turned_round_is_its_mirror() -> None:
    one, other = example(), example(plan__title="x", publication__languages=["en"], tax__statement="none")
    there, back = diff(one, other), diff(other, one)
    assert [(c.pointer, c.before, c.after) for c in there] == [(c.pointer, c.after, c.before) for c in back]


def opened() -> History:
    history = History(example())
    history.append(history.next(ActKind.OPEN, "secretary", "secretary", at("01-01")))
    return history


@pytest.mark.parametrize("kind", [ActKind.OPEN, ActKind.COMMENT, ActKind.APPROVE, ActKind.WITHDRAW])
def test_only_an_answer_answers(kind: ActKind) -> None:
    """Opening with answers=(1, 2) would have marked every later comment as answered."""
    with pytest.raises(ValueError, match="only an answer answers"):
        opened().next(kind, "someone", "role", at("01-05"), "text", (1, 2))


@pytest.mark.parametrize("name", ["Judge", " judge", "judge ", "JUDGE", "ｊｕｄｇｅ"])
def test_one_person_approves_once_under_any_spelling(name: str) -> None:
    with pytest.raises(ValueError, match="has approved already"):
        full_life(example()).next(ActKind.APPROVE, name, "court", at("02-08"))


@pytest.mark.parametrize("name", ["Allocation  Officer", "allocation officer ", "ALLOCATION OFFICER"])
def test_who_drafted_it_does_not_approve_it_under_any_spelling(name: str) -> None:
    with pytest.raises(ValueError, match="nobody approves what they drafted"):
        full_life(example()).next(ActKind.APPROVE, name, "board", at("02-08"))


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x1c", "\r", "\n"])
def test_a_comment_with_any_line_separator_is_read_back(sign: str) -> None:
    history = opened()
    history.append(history.next(ActKind.COMMENT, "v", "victim", at("01-05"), f"one{sign}two"))
    found = read_history(example(), written(history), "h.jsonl")
    assert [act.hash for act in found.acts] == [act.hash for act in history.acts]


@pytest.mark.parametrize(("name", "value"), [("by", ["judge"]), ("by", 5), ("text", None), ("role", True)])
def test_members_of_an_act_are_text(name: str, value: object) -> None:
    line = json.loads(written(opened())) | {name: value}
    with pytest.raises(Refused, match=f"is not text: {name}"):
        read_history(example(), json.dumps(line), "h.jsonl")


def test_an_empty_history_is_a_draft_and_an_empty_line_is_a_fault() -> None:
    assert read_history(example(), "", "h").acts == []
    with pytest.raises(Refused, match="h:2: "):
        read_history(example(), written(opened()) + "\n\n", "h")


def test_a_history_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    text = written(full_life(example()))
    monkeypatch.setattr("recoup.restitution.plan.history.ACTS_MAX", 5)
    assert len(read_history(example(), text, "h").acts) == 5
    monkeypatch.setattr("recoup.restitution.plan.history.ACTS_MAX", 4)
    with pytest.raises(Refused, match="more than 4 acts"):
        read_history(example(), text, "h")


@pytest.mark.parametrize(("day", "state"), [("01-30", PlanState.COMMENTS), ("01-31", PlanState.APPROVING)])
def test_the_comment_period_ends_after_its_days_to_the_second(day: str, state: PlanState) -> None:
    """Opened on 1 January at noon for 30 days: 31 January, noon, is the end."""
    assert status(opened(), at(day)).state is state


def test_a_comment_in_the_last_second_counts_and_one_later_does_not() -> None:
    history, end = opened(), at("01-31")
    last = replace(end, start=end.start.replace(hour=11, minute=59, second=59))
    history.append(history.next(ActKind.COMMENT, "v", "victim", last, "just in time"))
    assert status(history, end).unanswered == (1,)
    with pytest.raises(ValueError, match="comment period is not open"):
        history.next(ActKind.COMMENT, "w", "victim", end, "late")


def test_a_withdrawn_plan_takes_no_act() -> None:
    history = opened()
    history.append(history.next(ActKind.WITHDRAW, "court", "court", at("01-05"), "order"))
    for kind in ActKind:
        with pytest.raises(ValueError, match=r"the plan is withdrawn|only an answer"):
            history.next(kind, "x", "y", at("03-01"), "text", (1,))
    assert status(history, at("03-01")).missing == ()


def test_a_refused_act_changes_nothing() -> None:
    history = full_life(example())
    before = written(history)
    with pytest.raises(ValueError, match="does not follow"):
        history.append(replace(history.acts[0], at=at("02-09")))
    assert written(history) == before
