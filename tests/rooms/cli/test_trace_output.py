"""The readable table: what a person sees of every kind of result."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.rooms.formats.exhibit.made import BTC, holding, result, stop

from recoup.casework.trace import Traced
from recoup.cli.trace_output import ROWS_SHOWN_MAX, json_lines, readable
from recoup.ground import Asset
from recoup.ledger import Ledger
from recoup.tracing import Gap, Question, Result, Rule


def traced(*results: Result, others: tuple[Result, ...] = ()) -> Traced:
    return Traced(Ledger(()), Question(()), (results, others) if others else (results,), ())


def shown(capsys: pytest.CaptureFixture[str], made: Traced) -> str:
    readable(made)
    return " ".join(capsys.readouterr().out.split())


def line(made: Result) -> dict[str, Any]:
    (text,) = json_lines(traced(made))
    found = json.loads(text)
    assert isinstance(found, dict)
    return found


def test_each_asset_has_its_own_table(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(
        capsys, traced(result({"anna": 100}, left={"anna": 100}), result({"ben": 5}, left={"ben": 5}, asset=BTC))
    )
    assert "1.00 EUR claimed, rule fifo" in text and "0.00000005 BTC claimed, rule fifo" in text


def test_a_stop_without_a_label_is_named_by_its_kind(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, traced(result({"anna": 9}, [], [stop("mule", "", "hop-limit", anna=9)])))
    assert "mule stop: hop-limit 0.09 EUR 100.0 % anna" in text


def test_a_sum_that_does_not_add_up_is_shouted(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, traced(result({"anna": 9}, [holding("mule", 5, anna=5)])))
    assert "THE PARTS DO NOT ADD UP: 0.05 EUR against 0.09 EUR." in text


def test_violations_and_gaps_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    made = result({"anna": 9}, [holding("mule", 9, anna=9)])
    gaps = tuple(Gap("history-not-in-data", f"e{i}", "mule", 1, "") for i in range(1200))
    text = shown(capsys, traced(replace(made, gaps=gaps, violations=("x", "y"))))
    assert "1,200 gaps: history that is not in the data counts as clean." in text
    assert "2 entries of the ledger do not add up; they are reported, not repaired." in text


@pytest.mark.parametrize("places", [ROWS_SHOWN_MAX, ROWS_SHOWN_MAX + 1])
def test_long_tables_are_cut_and_say_so(capsys: pytest.CaptureFixture[str], places: int) -> None:
    held = [holding(f"acc-{i}", 1, anna=1) for i in range(places)]
    text = shown(capsys, traced(result({"anna": places}, held)))
    assert text.count("acc-") == ROWS_SHOWN_MAX
    assert ("and 1 more" in text) == (places > ROWS_SHOWN_MAX)


def test_the_largest_place_stands_first(capsys: pytest.CaptureFixture[str]) -> None:
    held = [holding("small", 1, anna=1), holding("large", 8, anna=8)]
    text = shown(capsys, traced(result({"anna": 9}, held)))
    assert text.index("large") < text.index("small")


def test_square_brackets_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(
        capsys, traced(result({"[bold]anna[/bold]": 9}, [holding("[link=x]mule", 9, **{"[bold]anna[/bold]": 9})]))
    )
    assert "[link=x]mule" in text and "[bold]anna[/bold]" in text


def test_other_rules_are_one_row_each(capsys: pytest.CaptureFixture[str]) -> None:
    made = result({"anna": 9}, [holding("mule", 9, anna=9)])
    other = result(
        {"anna": 9},
        [holding("mule", 4, anna=4)],
        [stop("s", "S", "mixer", anna=3)],
        fees={"anna": 1},
        left={"anna": 1},
        rule=Rule.LIFO,
    )
    assert "lifo EUR 0.04 EUR 0.03 EUR 0.01 EUR 0.01 EUR" in shown(capsys, traced(made, others=(other,)))


def test_json_amounts_of_256_bits_are_exact_text() -> None:
    huge = 2**256 - 1
    made = line(result({"anna": huge}, [holding("mule", huge, "e:o0", anna=huge)], asset=Asset("ETH")))
    assert made["injected"] == made["holdings"][0]["traced"] == made["accounted"] == str(huge)
    assert made["holdings"][0]["coin"] == "e:o0" and made["conserved"] is True


def test_json_of_a_reach_says_so_and_does_not_conserve() -> None:
    made = line(replace(result({"anna": 1}, [holding("m", 5, anna=5)], rule=Rule.POISON), accounted_total=5))
    assert made["reach"] is True and made["conserved"] is False and made["difference"] == "4"


def test_json_gaps_and_violations_are_whole() -> None:
    gap = Gap("balance-below-zero", "e1", "mule", 7, "told")
    made = line(
        replace(result({"anna": 1}, left={"anna": 1}), gaps=(gap,), violations=("entry e1",), unproven_groups=3)
    )
    assert made["gaps"] == [
        {"code": "balance-below-zero", "entry": "e1", "account": "mule", "amount": "7", "text": "told"}
    ]
    assert (
        made["violations"] == ["entry e1"] and made["unproven_groups"] == 3 and made["left_by_claim"] == {"anna": "1"}
    )


def test_json_keeps_names_of_any_script_on_one_line() -> None:
    (text,) = json_lines(traced(result({"ضحية\n": 1}, left={"ضحية\n": 1})))
    assert "\n" not in text and "ضحية" in text
