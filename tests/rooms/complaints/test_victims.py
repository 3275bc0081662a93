"""Victims: what joins two complaints, what never does, and that every merge can be undone."""

from __future__ import annotations

import time
from itertools import combinations

import pytest
from tests.rooms.complaints.victims_made import made, quality

from recoup.complaints import Complaint, Person
from recoup.complaints.victims import (
    Consolidation,
    Judgement,
    Record,
    Victim,
    Weights,
    consolidate,
    records_of,
    skeleton,
)
from recoup.complaints.victims.cluster import CLUSTER_RECORDS_MAX, Link, clustered
from recoup.complaints.victims.record import phone_tail, plain_email
from recoup.complaints.victims.weights import HOT_VALUE_RECORDS_MAX, log2_tenths, names_contradict
from recoup.ground import Instant

ANA = Person("Ana Rothenberg", "1961-04-30", "ana.r@mail.com", "+49 30 901820", "Bern")
NOW = Instant.parse("2024-03-05T10:00:00Z")


def filed(*people: Person) -> list[Complaint]:
    return [Complaint(f"C{number}", person) for number, person in enumerate(people, start=1)]


def groups(*people: Person) -> list[tuple[str, ...]]:
    return [victim.complaints for victim in consolidate(filed(*people)).victims]


def like_ana(name: str = "", born: str = "", email: str = "", phone: str = "", city: str = "") -> Person:
    return Person(name or ANA.name, born, email, phone, city)


@pytest.mark.parametrize(
    "other",
    [
        like_ana(email="ANA.R+x@mail.com"),
        like_ana(phone="0049 (0)30 901820"),
        like_ana(born="1961-04-30"),
        like_ana("Rothenberg, Ana", email="ana.r@mail.com"),
        like_ana("Ana Rotenberg", born="1961-04-30", email="ana.r@mail.com"),
        like_ana("Ана Ротенберг", born="1961-04-30", phone="+49 30 901820"),
        like_ana("A. Rothenberg", email="ana.r@mail.com"),
        like_ana("Ana Keller", born="1961-04-30", email="ana.r@mail.com"),
    ],
)
def test_one_victim(other: Person) -> None:
    assert groups(ANA, other) == [("C1", "C2")]


@pytest.mark.parametrize(
    "other",
    [
        like_ana(city="Bern"),
        like_ana("Ben Rothenberg", email="ana.r@mail.com", phone="+49 30 901820"),
        like_ana("Ana Keller", email="ana.r@mail.com", phone="+49 30 901820"),
        like_ana(born="1990-01-02", email="ana.r@mail.com", phone="+49 30 901820"),
        like_ana("Ben Keller", email="ana.r@mail.com"),
        Person(),
        Person(city="Bern"),
    ],
)
def test_two_victims_unless_a_person_says_otherwise(other: Person) -> None:
    assert groups(ANA, other) == [("C1",), ("C2",)]


def test_what_no_rule_decides_goes_to_review_with_its_reason() -> None:
    found = consolidate(filed(ANA, like_ana(born="1990-01-02", email="ana.r@mail.com")))
    assert [(review.link.a, review.link.b, review.reason) for review in found.reviews] == [
        ("C1", "C2", "birth dates differ")
    ]
    household = consolidate(filed(ANA, like_ana("Ben Rothenberg", email="ana.r@mail.com", phone="+49 30 901820")))
    assert household.reviews[0].reason == "a word of the names differs, as in a household"


def test_every_merge_can_be_added_up_by_hand() -> None:
    found = consolidate(filed(ANA, ANA))
    (victim,) = found.victims
    (link,) = victim.why
    assert [(each.field, each.outcome) for each in link.evidence] == [
        ("name", "same"),
        ("birth_date", "same"),
        ("email", "same"),
        ("phone", "same"),
        ("city", "same"),
    ]
    assert link.margin == sum(each.weight for each in link.evidence) - Weights(records_of(filed(ANA, ANA))).prior


