"""Consolidation under attack: weights by hand, hot values, bridges, ids under any order, judgements undone."""

from __future__ import annotations

from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rooms.complaints.victims_made import made

from recoup.complaints import Complaint, Person
from recoup.complaints.victims import Consolidation, Evidence, Judgement, Record, Weights, consolidate, records_of
from recoup.complaints.victims import weights as weights_module
from recoup.complaints.victims.blocking import BUCKET_RECORDS_MAX, candidate_pairs
from recoup.complaints.victims.cluster import BRIDGE_MARGIN, CLUSTER_RECORDS_MAX, Link, clustered
from recoup.complaints.victims.record import NAME_TOKENS_MAX, phone_tail, plain_email
from recoup.complaints.victims.weights import HOT_VALUE_RECORDS_MAX, births_near, log2_tenths, words_agree
from recoup.ground import Instant

NOW = Instant.parse("2024-03-05T10:00:00Z")
ANA = Person("Ana Rothenberg", "1961-04-30", "ana.r@mail.com", "+49 30 901820", "Bern")
BEN = Person("Ben Keller", "1970-01-02", "ben@mail.com", "+49 30 777777", "Genf")


def rec(name: str = "x", **fields: str) -> Record:
    tokens = tuple(sorted(fields.pop("tokens", "").split()))
    empty = dict.fromkeys(("born", "email", "phone", "city", "country"), "") | fields
    return Record(name, tokens, **empty)


def says(a: Record, b: Record) -> list[tuple[str, str, int]]:
    return [(each.field, each.outcome, each.weight) for each in Weights([a, b]).compared(a, b)]


def groups(found: Consolidation) -> set[tuple[str, ...]]:
    return {victim.complaints for victim in found.victims}


def ids(found: Consolidation) -> dict[str, str]:
    return {name: victim.id for victim in found.victims for name in victim.complaints}


def same(a: str, b: str, is_same: bool = True) -> Judgement:
    return Judgement(a, b, is_same, "officer 7", NOW)


@pytest.mark.parametrize(
    ("a", "b", "expect"),
    [
        ({"email": "a@b.com"}, {"email": "a@b.com"}, [("email", "same", 190)]),
        ({"email": "anna@b.com"}, {"email": "ana@b.com"}, [("email", "near", 90)]),
        ({"email": "a@b.com"}, {"email": "c@b.com"}, [("email", "differs", -10)]),
        ({"phone": "30901820"}, {"phone": "30901821"}, [("phone", "near", 60)]),
        ({"phone": "30901820"}, {"phone": "12345678"}, [("phone", "differs", -10)]),
        ({"born": "1961-04-30"}, {"born": "1961-04-30"}, [("birth_date", "same", 130)]),
        ({"born": "1961-04-03"}, {"born": "1961-03-04"}, [("birth_date", "near", 60)]),
        ({"born": "1961-04-30"}, {"born": "1961-05-31"}, [("birth_date", "differs", -90)]),
        ({"city": "bern"}, {"city": "basel"}, [("city", "differs", -10)]),
        ({"country": "DE"}, {"country": "FR"}, [("country", "differs", -30)]),
        ({"country": "DE"}, {"country": "DE"}, []),
        ({"email": "a@b.com"}, {"phone": "30901820"}, []),
        ({}, {}, []),
    ],
)
def test_what_one_field_says(a: dict[str, str], b: dict[str, str], expect: list[tuple[str, str, int]]) -> None:
    assert says(rec("a", **a), rec("b", **b)) == expect


def test_evidence_is_the_same_from_either_side() -> None:
    complaints = made(400, "tongues", seed=9).complaints
    records = records_of(complaints)
    weights = Weights(records)
    for left, right in candidate_pairs(records).tolist():
        assert weights.compared(records[left], records[right]) == weights.compared(records[right], records[left])


