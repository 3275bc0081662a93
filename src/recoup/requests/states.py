"""The three machines: request, order, asset; and the guards K01-K17 on their arrows."""

from __future__ import annotations

from types import MappingProxyType

from recoup.requests.guards import (
    CURE,
    FIELDS,
    HOLD,
    K01,
    K01_IF,
    K02,
    K05,
    K06,
    K07,
    K09,
    K14,
    K15,
    K16,
    K17,
    Circumstances,
)
from recoup.requests.machine import Arrow, Machine

_Arrow = Arrow[Circumstances]

REQUEST = Machine[Circumstances](
    "request",
    "draft",
    MappingProxyType({
        "draft": (_Arrow("reviewed", (K02, K07, K16)), _Arrow("withdrawn")),
        "reviewed": (_Arrow("draft"), _Arrow("authorised", (K01_IF, K06, K15, K17)), _Arrow("withdrawn")),
        "authorised": (_Arrow("translated", (K05,)), _Arrow("withdrawn")),
        "translated": (_Arrow("transmitted", (FIELDS, K05, K09, K16), starts=("C20",)), _Arrow("withdrawn")),
        "transmitted": (_Arrow("acknowledged"), _Arrow("refused", stops=("C20",)), _Arrow("withdrawn", stops=("C20",))),
        "acknowledged": (_Arrow("examining"), _Arrow("withdrawn", stops=("C20",))),
        "examining": (
            _Arrow("supplement"), _Arrow("postponed"), _Arrow("granted", stops=("C20",)),
            _Arrow("partial", stops=("C20",)), _Arrow("conditional", stops=("C20",)), _Arrow("refused", stops=("C20",)),
            _Arrow("withdrawn", stops=("C20",)),
        ),
        "supplement": (_Arrow("supplemented", (FIELDS, K09)), _Arrow("withdrawn", stops=("C20",))),
        "supplemented": (_Arrow("examining"),),
        "postponed": (_Arrow("examining"), _Arrow("withdrawn", stops=("C20",))),
        "granted": (_Arrow("executing"),),
        "partial": (_Arrow("executing"),),
        "conditional": (_Arrow("executing"), _Arrow("withdrawn")),
        "refused": (_Arrow("cured", (CURE,)), _Arrow("superseded"), _Arrow("closed")),
        "executing": (_Arrow("executed"), _Arrow("impossible")),
        "executed": (_Arrow("closed"),),
        "impossible": (_Arrow("superseded"), _Arrow("closed")),
        "cured": (), "superseded": (), "withdrawn": (), "closed": (),
    }),
)  # fmt: skip

ORDER = Machine[Circumstances](
    "order",
    "applied",
    MappingProxyType({
        "applied": (_Arrow("granted_ex_parte", (K07,)), _Arrow("lapsed")),
        "granted_ex_parte": (_Arrow("served", starts=("C21",)), _Arrow("lapsed")),
        "served": (_Arrow("contested"), _Arrow("continued"), _Arrow("lapsed", stops=("C21",))),
        "contested": (_Arrow("continued"), _Arrow("varied"), _Arrow("discharged", stops=("C21",))),
        "continued": (
            _Arrow("contested"), _Arrow("varied"), _Arrow("appealed"), _Arrow("final", stops=("C21",)),
            _Arrow("lapsed", stops=("C21",)),
        ),
        "varied": (
            _Arrow("continued"), _Arrow("appealed"), _Arrow("final", stops=("C21",)), _Arrow("lapsed", stops=("C21",)),
        ),
        "appealed": (
            _Arrow("continued"), _Arrow("varied"), _Arrow("discharged", stops=("C21",)),
            _Arrow("final", stops=("C21",)),
        ),
        "discharged": (_Arrow("appealed"),),
        "final": (), "lapsed": (),
    }),
)  # fmt: skip

_HELD = ("C02", "C19")  # a hold that has ended warns of nothing any more
_LOST = (_Arrow("dissipated", stops=_HELD), _Arrow("released", (K15,), stops=_HELD))
ASSET = Machine[Circumstances](
    "asset",
    "suspected",
    MappingProxyType({
        "suspected": (_Arrow("traced"), _Arrow("closed")),
        "traced": (
            _Arrow("held_voluntary", (HOLD,), starts=("C19",)), _Arrow("suspended_fiu", (HOLD,), starts=("C02",)),
            _Arrow("frozen_provisional", (K02, K17)), _Arrow("restrained_court", (K02,)), _Arrow("dissipated"),
        ),
        "held_voluntary": (_Arrow("frozen_provisional", (K02, K17), stops=("C19",)),
                           _Arrow("restrained_court", (K02,), stops=("C19",)), *_LOST),
        "suspended_fiu": (_Arrow("frozen_provisional", (K02, K17), stops=("C02",)),
                          _Arrow("restrained_court", (K02,), stops=("C02",)), *_LOST),
        "frozen_provisional": (_Arrow("restrained_court", (K02,)), _Arrow("contested"), *_LOST),
        "restrained_court": (_Arrow("contested"), _Arrow("varied"), _Arrow("confiscated_nonfinal"), *_LOST),
        "contested": (_Arrow("varied"), _Arrow("restrained_court"), _Arrow("released", (K15,))),
        "varied": (_Arrow("contested"), _Arrow("restrained_court"), _Arrow("confiscated_nonfinal"), *_LOST),
        "confiscated_nonfinal": (_Arrow("confiscated_final", (K01,)), _Arrow("restrained_court"), *_LOST),
        "confiscated_final": (_Arrow("enforcement_requested", (K01, K15, K16)), _Arrow("realised", (K14,))),
        "enforcement_requested": (_Arrow("recognised_abroad"), _Arrow("confiscated_final")),
        "recognised_abroad": (_Arrow("realised", (K14,)),),
        "realised": (_Arrow("shared", (K14, K15)), _Arrow("returned", (K14, K15))),
        "shared": (_Arrow("distributed", (K14, K15)),),
        "returned": (_Arrow("distributed", (K14, K15)),),
        "distributed": (_Arrow("closed"),),
        "dissipated": (_Arrow("traced"), _Arrow("closed")),
        "released": (_Arrow("traced"), _Arrow("closed")),
        "closed": (),
    }),
)  # fmt: skip
