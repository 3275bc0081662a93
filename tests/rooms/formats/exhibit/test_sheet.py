"""The sensitivity sheet: ranges by rule, the chosen figure, and what is a reach."""

from __future__ import annotations

import pytest
from tests.rooms.formats.exhibit.made import EUR, holding, page, read, result

from recoup.formats.exhibit.blocks import Page
from recoup.formats.exhibit.sheet import DRAWN_MAX, Range, ranges, sheet_section
from recoup.tracing import Cell, FeePolicy, Granularity, Rule, Sheet

ACCOUNT, COIN, LAST, FIRST = Granularity.ACCOUNT, Granularity.COIN, FeePolicy.LAST, FeePolicy.FIRST


def cell(
    target: str,
    rule: Rule,
    traced: int,
    granularity: Granularity = ACCOUNT,
    fee: FeePolicy = LAST,
    chosen: bool = False,
    spread: int = 0,
) -> Cell:
    return Cell(target, "held", rule, granularity, fee, traced, traced - spread, traced + spread, chosen)


SHEET = Sheet(EUR, (
    cell("mule", Rule.FIFO, 60, chosen=True),
    cell("mule", Rule.FIFO, 50, fee=FIRST),
    cell("mule", Rule.LIFO, 70, spread=5),
    cell("mule", Rule.LIFO, 80, fee=FIRST),
    cell("mule", Rule.HAIRCUT, 40),
    cell("mule", Rule.POISON, 500),
    cell("shop", Rule.FIFO, 40, chosen=True),
    cell("shop", Rule.FIFO, 50, fee=FIRST),
    cell("shop", Rule.HAIRCUT, 60),
    cell("shop", Rule.POISON, 90),
))  # fmt: skip


def of(sheet: Sheet | None = SHEET, language: str = "en") -> Page:
    made = result({"anna": 100}, [holding("mule", 60, anna=60), holding("shop", 40, anna=40)])
    return page(made, language, sheets=(sheet,) if sheet else ())


def target(name: str) -> list[Range]:
    (found,) = [target for target in SHEET.targets() if target.target == name]
    return ranges(SHEET, found)


def test_each_rule_spans_its_granularities_fee_policies_and_orders() -> None:
    assert target("mule") == [
        Range(Rule.FIFO, 50, 60, True),
        Range(Rule.HAIRCUT, 40, 40, False),
        Range(Rule.LIFO, 65, 80, False),
        Range(Rule.POISON, 500, 500, False),
    ]


def test_a_choice_that_left_nothing_there_counts_as_nothing() -> None:
    assert target("shop") == [
        Range(Rule.FIFO, 40, 50, True),
        Range(Rule.HAIRCUT, 60, 60, False),
        Range(Rule.LIFO, 0, 0, False),
        Range(Rule.POISON, 90, 90, False),
    ]


def test_the_declared_rule_stands_first_and_the_reach_last() -> None:
    rows = target("mule")
    assert rows[0].chosen and not rows[-1].rule.conserves


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_rule_is_drawn_with_its_figures(language: str) -> None:
    reader = read(sheet_section(of(language=language)).html)
    assert reader.faults == []
    bars = [a["class"] for a in reader.all("rect") if "range-bar" in a.get("class", "")]
    assert bars == ["range-bar chosen", "range-bar", "range-bar", "range-bar reach"] * 2
    assert "0.50 – 0.60" in reader.text and "5.00" in reader.text


def test_chosen_least_and_most_leave_the_reach_out() -> None:
    text = read(sheet_section(of()).html).text
    assert "chosen 0.60 EUR · least 0.40 EUR · most 0.80 EUR" in text
    assert "chosen 0.40 EUR · least 0.00 EUR · most 0.60 EUR" in text


def test_a_reach_beyond_the_scale_ends_at_its_edge() -> None:
    for bar in read(sheet_section(of()).html).all("rect"):
        assert float(bar["x"]) >= 0 and float(bar["x"]) + float(bar["width"]) <= 900


def test_without_a_sheet_that_is_said() -> None:
    assert "No other rule was run" in read(sheet_section(of(None)).html).text
    assert "No other rule was run" in read(sheet_section(of(Sheet(EUR, ()))).html).text


def test_the_largest_targets_are_drawn_and_all_stand_in_the_table() -> None:
    cells = tuple(cell(f"t{i:02}", Rule.FIFO, 100 - i, chosen=True) for i in range(DRAWN_MAX + 5))
    reader = read(sheet_section(of(Sheet(EUR, cells))).html)
    assert len(reader.all("figure")) == DRAWN_MAX
    assert all(f"t{i:02}" in reader.text for i in range(DRAWN_MAX + 5))


def test_a_target_with_nothing_anywhere_is_not_drawn() -> None:
    assert read(sheet_section(of(Sheet(EUR, (cell("empty", Rule.FIFO, 0, chosen=True),)))).html).all("figure") == []


def test_thousands_of_targets_are_quick_and_cut() -> None:
    cells = tuple(
        cell(f"t{i}", rule, i + 1, chosen=rule is Rule.FIFO) for i in range(3000) for rule in (Rule.FIFO, Rule.LIFO)
    )
    text = read(sheet_section(of(Sheet(EUR, cells))).html).text
    assert "60 of 3,000 rows are shown" in text
