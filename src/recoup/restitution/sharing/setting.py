"""The parameters of a problem or a plan's class: the book of a rule, and the shape around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from recoup.restitution.reading import Node
from recoup.restitution.sharing.allocate import ORDER_KEEPING, Convenience, Rulebook
from recoup.restitution.sharing.catalogue import PARAMETER_RULES, SHAPES, rule_named
from recoup.restitution.sharing.columns import Column, column
from recoup.restitution.sharing.crypto import Price
from recoup.restitution.sharing.model import Claims
from recoup.restitution.sharing.pools import POOLS_MAX
from recoup.restitution.sharing.rows import ID_CHARACTERS_MAX, Row, claims_of, maximum_of
from recoup.restitution.sharing.rules import Options
from recoup.restitution.sharing.shapes import Advances, Classes, Defendants, Dollarised, InKind, OnePool, Pools, Shape
from recoup.restitution.sharing.waterfall import Costs, PriorityClass

CLASSES_MAX = 100
ASSETS_MAX = 10_000

BOOK_FIELDS = ("cap", "minimum", "catch_up", "de_minimis", "convenience", "withdrawals")
SHAPE_FIELDS = ("rule", "classes", "costs", "pools", "defendants", "advance_cap", "assets", "price", "surplus")
SURPLUS_RULES = ("hold", "interest", "return", "state", "social-use")
SIPC_ADVANCE_CAP = 500_000_00  # 15 USC 78fff-3(a), in cents


@dataclass(frozen=True, slots=True)
class Setting:
    """A rule by name with its parameters as they stand in the file."""

    rule: str
    node: Node
    found: Mapping[str, Node]

    @classmethod
    def read(cls, rule: str, parameters: Node) -> Setting:
        return cls(rule, parameters, parameters.members((*BOOK_FIELDS, *SHAPE_FIELDS)))

    def pool(self, root: Node, given: Node | None) -> int:
        """The pool of the file, or the sum of its pools, assets or collections; both must agree."""
        parts = self._parts()
        if given is None:
            if parts is None:
                root.fault("the problem has no pool", "Give pool: the amount to share now")
            return parts or 0
        pool = given.whole()
        if parts is not None and parts != pool:
            given.fault(f"pool {pool} is not the sum of its parts ({parts})", "Leave pool out, or mend the parts")
        return pool

    def shape(self, rows: Sequence[Row], pool: int) -> tuple[Claims, Shape]:
        """The claims as columns and the shape that shares them; faults stand in the defects of the file."""
        claims = claims_of(rows, pool)
        if self.rule in SHAPES:
            self._refuse_one_pool_parts(rows)
        if self.rule == "waterfall":
            return claims, self._classes(rows)
        if self.rule == "leximin-pools":
            names = tuple(self._amounts("pools"))
            amounts = tuple(self._amounts("pools").values())
            return claims, Pools(self.inner_book(), names, amounts, _eligible(rows, "pools", names))
        if self.rule == "joint-and-several":
            return claims, self._defendants(rows)
        if self.rule == "in-kind":
            assets = self._amounts("assets")
            member = _member(rows, "asset", tuple(assets))
            return claims, InKind(self.inner_book(), tuple(assets), tuple(assets.values()), member)
        if self.rule == "sipa":
            cap = self.found["advance_cap"].whole() if "advance_cap" in self.found else SIPC_ADVANCE_CAP
            return claims, Advances(self.inner_book(), column([row.whole("advanced") for row in rows]), cap)
        if self.rule == "dollarised":
            return claims, Dollarised(self.inner_book(), self._price())
        return claims, self._one_pool(rows, claims)

    def book(self) -> Rulebook:
        """The rule with its options; faults where a parameter is missing or does not fit."""
        rule = self.rule
        if rule in PARAMETER_RULES:
            rule, needed = PARAMETER_RULES[self.rule]
            if needed not in self.found:
                self.node.fault(f"rule {self.rule} needs the parameter {needed}", f"Give {needed}")
        if "withdrawals" in self.found and rule in ("rising-tide", "rising-tide-without-withdrawals"):
            rule = _withdrawals(self.found["withdrawals"])
        de_minimis = self._whole("de_minimis")
        if de_minimis and rule not in ORDER_KEEPING:
            mend = "Use one of: " + ", ".join(sorted(ORDER_KEEPING))
            self.found["de_minimis"].fault("de minimis needs a rule that keeps the order of claims", mend)
            de_minimis = 0
        return Rulebook(rule, self._options(), de_minimis, self._convenience())

    def _refuse_one_pool_parts(self, rows: Sequence[Row]) -> None:
        """What only one pool can do must not be lost without a word in a larger shape."""
        for row in rows:
            if row.flag("disputed") or row.flag("elects"):
                row.node.fault(
                    f"rule {self.rule} does not take disputed or elects", "Share this pool in a problem alone"
                )
        if "surplus" in self.found and self.found["surplus"].value == "interest":
            self.found["surplus"].fault("interest is paid from one pool only", "Share the surplus in a problem alone")
        parts = ("minimum", "de_minimis", "convenience") if self.rule in ("leximin-pools", "joint-and-several") else ()
        for name in parts:
            if name in self.found:
                self.found[name].fault(f"{name} is not defined over several pools", "Leave it out")
        for row in rows if parts else ():
            if "lower" in row.found:
                row.found["lower"].fault("lower is not defined over several pools", "Leave it out")

    def _options(self) -> Options:
        cap = self.found["cap"].whole() if "cap" in self.found else None
        catch_up = self.found["catch_up"].flag() if "catch_up" in self.found else True
        return Options(cap, self._whole("minimum"), catch_up)

    def _whole(self, name: str) -> int:
        return self.found[name].whole() if name in self.found else 0

    def _convenience(self) -> Convenience | None:
        if "convenience" not in self.found:
            return None
        node = self.found["convenience"]
        parts = node.members(("threshold", "share"))
        if parts.keys() != {"threshold", "share"}:
            node.fault("a convenience class needs threshold and share", 'Write {"threshold": 5000, "share": "70%"}')
            return None
        threshold, share = parts["threshold"].whole(), parts["share"].ratio()
        if threshold == 0 or not 0 < share <= 1:
            node.fault("threshold is 0, or share is not above 0 and at most 1", "Mend threshold and share")
            return None
        return Convenience(threshold, share)

    def inner_book(self) -> Rulebook:
        """The rule inside a shape: `parameters.rule`, pro rata where none is named."""
        name = rule_named(self.found["rule"].text()) if "rule" in self.found else "pro-rata"
        if name in SHAPES:
            self.found["rule"].fault(f"{name} cannot stand inside {self.rule}", "Name a rule of one pool")
            name = "pro-rata"
        if name == "talmud" and self.rule in ("leximin-pools", "joint-and-several"):
            self.found["rule"].fault("talmud is not defined over several pools", "Name another rule")
        return Setting(name, self.node, self.found).book()

    def _one_pool(self, rows: Sequence[Row], claims: Claims) -> OnePool:
        book = self.book()
        elects = column([int(row.flag("elects")) for row in rows]) == 1
        maximum = maximum_of(rows, claims)
        if maximum is not None and (book.de_minimis or book.convenience or book.rule == "talmud"):
            mend = "Use another rule until the disputes are decided"
            self.node.fault("disputed claims go with no de minimis, convenience class or Talmud rule", mend)
        pays_interest = "surplus" in self.found and self.found["surplus"].value == "interest"
        if maximum is not None and pays_interest:
            mend = "Hold the surplus until the disputes are decided"
            self.found["surplus"].fault("interest is not paid while claims are disputed", mend)
        return OnePool(book, elects, maximum, pays_interest)

    def priority_classes(self) -> tuple[PriorityClass, ...]:
        """The classes of a waterfall, in order."""
        nodes = self.found["classes"].items(CLASSES_MAX) if "classes" in self.found else []
        classes = tuple(_class(node) for node in nodes)
        names = tuple(each.name for each in classes)
        if len(set(names)) != len(names) or not names:
            self.node.fault("a waterfall needs classes with names of their own", 'Give classes: [{"name": ...}, ...]')
        return classes

    def _classes(self, rows: Sequence[Row]) -> Classes:
        classes = self.priority_classes()
        return Classes(classes, _member(rows, "class", tuple(each.name for each in classes)), self._costs())

    def _costs(self) -> Costs:
        if "costs" not in self.found:
            return Costs()
        parts = self.found["costs"].members(("due", "taken", "recoveries", "cap"))
        due, taken, recoveries = (
            parts[name].whole() if name in parts else 0 for name in ("due", "taken", "recoveries")
        )
        if "recoveries" not in parts:  # no cap can be computed: costs are paid as they are due
            if "cap" in parts:
                parts["cap"].fault("a cost cap needs recoveries", "Give recoveries: all that came in so far")
            recoveries = due + taken
        return Costs(due, taken, recoveries, parts["cap"].ratio() if "cap" in parts else Fraction(1))

    def _defendants(self, rows: Sequence[Row]) -> Defendants:
        fields = ("ordered", "applied", "collected")
        found = dict(self.found["defendants"].pairs()) if "defendants" in self.found else {}
        parts = {name: node.members(fields) for name, node in found.items() if _name(name, node)}
        columns = [tuple(each[name].whole() if name in each else 0 for each in parts.values()) for name in fields]
        ordered, applied, collected = columns
        eligible = _eligible(rows, "defendants", tuple(found))
        return Defendants(self.inner_book(), tuple(found), ordered, applied, collected, eligible)

    def _price(self) -> Price:
        node = self.found.get("price", self.node)
        parts = self.found["price"].members(("base_per_unit", "source")) if "price" in self.found else {}
        if parts.keys() != {"base_per_unit", "source"}:
            node.fault("needs price with base_per_unit and source", "Give the exact price and where it was read")
            return Price(Fraction(1), "none")
        price = parts["base_per_unit"].ratio()
        if price == 0:
            node.fault("the price is zero", "Give a price above 0")
        return Price(price or Fraction(1), parts["source"].text() or "none")

    def _amounts(self, name: str) -> dict[str, int]:
        found = dict(self.found[name].pairs(ASSETS_MAX)) if name in self.found else {}
        return {key: node.whole() for key, node in found.items() if _name(key, node)}

    def _parts(self) -> int | None:
        if self.rule == "leximin-pools":
            return sum(self._amounts("pools").values())
        if self.rule == "in-kind":
            return sum(self._amounts("assets").values())
        if self.rule == "joint-and-several":
            defendants = self.found["defendants"].pairs() if "defendants" in self.found else ()
            each = [dict(node.pairs()) for _, node in defendants]
            return sum(parts["collected"].whole() for parts in each if "collected" in parts)
        return None


def _class(node: Node) -> PriorityClass:
    parts = node.members(("name", "rule", "parameters"))
    name = parts["name"].text(ID_CHARACTERS_MAX) if "name" in parts else ""
    rule = rule_named(parts["rule"].text()) if "rule" in parts else "pro-rata"
    if rule in SHAPES:
        parts["rule"].fault(f"{rule} cannot stand inside a waterfall", "Name a rule of one pool")
        rule = "pro-rata"
    inner = (
        parts["parameters"]
        if "parameters" in parts
        else Node({}, f"{node.pointer}/parameters", node.file, node.defects)
    )
    return PriorityClass(name, Setting(rule, inner, inner.members(BOOK_FIELDS)).book())


def _name(name: str, node: Node) -> bool:
    """Whether a member's name can be shown; a fault where not."""
    return bool(replace(node, value=name).text(ID_CHARACTERS_MAX))