@pytest.mark.parametrize(("count", "weight"), [(2, 190), (HOT_VALUE_RECORDS_MAX, 156), (HOT_VALUE_RECORDS_MAX + 1, 0)])
def test_a_value_weighs_less_the_more_it_stands_and_nothing_when_hot(count: int, weight: int) -> None:
    records = [rec(str(n), email="none@none.com") for n in range(count)]
    (said,) = Weights(records).compared(records[0], records[1])
    assert said == Evidence("email", "same", weight)


def test_logarithms_against_floats() -> None:
    for numerator in range(1, 400):
        value = log2_tenths(numerator, 7)
        assert 2**value * 7**10 <= numerator**10 or value == 0
        assert numerator <= 7 or 2 ** (value + 1) * 7**10 > numerator**10


def test_the_prior_grows_with_the_number_of_records() -> None:
    assert [Weights([rec()] * count).prior for count in (0, 1, 2, 4, 1024)] == [10, 10, 10, 20, 100]


@pytest.mark.parametrize(
    ("a", "b", "near"),
    [
        ("1961-04-30", "1961-04-30", True), ("1961-04-30", "1962-04-30", True), ("1961-04-30", "1972-04-30", False),
        ("1961-04-03", "1961-03-04", True), ("1961-04-03", "1962-03-04", False), ("1961-12-11", "1961-11-12", True),
    ],
)  # fmt: skip
def test_slips_in_a_birth_date(a: str, b: str, near: bool) -> None:
    assert births_near(a, b) is near and births_near(b, a) is near


@pytest.mark.parametrize(("a", "b"), [("a", "b"), ("a", "bernard"), ("anna", "otto"), ("li", "wu")])
def test_words_that_do_not_agree(a: str, b: str) -> None:
    assert not words_agree(a, b) and not words_agree(b, a)


@pytest.mark.parametrize(
    "written",
    [
        "+971 4 331 0000",
        "+٩٧١ ٤ ٣٣١ ٠٠٠٠",
        "00971 4 3310000",
        "+९७१ ४ ३३१ ००००",
        "+971-4-331.0000 ext 55",
        "(+971) 43310000",
    ],
)
def test_a_phone_is_one_in_the_digits_of_any_script(written: str) -> None:
    assert phone_tail(written) == "43310000"


@pytest.mark.parametrize(("digits", "kept"), [("123456", ""), ("1234567", "1234567"), ("123456789", "23456789")])
def test_a_phone_at_its_fewest_and_most_digits(digits: str, kept: str) -> None:
    assert phone_tail(digits) == kept


@pytest.mark.parametrize("text", ["", "@", "a@", "@b", "  ", "nobody at home"])
def test_what_is_no_address_is_empty(text: str) -> None:
    assert plain_email(text) == ""


def test_a_name_keeps_its_first_words_only() -> None:
    (record,) = records_of([Complaint("1", Person(" ".join(f"w{n}" for n in range(NAME_TOKENS_MAX + 1))))])
    assert len(record.tokens) == NAME_TOKENS_MAX


def test_a_crowded_key_adds_no_pair_and_the_edge_still_does() -> None:
    crowd = [rec(str(n), tokens="ana roth", born="1961-04-30") for n in range(BUCKET_RECORDS_MAX + 1)]
    assert len(candidate_pairs(crowd)) == 0
    assert len(candidate_pairs(crowd[:-1])) == BUCKET_RECORDS_MAX * (BUCKET_RECORDS_MAX - 1) // 2
    assert len(candidate_pairs([])) == 0


def test_pairs_are_in_order_and_once() -> None:
    twins = [rec(str(n), tokens="ana roth", born="1961-04-30", email="a@b.de", phone="30901820") for n in range(5)]
    pairs = [tuple(pair) for pair in candidate_pairs(twins).tolist()]
    assert pairs == sorted(set(pairs)) and len(pairs) == 10 and all(left < right for left, right in pairs)


