"""The order of entries: what proves it stays, what nothing proves is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rooms.ledger.build import entry, ledger, names

from recoup.ground import Refused
from recoup.ledger import Entry, Ledger, Order, ordered

DAY, NOON, NINE, NEXT = "2021-06-07", "2021-06-07T12:00:00Z", "2021-06-07T09:00:00Z", "2021-06-08"
OUT, IN, BOTH = "out a 1", "in a 1", "out a 1, in b 1"


def groups(*entries: Entry) -> list[str]:
    return [names(group) for group in ordered(ledger(*entries)).unproven]


def orders(*entries: Entry) -> dict[Order, str]:
    return {order: names(ordered(ledger(*entries), order).entries) for order in Order}


def test_time_proves_order() -> None:
    late, early = entry("late", NOON, BOTH), entry("early", NINE, BOTH)
    assert set(orders(late, early).values()) == {"early late"}
    assert groups(late, early) == []


def test_position_proves_order_within_one_ledger_and_time() -> None:
    second, first = entry("second", NOON, BOTH, 2), entry("first", NOON, BOTH, 1)
    assert set(orders(second, first).values()) == {"first second"}
    assert groups(second, first) == []


def test_equal_time_and_position_prove_nothing() -> None:
    one, two, three = entry("one", NOON, OUT), entry("two", NOON, IN), entry("three", NOON, BOTH)
    assert orders(one, two, three) == {
        Order.FILE: "one two three",
        Order.REVERSED: "three two one",
        Order.CREDITS_FIRST: "two one three",
        Order.DEBITS_FIRST: "one two three",
        Order.CREDITS_FIRST_REVERSED: "two three one",
        Order.DEBITS_FIRST_REVERSED: "one three two",
    }
    assert groups(one, two, three) == ["one two three"]


def test_positions_say_nothing_between_two_ledgers() -> None:
    one, two = entry("one", NOON, BOTH, 1, "bank:A"), entry("two", NOON, BOTH, 2, "bank:B")
    assert groups(one, two) == ["one two"]
    assert orders(one, two)[Order.REVERSED] == "two one"


def test_a_run_goes_on_as_long_as_anything_in_it_is_unproven() -> None:
    """a0 < a1 and b0 < b1 are proven, but nothing orders the ledgers: b0 may come after a1."""
    a0, b0 = entry("a0", NOON, BOTH, 0, "bank:A"), entry("b0", NOON, BOTH, 0, "bank:B")
    a1, b1 = entry("a1", NOON, BOTH, 1, "bank:A"), entry("b1", NOON, BOTH, 1, "bank:B")
    assert groups(a0, b0, a1, b1) == ["a0 b0 a1 b1"]
    assert orders(a0, b0, a1, b1)[Order.REVERSED] == "b0 a0 b1 a1"


def test_proven_neighbours_split_a_time_into_runs() -> None:
    pairs = [entry(name, NOON, BOTH, position) for name, position in (("a", 1), ("b", 1), ("c", 2), ("d", 3), ("e", 3))]
    assert groups(*pairs) == ["a b", "d e"]
    assert orders(*pairs)[Order.REVERSED] == "b a c e d"


def test_a_day_overlaps_every_instant_of_that_day_and_no_other() -> None:
    nine, day, noon, later = (
        entry("nine", NINE, IN),
        entry("day", DAY, OUT),
        entry("noon", NOON, IN),
        entry("next", NEXT, IN),
    )
    assert groups(nine, day, noon, later) == ["nine day noon"]
    assert orders(nine, day, noon, later) == {
        Order.FILE: "nine day noon next",
        Order.REVERSED: "nine day noon next",  # instants keep their time; the day alone could move
        Order.CREDITS_FIRST: "nine noon day next",
        Order.DEBITS_FIRST: "day nine noon next",
        Order.CREDITS_FIRST_REVERSED: "nine noon day next",
        Order.DEBITS_FIRST_REVERSED: "day nine noon next",
    }


def test_days_with_positions_are_proven_among_themselves_and_not_against_instants() -> None:
    first, second, noon = entry("first", DAY, BOTH, 1), entry("second", DAY, BOTH, 2), entry("noon", NOON, BOTH)
    assert groups(first, second) == []
    assert groups(second, noon, first) == ["first noon second"]
    assert orders(second, noon, first)[Order.REVERSED] == "first noon second"


def test_midnight_belongs_to_the_day_that_begins() -> None:
    day, midnight, eve = (
        entry("day", DAY, BOTH),
        entry("midnight", f"{DAY}T00:00:00Z", BOTH),
        entry("eve", "2021-06-06", BOTH),
    )
    assert groups(day, midnight, eve) == ["day midnight"]


def test_a_coin_is_created_before_it_is_spent_in_every_order() -> None:
    spend = entry("spend", NOON, "out a 1 coin make:o0, in b 1 coin", ledger="bitcoin")
    make = entry("make", NOON, "in a 1 coinbase", ledger="bitcoin")
    other = entry("other", NOON, "in c 1 coinbase", ledger="bitcoin")
    for order, found in orders(spend, other, make).items():
        assert found.index("make") < found.index("spend"), order
    assert orders(spend, other, make)[Order.FILE] == "other make spend"


def test_a_block_clock_that_ran_backwards_does_not_break_the_coins() -> None:
    make = entry("make", NOON, "in a 1 coinbase", ledger="bitcoin")
    spend = entry("spend", NINE, "out a 1 coin make:o0, in b 1 coin", ledger="bitcoin")
    last = entry("last", NINE, "out b 1 coin spend:o0, in c 1 coin", ledger="bitcoin")
    assert orders(make, spend, last)[Order.FILE] == "make spend last"


def test_a_cycle_of_spends_is_refused_with_its_lines() -> None:
    a = entry("a", NOON, "out x 1 coin b:o0, in y 1 coin", ledger="bitcoin", line=2)
    b = entry("b", NOON, "out y 1 coin a:o0, in x 1 coin", ledger="bitcoin", line=4)
    free = entry("free", NINE, "in z 1 coinbase", ledger="bitcoin", line=6)
    with pytest.raises(Refused) as refused:
        ordered(ledger(free, a, b))
    assert [(defect.file, defect.line, defect.what) for defect in refused.value.defects] == [
        ("test.csv", 2, "cyclic spends through entry a"),
        ("test.csv", 4, "cyclic spends through entry b"),
    ]
    own = entry("own", NOON, "out x 1 coin own:o0, in x 1 coin", ledger="bitcoin")
    with pytest.raises(Refused, match="cyclic spends through entry own"):
        ordered(ledger(own))


def test_an_empty_ledger_has_an_order() -> None:
    assert ordered(Ledger(())).entries == () and ordered(Ledger(())).unproven == ()


TIMES = st.sampled_from(["2021-06-06", DAY, f"{DAY}T00:00:00Z", NINE, NOON, NEXT])
ENTRIES = st.lists(
    st.tuples(TIMES, st.integers(0, 2), st.sampled_from(["bank:A", "bank:B"]), st.sampled_from([OUT, IN, BOTH])),
    max_size=9,
).map(lambda rows: [entry(f"e{i}", time, legs, position, name) for i, (time, position, name, legs) in enumerate(rows)])


def proven_before(a: Entry, b: Entry) -> bool:
    """The definition, word for word, without any sorting."""
    if a.time == b.time:
        return a.ledger == b.ledger and a.position < b.position
    return a.time.end < b.time.start


@given(ENTRIES, st.sampled_from(list(Order)))
def test_every_order_keeps_what_is_proven_and_every_entry(entries: list[Entry], order: Order) -> None:
    found = ordered(Ledger(tuple(entries)), order).entries
    assert sorted(map(id, found)) == sorted(map(id, entries))
    place = {one.id: i for i, one in enumerate(found)}
    assert all(place[a.id] < place[b.id] for a in entries for b in entries if proven_before(a, b))


@given(ENTRIES)
def test_groups_are_exactly_the_connected_unproven_pairs(entries: list[Entry]) -> None:
    found = {one.id: i for i, group in enumerate(ordered(Ledger(tuple(entries))).unproven) for one in group}
    component = {one.id: one.id for one in entries}
    for _ in entries:  # closure, slowly
        for a in entries:
            for b in entries:
                if a is not b and not proven_before(a, b) and not proven_before(b, a):
                    component[a.id] = component[b.id] = min(component[a.id], component[b.id])
    for a in entries:
        alone = sum(component[b.id] == component[a.id] for b in entries) == 1
        assert (a.id in found) is not alone
        for b in entries:
            if a.id in found and b.id in found:
                assert (found[a.id] == found[b.id]) == (component[a.id] == component[b.id])


@given(ENTRIES)
def test_the_file_order_of_what_is_unproven_is_kept(entries: list[Entry]) -> None:
    """Entries of one time, position and ledger are never exchanged by the order of the file."""
    found = [one.id for one in ordered(Ledger(tuple(entries))).entries]
    for i, a in enumerate(entries):
        for b in entries[i + 1 :]:
            if (a.time, a.position, a.ledger) == (b.time, b.position, b.ledger):
                assert found.index(a.id) < found.index(b.id)
