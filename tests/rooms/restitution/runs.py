"""Runs on small files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.rooms.restitution.plans import example

from recoup.restitution.plan import Plan
from recoup.restitution.run import Inputs, Run, compute, read_money

SECRET = bytes(range(32))
HEAD = "claim,person,gross,withdrawn,maximum,state,class,pools\n"


def inputs(
    folder: Path, rows: Sequence[str], plan: Plan | None = None, links: Sequence[str] = (), **money: Any
) -> Inputs:
    """Inputs from rows of the claims file; money defaults to a pool of 60,000."""
    (folder / "claims.csv").write_text(HEAD + "".join(row + "\n" for row in rows))
    path = None
    if links:
        path = folder / "links.csv"
        path.write_text("one,other,kind,state,decided_by,reason\n" + "".join(row + "\n" for row in links))
    given = {"run": "r1", "as_at": "2026-04-01"} | ({} if "pools" in money else {"pool": 60_000}) | money
    return Inputs(plan or example(), folder / "claims.csv", path, read_money(json.dumps(given), "money.json"), SECRET)


def run(folder: Path, rows: Sequence[str], plan: Plan | None = None, links: Sequence[str] = (), **money: Any) -> Run:
    return compute(inputs(folder, rows, plan, links, **money))


HUBER = ("c1,p1,150000,60000,,,,", "c2,p2,150000,30000,,,,", "c3,p3,150000,0,,,,")


def victims(count: int) -> list[str]:
    """Many different victims, some net winners."""
    return [f"c{i:05d},p{i:05d},{1000 + 7919 * i % 100_003},{613 * i % 2_003},,,," for i in range(count)]
