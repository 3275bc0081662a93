"""The comparison of rules as one SVG: a panel per rule, persons from worst to best off, what they recover."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from xml.sax.saxutils import escape, quoteattr

from recoup.restitution.plan.simulate import BASIS_POINTS, QUANTILES, Outcome

COLUMNS = 3
PANEL_WIDTH, PANEL_HEIGHT = 300, 150
GAP_X, GAP_Y = 44, 96
LEFT, TOP = 56, 112

STYLE = """
text { font-family: system-ui, sans-serif; fill: #1b2733; font-size: 12px }
.title { font-size: 19px; font-weight: 600 } .rule { font-size: 14px; font-weight: 600 } .soft { fill: #52606d }
.grid { stroke: #d9e0e6; stroke-width: 1 } .axis { stroke: #7b8794; stroke-width: 1 }
.area { fill: #9cc3e0 } .own .area { fill: #2f6f9f } .edge { fill: none; stroke: #1f5b87; stroke-width: 1.5 }
.base { fill: none; stroke: #b3541e; stroke-width: 1.5; stroke-dasharray: 5 3 }
"""


def picture(outcomes: Sequence[Outcome], baseline: str, title: str) -> str:
    """SVG text. The dashed line in every panel is the baseline rule, so that gain and loss are seen at a glance."""
    rows = -(-len(outcomes) // COLUMNS)
    width = LEFT + COLUMNS * (PANEL_WIDTH + GAP_X)
    height = TOP + rows * (PANEL_HEIGHT + GAP_Y)
    base = next(outcome for outcome in outcomes if outcome.name == baseline)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-label={quoteattr(title)}>',
        f"<title>{escape(title)}</title><style>{STYLE}</style>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text class="title" x="{LEFT}" y="36">{escape(title)}</text>',
        f'<text class="soft" x="{LEFT}" y="58">Each panel: all persons who paid in, from worst to best off (left to '
        "right), and the share of their money they recover in all (upwards, to 100 %).</text>",
        f'<text class="soft" x="{LEFT}" y="76">Dashed line: the curve of {escape(baseline)}, the baseline.</text>',
    ]
    for place, outcome in enumerate(outcomes):
        x = LEFT + place % COLUMNS * (PANEL_WIDTH + GAP_X)
        y = TOP + place // COLUMNS * (PANEL_HEIGHT + GAP_Y)
        lines += _panel(outcome, base, x, y)
    return "\n".join([*lines, "</svg>", ""])


def _panel(outcome: Outcome, base: Outcome, x: int, y: int) -> Iterator[str]:
    own = " own" if outcome.name == base.name else ""
    yield f'<g class="panel{own}" transform="translate({x} {y})">'
    yield f'<text class="rule" x="0" y="0">{escape(outcome.name)}{" (baseline)" if own else ""}</text>'
    yield '<g transform="translate(0 14)">'
    points = _points(outcome.curve)
    yield f'<path class="area" d="M0 {PANEL_HEIGHT} L{points} L{PANEL_WIDTH} {PANEL_HEIGHT} Z"/>'
    for percent in (0, 50, 100):
        up = PANEL_HEIGHT - PANEL_HEIGHT * percent // 100
        yield f'<line class="{"axis" if percent == 0 else "grid"}" x1="0" x2="{PANEL_WIDTH}" y1="{up}" y2="{up}"/>'
        yield f'<text class="soft" x="-8" y="{up + 4}" text-anchor="end">{percent} %</text>'
    yield f'<path class="edge" d="M{points}"/>'
    if not own:
        yield f'<path class="base" d="M{_points(base.curve)}"/>'
    for line, words in enumerate(_captions(outcome, bool(own))):
        yield f'<text x="0" y="{PANEL_HEIGHT + 18 + 16 * line}">{escape(words)}</text>'
    yield "</g></g>"


def _points(curve: Sequence[int]) -> str:
    steps = (
        (PANEL_WIDTH * step // (QUANTILES - 1), PANEL_HEIGHT * up // BASIS_POINTS) for step, up in enumerate(curve)
    )
    return " ".join(f"{across} {PANEL_HEIGHT - up}" for across, up in steps)


def _captions(outcome: Outcome, own: bool) -> tuple[str, ...]:
    middle = Fraction(outcome.curve[QUANTILES // 2], BASIS_POINTS)
    first = f"{percent(outcome.share_at_zero)} get nothing · median recovery {percent(middle)}"
    second = f"Gini of awards {decimal(outcome.gini, 2)} · order broken for {outcome.breaks:,}"
    third = "" if own else f"{outcome.gainers:,} gain, {outcome.losers:,} lose"
    return first, second, third


def percent(share: Fraction) -> str:
    """`12.3 %`, rounded down."""
    return decimal(share * 100, 1) + " %"


def decimal(value: Fraction, digits: int) -> str:
    """A fraction >= 0 with `digits` decimals, rounded down."""
    scaled = value.numerator * 10**digits // value.denominator
    whole, part = divmod(scaled, 10**digits)
    return f"{whole:,}.{part:0{digits}d}"
