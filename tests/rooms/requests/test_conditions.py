"""Use conditions travel; notices, objections, action days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoup.ground import Answer, Instant
from recoup.requests import IllegalMove
from recoup.requests.actions import CHECKS, ActionDay, Frozen, Part, earliest_common, may_freeze, over_frozen
from recoup.requests.conditions import ANY, Consent, Datum, Use, UseCondition, derived, exported
from recoup.requests.parties import DELAY_DAYS_MAX, Notice, Objection, ObjectionKind, distributable, open_claims

DAY = date(2026, 11, 21)
AT = Instant.parse("2026-11-21T10:00:00Z")
MLA = Use("mla-annex", "X", "EE")
FIU = UseCondition("FIU of Cyprus", "K09", frozenset({"intelligence"}), frozenset({ANY}), frozenset({"FR"}))
CONSENT = Consent("mla-annex", "X", "EE", "FIU of Cyprus", AT, "ab" * 32)


def test_fiu_information_needs_consent_for_the_annex() -> None:
    refused = FIU.allows(MLA, DAY)
    assert refused.answer is Answer.NO and refused.reasons[0].startswith("K09: FIU of Cyprus did not allow")
    assert FIU.with_consent(CONSENT).allows(MLA, DAY).answer is Answer.YES
    assert FIU.allows(Use("intelligence", "Y", "FR"), DAY).answer is Answer.YES


@pytest.mark.parametrize("change", [{"purpose": "tax"}, {"person": "Y"}, {"state": "LT"}])
def test_consent_reaches_no_further_than_it_says(change: dict[str, str]) -> None:
    other = Use(**{"purpose": "mla-annex", "person": "X", "state": "EE", **change})
    assert FIU.with_consent(CONSENT).allows(other, DAY).answer is Answer.NO


def test_an_expired_condition_allows_nothing_even_with_consent() -> None:
    condition = replace(FIU.with_consent(CONSENT), expiry=DAY)
    assert condition.allows(MLA, DAY).answer is Answer.YES
    assert condition.allows(MLA, DAY + timedelta(days=1)).answer is Answer.NO


def test_what_is_derived_carries_every_condition() -> None:
    foreign = UseCondition("MLA from CH", "K10", frozenset({"mla-annex"}), frozenset({"X"}), frozenset({"EE"}))
    made = derived("chart", "00", [Datum("a", "1", (FIU,)), Datum("b", "2", (foreign,)), Datum("c", "3", (FIU,))])
    assert made.conditions == (FIU, foreign)
    assert made.may(MLA, DAY).answer is Answer.NO
    unknown = derived("chart", "00", [made, Datum("d", "4", None)])
    assert unknown.may(MLA, DAY).answer is Answer.UNKNOWN


def test_only_yes_leaves() -> None:
    data = [Datum("free", "1"), Datum("fiu", "2", (FIU,)), Datum("mystery", "3", None)]
    leaves, stays = exported(data, MLA, DAY)
    assert [one.id for one in leaves] == ["free"]
    assert [(name, verdict.answer.value) for name, verdict in stays] == [("fiu", "no"), ("mystery", "unknown")]


def test_a_condition_is_of_a_known_guard() -> None:
    with pytest.raises(ValueError, match="K09 or K10"):
        replace(FIU, guard="K99")


_NAMES = st.sampled_from(["x", "y", ANY])
_SETS = st.frozensets(_NAMES, max_size=2)
_CONDITIONS = st.builds(UseCondition, st.just("s"), st.just("K10"), _SETS, _SETS, _SETS)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(_CONDITIONS, max_size=3), st.lists(_CONDITIONS, max_size=3), st.tuples(_NAMES, _NAMES, _NAMES))
def test_deriving_never_frees(one: list[UseCondition], other: list[UseCondition], use: tuple[str, str, str]) -> None:
    made = derived("m", "0", [Datum("a", "1", tuple(one)), Datum("b", "2", tuple(other))])
    wanted = Use(*use)
    if made.may(wanted, DAY).answer is Answer.YES:
        assert all(condition.allows(wanted, DAY).answer is Answer.YES for condition in (*one, *other))


def test_notice_may_wait_for_a_reason_and_a_day_of_review() -> None:
    notice = Notice("X", "a1", DAY, "appeal within 10 days to the court of Nicosia")
    assert not notice.overdue(DAY) and notice.overdue(DAY + timedelta(days=1))
    later = notice.delayed("the searches are still to come", DAY + timedelta(days=DELAY_DAYS_MAX), DAY)
    assert not later.overdue(DAY + timedelta(days=DELAY_DAYS_MAX))
    assert later.overdue(DAY + timedelta(days=DELAY_DAYS_MAX + 1))
    assert not replace(later, served=DAY).overdue(date(2030, 1, 1))
    for because, review in (
        (" ", DAY + timedelta(days=1)),
        ("x", DAY),
        ("x", DAY + timedelta(days=DELAY_DAYS_MAX + 1)),
    ):
        with pytest.raises(IllegalMove, match="NOTICE"):
            notice.delayed(because, review, DAY)
    with pytest.raises(ValueError, match="remedy"):
        Notice("X", "a1", DAY, "")


def test_open_claims_block_and_leave_the_rest() -> None:
    claims = [
        Objection("o1", "a1", ObjectionKind.THIRD_PARTY, DAY, amount=300),
        Objection("o2", "a1", ObjectionKind.HARDSHIP, DAY),
        Objection("o3", "a2", ObjectionKind.APPEAL, DAY),
        Objection("o4", "a1", ObjectionKind.STAY, DAY, decided=DAY, upheld=False),
        Objection("o5", "a1", ObjectionKind.THIRD_PARTY, DAY, amount=200, decided=DAY, upheld=True),
    ]
    assert open_claims(claims, "a1") == ("o1",)
    assert distributable(1000, claims, "a1") == 500
    assert distributable(100, claims, "a1") == 0
    assert distributable(1000, claims, "a2") == 0
    assert distributable(1000, claims, "a3") == 1000


T0 = datetime(2026, 12, 1, 6, tzinfo=UTC)


def _part(state: str, hour: int, window: int = 2, **more: frozenset[str]) -> Part:
    moment = datetime(2026, 12, 1, hour, tzinfo=UTC)
    return Part(state, ("a",), moment, timedelta(hours=window), more.get("done", frozenset(CHECKS)))


def test_an_action_day_waits_for_the_last_state() -> None:
    parts = (_part("EE", 5), _part("CY", 6), _part("LT", 4, 2))
    assert earliest_common(parts) == T0
    assert ActionDay(T0, parts).ready().answer is Answer.YES
    early = ActionDay(T0 - timedelta(hours=1), parts).ready()
    assert early.answer is Answer.NO and early.reasons[0].startswith("CY may act from 2026-12-01T06:00Z")
    with pytest.raises(IllegalMove, match="T0"):
        earliest_common((_part("EE", 2, 1), _part("CY", 6)))
    assert ActionDay(T0, parts).inventory_due() == T0 + timedelta(days=1)


def test_a_missing_check_holds_everybody() -> None:
    parts = (_part("EE", 6), _part("CY", 6, done=frozenset(CHECKS) - {"translation"}))
    found = ActionDay(T0, parts).ready()
    assert (found.answer, found.reasons) == (Answer.NO, ("CY: translation",))
    with pytest.raises(ValueError, match="UTC"):
        ActionDay(datetime(2026, 12, 1, 6), parts)


def test_no_more_is_frozen_than_was_ordered() -> None:
    holds = [Frozen("EE", "o1", "EUR", 600), Frozen("CY", "o1", "EUR", 300), Frozen("CY", "o2", "EUR", 900)]
    assert over_frozen(holds, "o1", "EUR", 900) == 0
    assert over_frozen(holds, "o1", "EUR", 899) == 1
    may_freeze(holds, Frozen("LT", "o1", "EUR", 100), 1000, None)
    with pytest.raises(IllegalMove, match=r"K17.*freeze 1 more"):
        may_freeze(holds, Frozen("LT", "o1", "EUR", 101), 1000, None)
    may_freeze(holds, Frozen("LT", "o1", "EUR", 101), 1000, True)
