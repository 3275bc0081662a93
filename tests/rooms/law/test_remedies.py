"""Remedy matrix, evidence ladder, kinds of property, model rules."""

from __future__ import annotations

import pytest
from tests.rooms.law.cases import CONFISCATION, FREEZE, Json, first, item, request

from recoup.ground import Answer
from recoup.law.authority import authority_type
from recoup.law.codes import AuthorityType, Ladder, Measure
from recoup.law.load import built_in
from recoup.law.model_rules import model_rules
from recoup.law.question import Party
from recoup.law.remedies import remedies
from recoup.law.vocabulary import EVIDENCE_LEVELS, class_names, class_of, issuer_of, offence_of

PROS, COURT, CIVIL, REG = (AuthorityType(code) for code in ("PROS", "COURT", "CIV", "REG"))


@pytest.mark.parametrize(
    ("remedy", "who", "level", "convicted", "answer"),
    [
        ("criminal-restraint", PROS, 1, None, "yes"),
        ("criminal-restraint", PROS, 0, None, "no"),
        ("criminal-confiscation", COURT, 4, True, "yes"),
        ("criminal-confiscation", COURT, 4, False, "no"),
        ("criminal-confiscation", COURT, 4, None, "unknown"),
        ("criminal-confiscation", COURT, 3, True, "no"),
        ("non-conviction-based", PROS, 3, False, "yes"),
        ("non-conviction-based", PROS, 2, False, "no"),
        ("civil-damages", CIVIL, 3, None, "yes"),
        ("civil-damages", PROS, 3, None, "no"),
        ("regulatory", REG, None, None, "unknown"),
        ("regulatory", None, 3, None, "unknown"),
    ],
)
def test_standards_of_proof_are_not_mixed(
    remedy: str, who: AuthorityType | None, level: int | None, convicted: bool | None, answer: str
) -> None:
    assert remedies()[remedy].open_to(who, level, convicted).answer == answer


def test_vehicles_are_instruments_and_every_remedy_is_marked() -> None:
    assert len(remedies()) == 9
    for remedy in remedies().values():
        assert set(remedy.vehicles) <= set(built_in().instruments), remedy.id
        assert remedy.mark.source and remedy.paid


def test_the_ladder_has_five_steps_and_every_word_of_a_request_stands_on_it() -> None:
    assert [step.name for step in Ladder] == ["E0", "E1", "E2", "E3", "E4"]
    assert set(EVIDENCE_LEVELS.values()) <= set(Ladder)


@pytest.mark.parametrize(
    ("word", "family"),
    [
        ("bitcoin", "coin"), ("Stablecoin", "token"), ("ERC-20", "token"), ("NFT", "nft"), ("staking", "position"),
        ("wrapped asset", "token"), ("seed phrase", "key"), ("exchange_balance", "vasp"), ("bank-account", "bank"),
        ("house", "real-estate"), ("yacht", "vehicle"), ("shares", "company"), ("domain name", "online"),
    ],
)  # fmt: skip
def test_kinds_of_property(word: str, family: str) -> None:
    kind = class_of(word)
    assert kind is not None and kind.family == family and kind.half_life_hours > 0 and kind.interest


def test_a_word_that_nobody_defined_decides_nothing() -> None:
    assert class_of("gizmo") is None and offence_of("sorcery") is None and issuer_of("ZZZ") is None
    assert authority_type("Bureau 12") is None
    assert "key-material" in class_names()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("PROS", "PROS"), ("Parquet national financier", "PROS"), ("Crown Court", "COURT"),
        ("juge d'instruction", "COURT"),
        ("Ministry of Justice", "CA"), ("Financial Intelligence Unit", "FIU"), ("police", "POL"),
        ("SEC securities", "REG"),
        ("Asset Recovery Office", "ARO"),
        ("CPS", "PROS"), ("SFO", "PROS"), ("PNF (Paris)", "PROS"), ("UKCA", "CA"), ("DOJ OIA", "CA"),
        ("Tracfin", "FIU"),
        ("Procura di Milano", "PROS"), ("Fiscalía", "PROS"), ("US Attorney", "PROS"), ("AGRASC", "AMO"),
        ("CFTC", "REG"), ("NCA", "POL"), ("magistrates", "COURT"), ("central-authority", "CA"),
        ("liquidator of X", "CIV"), ("Guardia, fiscal police", "POL"), ("state attorney", "PROS"),
    ],
)  # fmt: skip
def test_names_of_authorities(name: str, kind: str) -> None:
    assert authority_type(name) == kind


def test_what_issuers_do() -> None:
    tether, circle, dai = (issuer_of(symbol) for symbol in ("usdt", "USDC@ethereum:0xa0b8", "DAI"))
    assert tether is not None and circle is not None and dai is not None
    assert (tether.can_freeze, tether.needs_order) == (True, False)
    assert (circle.can_freeze, circle.needs_order) == (True, True)
    assert dai.can_freeze is False
    assert Party().state is None


def test_model_rule_4_takes_dual_criminality_away_for_fraud_only() -> None:
    base: Json = request(requesting__state="IL", asset__situs="MU", conduct__elements=[])
    assert "G01" in {risk.code for risk in item(first(base), "UNTOC", "freeze").risks}
    agreed = first(request(base, model_rules=["MR4"]))
    assert "G01" not in {risk.code for risk in item(agreed, "UNTOC", "freeze").risks}
    assert any("model rule MR4" in note for note in item(agreed, "UNTOC", "freeze").notes)
    other = first(request(base, model_rules=["MR4"], conduct__labels=["extortion"]))
    assert "G01" in {risk.code for risk in item(other, "UNTOC", "freeze").risks}


@pytest.mark.parametrize("measure", [Measure.FREEZE, Measure.ENFORCE, Measure.RETURN, Measure.EVIDENCE])
def test_a_memorandum_never_makes_a_route_available(measure: str) -> None:
    for pair in (("IL", "MU"), ("FR", "CY"), ("US", "MH"), ("CH", "UA")):
        orders = [{**CONFISCATION, "state": pair[0]}]
        base = request(FREEZE, requesting__state=pair[0], asset__situs=pair[1], measure=measure, orders=orders)
        plain, agreed = first(base), first(request(base, model_rules=list(model_rules())))
        assert [(one.instrument, one.route, one.availability) for one in plain.portfolio] == [
            (one.instrument, one.route, one.availability) for one in agreed.portfolio
        ]
        assert (plain.dropped, plain.blocked) == (agreed.dropped, agreed.blocked)


def test_thirteen_model_rules_each_marked_as_not_checked() -> None:
    assert list(model_rules()) == [f"MR{number}" for number in range(1, 14)]
    assert {rule.mark.verify for rule in model_rules().values()} == {"memory"}
    assert all(rule.when.answer is not None and rule.says for rule in model_rules().values())


def test_unknown_conduct_waives_nothing() -> None:
    base = request(requesting__state="IL", asset__situs="MU", conduct__labels=["x"], conduct__elements=[])
    agreed = item(first(request(base, model_rules=["MR4"])), "UNTOC", "freeze")
    assert "G01" in {risk.code for risk in agreed.risks}
    assert next(risk for risk in agreed.risks if risk.code == "G01").live in (Answer.YES, Answer.UNKNOWN)