@pytest.mark.parametrize(("margin", "joined"), [(BRIDGE_MARGIN - 1, False), (BRIDGE_MARGIN, True)])
@pytest.mark.parametrize("side", [2, 5])
def test_a_bridge_between_groups_of_any_size(margin: int, joined: bool, side: int) -> None:
    left, right = [f"a{n}" for n in range(side)], [f"b{n}" for n in range(side)]
    links = [Link(x, y, 300, ()) for names in (left, right) for x in names for y in names if x < y]
    found = clustered([*links, Link("a0", "b0", margin, ())], {name: rec(name) for name in left + right})
    assert (len(found.groups) == 1) is joined
    assert [review.reason for review in found.reviews] == ([] if joined else ["only this link joins two groups"])


def test_a_leaf_is_no_bridge() -> None:
    links = [Link("a", "b", 300, ()), Link("b", "c", 110, ())]
    assert clustered(links, {name: rec(name) for name in "abc"}).groups == (("a", "b", "c"),)


def test_the_order_of_links_decides_nothing() -> None:
    links = [Link("a", "b", 200, ()), Link("b", "c", 150, ()), Link("c", "d", 200, ()), Link("a", "c", 120, ())]
    records = {name: rec(name) for name in "abcd"}
    assert len({clustered(list(order), records) for order in permutations(links)}) == 1


def test_a_person_may_join_beyond_the_limit_of_a_group() -> None:
    names = [f"n{number:03d}" for number in range(CLUSTER_RECORDS_MAX + 1)]
    found = consolidate([Complaint(name, Person(city="x")) for name in names])
    for name in names[1:]:
        found = found.judged(same(names[0], name))
    assert groups(found) == {tuple(names)}


def test_ids_do_not_depend_on_the_order_of_the_input() -> None:
    complaints = [Complaint("C5", ANA), Complaint("C3", BEN), Complaint("C9", ANA), Complaint("C1", BEN)]
    runs = [ids(consolidate(list(order))) for order in permutations(complaints)]
    assert all(run == runs[0] for run in runs)


def test_an_earlier_id_is_never_taken_by_a_complaint_that_did_not_have_it() -> None:
    first = consolidate([Complaint("C3", ANA), Complaint("C5", ANA)])
    known = {"C5": ids(first)["C3"]}
    for order in permutations([Complaint("C3", BEN), Complaint("C5", ANA), Complaint("C7", Person())]):
        found = ids(consolidate(list(order), known=known))
        assert found["C5"] == known["C5"] and len(set(found.values())) == 3


def test_a_split_keeps_the_earlier_id_with_the_smallest_complaint_in_any_order() -> None:
    joined = consolidate([Complaint("C1", ANA), Complaint("C2", ANA)])
    for order in ([Complaint("C2", BEN), Complaint("C1", ANA)], [Complaint("C1", ANA), Complaint("C2", BEN)]):
        found = ids(consolidate(order, known=ids(joined)))
        assert found["C1"] == ids(joined)["C1"] != found["C2"]


@pytest.mark.parametrize("is_same", [True, False])
def test_a_complaint_is_not_judged_against_itself(is_same: bool) -> None:
    with pytest.raises(ValueError, match="two complaints"):
        same("C1", "C1", is_same)


def test_the_last_judgement_on_a_pair_counts_from_either_side() -> None:
    complaints = [Complaint("C1", ANA), Complaint("C2", BEN)]
    told = [same("C1", "C2"), same("C2", "C1", False), same("C1", "C2"), same("C2", "C1", False)]
    for count in range(5):
        assert (len(groups(consolidate(complaints, told[:count]))) == 1) is (count % 2 == 1)


def test_judgements_that_contradict_each_other_end_with_the_parting_kept() -> None:
    complaints = [Complaint(name, Person(city="x")) for name in ("C1", "C2", "C3")]
    found = consolidate(complaints, [same("C1", "C2"), same("C2", "C3"), same("C1", "C3", False)])
    of = ids(found)
    assert of["C1"] != of["C3"]
    assert len(set(of.values())) == 2


