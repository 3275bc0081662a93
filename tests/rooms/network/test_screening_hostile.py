"""Screening under attack: scores explained word by word, what else is known, identifiers, empty and strange lists."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoup.network.screening import Hit, Listing, Screen, Subject
from recoup.network.screening.index import CANDIDATES_MAX, GramIndex, grams_of
from recoup.network.screening.score import FULL, exact_score, likeness
from recoup.network.screening.screen import ALARM
from recoup.network.screening.words import HEAVY, LIGHT, MIDDLE, WORDS_MAX, word_counts, word_weight, words_of

ANA = Listing("L", "1", ("Anastasia Rothenberg", "Nastya Rotenberg"), ("1961-04-30",), ("CH", "DE"), ("AB 12-34",))


def hits(name: str, *listings: Listing, alarm: int = ALARM, **known: str) -> list[Hit]:
    return Screen(listings or [ANA]).hits(Subject("s", name, **known), alarm)


def test_an_exact_name_scores_full_and_says_each_word() -> None:
    (hit,) = hits("ROTHENBERG, Anastasia")
    assert (hit.score, hit.name) == (FULL, "Anastasia Rothenberg")
    assert sorted(hit.why) == ["anastasia = anastasia", "rothenberg = rothenberg"]


def test_a_slip_is_said_with_its_likeness() -> None:
    (hit,) = hits("Anastasia Rothenburg")
    assert "anastasia = anastasia" in hit.why
    assert f"rothenburg ~ rothenberg ({likeness('rothenburg', 'rothenberg')})" in hit.why
    assert hit.score < FULL


@pytest.mark.parametrize(
    ("query", "said"),
    [("Anastasia Maria Rothenberg", "only the query has maria"), ("Nastya Jr Rotenberg", "only the query has jr")],
)
def test_a_word_that_one_side_lacks_is_said_and_costs(query: str, said: str) -> None:
    (hit,) = hits(query, alarm=500)
    assert said in hit.why and hit.score < FULL


@pytest.mark.parametrize(
    ("born", "change", "said"),
    [
        ("1961-04-30", 40, "born 1961-04-30 (+40)"),
        ("1961", 20, "born 1961, listed 1961-04-30 (+20)"),
        ("1962-01-01", 20, "born 1962, listed 1961-04-30 (+20)"),
        ("1960", 20, "born 1960, listed 1961-04-30 (+20)"),
        ("1963", -150, "born 1963, listed 1961-04-30 (-150)"),
        ("1959-12-31", -150, "born 1959-12-31, listed 1961-04-30 (-150)"),
        ("²²²²", -150, "born ²²²², listed 1961-04-30 (-150)"),
        ("unknown", -150, "born unknown, listed 1961-04-30 (-150)"),
    ],
)
def test_what_a_birth_date_adds(born: str, change: int, said: str) -> None:
    (plain,) = hits("Anastasia Rothenburg", alarm=1)
    (hit,) = hits("Anastasia Rothenburg", alarm=1, birth_date=born)
    assert hit.score == max(0, min(FULL, plain.score + change)) and said in hit.why


@pytest.mark.parametrize(
    ("country", "change", "said"), [("DE", 10, "country DE (+10)"), ("FR", -15, "country FR, listed CH/DE (-15)")]
)
def test_what_a_country_adds(country: str, change: int, said: str) -> None:
    (plain,) = hits("Anastasia Rothenburg", alarm=1)
    (hit,) = hits("Anastasia Rothenburg", alarm=1, country=country)
    assert hit.score == plain.score + change and said in hit.why


def test_what_neither_side_states_changes_nothing() -> None:
    bare = Listing("L", "1", ANA.names)
    known = hits("Anastasia Rothenburg", bare, alarm=1, birth_date="1990-01-01", country="FR")
    assert known == hits("Anastasia Rothenburg", bare, alarm=1)


def test_the_alarm_at_its_edge() -> None:
    (hit,) = hits("Anastasia Rothenburg", alarm=1)
    assert hits("Anastasia Rothenburg", alarm=hit.score) == [hit]
    assert hits("Anastasia Rothenburg", alarm=hit.score + 1) == []


@pytest.mark.parametrize("written", ["AB1234", "ab 12 34", "AB-12-34", " ab1234 "])
def test_an_identifier_in_any_writing_is_a_full_hit_whatever_the_name(written: str) -> None:
    (hit,) = hits("Zed Quux", identifier=written)
    assert (hit.score, hit.why) == (FULL, (f"identifier {written} is listed",))


@pytest.mark.parametrize("written", ["-", " - ", "--", " "])
def test_a_placeholder_is_no_identifier(written: str) -> None:
    listings = [Listing("L", str(n), (f"Name{n} Sur{n}",), identifiers=("-", "", " ")) for n in range(3)]
    assert hits("Zed Quux", *listings, identifier=written) == []


def test_an_identifier_listed_twice_is_one_hit() -> None:
    twice = Listing("L", "1", ("Ana Roth",), identifiers=("AB 12", "ab-12", "AB12"))
    assert len(hits("Zed Quux", twice, identifier="AB12")) == 1
    assert len(hits("Ana Roth", twice, identifier="AB12")) == 1


def test_the_case_of_a_wallet_is_its_own_and_that_of_a_hex_address_is_not() -> None:
    wallet, hexed = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    listed = Listing("L", "1", ("Ana Roth",), identifiers=(wallet, hexed))
    assert hits("", listed, identifier=wallet) and not hits("", listed, identifier=wallet.lower())
    assert hits("", listed, identifier=hexed.lower())


def test_a_hit_that_a_person_ruled_out_stays_out_for_that_name_only() -> None:
    screen = Screen([ANA])
    cleared = {("anastasia rothenberg", "L", "1")}
    assert screen.hits(Subject("s", "Anastasia ROTHENBERG"), cleared=cleared) == []
    assert screen.hits(Subject("s", "Nastya Rotenberg"), cleared=cleared) != []
    assert screen.hits(Subject("s", "Anastasia Rothenberg"), cleared={("anastasia rothenberg", "L", "2")}) != []


def test_the_order_of_the_lists_decides_nothing() -> None:
    listings = [ANA, Listing("M", "7", ("Anastasia Rotenberg",)), Listing("L", "2", ("Anastassia Rothenberg",))]
    runs = {tuple(hits("Anastasia Rothenberg", *order)) for order in permutations(listings)}
    assert len(runs) == 1
    scores = [hit.score for hit in next(iter(runs))]
    assert scores == sorted(scores, reverse=True) and len(scores) == 3


@pytest.mark.parametrize("name", ["", " ", "!!!", "\x00", "-", "😡", "\u202e"])
def test_a_name_without_a_word_hits_nothing(name: str) -> None:
    assert hits(name) == []
    assert hits("Anastasia Rothenberg", Listing("L", "0", (name,)), ANA)[0].entry == "1"
    assert len(Screen([Listing("L", "0", ())])) == 0


def test_no_list_gives_no_hit() -> None:
    assert Screen([]).hits(Subject("s", "Ana")) == []


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=120, deadline=None)
def test_any_two_names_score_between_nothing_and_full(a: str, b: str) -> None:
    for hit in Screen([Listing("L", "1", (a,)), ANA]).hits(Subject("s", b), 0):
        assert 0 <= hit.score <= FULL
        assert hit.name in (a, *ANA.names)


@given(st.text(alphabet="abcdeё ан", max_size=20))
@settings(max_examples=100, deadline=None)
def test_a_name_finds_itself(name: str) -> None:
    found = Screen([ANA, Listing("L", "2", (name,))]).hits(Subject("s", name))
    assert bool(words_of(name)) is any(hit.entry == "2" and hit.score == FULL for hit in found)


@pytest.mark.parametrize(
    ("a", "b", "like"),
    [
        ("ana", "ana", 1000),
        ("a", "ana", 800),
        ("b", "ana", 0),
        ("ana", "anna", 780),
        ("li", "wu", 0),
        ("otto", "anna", 0),
    ],
)
def test_likeness_of_two_words(a: str, b: str, like: int) -> None:
    assert likeness(a, b) == likeness(b, a) == like


@pytest.mark.parametrize(
    ("word", "counts", "total", "weight"),
    [
        ("gmbh", {}, 10**6, LIGHT), ("al", {}, 10**6, LIGHT), ("x", {}, 10**6, LIGHT), ("ana", {}, 0, MIDDLE),
        ("ana", {"ana": 1}, 16, MIDDLE), ("ana", {}, 16, MIDDLE + 6), ("ana", {}, 10**6, HEAVY),
    ],
)  # fmt: skip
def test_how_much_a_word_says(word: str, counts: dict[str, int], total: int, weight: int) -> None:
    assert word_weight(word, counts, total) == weight


def test_words_of_a_name_at_their_limit() -> None:
    assert len(words_of(" ".join(f"w{n}" for n in range(WORDS_MAX + 3)))) == WORDS_MAX
    assert words_of("Evil Pay Limited") == words_of("EVIL pay, Ltd.") == ("evil", "pay", "ltd")
    assert word_counts([("a", "a"), ("a", "b")]) == {"a": 2, "b": 1}


def test_a_legal_form_alone_brings_no_alarm() -> None:
    listed = Listing("L", "1", ("Evil Pay Ltd",))
    assert hits("Good Bank Ltd", listed) == []
    assert hits("Evil Pay LLC", listed) != []


def test_no_words_no_score() -> None:
    assert exact_score((), ("ana",), {}, 1).score == exact_score(("ana",), (), {}, 1).score == 0


def test_candidates_at_their_limit() -> None:
    names = [("ana", f"roth{chr(97 + n // 26)}{chr(97 + n % 26)}") for n in range(CANDIDATES_MAX + 9)]
    index = GramIndex(names, list(range(len(names))))
    found = index.nearest(("ana", "roth"))
    assert len(found) == CANDIDATES_MAX == len(set(found))
    assert index.nearest(names[-1])[0] == len(names) - 1
    assert index.nearest(("zzz",)) == [] and GramIndex([], []).nearest(("ana",)) == []


def test_grams_by_hand() -> None:
    assert grams_of(("ana",)) == {" an", "ana", "na ", "~an"}
    assert grams_of(()) == set()
