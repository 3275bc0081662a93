"""The names of the sharing rules and their aliases."""

from __future__ import annotations

import difflib

from recoup.restitution.sharing.rules import RULES

# Rules that are more than one pool and one line per claim.
SHAPES = ("waterfall", "leximin-pools", "joint-and-several", "sipa", "in-kind", "dollarised")

# Rules that set a parameter of another rule: name -> (rule, parameter that must be given).
PARAMETER_RULES = {
    "minimum-pro-rata": ("pro-rata", "minimum"),
    "capped-pro-rata": ("pro-rata", "cap"),
    "de-minimis": ("pro-rata", "de_minimis"),
    "convenience": ("pro-rata", "convenience"),
}

ALIASES = {
    "net-loss": "pro-rata", "net-investment": "pro-rata", "pro-rata-net": "pro-rata", "pro-rata-net-loss": "pro-rata",
    "net-loss-pro-rata": "pro-rata", "proportional": "pro-rata", "top-up": "pro-rata", "pro-rata-loss": "pro-rata",
    "gross": "pro-rata-gross", "gross-pro-rata": "pro-rata-gross",
    "rising-tide-with-withdrawals": "rising-tide", "equalising": "rising-tide", "total-recovery": "rising-tide",
    "rising-tide-gross": "rising-tide-without-withdrawals",
    "max-balance": "maximum-balance", "highest-balance": "maximum-balance",
    "hotchpotch": "hotchpot", "hotch-potch": "hotchpot",
    "equal-awards": "cea", "constrained-equal-awards": "cea",
    "equal-losses": "cel", "constrained-equal-losses": "cel",
    "contested-garment": "talmud", "aumann-maschler": "talmud",
    "waterfill": "weights", "weighted": "weights",
    "minimum": "minimum-pro-rata", "min-pro-rata": "minimum-pro-rata", "minimum-plus-pro-rata": "minimum-pro-rata",
    "capped": "capped-pro-rata", "per-person-cap": "capped-pro-rata", "pro-rata-capped": "capped-pro-rata",
    "convenience-class": "convenience",
    "classes": "waterfall", "priority": "waterfall", "cascade": "waterfall",
    "leximin": "leximin-pools", "national-pools": "leximin-pools", "pools": "leximin-pools",
    "joint-several": "joint-and-several", "defendants": "joint-and-several",
    "sipa-advances": "sipa", "advances": "sipa",
    "like-kind": "in-kind",
    "dollarized": "dollarised", "dollarised-crypto": "dollarised", "dollarized-crypto": "dollarised",
}  # fmt: skip

NAMES = (*RULES, *PARAMETER_RULES, *SHAPES)


class UnknownRule(ValueError):
    """A rule name that nothing here knows."""


def rule_named(name: str) -> str:
    """The rule's own name from any spelling (case, spaces and underscores do not matter); UnknownRule otherwise."""
    plain = name.strip().lower().replace("_", "-").replace(" ", "-")
    plain = ALIASES.get(plain, plain)
    if plain in NAMES:
        return plain
    close = difflib.get_close_matches(plain, (*NAMES, *ALIASES), 1)
    hint = f"did you mean {close[0]}?" if close else "known rules: " + ", ".join(NAMES)
    raise UnknownRule(f"unknown rule {name[:60]!r}; {hint}")
