"""Instructions that pass the gate, and the schema of the file."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest

from recoup.ground import Asset
from recoup.restitution.payment import Debtor, Gate, Instruction, NameCheck, NameResult, Screening, attempt_id

EUR = Asset("EUR")
FUND = Debtor("Example fund", "DE89370400440532013000", "COBADEFFXXX")
OTHER = Debtor("Example fund, Vienna", "AT611904300234573201", "BKAUATWW")
DAY = date(2026, 5, 4)
CREATED = datetime(2026, 5, 3, 9, 30)
MATCH = NameCheck(NameResult.MATCH)
IBANS = ("NL91ABNA0417164300", "FR1420041010050500013M02606", "GB29NWBK60161331926819", "CH9300762011623852957")


def instruction(
    number: int, amount: int = 12_345, debtor: Debtor = FUND, day: date = DAY, **rest: object
) -> Instruction:
    given = {
        "id": attempt_id("fund", "r1", f"c{number}", 1), "claim": f"c{number}", "payee": f"Zoë & Søn <{number}>",
        "iban": IBANS[number % len(IBANS)], "asset": EUR, "text": f"Claim c{number}", "name_check": MATCH,
    }  # fmt: skip
    return Instruction(amount=amount, debtor=debtor, day=day, **(given | rest))  # type: ignore[arg-type]


def gate(instructions: Sequence[Instruction], **rest: object) -> Gate:
    owed = {each.claim: each.amount for each in instructions}
    given = {"owed": owed, "screening": Screening("list 2026-05-01", lambda each: "")}
    return Gate(**(given | rest))  # type: ignore[arg-type]


def schema() -> Path:
    """pain.001.001.09.xsd as the test dependency `pain001` carries it; skipped aloud where that is missing."""
    try:
        found = importlib.metadata.distribution("pain001").files or []
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("the test dependency `pain001`, which carries pain.001.001.09.xsd, is not installed")
    path = next(each for each in found if str(each).endswith("pain.001.001.09.xsd"))
    return Path(str(path.locate()))