def test_two_birth_dates_never_meet_through_a_third_complaint() -> None:
    young = Person("Ana Rothenberg", "1990-01-02", "other@mail.com", "+49 30 111111")
    between = Person("Ana Rothenberg", "", "ana.r@mail.com", "+49 30 111111")
    found = consolidate(filed(ANA, young, between))
    of = {name: victim.id for victim in found.victims for name in victim.complaints}
    assert of["C1"] != of["C2"]
    assert any("birth dates" in review.reason for review in found.reviews)


def test_two_given_names_never_meet_through_an_initial() -> None:
    pierre = Person("Pierre Wilsonwick", "", "p@mail.com", "+49 30 111111")
    initial = Person("P. Wilsonwick", "", "", "+49 30 111111")
    paul = Person("Paul Wilsonwick", "", "paul@mail.com", "+49 30 111111")
    of = {n: v.id for v in consolidate(filed(pierre, initial, paul)).victims for n in v.complaints}
    assert of["C1"] != of["C3"]


def test_one_link_between_two_groups_needs_more_than_any_other() -> None:
    records = {name: Record(name, (), "", "", "", "", "") for name in "abcd"}

    def links(bridge: int) -> list[Link]:
        return [Link("a", "b", 300, ()), Link("c", "d", 300, ()), Link("b", "c", bridge, ())]

    assert clustered(links(169), records).groups == (("a", "b"), ("c", "d"))
    assert clustered(links(169), records).reviews[0].reason == "only this link joins two groups"
    assert clustered(links(170), records).groups == (("a", "b", "c", "d"),)
    doubled = [*links(120), Link("a", "d", 120, ())]
    assert clustered(doubled, records).groups == (("a", "b", "c", "d"),)


def test_a_group_stops_at_its_limit() -> None:
    names = [f"n{number:03d}" for number in range(CLUSTER_RECORDS_MAX + 1)]
    records = {name: Record(name, (), "", "", "", "", "") for name in names}
    links = [Link(a, b, 300, ()) for a, b in combinations(names, 2)]
    found = clustered(links, records)
    assert max(map(len, found.groups)) == CLUSTER_RECORDS_MAX
    assert found.reviews and all("more than" in review.reason for review in found.reviews)


def decided(found: Consolidation) -> list[tuple[str, tuple[str, ...]]]:
    return [(victim.id, victim.complaints) for victim in found.victims]


def test_a_merge_is_undone_and_restored_and_nothing_is_lost() -> None:
    found = consolidate(filed(ANA, ANA, ANA, Person("Ben Keller", "", "b@mail.com")))
    apart = found.judged(Judgement("C1", "C3", False, "officer 7", NOW, "spoke to both"))
    assert sorted(name for victim in apart.victims for name in victim.complaints) == ["C1", "C2", "C3", "C4"]
    of = {name: victim.id for victim in apart.victims for name in victim.complaints}
    assert of["C1"] != of["C3"] and of["C4"] == found.victims[1].id
    again = apart.judged(Judgement("C1", "C3", True, "officer 7", NOW))
    assert decided(again) == decided(found)
    assert [judgement.same for judgement in again.judgements] == [False, True]
    said = [each for victim in again.victims for link in victim.why for each in link.evidence]
    assert any(each.outcome == "same, by officer 7" for each in said)


def test_a_person_can_join_what_no_rule_would() -> None:
    found = consolidate(filed(ANA, Person("Ben Keller", "", "b@mail.com")))
    joined = found.judged(Judgement("C2", "C1", True, "officer 7", NOW))
    assert decided(joined)[0][1] == ("C1", "C2")
    with pytest.raises(KeyError):
        found.judged(Judgement("C1", "nobody", True, "officer 7", NOW))


def test_judgements_given_at_once_and_one_by_one_agree() -> None:
    judgement = Judgement("C1", "C2", False, "officer 7", NOW)
    at_once = consolidate(filed(ANA, ANA, ANA), [judgement])
    after = consolidate(filed(ANA, ANA, ANA)).judged(judgement)
    assert [victim.complaints for victim in at_once.victims] == [victim.complaints for victim in after.victims]


