"""The sensitivity sheet: how far each figure would move under every other admissible choice."""

from __future__ import annotations

from dataclasses import dataclass

from recoup.formats.exhibit.blocks import ROWS_SHOWN_MAX, Page, section, shown_of, table
from recoup.formats.exhibit.figures import bare, shortened
from recoup.formats.exhibit.flow import px
from recoup.formats.exhibit.markup import Markup, joined, number, tag, visible
from recoup.tracing import HELD, Cell, Rule, Sheet, Target

DRAWN_MAX = 6
WIDTH, LABEL, FIGURES, ROW = 900, 250, 270, 20


@dataclass(frozen=True, slots=True)
class Range:
    """What one rule gives one target over its granularities, fee policies and orders."""

    rule: Rule
    low: int
    high: int
    chosen: bool


def sheet_section(page: Page) -> Markup:
    """A picture for each of the largest targets, then the table of all."""
    sheet = next((sheet for sheet in page.exhibit.sheets if sheet.asset == page.asset), None)
    if sheet is None or not sheet.cells:
        return section("sensitivity", page.say("sensitivity.title"), tag("p", page.say("sensitivity.none")))
    targets = sorted(sheet.targets(), key=lambda target: (-target.chosen, -target.maximum))
    drawn = [target for target in targets if target.chosen or target.maximum][:DRAWN_MAX]
    pictures = [_picture(page, sheet, target) for target in drawn]
    intro = tag("p", page.say("sensitivity.intro"))
    return section("sensitivity", page.say("sensitivity.title"), intro, *pictures, _table(page, targets))


def ranges(sheet: Sheet, target: Target) -> list[Range]:
    """By rule, in the order of the rules. A choice that was run without a cell for the target gave it nothing."""
    run: dict[Rule, set[tuple[str, str]]] = {}
    mine: dict[Rule, list[Cell]] = {}
    for cell in sheet.cells:
        run.setdefault(cell.rule, set()).add((cell.granularity, cell.fee_policy))
        if (cell.target, cell.kind) == (target.target, target.kind):
            mine.setdefault(cell.rule, []).append(cell)
    found = []
    for rule in (rule for rule in Rule if rule in run):
        cells = mine.get(rule, [])
        nothing = len({(c.granularity, c.fee_policy) for c in cells}) < len(run[rule])
        low = 0 if nothing else min(cell.low for cell in cells)
        high = max((cell.high for cell in cells), default=0)
        chosen = any(cell.chosen for cell in sheet.cells if cell.rule is rule)
        found.append(Range(rule, low, high, chosen))
    return sorted(found, key=lambda row: (not row.rule.conserves, not row.chosen))


def _picture(page: Page, sheet: Sheet, target: Target) -> Markup:
    rows = ranges(sheet, target)
    scale = max([page.result.injected_total, *(row.high for row in rows if row.rule.conserves)])
    figures = {name: page.asset.written(getattr(target, at)) for name, at in
               (("chosen", "chosen"), ("least", "minimum"), ("most", "maximum"))}  # fmt: skip
    height = ROW * len(rows) + 8
    words = page.phrases.plain("sensitivity.describe", target=visible(target.target), **figures)
    guide = _x(page, target.chosen, scale)
    drawing = tag(
        "svg",
        tag("title", words),
        tag("path", d=f"M{px(guide)} 0V{height}", class_="guide"),
        *(part for i, row in enumerate(rows) for part in _row(page, row, i, scale)),
        viewBox=f"0 0 {WIDTH} {height}",
        role="img",
    )
    heading = tag("h3", _target_name(page, target))
    least, most = number(figures["least"]), number(figures["most"])
    chosen = tag("strong", page.say("sensitivity.chosen", amount=number(figures["chosen"])))
    line = tag("p", chosen, " · ", page.say("sensitivity.range", least=least, most=most), class_="range")
    return tag("figure", heading, line, tag("div", drawing, class_="wide", tabindex="0"), class_="ranges")


def _x(page: Page, amount: int, scale: int) -> int:
    """Hundredths of a pixel along the bars; a reach beyond the scale ends at its edge."""
    room = (WIDTH - LABEL - FIGURES) * 100
    along = LABEL * 100 + min(amount, scale) * room // max(1, scale)
    return WIDTH * 100 - along if page.phrases.direction == "rtl" else along


def _row(page: Page, row: Range, i: int, scale: int) -> list[Markup]:
    y, rtl = ROW * i + 4, page.phrases.direction == "rtl"
    ends = sorted((_x(page, row.low, scale), _x(page, row.high, scale)))
    x, width = ends[0] - 150, ends[1] - ends[0] + 300
    css = "range-bar" + (" chosen" if row.chosen else "") + ("" if row.rule.conserves else " reach")
    name_x, figure_x = (WIDTH - LABEL + 10, FIGURES - 12) if rtl else (LABEL - 10, WIDTH - FIGURES + 12)
    figure_anchor = "end" if rtl else "start"
    low, high = bare(page.asset, row.low), bare(page.asset, row.high)
    figure = low if low == high else f"{low} – {high}"
    weight = "label name" if row.chosen else "label"
    words = f"{weight} rtl" if rtl else weight  # of text that runs from right to left, the end is on the left
    return [
        tag("rect", x=px(x), y=y + 3, width=px(width), height=ROW - 10, class_=css),
        tag("text", page.phrases.plain(f"rule.{row.rule}"), x=name_x, y=y + 12, text_anchor="end", class_=words),
        tag("text", figure, x=figure_x, y=y + 12, text_anchor=figure_anchor, class_=f"{weight} amount"),
    ]


def _target_name(page: Page, target: Target) -> Markup:
    label = page.exhibit.label(target.target)
    name = joined([tag("bdi", label), " "]) if label else Markup("")
    whole = tag("bdi", shortened(visible(target.target), 16, 10), dir="ltr", class_="id", title=visible(target.target))
    kind = "" if target.kind == HELD else joined([" (", page.kind(target.kind), ")"])
    return joined([name, whole, kind])


def _table(page: Page, targets: list[Target]) -> Markup:
    shown = targets[:ROWS_SHOWN_MAX]
    rows = [
        [
            _target_name(page, target),
            *(number(bare(page.asset, a)) for a in (target.chosen, target.minimum, target.maximum)),
        ]
        for target in shown
    ]
    headings = [page.say(f"column.{name}") for name in ("target", "chosen", "least", "most")]
    note = shown_of(page, len(shown), len(targets), "results/sensitivity.csv")
    return joined([table(headings, rows, figures=(1, 2, 3)), note]) if len(targets) > 1 else note
