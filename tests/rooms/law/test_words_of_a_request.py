"""Words of a request that must not be taken for more than they say."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.rooms.law.cases import ACCOUNT, CONFISCATION, FREEZE, Json, first, instruments, request

from recoup.ground import Answer
from recoup.law.asset_facts import FLAGS, asset_facts
from recoup.law.authority import authority_type
from recoup.law.circumstances import CONSTRAINTS, shared_facts
from recoup.law.question import AssetAsked, Question
from recoup.law.question_json import read_question
from recoup.law.situs import place_of
from recoup.law.vocabulary import class_of, issuer_of, offence_of, slug


def question(**changes: Any) -> Question:
    return read_question(json.dumps(request(**changes)))


def asset(**changes: Any) -> AssetAsked:
    return question(assets=[{**ACCOUNT, **changes}]).assets[0]


@pytest.mark.parametrize(
    ("ground", "fresh"),
    [
        ("within 72 hours", True), ("72h", True), ("72 h since the wire", True), ("recent transfer", True),
        ("recent_transfer", True), ("golden hour", True), ("wire today", True),
        # a number that happens to hold 72, an amount, a case number
        ("payment of 172000 EUR expected", False), ("case 72/2026", False), ("account 7244", False),
        ("172 hours", False),
        # a denial is not a statement
        ("more than 72 hours ago", False), ("older than 72 h", False), ("not a recent transfer", False),
        ("transfer is over 72 hours old", False), ("exceeds 72 h", False), ("72 hours have passed: past 72 h", False),
        ("imminent", False), ("", False),
    ],
)  # fmt: skip
def test_only_a_fresh_transfer_opens_the_stop_payment_routes(ground: str, fresh: bool) -> None:
    """A digit inside an amount opened I-GRIP and the Recovery Asset Team; unknown had become yes."""
    assert shared_facts(question(urgency=[ground]))["request.recent_transfer"] is fresh


def test_one_fresh_ground_among_others_is_enough() -> None:
    both = question(urgency=["account emptied, more than 72 hours", "second wire within 72 hours"])
    assert shared_facts(both)["request.recent_transfer"] is True


def test_an_amount_in_the_ground_of_urgency_opens_no_fast_route() -> None:
    data = request(requesting={"state": "US", "authority": "police"}, urgency=["withdrawal of 7200 expected"])
    assert not {"FINCEN_RRP", "IGRIP"} & set(instruments(first(data), "hold"))


@pytest.mark.parametrize(
    ("given", "fact", "value"),
    [
        (["article-3-screened", "article-3-failed"], "request.article3_screened", None),
        (["extradition-intended", "no-extradition"], "request.extradition_intended", None),
        (["article-3-screened"], "request.article3_screened", True),
        (["no-extradition"], "request.extradition_intended", False),
    ],
)
def test_a_contradiction_is_not_known(given: list[str], fact: str, value: bool | None) -> None:
    """Both a screen passed and a screen failed: neither may be believed."""
    assert shared_facts(question(constraints=given))[fact] is value


def test_a_contradicted_screen_leaves_the_red_notice_unknown() -> None:
    data = request(
        measure="locate-person", evidence="charge",
        constraints=["article-3-screened", "article-3-failed", "extradition-intended"],
    )  # fmt: skip
    assert {one.availability for one in first(data).portfolio if one.instrument == "INTERPOL_RED"} == {Answer.UNKNOWN}


@pytest.mark.parametrize("word", ["confidental", "no tip of", "secret", "\u202econfidential"])
def test_a_constraint_that_is_misspelt_is_said(word: str) -> None:
    """A slip in `confidential` would let the plan write to the bank, so it must be seen."""
    warnings = first(request(constraints=[word])).warnings
    known = slug(word) in CONSTRAINTS
    assert any("constraint" in one and "changes nothing" in one for one in warnings) is not known


@pytest.mark.parametrize("word", sorted(CONSTRAINTS))
def test_every_known_constraint_is_taken_without_a_word(word: str) -> None:
    assert not [one for one in first(request(constraints=[word])).warnings if one.startswith("The constraint")]


@pytest.mark.parametrize("word", sorted(FLAGS))
def test_every_known_flag_is_taken_without_a_word(word: str) -> None:
    assert not [one for one in first(request(asset__flags=[word])).warnings if one.startswith("The flag")]


@pytest.mark.parametrize("word", ["disputed", "third party", "frozen"])
def test_a_flag_that_nobody_knows_is_said(word: str) -> None:
    """`disputed` does not hold back a return, so the reader must learn that it was not understood."""
    data = request(asset__flags=[word], measure="return", orders=[CONFISCATION], evidence="confiscation-order")
    assert any(one.startswith(f"The flag '{slug(word)}' is not known") for one in first(data).warnings)


@pytest.mark.parametrize("kind", ["house", "yacht", "cash", "watch", "loan", "shares"])
def test_a_manager_abroad_moves_no_thing(kind: str) -> None:
    """A house let by a Cypriot agent lies where it lies; the seat of the agent is no situs."""
    found = place_of(asset(**{"class": kind}, situs=None, controller={"name": "Agent", "state": "CY"}, holder={}))
    assert found.state is None
    stated = place_of(asset(**{"class": kind}, situs="ES", controller={"name": "Agent", "state": "CY"}))
    assert stated.state == "ES" and any("confirm which entity" in one for one in stated.remarks)


@pytest.mark.parametrize("kind", ["bank-account", "psp", "exchange", "securities", "insurance", "domain", "bitcoin"])
def test_an_account_is_where_its_keeper_is(kind: str) -> None:
    assert place_of(asset(**{"class": kind}, situs=None, controller={"name": "Keeper", "state": "LT"})).state == "LT"


def test_an_unhosted_wallet_is_not_at_the_seat_of_software() -> None:
    """`unhosted` with a controller: only who holds the keys counts, and the basis says so."""
    found = place_of(asset(**{"class": "bitcoin"}, custody="unhosted", situs=None, controller={"state": "TH"}))
    assert (found.state, found.basis) == ("TH", "place of whoever holds the keys")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("FIU", "FIU"), ("FIU of Cyprus", "FIU"), ("the fiu", "FIU"), ("Court of Fiume", "COURT"), ("Fiumicino", None),
        ("pros", "PROS"), ("Section 4", None), ("SEC", "REG"), ("Secretary of the court", "COURT"), ("", None),
        ("\u202eprosecutor", "PROS"), ("PRIV", "PRIV"), ("DIP", "DIP"),
    ],
)  # fmt: skip
def test_a_short_name_counts_only_as_a_word(name: str, kind: str | None) -> None:
    """`fiu` inside a place name made a court an FIU."""
    assert authority_type(name) == kind


@pytest.mark.parametrize("word", ["", " ", "欺诈", "\x00", "fraud\u200bulent", "F" * 10_000])
def test_words_outside_the_vocabulary_decide_nothing(word: str) -> None:
    assert offence_of(word) is None and class_of(word) is None
    assert shared_facts(question(conduct__labels=[word]))["offence.fraud"] is None


@pytest.mark.parametrize("symbol", ["usdt", "USDT", "USDT@tron:TR7", "Usdt@x"])
def test_a_symbol_is_read_with_or_without_its_chain(symbol: str) -> None:
    found = issuer_of(symbol)
    assert found is not None and found.issuer == "Tether"


@pytest.mark.parametrize("symbol", ["", "@", "USDT ", "USDТ", "XUSDT"])
def test_a_symbol_that_only_looks_alike_is_another(symbol: str) -> None:
    """The last letter of the fourth is Cyrillic: a false token must not be taken for one its issuer can freeze."""
    assert issuer_of(symbol) is None


ORDERS = {
    "final": {**CONFISCATION, "id": "f"},
    "open": {**CONFISCATION, "id": "o", "final": None, "under_appeal": None},
    "appeal": {**CONFISCATION, "id": "a", "final": True, "under_appeal": True},
    "not": {**CONFISCATION, "id": "n", "final": False},
}


@pytest.mark.parametrize(
    ("order", "leads"),
    [
        (["not", "open", "final"], "f"), (["appeal", "final"], "f"), (["appeal", "open"], "o"), (["not", "open"], "o"),
        (["not", "appeal"], "n"), (["appeal", "not"], "a"), (["final", "open"], "f"),
    ],
)  # fmt: skip
def test_the_order_nearest_to_finality_leads(order: list[str], leads: str) -> None:
    """One that is under appeal does not stand before one of which nothing is known; equals keep their order."""
    found = question(orders=[ORDERS[name] for name in order]).leading_confiscation
    assert found is not None and found.id == leads


def test_orders_of_other_states_never_lead() -> None:
    asked = question(orders=[{**CONFISCATION, "state": "DE"}])
    assert asked.leading_confiscation is None and shared_facts(asked)["order.confiscation"] is False


@pytest.mark.parametrize("changes", [{}, {"class": "gizmo"}, {"flags": ["x"] * 50}, {"custody": "hosted"}])
def test_facts_have_the_types_of_the_vocabulary(changes: Json) -> None:
    from recoup.law.facts import Facts

    Facts({**asset_facts(asset(**changes)), **shared_facts(question())})


def test_a_plan_names_no_holder() -> None:
    """Names of persons stay in the request; a plan goes from hand to hand."""
    data = request(asset__holder={"name": "Jane Victim-Suspect", "state": "CY"})
    assert "Jane" not in json.dumps(first(data).as_json())
    assert first(data) == first(request(asset__holder={"name": "Other Person", "state": "CY"}))


def test_unknown_is_told_apart_from_no() -> None:
    for none, some in ((None, 3), (None, 9)):
        assert first(request(conduct__max_penalty_years=none)) != first(request(conduct__max_penalty_years=some))
    assert first(FREEZE).portfolio
