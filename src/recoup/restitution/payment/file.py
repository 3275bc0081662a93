"""The payments file (CSV): one row per order, as a fund prepares it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from recoup.ground import Asset, Defects
from recoup.ground.asset import amount_from_text
from recoup.ledger.text import csv_rows
from recoup.restitution.payment.model import Debtor, Instruction, NameCheck, NameResult, attempt_id

REQUIRED = ("fund", "round", "claim", "attempt", "payee", "iban", "amount", "currency", "date", "debtor_name",
            "debtor_iban", "debtor_bic", "name_check", "screened")  # fmt: skip
OPTIONAL = ("bic", "text", "released_by", "release_reason")
CLEAR = "clear"


def read_instructions(path: Path, defects: Defects) -> tuple[list[Instruction], dict[str, str]]:
    """(orders in the order of the file, attempt id -> what the screening found); a bad row is a defect with its line.

    `screened` is `clear`, or names the list entry that the payee hits; an empty field is a bad row.
    """
    hits: dict[str, str] = {}
    return list(_read(path, defects, hits)), hits


def _read(path: Path, defects: Defects, hits: dict[str, str]) -> Iterator[Instruction]:
    for line, row in csv_rows(path, REQUIRED, (*REQUIRED, *OPTIONAL), defects):
        try:
            each = _instruction(row)
        except ValueError as error:
            defects.add(str(path), line, f"row rejected: {error}", "See docs/reference/commands/pay.md")
            continue
        if row["screened"] != CLEAR:
            hits[each.id] = row["screened"]
        yield each


def _instruction(row: dict[str, str]) -> Instruction:
    empty = [name for name in REQUIRED if not row[name]]
    if empty:
        raise ValueError(f"{', '.join(empty)} is empty")
    if not row["attempt"].isdecimal() or int(row["attempt"]) < 1:
        raise ValueError(f"attempt {row['attempt'][:20]!r} is not a number from 1")
    check = NameCheck(NameResult(row["name_check"]), None, row.get("released_by", ""), row.get("release_reason", ""))
    return Instruction(
        id=attempt_id(row["fund"], row["round"], row["claim"], int(row["attempt"])),
        claim=row["claim"],
        payee=row["payee"],
        iban=row["iban"],
        amount=amount_from_text(row["amount"]),
        asset=Asset(row["currency"]),
        debtor=Debtor(row["debtor_name"], row["debtor_iban"], row["debtor_bic"]),
        day=date.fromisoformat(row["date"]),
        bic=row.get("bic", ""),
        text=row.get("text", ""),
        name_check=check,
    )