def test_a_judgement_on_a_complaint_that_is_gone_is_kept_and_harmless() -> None:
    found = consolidate([Complaint("C1", ANA)], [same("C1", "gone"), same("gone", "gone too", False)])
    assert groups(found) == {("C1",)} and len(found.judgements) == 2


def test_no_link_stands_in_the_queue_twice() -> None:
    complaints = made(600, "tongues", seed=4).complaints
    found = consolidate(complaints)
    victims = [victim for victim in found.victims if len(victim.complaints) > 2][:6]
    for victim in victims:
        found = found.judged(same(victim.complaints[0], victim.complaints[-1], False))
    pairs = [(review.link.a, review.link.b) for review in found.reviews]
    assert len(pairs) == len(set(pairs))


@given(seed=st.integers(0, 40), steps=st.integers(1, 5))
@settings(max_examples=15, deadline=None)
def test_any_merges_undone_restore_everything(seed: int, steps: int) -> None:
    random = Random(seed)
    complaints = made(60, random.choice(["clerical", "tongues"]), seed=seed).complaints
    start = consolidate(complaints)
    found, told = start, []
    for _ in range(steps):
        a, b = random.sample([complaint.id for complaint in complaints], 2)
        judgement = same(a, b, ids(found)[a] != ids(found)[b])
        found = found.judged(judgement)
        told.append(judgement)
        assert sorted(name for victim in found.victims for name in victim.complaints) == sorted(found.records)
        assert (ids(found)[a] == ids(found)[b]) is judgement.same
    assert groups(found) == groups(consolidate(complaints, told))
    assert found.links == start.links and found.records == start.records
    assert len({victim.id for victim in found.victims}) == len(found.victims)


def test_a_person_joins_and_parts_again_and_every_id_is_back() -> None:
    complaints = [Complaint("C1", ANA), Complaint("C2", ANA), Complaint("C3", BEN), Complaint("C4", BEN)]
    start = consolidate(complaints)
    joined = start.judged(same("C1", "C3"))
    parted = joined.judged(same("C1", "C3", False))
    assert groups(joined) == {("C1", "C2", "C3", "C4")}
    assert groups(parted) == groups(start)
    assert ids(parted) == ids(start)
    assert parted.reviews == start.reviews


def test_hot_values_are_listed_in_order_with_their_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights_module, "HOT_VALUE_RECORDS_MAX", 2)
    people = [Person(email=mail, phone="+49 30 901820") for mail in ("b@x.de", "a@x.de") for _ in range(3)]
    found = consolidate([Complaint(str(n), person) for n, person in enumerate(people)])
    said = [(hot.field, hot.value, hot.records) for hot in found.hot]
    assert said == [("email", "a@x.de", 3), ("email", "b@x.de", 3), ("phone", "30901820", 6)]


def test_nothing_and_one_and_empty_complaints() -> None:
    assert consolidate([]).victims == ()
    assert groups(consolidate([Complaint(str(n)) for n in range(30)])) == {(str(n),) for n in range(30)}


def test_no_two_victims_ever_bear_one_id() -> None:
    people = [Person(city="x")] * 4
    known = {"C1": "V-x", "C2": "V-x", "C3": "V-x", "C4": "V-x"}
    found = consolidate([Complaint(f"C{n}", person) for n, person in enumerate(people, start=1)], known=known)
    again = consolidate([Complaint(f"C{n}", person) for n, person in enumerate(people, start=1)], known=ids(found))
    assert ids(found)["C1"] == "V-x" and len(set(ids(found).values())) == 4
    assert ids(again) == ids(found)
    made_id = ids(consolidate([Complaint("C2")]))["C2"]
    taken = {"C1": made_id, "C3": f"{made_id}-2"}
    found = consolidate([Complaint(f"C{n}") for n in (1, 2, 3)], known=taken)
    assert ids(found) == {"C1": made_id, "C2": f"{made_id}-3", "C3": f"{made_id}-2"}
