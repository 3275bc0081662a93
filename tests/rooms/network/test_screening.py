"""Screening: what is hit, what is not, and why."""

from __future__ import annotations

import time
from random import Random

import pytest
from tests.bench.bench_screening import measured, public_lists
from tests.rooms.network.names_made import perturbed

from recoup.complaints.selectors import folded
from recoup.network.screening import Listing, Screen, Subject, exact_score, likeness, words_of

WALLETS = ("1HQ3Go3ggs8pFnXuHVHRytPCq5fGG8Hbhx", "0xABCDEF0000000000000000000000000000000001")
LISTED = (
    Listing(
        "L", "1", ("Viktor Anatolyevich Butrov", "Viktor Butt"), ("1967-01-13",), ("RU",), ("P 123-456",), "person"
    ),
    Listing("L", "2", ("Hussein Mousavi", "حسین موسوی"), ("1950",), ("IR",), (), "person"),
    Listing("L", "3", ("Rosoboron Trading Limited Liability Company",), (), ("RU",), (), "entity"),
    Listing(
        "L",
        "4",
        ("Evil Mixer LLC",),
        (),
        (),
        WALLETS,
        "entity",
    ),
    Listing("M", "5", ("Juan Carlos Garcia Lopez",), ("1970-05-05",), ("MX",), (), "person"),
)
SCREEN = Screen(LISTED)


def hits(name: str, **more: str) -> list[str]:
    return [hit.entry for hit in SCREEN.hits(Subject("q", name, **more))]


@pytest.mark.parametrize(
    "name",
    [
        "Viktor Anatolyevich Butrov", "BUTROV, Viktor Anatolyevich", "Viktor Anatolievich Butrov", "viktor butt",
        "Wiktor Anatolyevich Butrov", "Виктор Анатольевич Бутров", "Viktor Butrov", "ViktorAnatolyevich Butrov",
        "V. Anatolyevich Butrov",
    ],
)  # fmt: skip
def test_one_person_in_many_spellings(name: str) -> None:
    assert hits(name) == ["1"]


@pytest.mark.parametrize("name", ["حسين موسوي", "Hussein Mousavi", "Husein Musavi", "Mousavi Hussein"])
def test_scripts_without_vowels_meet_latin_spellings(name: str) -> None:
    assert hits(name) == ["2"]


@pytest.mark.parametrize("name", ["Rosoboron Trading LLC", "ROSOBORON TRADING Ltd Liability Co", "Rosoboron Trading"])
def test_legal_forms_say_little(name: str) -> None:
    assert hits(name) == ["3"]


@pytest.mark.parametrize("name", ["Anna Schmidt", "Viktor Ivanov", "Trading LLC", "Juan Perez", "X", "", "…", "李"])
def test_other_names_are_no_hits(name: str) -> None:
    assert hits(name) == []


def test_identifiers_hit_without_a_name_and_wallets_keep_their_case() -> None:
    assert hits("", identifier="p123456") == ["1"]
    assert hits("", identifier="1HQ3Go3ggs8pFnXuHVHRytPCq5fGG8Hbhx") == ["4"]
    assert hits("", identifier="1hq3go3ggs8pfnxuhvhrytpcq5fgg8hbhx") == []
    assert hits("", identifier="0xabcdef0000000000000000000000000000000001") == ["4"]


def test_birth_dates_and_countries_move_the_score_and_are_said() -> None:
    def score(**more: str) -> int:
        return SCREEN.hits(Subject("q", "Juan Carlos Lopez Garci", **more), alarm=1)[0].score

    plain = score()
    assert score(birth_date="1970-05-05") > plain > score(birth_date="1999-05-05")
    assert score(country="MX") > plain > score(country="SE")
    (hit,) = SCREEN.hits(Subject("q", "Viktor Anatolyevich Butrov", "1967-01-13", "RU"))
    assert hit.why[-2:] == ("born 1967-01-13 (+40)", "country RU (+10)")
    assert "anatolyevich = anatolyevich" in hit.why and hit.score == 1000


def test_a_hit_that_a_person_ruled_out_stays_away() -> None:
    subject = Subject("q", "Viktor Butt")
    assert SCREEN.hits(subject)
    assert SCREEN.hits(subject, cleared={(folded("VIKTOR BUTT"), "L", "1")}) == []
    assert SCREEN.hits(subject, cleared={(folded("Viktor Butt"), "L", "2")})


def test_best_hits_come_first_and_order_of_the_lists_does_not_matter() -> None:
    turned = Screen(LISTED[::-1])
    for name in ("Viktor Butrov", "Juan Garcia Lopez", "Evil Mixer"):
        one, other = (each.hits(Subject("q", name), alarm=300) for each in (SCREEN, turned))
        assert one == other
        assert [hit.score for hit in one] == sorted((hit.score for hit in one), reverse=True)


@pytest.mark.parametrize(
    ("a", "b", "least", "most"),
    [
        ("butrov", "butrov", 1000, 1000),
        ("mohammed", "muhamad", 850, 950),
        ("v", "viktor", 800, 800),
        ("viktor", "vitkor", 830, 950),
        ("ying", "yong", 0, 780),
        ("anna", "boris", 0, 0),
        ("li", "lu", 0, 780),
    ],
)
def test_likeness_of_words(a: str, b: str, least: int, most: int) -> None:
    assert least <= likeness(a, b) <= most
    assert likeness(a, b) == likeness(b, a)


def test_scores_run_from_nothing_to_all() -> None:
    words = words_of("Viktor Butrov")
    assert exact_score(words, words, {}, 10).score == 1000
    assert exact_score(words, (), {}, 10).score == 0
    missing = exact_score(words, words_of("Viktor Sergeyevich Butrov"), {}, 10)
    assert 700 < missing.score < 1000 and "only the entry has sergeyevich" in missing.why


def test_an_empty_screen_hits_nothing() -> None:
    assert Screen([]).hits(Subject("q", "Viktor Butrov", identifier="5")) == []
    assert len(Screen([Listing("L", "1", ())])) == 0


def test_an_entity_with_a_hundred_thousand_aliases_takes_bounded_time_and_hides_nobody() -> None:
    many = Listing("L", "many", tuple(f"Viktor Alias{number} Butrov" for number in range(100_000)))
    started = time.process_time()
    screen = Screen([many, *LISTED])
    found = screen.hits(Subject("q", "Viktor Anatolyevich Butrov"), alarm=900)
    assert time.process_time() - started < 60
    assert found[0].entry == "1"


def test_a_name_of_a_megabyte_is_cut_not_choked_on() -> None:
    assert SCREEN.hits(Subject("q", "Viktor Butrov " * 80_000), alarm=1000) == []


@pytest.mark.shared_data
def test_recall_and_alerts_on_the_public_lists() -> None:
    listings = public_lists()
    assert len(listings) > 16_000
    screen = Screen(listings)
    found = measured(screen, listings, seed="held out", count=800)
    assert found.recall_treated >= 0.99
    assert found.recall >= 0.965
    assert found.alerts <= 0.006
    assert len({query.kind for query in perturbed(Random(1), listings, 16)}) == 8
