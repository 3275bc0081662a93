"""The bundled cases are sound ledgers, and the Colonial figures hold to the satoshi."""

from __future__ import annotations

import pytest

from recoup.casework.cases import Case, case, names
from recoup.ground import Defects, Refused
from recoup.ledger import Ledger, check, read_ledger
from recoup.tracing import Granularity, Parameters, Question, Result, Rule, read_claims, read_services, run_trace

FBI = "bc1qpx7vyv5tp7dm0g475ev527krg764t73dh77gls"
CHANGE = "bc1qq2euq8pw950klpjcawuy4uj39ym43hs6cfsegq"


def loaded(chosen: Case) -> tuple[Ledger, Question]:
    defects = Defects()
    ledger = read_ledger(chosen.ledger, defects)
    claims = read_claims(chosen.claims, defects)
    services = read_services(chosen.services, defects) if chosen.services else ()
    assert not list(defects)
    return ledger, Question(claims, services)


def traced(name: str, rule: Rule) -> Result:
    chosen = case(name)
    ledger, question = loaded(chosen)
    (result,) = run_trace(ledger, question, Parameters(rule, chosen.granularity))
    return result


@pytest.mark.parametrize("name", names())
def test_a_bundled_case_contradicts_nothing_and_names_its_sources(name: str) -> None:
    ledger, question = loaded(case(name))
    assert not [finding for finding in check(ledger) if finding.contradicts]
    assert case(name).sources
    assert question.claims


def test_both_cases_are_bundled() -> None:
    assert names() == ("colonial-pipeline", "jrny-twitter")


def test_an_unknown_case_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(Refused, match="colonial-pipeline, jrny-twitter"):
        case("mt-gox")


@pytest.mark.parametrize(
    ("rule", "fbi", "change"),
    [
        (Rule.FIFO, 6146816619, 223183381),
        (Rule.LIFO, 6003750526, 366249474),
        (Rule.HAIRCUT, 5828829110, 540262455),
        (Rule.TIHO, 6369996546, 3454),
        (Rule.POISON, 6369996546, 590422177),
    ],
)
def test_colonial_to_the_satoshi(rule: Rule, fbi: int, change: int) -> None:
    held = {holding.account: holding.traced for holding in traced("colonial-pipeline", rule).holdings}
    assert (held[FBI], held[CHANGE]) == (fbi, change)


def test_colonial_says_that_the_path_to_input_13_is_not_in_the_data() -> None:
    gaps = traced("colonial-pipeline", Rule.FIFO).gaps
    claimed = next(gap for gap in gaps if gap.amount == 6_370_000_000)
    assert claimed.code == "history-not-in-data"
    assert claimed.account == "3EYkxQSUv2KcuRTnHQA8tNuG7S2pKcdNxB"


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("rule", list(Rule))
def test_every_conserving_rule_accounts_for_every_unit(name: str, rule: Rule) -> None:
    result = traced(name, rule)
    assert result.conserved is rule.conserves
    assert result.injected_total == sum(claim.amount for claim in loaded(case(name))[1].claims)


def test_coins_of_accounts_are_refused_for_the_lowest_intermediate_balance() -> None:
    assert traced("colonial-pipeline", Rule.LOWEST_INTERMEDIATE).granularity is Granularity.ACCOUNT
