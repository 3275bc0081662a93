"""From sealed inputs to awards: the same inputs give the same record, on any machine, at any time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from recoup import __version__
from recoup.ground import Defects, canonical_json, sha256_file, sha256_hex
from recoup.restitution.claims.consolidate import Consolidated, consolidate
from recoup.restitution.claims.file import ClaimFile, Standing, read_claims, read_links, refuse_defects
from recoup.restitution.plan.document import Plan
from recoup.restitution.reading import Node, load_json, one_of
from recoup.restitution.run.shape import Money, shape_for
from recoup.restitution.run.sumtree import SECRET_BYTES, SumTree
from recoup.restitution.sharing.allocate import Way
from recoup.restitution.sharing.columns import Column, total
from recoup.restitution.sharing.kernel import Rounding
from recoup.restitution.sharing.model import Step
from recoup.restitution.sharing.shapes import Shared

FORMAT = "recoup-run/1"
NO_LINKS = sha256_hex(b"")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a run reads. `secret` hides the pieces of the tree; it stays with the fund."""

    plan: Plan
    claims: Path
    links: Path | None
    money: Money
    secret: bytes


@dataclass(frozen=True)
class Record:
    """What is published of a run. All amounts in the smallest unit; `seal` is the SHA-256 of its canonical JSON."""

    data: Mapping[str, object]

    @cached_property
    def seal(self) -> str:
        return sha256_hex(canonical_json(self.data))

    def amount(self, name: str) -> int:
        """One of pool, awards, costs, reserve, surplus."""
        return int(str(self.data[name]))

    def text(self, name: str) -> str:
        return str(self.data[name])


@dataclass(frozen=True, eq=False)
class Run:
    """A computed run: its record, and awards and held shares per claim in the order of the claims' names."""

    record: Record
    claims: tuple[str, ...]
    persons: tuple[str, ...]
    awards: Column
    held: Column
    outstanding: Column
    tree: SumTree
    steps: tuple[Step, ...]

    @cached_property
    def place(self) -> Mapping[str, int]:
        return {claim: row for row, claim in enumerate(self.claims)}


def compute(inputs: Inputs) -> Run:
    """Read, consolidate, share, build the tree. A rejected row or an undecided link raises Refused: all or nothing."""
    defects = Defects()
    found = read_claims(inputs.claims, defects)
    links = read_links(inputs.links, defects) if inputs.links else ()
    refuse_defects(defects)
    kept = _kept(found)
    joined = consolidate(kept.claims, kept.persons, links)
    shape = shape_for(inputs.plan, inputs.money, kept, joined, defects)
    refuse_defects(defects)
    shared = shape.share(joined.claims, inputs.money.pool, inputs.money.way)
    awards = joined.spread(shared.awards)
    held = joined.spread(shared.held)
    names = tuple(kept.claims.ids)
    tree = SumTree(names, awards.tolist(), inputs.secret)
    record = Record(_record(inputs, shared, joined, tree, _awards_hash(names, awards, held)))
    return Run(record, names, kept.persons, awards, held, kept.claims.outstanding, tree, shared.steps)


def _kept(found: ClaimFile) -> ClaimFile:
    """Without the claims that are finally denied."""
    index = np.array([i for i, each in enumerate(found.standing) if each is not Standing.DENIED], dtype=np.intp)
    if len(index) == len(found.standing):
        return found
    texts = ([column[i] for i in index] for column in (found.persons, found.standing, found.classes, found.pools))
    persons, standing, classes, pools = map(tuple, texts)
    claims = found.claims.take(index)
    return ClaimFile(claims, persons, found.maximum[index], standing, classes, pools)


def _awards_hash(names: Sequence[str], awards: Column, held: Column) -> str:
    """SHA-256 of awards.csv as `awards_csv` writes it."""
    return sha256_hex(awards_csv(names, awards, held).encode())


def awards_csv(names: Sequence[str], awards: Column, held: Column) -> str:
    """Rows `claim,award,held` in the order of the claims' names."""
    rows = zip(names, awards.tolist(), held.tolist(), strict=True)
    return "claim,award,held\n" + "".join(f"{_quoted(name)},{award},{kept}\n" for name, award, kept in rows)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if any(mark in name for mark in ',"') else name


def _record(inputs: Inputs, shared: Shared, joined: Consolidated, tree: SumTree, awards: str) -> dict[str, object]:
    money = inputs.money
    reserve = shared.undivided + total(shared.held)
    assert tree.total + shared.costs + reserve + shared.surplus == money.pool, "money was lost"
    return {
        "format": FORMAT,
        "run": money.run,
        "as_at": money.as_at,
        "code": f"recoup {__version__}",
        "plan": inputs.plan.seal,
        "currency": inputs.plan.currency,
        "rule": inputs.plan.rule,
        "rounding": str(money.way.rounding),
        "inputs": {
            "claims": sha256_file(inputs.claims),
            "links": sha256_file(inputs.links) if inputs.links else NO_LINKS,
            "money": sha256_hex(canonical_json(money.json())),
            "secret": sha256_hex(inputs.secret),
        },
        "claims": len(joined.original),
        "beneficiaries": len(joined.claims),
        "pool": str(money.pool),
        "awards": str(tree.total),
        "costs": str(shared.costs),
        "reserve": str(reserve),
        "held": str(total(shared.held)),
        "undivided": str(shared.undivided),
        "surplus": str(shared.surplus),
        "level": None if shared.level is None else str(shared.level),
        "awards_file": awards,
        "tree": {"root": tree.root.hex(), "leaves": tree.size, "cap": str(tree.cap)},
    }


def read_money(text: str, file: str) -> Money:
    """The money of a run from JSON; every fault with its place in the Refused it raises."""
    defects = Defects()
    node = load_json(text, file, defects)
    found = node.members(("run", "as_at", "pool", "pools", "costs", "rounding", "seed"))
    for name in ("run", "as_at"):
        if name not in found:
            node.fault(f"{name} is missing", f"Give {name}")
    pools = {name: each.whole() for name, each in found["pools"].pairs()} if "pools" in found else {}
    pool = found["pool"].whole() if "pool" in found else sum(pools.values())
    if "pool" not in found and not pools:
        node.fault("neither pool nor pools is given", "Give the amount to share now")
    elif pools and pool != sum(pools.values()):
        found["pool"].fault("the pool is not the sum of the pools", "Leave pool out, or mend the pools")
    costs = found["costs"].members(("due", "taken", "recoveries")) if "costs" in found else {}
    amounts = {name: each.whole() for name, each in costs.items()}
    texts = {name: found[name].text(200) if name in found else "" for name in ("run", "as_at")}
    rounding = Rounding(one_of(found["rounding"], tuple(Rounding))) if "rounding" in found else Rounding.INTERIM
    seed = found["seed"].text(200) if "seed" in found else ""
    refuse_defects(defects)
    return Money(texts["run"], texts["as_at"], pool, pools, amounts, Way(rounding, seed))


def node_of(value: object, file: str) -> Node:
    """A value as a node of its own."""
    return Node(value, "", file, Defects())


def new_secret() -> bytes:
    """A fresh secret for a run, from the operating system."""
    import secrets

    return secrets.token_bytes(SECRET_BYTES)
