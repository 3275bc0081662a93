"""Results as tables: every cell is text, amounts are whole numbers of the smallest unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from recoup.formats.exhibit.model import Exhibit
from recoup.ground import canonical_json
from recoup.tracing import Move, Result, Shares, Sheet, Step

Row = tuple[str, ...]
_SPECIAL = re.compile(r'[",\r\n]')

AMOUNTS = frozenset({
    "injected", "holdings", "stopped", "fees", "left_data", "accounted", "difference", "traced", "low", "high",
    "balance", "amount", "shortfall",
})  # fmt: skip

COLUMNS = {
    "summary": (
        "asset", "rule", "granularity", "declared", "injected", "holdings", "stopped", "fees", "left_data", "accounted",
        "difference", "conserved",
    ),
    "holdings": ("asset", "account", "coin", "traced", "low", "high", "balance"),
    "stopped": ("asset", "account", "label", "kind", "traced", "low", "high"),
    "shares": ("asset", "where", "account", "coin", "label", "kind", "claim", "amount"),
    "steps": (
        "asset", "step", "entry", "time", "side", "account", "coin", "amount", "traced", "by_claim", "shortfall",
    ),
    "gaps": ("asset", "code", "entry", "account", "amount", "text"),
    "violations": ("asset", "text"),
    "sensitivity": (
        "asset", "target", "kind", "rule", "granularity", "fee_policy", "traced", "low", "high", "chosen",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """`name` is the file's stem; every row has one text for each column."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def figures(self) -> int:
        """How many amounts the table holds."""
        return len(self.rows) * sum(column in AMOUNTS for column in self.columns)


def tables_of(exhibit: Exhibit) -> tuple[Table, ...]:
    """Every table of an exhibit, in the order of COLUMNS; an empty one keeps its header."""
    declared = exhibit.results
    made: dict[str, Iterable[Row]] = {
        "summary": [_summary(result, result in declared) for result in (*declared, *exhibit.others)],
        "holdings": _over(declared, _holdings),
        "stopped": _over(declared, _stopped),
        "shares": _over(declared, _shares),
        "steps": _over(declared, _steps),
        "gaps": _over(declared, _gaps),
        "violations": _over(declared, lambda result: ((text,) for text in result.violations)),
        "sensitivity": [row for sheet in exhibit.sheets for row in _cells(sheet)],
    }
    return tuple(Table(name, columns, tuple(made[name])) for name, columns in COLUMNS.items())


def csv_bytes(table: Table) -> bytes:
    """RFC 4180 with `\\n` line ends, UTF-8, header first."""
    return "".join(",".join(map(_quoted, row)) + "\n" for row in (table.columns, *table.rows)).encode()


def parquet_bytes(table: Table) -> bytes:
    """The same cells as text columns. The bytes depend on the version of pyarrow, the content does not."""
    columns = list(zip(*table.rows, strict=True)) or [()] * len(table.columns)
    arrays = {name: pa.array(cells, pa.string()) for name, cells in zip(table.columns, columns, strict=True)}
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(arrays), sink, compression="zstd")
    return bytes(sink.getvalue().to_pybytes())


def _quoted(cell: str) -> str:
    """The csv module of some Pythons leaves a lone carriage return unquoted, which ends the row for its own reader."""
    return f'"{cell.replace(chr(34), chr(34) * 2)}"' if _SPECIAL.search(cell) else cell


def _over(results: Iterable[Result], rows_of: object) -> Iterator[Row]:
    assert callable(rows_of)
    for result in results:
        for row in rows_of(result):
            yield (result.asset.code, *row)


def _summary(result: Result, declared: bool) -> Row:
    held = sum(holding.traced for holding in result.holdings)
    stopped = sum(stop.traced for stop in result.stopped)
    fees, left = sum(result.fees.values()), sum(result.left_data.values())
    amounts = (result.injected_total, held, stopped, fees, left, result.accounted, result.difference)
    how = (result.parameters.rule, result.granularity, _yes(declared))
    return (result.asset.code, *how, *map(str, amounts), _yes(result.conserved))


def _holdings(result: Result) -> Iterator[Row]:
    for h in result.holdings:
        yield (h.account, h.coin, str(h.traced), str(h.low), str(h.high), str(h.balance))


def _stopped(result: Result) -> Iterator[Row]:
    for s in result.stopped:
        yield (s.account, s.label, s.kind, str(s.traced), str(s.low), str(s.high))


def _shares(result: Result) -> Iterator[Row]:
    """Claims × places: whose value is where. Sums to what was injected where the rule conserves."""
    for h in result.holdings:
        yield from _by_claim(("holding", h.account, h.coin, "", ""), h.by_claim)
    for s in result.stopped:
        yield from _by_claim(("stop", s.account, "", s.label, s.kind), s.by_claim)
    yield from _by_claim(("fees", "", "", "", ""), result.fees)
    yield from _by_claim(("left-data", "", "", "", ""), result.left_data)


def _by_claim(where: Row, shares: Shares) -> Iterator[Row]:
    return ((*where, claim, str(amount)) for claim, amount in shares.items() if amount)


def _steps(result: Result) -> Iterator[Row]:
    for number, step in enumerate(result.steps, start=1):
        fee = [("fee", step.fee)] if step.fee else []
        for side, move in [*(("out", move) for move in step.outs), *(("in", move) for move in step.ins), *fee]:
            yield _move(str(number), step, side, move)


def _move(number: str, step: Step, side: str, move: Move) -> Row:
    by_claim = canonical_json({claim: str(amount) for claim, amount in move.by_claim.items()}).decode()
    amounts = (str(move.amount), str(sum(move.by_claim.values())), by_claim, str(step.shortfall))
    return (number, step.entry, step.time, side, move.account, move.coin, *amounts)


def _gaps(result: Result) -> Iterator[Row]:
    return ((gap.code, gap.entry, gap.account, str(gap.amount), gap.text) for gap in result.gaps)


def _cells(sheet: Sheet) -> Iterator[Row]:
    for c in sheet.cells:
        amounts = (str(c.traced), str(c.low), str(c.high))
        yield (sheet.asset.code, c.target, c.kind, c.rule, c.granularity, c.fee_policy, *amounts, _yes(c.chosen))


def _yes(truth: bool) -> str:
    return "yes" if truth else "no"
