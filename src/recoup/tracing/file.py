"""Claims, services, clusters and links files: CSV, each row checked, each rejected row named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from recoup.ground import Defects, amount_from_text
from recoup.ledger.text import csv_rows
from recoup.tracing.model import Claim, ClusterMember, Link, LinkKind, Service

CLAIM_COLUMNS = ("claim", "entry", "leg", "amount")
SERVICE_COLUMNS = ("account", "label", "kind", "source")
CLUSTER_COLUMNS = ("account", "cluster", "method")
LINK_COLUMNS = ("link", "kind", "from_entry", "from_leg", "to_entry", "to_leg", "amount", "author", "basis")

Row = dict[str, str]
T = TypeVar("T")


def read_claims(path: Path, defects: Defects) -> tuple[Claim, ...]:
    """`claim,entry,leg,amount`; amounts are whole numbers of the smallest unit, above 0."""

    def claim(row: Row, line: int) -> Claim:
        amount = amount_from_text(_filled(row, "amount"))
        if amount == 0:
            raise ValueError("a claim of 0 claims nothing")
        return Claim(_filled(row, "claim"), _filled(row, "entry"), _filled(row, "leg"), amount, str(path), line)

    return _read(path, CLAIM_COLUMNS, CLAIM_COLUMNS, claim, defects)


def read_services(path: Path, defects: Defects) -> tuple[Service, ...]:
    """`account,label,kind,source`; source may be empty. An account that stands twice is a defect."""
    seen: set[str] = set()

    def service(row: Row, line: int) -> Service:
        account = _once(seen, _filled(row, "account"))
        return Service(account, _filled(row, "label"), _filled(row, "kind"), row.get("source", ""))

    return _read(path, SERVICE_COLUMNS[:3], SERVICE_COLUMNS, service, defects)


def read_clusters(path: Path, defects: Defects) -> tuple[ClusterMember, ...]:
    """`account,cluster,method`: who says that the account is of the cluster. An account belongs to one cluster."""
    seen: set[str] = set()

    def member(row: Row, line: int) -> ClusterMember:
        account = _once(seen, _filled(row, "account"))
        return ClusterMember(account, _filled(row, "cluster"), _filled(row, "method"))

    return _read(path, CLUSTER_COLUMNS, CLUSTER_COLUMNS, member, defects)


def read_links(path: Path, defects: Defects) -> tuple[Link, ...]:
    """`link,kind,from_entry,from_leg,to_entry,to_leg,amount,author,basis`; author and basis are never empty.

    An election has no to-leg; every other link has one. An empty amount sets no cap.
    """
    seen: set[str] = set()

    def link(row: Row, line: int) -> Link:
        name, kind = _once(seen, _filled(row, "link")), LinkKind(_filled(row, "kind"))
        to_leg = (row["to_entry"], row["to_leg"])
        if all(to_leg) == (kind is LinkKind.ELECTION) or any(to_leg) != all(to_leg):
            raise ValueError(f"a link of kind {kind} has {'no' if kind is LinkKind.ELECTION else 'a'} to-leg")
        amount = amount_from_text(row["amount"]) if row["amount"] else None
        ends = (_filled(row, "from_entry"), _filled(row, "from_leg"), *to_leg)
        return Link(name, kind, *ends, amount, _filled(row, "author"), _filled(row, "basis"), str(path), line)

    return _read(path, LINK_COLUMNS, LINK_COLUMNS, link, defects)


def _read(
    path: Path, required: tuple[str, ...], allowed: tuple[str, ...], make: Callable[[Row, int], T], defects: Defects
) -> tuple[T, ...]:
    made = []
    for line, row in csv_rows(path, required, allowed, defects):
        try:
            made.append(make(row, line))
        except ValueError as error:
            defects.add(str(path), line, f"row rejected: {error}", "The columns are: " + ",".join(allowed))
    return tuple(made)


def _filled(row: Row, column: str) -> str:
    if not row[column].strip():
        raise ValueError(f"{column} is empty")
    return row[column]


def _once(seen: set[str], name: str) -> str:
    if name in seen:
        raise ValueError(f"duplicate: {name[:80]!r} stands on an earlier row")
    seen.add(name)
    return name
