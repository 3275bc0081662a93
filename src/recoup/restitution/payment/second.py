"""The second path: a finished file is read back and counted again, against the instructions it must hold."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from recoup.restitution.payment.model import Instruction
from recoup.restitution.payment.xml import each, local, parse, text

SCALE = 18  # amounts are counted in units of 10**-18: exact for every currency
NUMBER = re.compile(r"(\d{1,30})(?:\.(\d{1,17}))?")
UNREADABLE = -1

# id, currency, amount, payee's IBAN, name, debtor's IBAN, date
Row = tuple[str, str, int, str, str, str, str]


def check_pain001(data: bytes, instructions: Sequence[Instruction], file: str = "pain.001") -> tuple[str, ...]:
    """Every difference between a file and the instructions it must hold; none where both are the same payments.

    Shares no code with the writer: amounts are exact integers of 10**-18 from the text, counts and sums are added up
    again per group and over all, and every payment must stand once, under its own debtor account, currency and date.
    """
    return tuple(_differences(parse(data, file), instructions))


def _differences(root: Any, instructions: Sequence[Instruction]) -> Iterator[str]:
    found: list[Row] = []
    for group in each(root, "PmtInf"):
        rows = list(_rows(group))
        name = text(group, "PmtInfId")
        yield from _counted(name, text(group, "NbOfTxs"), text(group, "CtrlSum"), rows)
        found += rows
    header = each(root, "GrpHdr")
    if len(header) == 1:
        yield from _counted("the file", text(header[0], "NbOfTxs"), text(header[0], "CtrlSum"), found)
    else:
        yield f"the file has {len(header)} headers"
    expected = {row[0]: row for row in map(_expected, instructions)}
    seen: set[str] = set()
    for row in found:
        if row[0] in seen:
            yield f"payment {row[0]} stands twice"
        elif row[0] not in expected:
            yield f"payment {row[0]} was not instructed"
        elif row != expected[row[0]]:
            yield f"payment {row[0]} differs: {_difference(row, expected[row[0]])}"
        seen.add(row[0])
    yield from (f"payment {name} is missing" for name in expected if name not in seen)


def _rows(group: Any) -> Iterator[Row]:
    day, debtor = text(group, "ReqdExctnDt/Dt"), text(group, "DbtrAcct/Id/IBAN")
    for payment in (child for child in group if local(child) == "CdtTrfTxInf"):
        amount = next((node for node in payment.iter() if local(node) == "InstdAmt"), None)
        money = _amount(amount.text if amount is not None else "")
        currency = amount.get("Ccy", "") if amount is not None else ""
        name, iban = text(payment, "Cdtr/Nm"), text(payment, "CdtrAcct/Id/IBAN")
        yield (text(payment, "PmtId/EndToEndId"), currency, money, iban, name, debtor, day)


def _expected(each_: Instruction) -> Row:
    money = each_.amount * 10 ** (SCALE - (each_.asset.decimals or 0))
    day = each_.day.isoformat()
    return (each_.id, each_.asset.code, money, each_.iban, each_.payee.strip(), each_.debtor.iban, day)


def _counted(where: str, count: str, total: str, rows: Sequence[Row]) -> Iterator[str]:
    if count != str(len(rows)):
        yield f"{where} says {count} payments and holds {len(rows)}"
    added = sum(row[2] for row in rows)
    if _amount(total) != added:
        yield f"{where} says a total of {total}; its payments add up to {_written(added)}"


def _difference(found: Row, expected: Row) -> str:
    names = ("id", "currency", "amount", "account", "name", "debtor account", "date")
    pairs = zip(names, found, expected, strict=True)
    return ", ".join(
        f"{name} {_written(here)} instead of {_written(there)}" for name, here, there in pairs if here != there
    )


def _written(value: object) -> str:
    """An amount with two decimals or as many as it needs; text as it is."""
    if not isinstance(value, int):
        return str(value)
    whole, part = divmod(value, 10**SCALE)
    return f"{whole}.{f'{part:0{SCALE}d}'.rstrip('0').ljust(2, '0')}" if value >= 0 else "no amount"


def _amount(written: str | None) -> int:
    """The exact amount; what is none becomes `UNREADABLE`, which no instruction and no sum equals."""
    match = NUMBER.fullmatch((written or "").strip())
    return int(match[1] + (match[2] or "").ljust(SCALE, "0")) if match else UNREADABLE


def schema_faults(data: bytes, schema: Path, file: str = "pain.001") -> tuple[str, ...]:
    """Every place where a file breaks its XML Schema."""
    etree: Any = importlib.import_module("lxml.etree")
    checker = etree.XMLSchema(etree.parse(str(schema)))
    checker.validate(parse(data, file))
    return tuple(f"line {error.line}: {error.message}" for error in checker.error_log)
