"""What guards K01-K17 ask about one move; what is not known passes none."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a guard may ask about one move. None is not known, and not known passes no guard.

    `drafted_by`, `approved_by`: persons. `missing`: content codes F not yet written. `withheld`: materials in the annex
    that may not travel. `open_claims`: objections, third-party claims, appeals or stays on the asset.
    """

    drafted_by: str = ""
    approved_by: str = ""
    sender_competent: bool | None = None
    in_force: bool | None = None
    translated: bool | None = None
    proportionality_noted: bool | None = None
    located: bool | None = None
    confiscation: bool = False
    order_final: bool | None = None
    order_under_appeal: bool | None = None
    missing: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    open_claims: tuple[str, ...] = ()
    live_elsewhere: bool | None = None
    coordinated: bool | None = None
    cure: str = ""
    order_follows: bool | None = None


def _must(truth: bool | None, what: str) -> str:
    return "" if truth is True else f"{what} is not known" if truth is None else f"not so: {what}"


def _final_order(c: Circumstances) -> str:
    """K01."""
    appeal = None if c.order_under_appeal is None else not c.order_under_appeal
    return _must(c.order_final, "the order is final") or _must(appeal, "no appeal is open")


def _final_if_confiscation(c: Circumstances) -> str:
    return _final_order(c) if c.confiscation else ""


def _located(c: Circumstances) -> str:
    """K02."""
    return _must(c.located, "the property is identified in the requested State")


def _complete(c: Circumstances) -> str:
    return f"missing {', '.join(c.missing)}" if c.missing else ""


def _translated(c: Circumstances) -> str:
    """K05."""
    return _must(c.translated, "an accepted translation is attached")


def _competent(c: Circumstances) -> str:
    """K06."""
    return _must(c.sender_competent, "the sender may sign it")


def _proportionate(c: Circumstances) -> str:
    """K07."""
    return _must(c.proportionality_noted, "necessity and proportionality are noted")


def _annex(c: Circumstances) -> str:
    """K09, K10: nothing in the annex may be withheld."""
    return f"may not travel: {', '.join(c.withheld)}" if c.withheld else ""


def _uncontested(c: Circumstances) -> str:
    """K14."""
    return f"open: {', '.join(c.open_claims)}" if c.open_claims else ""


def _four_eyes(c: Circumstances) -> str:
    """K15."""
    if not c.approved_by.strip() or not c.drafted_by.strip():
        return "two named persons are needed"
    return "the same person drafted and approved it" if _name(c.approved_by) == _name(c.drafted_by) else ""


def _name(text: str) -> str:
    """A name without its case, width and spacing: `A. MARTIN` and `a.  martin` are one person."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _in_force(c: Circumstances) -> str:
    """K16."""
    return _must(c.in_force, "the instrument is in force for both States")


def _alone(c: Circumstances) -> str:
    """K17."""
    if c.live_elsewhere is False:
        return ""
    return _must(c.coordinated, "the other live freezing request is coordinated")


def _cured(c: Circumstances) -> str:
    return "" if c.cure.strip() else "a new version says what it cures"


def _order_follows(c: Circumstances) -> str:
    return _must(c.order_follows, "an order that follows the hold is named")


K01, K02, K05, K06 = ("K01", _final_order), ("K02", _located), ("K05", _translated), ("K06", _competent)
K07, K09, K14, K15 = ("K07", _proportionate), ("K09", _annex), ("K14", _uncontested), ("K15", _four_eyes)
K16, K17, FIELDS, CURE = ("K16", _in_force), ("K17", _alone), ("F", _complete), ("CURE", _cured)
K01_IF, HOLD = ("K01", _final_if_confiscation), ("HOLD", _order_follows)
