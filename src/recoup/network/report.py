"""The patterns report: one page with its pictures, and tables that no spreadsheet can be tricked with."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from recoup.ground import Asset
from recoup.network.patterns import OperatorTally, Patterns, Tally

ROWS_SHOWN_MAX = 40
BAR_PIXELS = 360
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2.2rem}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #d8dde3;vertical-align:top}td.n{text-align:right}
.new{background:#fff3c4;padding:0 .35rem;border-radius:.2rem}rect{fill:#2f6f8f}text{font:13px system-ui,sans-serif}
"""


def write_report(patterns: Patterns, folder: Path) -> list[Path]:
    """Write `patterns.html` and one CSV per table into `folder` (made where missing); the files, in order."""
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / "patterns.html"
    page.write_text(report_html(patterns), "utf-8")
    tables = {"methods": patterns.by_method, "countries": patterns.by_country, "weeks": patterns.by_week}
    written = [page, *(_write_table(folder / f"{name}.csv", tallies) for name, tallies in tables.items())]
    return [*written, _write_operators(folder / "operators.csv", patterns.operators)]


def spreadsheet_safe(text: str) -> str:
    """Text that a spreadsheet shows and does not run: a leading formula sign gets an apostrophe (OWASP, CSV
    injection)."""
    return "'" + text if text.startswith(_FORMULA_STARTS) else text


def report_html(patterns: Patterns) -> str:
    """The page, complete in itself: no script, nothing fetched."""
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><title>Patterns of complaints</title>",
        f"<style>{_STYLE}</style><h1>Patterns of complaints</h1>",
        f"<p>{patterns.complaints:,} complaints by {patterns.victims:,} victims; "
        f"{patterns.total.payments:,} payments; stated losses {_written(patterns.total)}. "
        f"{patterns.unreadable:,} payments have no readable amount and are in no sum.</p>",
        "<h2>How victims paid</h2>" + _bars(patterns.by_method, "payments by method"),
        "<h2>Where victims live</h2>" + _bars(patterns.by_country, "complaints by country"),
        "<h2>When complaints were filed</h2>" + _bars(patterns.by_week, "complaints by week"),
        "<h2>Operators</h2>" + _operators(patterns.operators),
        "</html>\n",
    ]
    return "\n".join(parts)


def _bars(tallies: Sequence[Tally], title: str) -> str:
    """A bar chart that says its numbers in words beside each bar."""
    shown = tallies[:ROWS_SHOWN_MAX]
    most = max((tally.complaints for tally in shown), default=1)
    rows = [
        f'<text x="130" y="{24 * at + 16}" text-anchor="end">{escape(tally.label)}</text>'
        f'<rect x="140" y="{24 * at + 3}" width="{max(2, BAR_PIXELS * tally.complaints // most)}" height="17"/>'
        f'<text x="{150 + max(2, BAR_PIXELS * tally.complaints // most)}" y="{24 * at + 16}">'
        f"{tally.complaints:,} complaints, {escape(_written(tally))}</text>"
        for at, tally in enumerate(shown)
    ]
    left_out = f"<p>{len(tallies) - len(shown):,} more are in the table file.</p>" if len(tallies) > len(shown) else ""
    size = f'viewBox="0 0 960 {24 * max(len(shown), 1) + 6}"'
    return f'<svg {size} role="img" aria-label="{escape(title)}">{"".join(rows)}</svg>{left_out}'


def _operators(operators: Sequence[OperatorTally]) -> str:
    head = "<tr><th>Operator<th>Known by<th>Victims<th>Complaints<th>Stated losses</tr>"
    rows = [
        f"<tr><td>{escape(each.id)}{' <span class=new>new this week</span>' if each.new else ''}"
        f"<td>{escape(', '.join(each.names[:12]) or 'no name')}<td class=n>{each.victims:,}"
        f"<td class=n>{each.tally.complaints:,}<td>{escape(_written(each.tally))}</tr>"
        for each in operators[:ROWS_SHOWN_MAX]
    ]
    return f"<table>{head}{''.join(rows)}</table>"


def _written(tally: Tally) -> str:
    return "; ".join(Asset(code).written(amount) for code, amount in tally.sums) or "no readable amount"


def _write_table(path: Path, tallies: Sequence[Tally]) -> Path:
    rows = [(t.label, t.complaints, t.payments, code, total) for t in tallies for code, total in t.sums or (("", ""),)]
    return _write_csv(path, ("label", "complaints", "payments", "asset", "amount_minor"), rows)


def _write_operators(path: Path, operators: Sequence[OperatorTally]) -> Path:
    rows = [(o.id, "; ".join(o.names), o.victims, o.tally.complaints, "yes" if o.new else "no") for o in operators]
    return _write_csv(path, ("operator", "names", "victims", "complaints", "new"), rows)


def _write_csv(path: Path, header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([spreadsheet_safe(str(cell)) for cell in row] for row in rows)
    return path
