"""No float in the rooms that count money, and a check that finds each way to make one."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.house.exact import floats
from tests.house.tree import under

EXACT = ("ledger", "tracing", "assets", "restitution")


@pytest.mark.parametrize("room", EXACT)
def test_no_float_ever_holds_money(room: str) -> None:
    assert [fault for path in under("src", "recoup", room) for fault in floats(path)] == []


@pytest.mark.parametrize(
    "text",
    [
        "x = 1.0",
        "x = 1e9",
        "x = 2j",
        "x = a / b",
        "a /= 2",
        "x = path / name",  # joined with a variable: say joinpath, so that no quotient hides
        "x = 10 ** -2",
        "x = float(a)",
        "def f(a: float) -> None: ...",
        "x = np.float64(1)",
        "x = np.zeros(3, dtype=np.double)",
        "x = np.zeros(3, dtype='float64')",
        "x = np.zeros(3, dtype='f8')",
        "x = pa.float32()",
        "x = math.sqrt(a)",
        "from math import isqrt, log",
        "import statistics",
        "import os, random",
        "from decimal import Decimal",
        "x = [y / z for y in w]",
        "x = isinstance(a, int) and a / b",
    ],
)
def test_each_way_to_a_float_is_found(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.py"
    path.write_text(text)
    assert len(floats(path)) == 1 and floats(path)[0].startswith("bad.py:1: ")


@pytest.mark.parametrize(
    "text",
    [
        "x = 1",
        "x = a // b",
        "x = Fraction(a, b)",
        "x = Fraction(a) / b",
        "x = path / 'name'",
        "x = path / f'{name}.csv'",
        "x = path.joinpath(name)",
        "x = isinstance(a, float)",
        "x = math.isqrt(a)",
        "from math import gcd, ceil",
        "x = np.zeros(3, dtype=np.int64)",
        "x = 'a floating charge'",
    ],
)
def test_what_is_exact_is_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "good.py"
    path.write_text(text)
    assert floats(path) == []
