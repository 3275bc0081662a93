"""Assertions: who says what about whom, on which evidence. Only ever added, never collapsed."""

from __future__ import annotations

import builtins
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from recoup.ground import Instant, Source, canonical_json, sha256_hex

CONFIDENCE_MAX = 1000
VALUE_CHARACTERS_MAX = 100_000
HANDLING = ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED")  # FIRST, Traffic Light Protocol 2.0

COLUMNS = (
    "id", "subject", "property", "value", "evidence", "locator", "author", "method", "confidence", "observed",
    "recorded", "retracts", "handling",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Assertion:
    """`author` or `method` (with its version) says at `recorded` that `subject` has `property` = `value`, seen in
    `source` at `observed`. `confidence` runs from 0 to 1000. `retracts` names an earlier assertion that this one
    withdraws. A field that is empty where it must not be raises ValueError.
    """

    subject: str
    property: str
    value: str
    source: Source
    recorded: Instant
    author: str = ""
    method: str = ""
    confidence: int = CONFIDENCE_MAX
    observed: Instant | None = None
    retracts: str = ""
    handling: str = "TLP:AMBER"

    def __post_init__(self) -> None:
        if not (self.subject and self.property and self.source.item and (self.author or self.method)):
            raise ValueError("an assertion needs a subject, a property, evidence, and an author or a method")
        if not 0 <= self.confidence <= CONFIDENCE_MAX or len(self.value) > VALUE_CHARACTERS_MAX:
            raise ValueError(
                f"confidence is 0 to {CONFIDENCE_MAX}, a value at most {VALUE_CHARACTERS_MAX:,} characters"
            )
        if self.handling not in HANDLING:
            raise ValueError(f"handling is one of {', '.join(HANDLING)}")

    @builtins.property  # a field bears the plain name
    def id(self) -> str:
        """SHA-256 over every field: the same words from another complaint, place or author have another id."""
        return sha256_hex(canonical_json(list(self._fields())))

    def row(self) -> tuple[str, ...]:
        return (self.id, *self._fields())

    def _fields(self) -> tuple[str, ...]:
        observed = str(self.observed) if self.observed else ""
        who = (self.source.item, self.source.locator, self.author, self.method, str(self.confidence))
        when = (observed, str(self.recorded), self.retracts, self.handling)
        return (self.subject, self.property, self.value, *who, *when)

    @classmethod
    def from_row(cls, row: tuple[str, ...]) -> Assertion:
        """The assertion of a stored row; a row whose id is not its own raises ValueError."""
        made = cls(
            subject=row[1],
            property=row[2],
            value=row[3],
            source=Source(row[4], row[5]),
            author=row[6],
            method=row[7],
            confidence=int(row[8]),
            observed=Instant.parse(row[9]) if row[9] else None,
            recorded=Instant.parse(row[10]),
            retracts=row[11],
            handling=row[12],
        )
        if made.id != row[0]:
            raise ValueError(f"assertion {row[0][:16]} was changed after it was recorded")
        return made


class AssertionLog:
    """Assertions in a folder of Parquet parts, in the order they were added. Parts are written once and never again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, assertions: Iterable[Assertion]) -> int:
        """Append as one part; how many were written. An assertion already in the log is the same act and is skipped."""
        known = {row[0] for row in self._query("SELECT id FROM log")}
        fresh = list({each.id: each for each in assertions if each.id not in known}.values())
        if fresh:
            self.folder.mkdir(parents=True, exist_ok=True)
            part = self.folder / f"part-{len(self._parts()):08d}.parquet"
            columns = list(zip(*(each.row() for each in fresh), strict=True))
            table = pa.table({name: pa.array(c, pa.string()) for name, c in zip(COLUMNS, columns, strict=True)})
            with part.open("xb") as stream:
                pq.write_table(table, stream, compression="zstd")
        return len(fresh)

    def all(self) -> list[Assertion]:
        """Every assertion, retracted ones too, in the order they were added."""
        return self._found("SELECT * EXCLUDE (part, place) FROM log ORDER BY part, place")

    def about(self, subject: str, at: Instant | None = None) -> list[Assertion]:
        """What stands about a subject: assertions not withdrawn. `at` sees the log as it was recorded by then."""
        found = self._found(
            "SELECT * EXCLUDE (part, place) FROM log WHERE subject = ? OR retracts IN "
            "(SELECT id FROM log WHERE subject = ?) ORDER BY part, place",
            [subject, subject],
        )
        seen = [each for each in found if at is None or each.recorded.end <= at.end]
        gone = {each.retracts for each in seen if each.retracts}
        return [each for each in seen if each.subject == subject and each.id not in gone and not each.retracts]

    def retracted(self, assertion: Assertion, author: str, recorded: Instant, reason: Source) -> Assertion:
        """Withdraw an assertion: the withdrawal is added, the assertion stays in the log."""
        words = Assertion(
            assertion.subject, assertion.property, assertion.value, reason, recorded, author, retracts=assertion.id
        )
        self.add([words])
        return words

    def _parts(self) -> list[Path]:
        return sorted(self.folder.glob("part-*.parquet"))

    def _found(self, sql: str, values: list[str] | None = None) -> list[Assertion]:
        return [Assertion.from_row(row) for row in self._query(sql, values)]

    def _query(self, sql: str, values: list[str] | None = None) -> list[tuple[str, ...]]:
        parts = ["'" + str(part).replace("'", "''") + "'" for part in self._parts()]
        if not parts:
            return []
        with duckdb.connect() as connection:
            connection.execute(
                "CREATE VIEW log AS SELECT * EXCLUDE (filename, file_row_number), filename AS part, "
                "file_row_number AS place FROM read_parquet("
                + f"[{', '.join(parts)}]"
                + ", filename = true, file_row_number = true)"
            ).fetchall()
            rows: list[tuple[str, ...]] = connection.execute(sql, values or []).fetchall()
            return rows
