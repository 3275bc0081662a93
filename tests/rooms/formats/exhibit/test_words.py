"""The arithmetic of a step, in words, for every rule."""

from __future__ import annotations

import pytest
from tests.rooms.formats.exhibit.made import BTC, move, result, step, with_parameters, words

from recoup.formats.exhibit.markup import Markup
from recoup.formats.exhibit.phrases import Phrases
from recoup.formats.exhibit.words import LEGS_SHOWN_MAX, StepWords
from recoup.tracing import FeePolicy, Granularity, Result, Rule, Step

TRANSACTION = step(
    "943f",
    [move("bc1qq", 6960422177, "daf3:o0", colonial=6370000000)],
    [
        move("bc1qq", 590422177, "943f:o0", colonial=223183381),
        move("bc1qp", 6369996546, "943f:o1", colonial=6146816619),
    ],
    move("fees", 3454),
)
JOINED = step(
    "t",
    [move("A", 60, "a:o0", anna=60), move("B", 40, "b:o0"), move("C", 10, "c:o0", ben=10)],
    [move("D", 70, "t:o0", anna=60), move("E", 35, "t:o1", ben=5)],
    move("fees", 5, ben=5),
)


def coins(made: Step, rule: Rule = Rule.FIFO, **changes: object) -> StepWords:
    claims = {claim: 1 for out in made.outs for claim in out.by_claim}
    of = result(claims, steps=[made], rule=rule, asset=BTC, granularity=Granularity.COIN)
    return StepWords(with_parameters(of, **changes) if changes else of, made, Phrases("en"))  # type: ignore[arg-type]


def said(markups: list[Markup] | Markup) -> list[str]:
    return [words(markup.html) for markup in (markups if isinstance(markups, list) else [markups])]


def test_the_heading_names_the_transaction() -> None:
    assert said(coins(TRANSACTION).heading()) == ["Transaction 943f"]


def test_what_is_spent_and_what_of_it_is_traced() -> None:
    opening = "It spends 69.60422177 BTC: 63.70000000 traced for colonial, 5.90422177 clean."
    assert said(coins(TRANSACTION).opening()) == [opening]


def test_first_in_first_out_takes_from_the_front() -> None:
    assert said(coins(TRANSACTION).takes()) == [
        "Output 0 (bc1qq) takes the first 5.90422177 of what is left, from 0.00000000 to 5.90422177 of the line: "
        "2.23183381 traced for colonial, 3.67238796 clean.",
        "Output 1 (bc1qp) takes the first 63.69996546 of what is left, from 5.90422177 to 69.60418723 of the line: "
        "61.46816619 traced for colonial, 2.23179927 clean.",
        "The fee takes the first 0.00003454 of what is left, from 69.60418723 to 69.60422177 of the line: "
        "none of it traced.",
    ]


def test_last_in_first_out_takes_from_the_end_and_the_fee_is_at_the_front() -> None:
    assert [line.split(":")[0] for line in said(coins(TRANSACTION, Rule.LIFO).takes())] == [
        "Output 0 (bc1qq) takes the last 5.90422177 of what is left, from 63.70000000 to 69.60422177 of the line",
        "Output 1 (bc1qp) takes the last 63.69996546 of what is left, from 0.00003454 to 63.70000000 of the line",
        "The fee takes the last 0.00003454 of what is left, from 0.00000000 to 0.00003454 of the line",
    ]


def test_tainted_first_is_a_line_too() -> None:
    assert "takes the first 5.90422177" in said(coins(TRANSACTION, Rule.TAINTED_FIRST).takes())[0]


def test_a_fee_served_first_stands_first() -> None:
    lines = said(coins(TRANSACTION, fee_policy=FeePolicy.FIRST).takes())
    assert lines[0].startswith("The fee takes the first 0.00003454 of what is left, from 0.00000000")
    assert "from 0.00003454 to 5.90425631" in lines[1]


def test_the_haircut_shows_its_running_sums() -> None:
    total, traced = 6960422177, 6370000000
    first = traced * 590422177 // total
    second = traced * (590422177 + 6369996546) // total
    made = step(
        "943f",
        [move("bc1qq", total, "daf3:o0", colonial=traced)],
        [
            move("bc1qq", 590422177, "943f:o0", colonial=first),
            move("bc1qp", 6369996546, "943f:o1", colonial=second - first),
        ],
        move("fees", 3454, colonial=traced - second),
    )
    lines = said(coins(made, Rule.HAIRCUT).takes())
    assert lines[1] == (
        "Output 1 (bc1qp) receives 63.69996546. Running sum: 63.70000000 × 69.60418723 ÷ 69.60422177 = 63.69996838 "
        "(rounded down), less 5.40339245 given already: 58.29657593 traced for colonial, 5.40338953 clean."
    )
    assert all("Running sum" in line for line in lines)


def test_running_sums_are_not_shown_where_they_would_not_give_the_figure() -> None:
    lines = said(coins(TRANSACTION, Rule.HAIRCUT).takes())
    assert lines[0] == "Output 0 (bc1qq) receives 5.90422177: 2.23183381 traced for colonial, 3.67238796 clean."


