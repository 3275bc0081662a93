"""A fund as a file: JSON lines of operations, replayed through the books, so that no line can be wrong unseen."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from recoup.ground import Asset, Defect, Defects, Instant, Refused
from recoup.restitution.fund.books import Books, Terms
from recoup.restitution.fund.roles import Forbidden, Role, Roles
from recoup.restitution.reading import Node, load_json

LINES_MAX = 50_000_000

# operation -> (method of Books, its members beside at and by: name -> kind)
OPERATIONS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "receive": ("receive", {"amount": "whole", "reference": "text", "defendant": "text?"}),
    "exchange": ("exchange", {"result": "signed", "reference": "text"}),
    "spend": ("spend", {"amount": "whole", "reason": "text", "reference": "text"}),
    "allocate": ("allocate", {"awards": "amounts", "held": "amounts", "undivided": "whole", "seal": "text"}),
    "release": ("release", {"claims": "texts", "reason": "text", "rounding": "whole?"}),
    "block": ("block", {"claim": "text", "reason": "text"}),
    "unblock": ("unblock", {"claim": "text", "reason": "text"}),
    "unclaim": ("unclaim", {"claim": "text", "reason": "text"}),
    "reopen": ("reopen", {"claim": "text", "reason": "text"}),
    "send": ("send", {"attempts": "attempts", "batch": "text"}),
    "settle": ("settle", {"attempt": "text", "reference": "text"}),
    "reject": ("reject", {"attempt": "text", "reference": "text"}),
    "return": ("take_back", {"attempt": "text", "reference": "text"}),
    "offset": ("offset", {"claim": "text", "amount": "whole", "reason": "text"}),
    "repaid": ("repaid", {"claim": "text", "amount": "whole", "reference": "text"}),
    "surplus": ("to_surplus", {"amount": "whole", "reason": "text"}),
    "reconcile": ("reconcile", {"statement": "whole", "reference": "text"}),
}


def replay(text: str, file: str) -> Books:
    """The books that the journal's lines make. The first line that cannot be read, or that the books refuse, raises
    Refused with its number; a role that may not act raises Forbidden with it."""
    books: Books | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        defects = Defects()
        node = load_json(line, f"{file}:{number}", defects)
        try:
            books = _opened(node) if books is None else _done(books, node)
        except Forbidden as error:
            raise Forbidden(f"{file}:{number}: {error}") from None
        except ValueError as error:
            defects.add(f"{file}:{number}", 0, str(error), "Lines before it stand; mend or leave out this one")
        if len(defects):
            raise Refused(*defects)
    if books is None:
        raise Refused(Defect(file, 0, "is empty", "Begin with a line that opens the fund"))
    return books


def _opened(node: Node) -> Books:
    found = node.members(("op", "fund", "asset", "cost_cap", "roles", "losses", "elsewhere"))
    if "op" not in found or found["op"].value != "open" or not {"fund", "asset", "roles"} <= found.keys():
        raise ValueError("the first line opens the fund: op, fund, asset, roles")
    roles = Roles((person, Role(str(each.value))) for person, each in found["roles"].pairs())
    amounts = {
        name: {key: each.whole() for key, each in found[name].pairs()} if name in found else {}
        for name in ("losses", "elsewhere")
    }
    cap = found["cost_cap"].ratio() if "cost_cap" in found else Fraction(0)
    terms = Terms(found["fund"].text(200), Asset(found["asset"].text(200)), cap, **amounts)
    return Books(terms, roles)


def _done(books: Books, node: Node) -> Books:
    found = dict(node.pairs())
    name = str(found["op"].value) if "op" in found else ""
    if name == "register":
        parts = node.members(("op", "claim", "person", "allowed"))
        books.register(parts["claim"].text(200), parts["person"].text(200), parts["allowed"].whole())
        return books
    if name == "order":
        parts = node.members(("op", "defendant", "ordered"))
        books.order(parts["defendant"].text(200), parts["ordered"].whole())
        return books
    if name not in OPERATIONS:
        raise ValueError(f"unknown operation {name[:40]!r}; known: open, register, order, {', '.join(OPERATIONS)}")
    method, members = OPERATIONS[name]
    parts = node.members(("op", "at", "by", *members))
    missing = [part for part in ("at", "by", *members) if part not in parts and not members.get(part, "").endswith("?")]
    if missing:
        raise ValueError(f"{name} lacks {', '.join(missing)}")
    given = {part: _read(parts[part], kind.rstrip("?")) for part, kind in members.items() if part in parts}
    by = [each.text(200) for each in parts["by"].items(10)]
    if not len(node.defects):
        getattr(books, method)(**given, at=Instant.parse(str(parts["at"].value)), by=by)
    return books


def _read(node: Node, kind: str) -> Any:
    if kind == "text":
        return node.text(2_000)
    if kind == "texts":
        return [each.text(200) for each in node.items(LINES_MAX)]
    if kind == "amounts":
        return {name: each.whole() for name, each in node.pairs(LINES_MAX)}
    if kind == "attempts":
        return {name: _attempt(each) for name, each in node.pairs(LINES_MAX)}
    if kind == "signed" and type(node.value) is int:
        return node.value
    return node.whole()


def _attempt(node: Node) -> tuple[str, int]:
    parts = node.items(2)
    if len(parts) != 2:
        node.fault("an attempt is [claim, amount]", "Write the claim and the amount")
        return "", 0
    return parts[0].text(200), parts[1].whole()