def _withdrawals(node: Node) -> str:
    names = {"considered": "rising-tide", "ignored": "rising-tide-without-withdrawals"}
    if not isinstance(node.value, str) or node.value not in names:
        node.fault("withdrawals is neither considered nor ignored", "Write considered or ignored")
    return names.get(str(node.value), "rising-tide")


def _member(rows: Sequence[Row], what: str, names: tuple[str, ...]) -> Column:
    places = {name: place for place, name in enumerate(names)}
    found = []
    for row in rows:
        name = row.text(what)
        if name not in places:
            row.node.fault(f"{what} {name[:60]!r} is not in the parameters", "Known: " + ", ".join(names)[:200])
        found.append(places.get(name, 0))
    return column(found)


def _eligible(rows: Sequence[Row], what: str, names: tuple[str, ...]) -> Column:
    """Bit masks of the pools a claim may draw on; all of them where a claim names none."""
    places = {name: place for place, name in enumerate(names[:POOLS_MAX])}
    if len(names) > POOLS_MAX and rows:
        rows[0].node.fault(f"{len(names)} {what}", f"Share at most {POOLS_MAX} {what} together")
    masks = []
    for row in rows:
        mask = 0
        for node in row.found[what].items(POOLS_MAX) if what in row.found else ():
            if isinstance(node.value, str) and node.value in places:
                mask |= 1 << places[node.value]
            else:
                node.fault(f"{node.value!r:.60} is not among the {what}", "Known: " + ", ".join(names)[:200])
        masks.append(mask if what in row.found else (1 << len(places)) - 1)
    return column(masks)
