"""What each section of the report says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.rooms.formats.exhibit.made import BTC, EUR, holding, move, page, read, result, step, stop, with_parameters

from recoup.formats.exhibit import answer, holdings
from recoup.formats.exhibit.answer import answer_section
from recoup.formats.exhibit.assumptions import assumptions_section, check_section, gaps_section
from recoup.formats.exhibit.blocks import ROWS_SHOWN_MAX, Page, table
from recoup.formats.exhibit.holdings import holdings_section
from recoup.formats.exhibit.markup import Markup
from recoup.formats.exhibit.model import InputFile
from recoup.formats.exhibit.steps import STEPS_SHOWN_MAX, steps_section
from recoup.ground import Instant
from recoup.tracing import FeePolicy, Gap, Granularity, Link, LinkKind, Result, Rule, Service

SEIZED = "bc1qpx7vyv5tp7dm0g475ev527krg764t73dh77gls"
OTHER = "bc1qvjh9cq6qlj4f4q5vxnkgt25mc6qld04vv20fhe"


def colonial() -> Result:
    held = [
        holding(OTHER, 590419482, "280c:o0", colonial=223180686),
        holding(SEIZED, 6369996546, "943f:o1", colonial=6146816619),
    ]
    return result({"colonial": 6370000000}, held, fees={"colonial": 2695}, asset=BTC, granularity=Granularity.COIN)


def said(section: Markup) -> str:
    return read(section.html).text


def test_one_claim_is_one_sentence() -> None:
    assert (
        "Of 63.70000000 BTC claimed (colonial), 61.46816619 BTC (96.5 %) lies in bc1qpx7vyv…3dh77gls; "
        "2.23180686 BTC (3.5 %) lies in bc1qvjh9cq…4vv20fhe; 0.00002695 BTC (< 0.1 %) was spent on fees "
        "under the rule first in, first out (FIFO)."
    ) in said(answer_section(page(colonial())))


def shared() -> Result:
    held = [holding("mule", 1000, anna=300, ben=500)]
    stopped = [stop("ex", "Example Exchange", "exchange", anna=700)]
    return result({"anna": 1000, "ben": 500}, held, stopped)


def test_several_claims_are_summed_first_then_told_one_by_one() -> None:
    text = said(answer_section(page(shared())))
    together = text.index(
        "Of 15.00 EUR claimed in all, 8.00 EUR (53.3 %) lies in mule; "
        "7.00 EUR (46.7 %) was followed to Example Exchange ex (exchange) under the rule"
    )
    anna = text.index(
        "Of 10.00 EUR claimed (anna), 3.00 EUR (30.0 %) lies in mule; "
        "7.00 EUR (70.0 %) was followed to Example Exchange ex (exchange)."
    )
    ben = text.index("Of 5.00 EUR claimed (ben), 5.00 EUR (100.0 %) lies in mule.")
    assert together < anna < ben


def test_a_claim_of_which_nothing_was_traced_says_so() -> None:
    assert "Of 1.00 EUR claimed (anna), nothing was traced to any place under the rule" in said(
        answer_section(page(result({"anna": 100})))
    )


def test_many_places_are_named_by_the_largest() -> None:
    held = [holding(f"h{i}", 100, anna=i) for i in range(1, 11)]
    text = said(answer_section(page(result({"anna": 55}, held))))
    assert "0.10 EUR (18.2 %) lies in h10" in text and "0.28 EUR (50.9 %) in 7 more places" in text


@pytest.mark.parametrize("claims", [answer.CLAIMS_SHOWN_MAX, answer.CLAIMS_SHOWN_MAX + 1, 60])
def test_beyond_the_limit_the_largest_claims_are_written_out(claims: int) -> None:
    injected = {f"c{i:02}": i + 1 for i in range(claims)}
    text = said(answer_section(page(result(injected, [holding("mule", 9999, **injected)]))))
    hidden = claims - answer.CLAIMS_SHOWN_MAX
    assert (f"{answer.CLAIMS_SHOWN_MAX} of {claims} claims are written out" in text) == (hidden > 0)
    assert f"claimed (c{claims - 1:02})" in text and ("claimed (c00)" in text) == (hidden == 0)


def test_value_that_left_is_said() -> None:
    assert "0.40 EUR (40.0 %) left the data" in said(
        answer_section(page(result({"anna": 100}, [holding("m", 60, anna=60)], left={"anna": 40})))
    )


def test_poison_is_told_as_a_reach() -> None:
    made = result({"anna": 100}, [holding("m", 500, anna=500)], rule=Rule.POISON)
    text = said(answer_section(page(replace(made, accounted_total=500))))
    assert (
        "a reach, not an amount" in text and "may have touched 1 places that together hold or received 5.00 EUR" in text
    )
    assert "lies in m" not in text


def test_backward_the_sentence_turns_round() -> None:
    made = with_parameters(result({"bill": 100}, [], [stop("payer", "e1", "source", bill=100)]), backward=True)
    assert "Of 1.00 EUR (bill), 1.00 EUR (100.0 %) comes from payer under the rule" in said(answer_section(page(made)))


def test_the_bars_of_a_claim_add_up_to_its_width() -> None:
    made = result(
        {"anna": 1000},
        [holding("m", 250, anna=250)],
        [stop("s", "S", "mixer", anna=250)],
        fees={"anna": 100},
        left={"anna": 400},
    )
    bars = [a for a in read(answer_section(page(made)).html).all("rect") if a.get("height") == "12"]
    assert [bar["class"] for bar in bars] == ["state-holding", "state-stop", "state-fees", "state-left"]
    assert [bar["width"] for bar in bars] == ["250", "250", "100", "400"]
    assert [bar["x"] for bar in bars] == ["0", "250", "500", "600"]


def test_holdings_stand_largest_first_with_their_claims() -> None:
    text = said(holdings_section(page(colonial())))
    assert text.index(SEIZED) < text.index(OTHER)
    assert "61.46816619 BTC 96.5 % 63.69996546 colonial 61.46816619" in text


def test_the_sum_is_shown_and_adds_up() -> None:
    text = said(holdings_section(page(shared())))
    assert "Still lies there 8.00 EUR Stopped 7.00 EUR Fees 0.00 EUR Left the data 0.00 EUR Claimed 15.00 EUR" in text
    assert "✓ The parts add up to the claims to the unit: 15.00 EUR = 15.00 EUR" in text


def test_a_sum_that_does_not_add_up_is_not_hidden() -> None:
    made = replace(shared(), fees={"anna": 1})
    text = said(holdings_section(page(made)))
    assert "do not add up to the claims: 15.01 EUR against 15.00 EUR, difference 0.01 EUR" in text and "✓" not in text


def test_a_reach_is_not_compared() -> None:
    made = replace(result({"anna": 1}, [holding("m", 5, anna=5)], rule=Rule.POISON), accounted_total=5)
    assert "is not compared with the 0.01 EUR claimed" in said(holdings_section(page(made)))


def test_an_interval_is_shown_where_an_order_is_not_proven() -> None:
    made = result(
        {"anna": 10},
        [replace(holding("m", 9, anna=6), low=4, high=8)],
        [replace(stop("s", "S", "mixer", anna=4), low=2, high=6)],
    )
    text = said(holdings_section(page(made)))
    assert "0.04 – 0.08" in text and "0.02 – 0.06" in text
    assert "Unproven order" not in said(holdings_section(page(shared())))


def test_nothing_held_is_said() -> None:
    assert "No traced value lies in any account of the data." in said(
        holdings_section(page(result({"a": 1}, left={"a": 1})))
    )


@pytest.mark.parametrize("rows", [ROWS_SHOWN_MAX, ROWS_SHOWN_MAX + 1])
def test_long_tables_are_cut_and_say_so(rows: int) -> None:
    made = result({"anna": rows}, [holding(f"account-{i}", 1, anna=1) for i in range(rows)])
    text = said(holdings_section(page(made)))
    assert (f"{ROWS_SHOWN_MAX} of {rows} rows are shown" in text) == (rows > ROWS_SHOWN_MAX)
    assert text.count("account-") == min(rows, ROWS_SHOWN_MAX)


def test_services_are_called_by_their_names() -> None:
    of = page(shared(), services=(Service("ex", "Example Exchange", "exchange"),))
    assert "Example Exchange ex exchange 7.00 EUR" in said(holdings_section(of))
    assert of.exhibit.label("ex") == "Example Exchange" and of.exhibit.label("mule") == ""


@pytest.mark.parametrize("steps", [1, STEPS_SHOWN_MAX, STEPS_SHOWN_MAX + 3])
def test_the_steps_with_the_most_value_are_written_out_in_their_order(steps: int) -> None:
    made = [step(f"e{i}", [move("m", 9999, anna=i + 1)], [move("n", 9999, anna=i + 1)]) for i in range(steps)]
    of = page(result({"anna": 9999}, steps=made))
    reader = read(steps_section(of).html)
    assert len(reader.all("article")) == min(steps, STEPS_SHOWN_MAX)
    hidden = max(0, steps - STEPS_SHOWN_MAX)
    assert f"{hidden + 1}. Movement e{hidden} " in reader.text and f"{steps}. Movement e{steps - 1} " in reader.text
    assert (f"{STEPS_SHOWN_MAX} of {steps} steps are written out" in reader.text) == (hidden > 0)


def test_no_steps_no_section() -> None:
    assert steps_section(page(result({"a": 1}))).html == ""


def test_poison_steps_have_no_check_of_sums() -> None:
    made = step("e", [move("m", 5, anna=5)], [move("n", 5, anna=5)])
    assert "Check:" not in said(steps_section(page(result({"anna": 1}, steps=[made], rule=Rule.POISON))))
    assert "Check:" in said(steps_section(page(result({"anna": 1}, steps=[made]))))


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_rule_names_its_source_and_its_convention(rule: Rule, language: str) -> None:
    of = page(result({"a": 1}, rule=rule), language)
    html = assumptions_section(of).html
    for group in ("rule", "source", "convention"):
        assert of.say(f"{group}.{rule}").html in html


def assumed(made: Result, **changes: object) -> str:
    return said(assumptions_section(page(made, "en", **changes)))


def test_the_fee_convention_is_that_of_the_rule_and_policy() -> None:
    plain = result({"a": 1})
    assert "it bears what they leave" in assumed(plain)
    assert "it is what remains at the front of the line" in assumed(result({"a": 1}, rule=Rule.LIFO))
    assert "served before the outputs" in assumed(with_parameters(plain, fee_policy=FeePolicy.FIRST))


def test_stop_rules_are_listed_or_said_to_be_none() -> None:
    assert "followed to the end of the data" in assumed(result({"a": 1}))
    made = with_parameters(result({"a": 1}), min_amount=500, max_hops=7, until=Instant.parse("2024-02-01"))
    text = assumed(made, services=(Service("x", "X", "mixer"), Service("y", "Y", "bridge")))
    assert "at 2 accounts of services" in text and "less than 5.00 EUR arrives" in text
    assert "after 7 steps" in text and "movements after 2024-02-01 are left out" in text


def test_the_order_is_proven_or_its_gaps_counted() -> None:
    assert "proven by time, position or spent coin throughout" in assumed(result({"a": 1}))
    assert "not proven in 3 places" in assumed(replace(result({"a": 1}), unproven_groups=3))


@pytest.mark.parametrize(
    ("granularity", "words"),
    [
        ("coin", "one output of one transaction"),
        ("account", "an account"),
        ("cluster", "spent together in one transaction"),
    ],
)
def test_granularity_is_explained(granularity: str, words: str) -> None:
    assert words in assumed(result({"a": 1}, granularity=Granularity(granularity)))


def test_a_clusters_file_is_its_authors_claim() -> None:
    file = InputFile("clusters", "inputs/clusters/c.csv", 1, "00" * 32)
    assert "That is a claim of its author" in assumed(result({"a": 1}, granularity=Granularity.CLUSTER), inputs=(file,))


def test_links_name_author_and_basis() -> None:
    link = Link("L1", LinkKind.BRIDGE, "e1", "0", "e2", "0", None, "Officer <b>", "message id 7")
    text = assumed(result({"a": 1}), links=(link,))
    assert "L1 (bridge), by Officer <b>: message id 7" in text


def test_several_claims_say_who_is_served_first_and_backward_is_said() -> None:
    assert "stands first in the claims file is served first" in assumed(result({"a": 1, "b": 1}))
    assert "stands first in the claims file" not in assumed(result({"a": 1}))
    assert "backward: from where value arrived" in assumed(with_parameters(result({"a": 1}), backward=True))


def test_no_edge_is_invented_and_the_report_says_so() -> None:
    assert "does not tie one to the other" in assumed(result({"a": 1}))
    assert "none was invented" in said(gaps_section(page(result({"a": 1}))))


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("history-not-in-data", "The history of 5.00 EUR in acc is not in the data (movement e9)."),
        ("spent-coin-not-in-data", "The coin of 5.00 EUR that acc spends in movement e9 is not in the data."),
        ("balance-below-zero", "acc pays 5.00 EUR more than the data shows it to hold (movement e9)."),
        ("something-new", "something-new: 5.00 EUR in acc, movement e9. told so"),
    ],
)
def test_gaps_are_told_in_words(code: str, sentence: str) -> None:
    made = replace(result({"a": 1}), gaps=(Gap(code, "e9", "acc", 500, "told so"),))
    assert sentence in said(gaps_section(page(made)))


def test_gaps_are_cut_largest_first() -> None:
    gaps = tuple(Gap("history-not-in-data", f"e{i}", "acc", i, "") for i in range(1, ROWS_SHOWN_MAX + 6))
    text = said(gaps_section(page(replace(result({"a": 1}), gaps=gaps))))
    assert (
        f"{ROWS_SHOWN_MAX} of {ROWS_SHOWN_MAX + 5} rows" in text
        and "(movement e5)" not in text
        and "(movement e6)" in text
    )


def test_violations_are_listed_or_said_to_be_none() -> None:
    assert "Every movement adds up" in said(gaps_section(page(result({"a": 1}))))
    made = replace(result({"a": 1}), violations=("entry e1: 5 EUR more arrives than leaves",))
    assert "reported, not repaired" in said(gaps_section(page(made))) and "entry e1: 5 EUR" in said(
        gaps_section(page(made))
    )


def test_the_reader_is_told_how_to_check() -> None:
    of = page(result({"a": 1}))
    text = said(check_section(of.exhibit, of.phrases))
    assert "recoup verify DIRECTORY" in text and "ab" * 32 in text and "1,234" in text
    assert "recoup 0.1.0; python 3.11.7; pyarrow 17.0.0" in text


def test_cells_name_their_column_for_narrow_screens() -> None:
    cells = read(table(["Name", "Amount"], [["a", "1"], ["b", "2"]], figures=(1,)).html).all("td")
    assert [cell["data-label"] for cell in cells] == ["Name", "Amount"] * 2
    assert [cell.get("class") for cell in cells] == [None, "figure"] * 2


def test_only_the_largest_shares_of_a_place_are_named() -> None:
    made = result({f"c{i}": i for i in range(1, 10)}, [holding("m", 99, **{f"c{i}": i for i in range(1, 10)})])
    of: Page = page(made)
    text = said(of.whose(made.holdings[0].by_claim))
    assert "c9 0.09" in text and "c3" not in text and "3 others" in text
    assert holdings.holdings_section(of).html.count("others") == 1


def test_amounts_of_an_asset_without_known_decimals_stay_whole() -> None:
    token = replace(result({"a": 7}, [holding("m", 7, a=7)]), asset=type(EUR)("ABC@ethereum:0x1"))
    assert "7 ABC (smallest unit)" in said(answer_section(page(token)))
