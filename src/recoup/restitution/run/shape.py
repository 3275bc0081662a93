"""The shape of a run's problem, from the plan and the columns of the claims file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recoup.ground import Defects
from recoup.restitution.claims.consolidate import Consolidated
from recoup.restitution.claims.file import ClaimFile
from recoup.restitution.plan.document import Plan
from recoup.restitution.sharing.allocate import Way
from recoup.restitution.sharing.columns import Column, column
from recoup.restitution.sharing.pools import POOLS_MAX
from recoup.restitution.sharing.setting import Setting
from recoup.restitution.sharing.shapes import Classes, OnePool, Pools, Shape
from recoup.restitution.sharing.waterfall import Costs

MEND_SHAPE = "Share this plan with `recoup allocate`, or split it into one run per pool"


@dataclass(frozen=True, slots=True)
class Money:
    """What a run shares: `pool` in all, by pool where the plan has several, and the costs due, taken and recovered."""

    run: str
    as_at: str
    pool: int
    pools: Mapping[str, int]
    costs: Mapping[str, int]
    way: Way

    def json(self) -> dict[str, object]:
        """The same, with amounts as text."""
        return {
            "run": self.run,
            "as_at": self.as_at,
            "pool": str(self.pool),
            "pools": {name: str(amount) for name, amount in self.pools.items()},
            "costs": {name: str(amount) for name, amount in self.costs.items()},
            "rounding": str(self.way.rounding),
            **({"seed": self.way.seed} if self.way.seed else {}),
        }


def shape_for(plan: Plan, money: Money, found: ClaimFile, joined: Consolidated, defects: Defects) -> Shape:
    """The plan's rule over the beneficiaries; what does not fit becomes a defect."""
    setting = Setting.read(plan.rule, plan.parameters(defects))
    disputed = bool((found.maximum > found.claims.gross).any())
    if plan.rule == "leximin-pools":
        return _pools(setting, money, found, joined, defects, disputed)
    if plan.rule == "waterfall":
        return _classes(plan, setting, money, found, joined, defects, disputed)
    if plan.rule in ("joint-and-several", "sipa", "in-kind", "dollarised"):
        defects.add(plan.file, 0, f"a run does not share by {plan.rule}", MEND_SHAPE)
    if money.costs or money.pools:
        defects.add("money", 0, f"rule {plan.rule} takes neither costs nor pools", "Use waterfall, or leximin-pools")
    book = setting.book() if plan.rule in _one_pool_rules(plan) else Setting.read("pro-rata", setting.node).book()
    if disputed and (book.de_minimis or book.convenience or book.rule == "talmud"):
        defects.add(plan.file, 0, "disputed claims need another rule", "Decide the disputes, or change the plan")
    pays_interest = plan.data["surplus"]["rule"] == "interest"
    return OnePool(book, None, _maximum(found, joined) if disputed else None, pays_interest)


def _one_pool_rules(plan: Plan) -> tuple[str, ...]:
    return () if plan.rule in ("joint-and-several", "sipa", "in-kind", "dollarised") else (plan.rule,)


def _maximum(found: ClaimFile, joined: Consolidated) -> Column:
    """Each beneficiary's maximum: the sum over the claims."""
    extra = (found.maximum - found.claims.gross).astype(object)
    sums = joined.claims.gross.astype(object)
    for row, more in zip(joined.beneficiary.tolist(), extra.tolist(), strict=True):
        if more:
            sums[row] += more
    return column(sums.tolist())


def _pools(
    setting: Setting, money: Money, found: ClaimFile, joined: Consolidated, defects: Defects, disputed: bool
) -> Pools:
    names = tuple(money.pools)
    if not 0 < len(names) <= POOLS_MAX:
        defects.add("money", 0, f"{len(names)} pools", f"Give 1 to {POOLS_MAX} pools")
    book = setting.inner_book()
    if disputed and book.rule == "cel":
        defects.add("claims", 0, "disputed claims of several pools go with no cel", "Decide the disputes first")
    masks = {text: _mask(text, names, defects) for text in dict.fromkeys(found.pools)}
    eligible = _agreed([masks[text] for text in found.pools], found, joined, "pools", defects)
    maximum = _maximum(found, joined) if disputed else None
    return Pools(book, names, tuple(money.pools.values()), eligible, maximum)


def _mask(text: str, names: tuple[str, ...], defects: Defects) -> int:
    """Bit mask of `name;name`; every pool where the claim names none."""
    if not text:
        return (1 << len(names)) - 1
    mask = 0
    for name in text.split(";"):
        if name in names:
            mask |= 1 << names.index(name)
        else:
            defects.add("claims", 0, f"pool {name[:60]!r} is not among the money's pools", "Known: " + ", ".join(names))
    return mask


def _classes(
    plan: Plan,
    setting: Setting,
    money: Money,
    found: ClaimFile,
    joined: Consolidated,
    defects: Defects,
    disputed: bool,
) -> Classes:
    if disputed:
        defects.add("claims", 0, "a waterfall takes no disputed claims", "Decide the disputes first")
    classes = setting.priority_classes()
    places = {each.name: place for place, each in enumerate(classes)}
    for name in dict.fromkeys(found.classes):
        if name not in places:
            defects.add("claims", 0, f"class {name[:60]!r} is not in the plan", "Known: " + ", ".join(places))
    member = _agreed([places.get(name, 0) for name in found.classes], found, joined, "class", defects)
    amounts = money.costs
    costs = Costs(amounts.get("due", 0), amounts.get("taken", 0), amounts.get("recoveries", 0), plan.cost_cap)
    return Classes(classes, member, costs)


def _agreed(values: Sequence[int], found: ClaimFile, joined: Consolidated, what: str, defects: Defects) -> Column:
    """One value per beneficiary; joined claims that differ are a defect."""
    flat = np.array(values, dtype=np.int64)
    agreed = np.zeros(len(joined.claims), dtype=np.int64)
    agreed[joined.beneficiary] = flat
    for row in np.flatnonzero(agreed[joined.beneficiary] != flat).tolist()[:20]:
        claim, person = found.claims.ids[row], found.persons[row]
        said = f"claim {claim[:60]!r} of {person[:60]!r} has another {what} than its owner's other claims"
        defects.add("claims", 0, said, f"Give all claims of one beneficiary the same {what}")
    return agreed