def test_undoing_one_merge_among_thousands_takes_less_than_a_second() -> None:
    found = consolidate(made(20_000, "clerical").complaints)
    victim = next(victim for victim in found.victims if len(victim.complaints) > 2)
    a, b = victim.complaints[:2]
    started = time.process_time()
    apart = found.judged(Judgement(a, b, False, "officer 7", NOW))
    assert time.process_time() - started < 1
    before, after = ({n: v.id for v in run.victims for n in v.complaints} for run in (found, apart))
    assert after[a] != after[b] and before.keys() == after.keys()
    assert {name for name in before if before[name] != after[name]} <= set(victim.complaints)


def test_ids_stay_when_complaints_arrive() -> None:
    first = consolidate(filed(ANA, Person("Ben Keller", "", "b@mail.com")))
    known = {name: victim.id for victim in first.victims for name in victim.complaints}
    more = [Complaint("A0", ANA), *filed(ANA, Person("Ben Keller", "", "b@mail.com"))]
    second = consolidate(more, known=known)
    assert {victim.id for victim in second.victims} == {victim.id for victim in first.victims}
    assert consolidate(more).victims[0].id != first.victims[0].id


def test_order_does_not_matter() -> None:
    complaints = list(made(3000, "tongues").complaints)
    one, other = consolidate(complaints), consolidate(complaints[::-1])
    assert set(decided(one)) == set(decided(other))
    assert one.reviews == other.reviews


def test_a_hot_value_is_no_evidence_and_is_named() -> None:
    people = [Person(f"Name{n} Sur{n}", "", "none@none.com", "") for n in range(HOT_VALUE_RECORDS_MAX + 1)]
    found = consolidate(filed(*people))
    assert [(hot.field, hot.value, hot.records) for hot in found.hot] == [("email", "none@none.com", 21)]
    assert all(victim == Victim(victim.id, victim.complaints) for victim in found.victims)
    assert consolidate(filed(*people[:-1])).hot == ()


def test_a_shared_email_on_one_record_in_a_hundred_costs_little() -> None:
    plain, hot = made(20_000, "clerical"), made(20_000, "clerical", shared_email=0.01)
    best = [min(_seconds(each.complaints) for _ in range(3)) for each in (plain, hot)]
    assert best[1] <= 1.3 * best[0] + 0.1
    precision, _ = quality([victim.complaints for victim in consolidate(hot.complaints).victims], hot.truth)
    assert precision >= 0.999


def _seconds(complaints: tuple[Complaint, ...]) -> float:
    started = time.process_time()
    consolidate(complaints)
    return time.process_time() - started


@pytest.mark.parametrize("model", ["clerical", "tongues"])
def test_precision_and_recall_against_the_truth(model: str) -> None:
    made_up = made(20_000, model, seed=2)
    precision, recall = quality([v.complaints for v in consolidate(made_up.complaints).victims], made_up.truth)
    assert precision >= 0.999
    assert recall >= 0.96


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("mohammed", "muhamad", True),
        ("yusuf", "josef", True),
        ("shcherbakova", "scherbakova", True),
        ("hsyn", "hussein", True),
        ("smith", "smythe", True),
        ("anna", "ben", False),
    ],
)
def test_skeletons_bridge_romanisations(a: str, b: str, same: bool) -> None:
    assert (skeleton(a) == skeleton(b)) is same


def test_folding_of_contacts() -> None:
    assert plain_email(" Ana+tag@Mail.COM ") == "ana@mail.com"
    assert plain_email("nobody") == plain_email("@x") == ""
    assert phone_tail("+49 (0)30 901820") == phone_tail("0049 030 901820") == "30901820"
    assert phone_tail("12345") == ""


def test_contradiction_of_names() -> None:
    assert not names_contradict(("ana", "roth"), ("ana", "maria", "roth"))
    assert not names_contradict(("a", "roth"), ("ana", "roth"))
    assert names_contradict(("ana", "roth"), ("ben", "roth"))
    assert names_contradict(("a", "ana"), ("ana", "ben"))
    assert not names_contradict((), ("ana",))


@pytest.mark.parametrize(("a", "b", "tenths"), [(1024, 1, 100), (1, 1, 0), (1, 5, 0), (3, 2, 5), (2**20, 3, 184)])
def test_logarithms_are_exact_floors(a: int, b: int, tenths: int) -> None:
    assert log2_tenths(a, b) == tenths