@pytest.mark.parametrize("rule", [Rule.TIHO, Rule.LOWEST_INTERMEDIATE])
def test_other_rules_say_what_each_receives(rule: Rule) -> None:
    assert said(coins(TRANSACTION, rule).takes())[2] == "The fee receives 0.00003454: none of it traced."


def test_poison_says_what_is_reached_and_by_whom() -> None:
    lines = said(coins(JOINED, Rule.POISON).takes())
    assert lines[0] == "Output 0 (D) receives 0.00000070 and is reached by anna."


def test_backward_no_place_in_a_line_is_claimed() -> None:
    assert said(coins(TRANSACTION, backward=True).takes())[0].startswith("Output 0 (bc1qq) receives 5.90422177")


def test_several_inputs_are_written_as_one_line() -> None:
    line = said(coins(JOINED).opening())[1]
    assert line == (
        "The inputs form one line, front to back: Coin a:o0 of A 0.00000060 (all of it traced for anna), "
        "Coin b:o0 of B 0.00000040 (none of it traced), Coin c:o0 of C 0.00000010 (all of it traced for ben)."
    )


def test_several_claims_are_named_with_their_amounts() -> None:
    first = said(coins(JOINED).opening())[0]
    assert first == (
        "It spends 0.00000110 BTC: 0.00000070 traced for anna 0.00000060, ben 0.00000010, 0.00000040 clean."
    )


def test_the_check_has_equal_sides() -> None:
    assert said(coins(JOINED).check()) == ["Check: 0.00000070 BTC traced value in, 0.00000070 BTC out."]


def test_many_clean_inputs_are_one_part_of_the_line() -> None:
    many = [move(f"x{i}", 2, f"y{i}:o0") for i in range(20)]
    made = step("t", [move("A", 60, "a:o0", anna=60), *many], [move("D", 100, "t:o0", anna=60)])
    line = said(coins(made).opening())[1]
    assert line.endswith("(all of it traced for anna), 20 inputs with nothing traced, together 0.00000040.")


def test_many_clean_payees_are_one_sentence() -> None:
    many = [move(f"x{i}", 2, f"t:o{i}") for i in range(1, 21)]
    made = step("t", [move("A", 100, "a:o0", anna=60)], [move("D", 60, "t:o0", anna=60), *many])
    lines = said(coins(made).takes())
    assert len(lines) == 2
    assert lines[1] == "20 payees receive 0.00000040 together: none of it traced."


def test_two_clean_payees_keep_their_own_sentences() -> None:
    many = [move(f"x{i}", 2, f"t:o{i}") for i in (1, 2)]
    made = step("t", [move("A", 64, "a:o0", anna=60)], [move("D", 60, "t:o0", anna=60), *many])
    assert len(said(coins(made).takes())) == 3


@pytest.mark.parametrize("payees", [LEGS_SHOWN_MAX, LEGS_SHOWN_MAX + 1, 500])
def test_beyond_the_limit_payees_are_counted(payees: int) -> None:
    ins = [move(f"x{i}", 1, f"t:o{i}", anna=1) for i in range(payees)]
    lines = said(coins(step("t", [move("A", payees, "a:o0", anna=payees)], ins)).takes())
    hidden = payees - LEGS_SHOWN_MAX
    assert len(lines) == LEGS_SHOWN_MAX + (hidden > 0)
    if hidden:
        assert lines[-1] == f"{hidden} further legs of this step stand in the table results/steps.csv."


def test_a_claim_that_enters_is_said_and_takes_no_place_in_a_line() -> None:
    made = step("e", [move("outside", 100)], [move("mule", 100, anna=60)])
    of = coins(made)
    assert said(of.opening()) == [
        "It brings 0.00000100 BTC from outside the data.",
        "Here 0.00000060 BTC of claim anna enters.",
    ]
    assert said(of.takes()) == ["Account mule receives 0.00000100: 0.00000060 traced for anna, 0.00000040 clean."]
    assert said(of.check()) == ["Check: 0.00000060 BTC traced value in, 0.00000060 BTC out."]


def test_a_shortfall_is_said() -> None:
    made = step("e", [move("mule", 10, anna=4)], [move("shop", 10, anna=4)], shortfall=3)
    assert "The account pays 0.00000003 BTC more than the data shows it to hold." in said(coins(made).opening())[1]


def test_an_account_ledger_speaks_of_movements_and_accounts() -> None:
    made = step("b7", [move("mule", 10, anna=4)], [move("outside", 10, anna=4)])
    of: Result = result({"anna": 4}, steps=[made])
    sentence = StepWords(of, made, Phrases("en"))
    assert said(sentence.heading()) == ["Movement b7"]
    assert said(sentence.takes())[0].startswith("Outside the data takes the first 0.10 of what is left")


def test_hostile_names_stay_names() -> None:
    made = step("<b>\u202e", [move("<i>", 10, anna=4)], [move("\u2066x", 10, anna=4)])
    sentence = StepWords(result({"anna": 4}, steps=[made]), made, Phrases("ar"))
    html = sentence.heading().html + "".join(markup.html for markup in [*sentence.opening(), *sentence.takes()])
    assert "<b>" not in html and "<i>" not in html and "\u202e" not in html and "\u2066" not in html
