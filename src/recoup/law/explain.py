"""A plan as text that a prosecutor can read and discuss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recoup.ground import Answer, Asset
from recoup.law.clocks import clocks
from recoup.law.codes import Leg
from recoup.law.model import CodeBook
from recoup.law.plan import Blocked, Dropped, Item, Plan, Reason
from recoup.law.question import AssetAsked, Question

LEG_TITLES = {
    Leg.HOLD: "HOLD - stop it moving now, for a short time",
    Leg.CONVERT: "CONVERT - the order that keeps it",
    Leg.EVIDENCE: "EVIDENCE - records and whereabouts",
    Leg.CIVIL: "CIVIL - what a claimant or liquidator can do",
    Leg.ENFORCE: "ENFORCE - have the confiscation executed",
    Leg.RETURN: "RETURN - money back to victims",
}
_AVAILABLE = {Answer.YES: "available", Answer.UNKNOWN: "VERIFY before sending", Answer.NO: "not available"}
_MARKS = {Answer.YES: "+", Answer.NO: "-", Answer.UNKNOWN: "?"}


class _Sources:
    """Numbers the sources in the order in which the text cites them."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def cited(self, reason: Reason) -> str:
        seen = f"as of {reason.as_of}" if reason.as_of else "undated"
        return f"source {self.numbers.setdefault(f'{reason.source} ({seen})', len(self.numbers) + 1)}"

    def lines(self) -> Iterator[str]:
        yield from (f"  {number}. {title}" for title, number in self.numbers.items())


def explain(question: Question, plans: Sequence[Plan], codes: CodeBook) -> Iterator[str]:
    """Lines of the explanation: one part per asset; every statement ends at its clause, source and mark."""
    authority, sources = _plain(question.authority) or "authority not named", _Sources()
    yield f"Routes for {question.state} ({authority}), decided as of {question.as_of}"
    yield f"Asked: {question.measure.value}; conduct: {_plain(', '.join(question.conduct.labels)) or 'not named'}"
    yield "This is a plan to discuss, not legal advice. Marks: read, secondary, memory (recalled, not yet checked)."
    for asset, plan in zip(question.assets, plans, strict=True):
        yield ""
        yield from _asset_lines(asset, plan, codes, sources)
    yield ""
    yield "SOURCES"
    yield from sources.lines()


def _asset_lines(asset: AssetAsked, plan: Plan, codes: CodeBook, sources: _Sources) -> Iterator[str]:
    value = asset.value
    held = Asset(value.asset).written(value.amount) if value else "value not stated"
    yield f"== {_plain(asset.id)}: {_plain(asset.class_text)}, {held}"
    yield f"   State to ask: {plan.state or 'not known'} ({plan.basis})"
    if plan.blocked:
        yield "   BLOCKED"
        for block in plan.blocked:
            yield from _block_lines(block, codes)
    legs = list(dict.fromkeys(item.leg for item in plan.portfolio))
    for leg in legs:
        yield f"   {LEG_TITLES[leg]}"
        for item in plan.portfolio:
            if item.leg is leg:
                yield from _item_lines(item, codes, sources)
    if not plan.portfolio:
        yield "   No route is open on these facts."
    yield from _dropped_lines(plan.dropped)
    if plan.warnings:
        yield "   WARNINGS"
        yield from (f"   ! {_plain(warning)}" for warning in plan.warnings)


def _item_lines(item: Item, codes: CodeBook, sources: _Sources) -> Iterator[str]:
    yield f"   {item.rank}. {item.instrument} - {item.does} [{_AVAILABLE[item.availability]}]"
    yield f"      to: {_plain(item.addressee)}"
    yield f"      by: {item.channel}"
    pace = f"half within {item.time.p50} d, nine in ten within {item.time.p90} d"
    still = f"; by then about {item.held_permille / 10:.0f} % is still there" if item.held_permille is not None else ""
    yield f"      time: {pace}{still}"
    if item.clocks:
        yield "      clocks: " + "; ".join(f"{code} {_clock_words(code, codes)}" for code in item.clocks)
    if item.missing:
        yield "      still missing: " + "; ".join(f"{code} {codes.fields[code]}" for code in item.missing)
    for risk in item.risks:
        doubt = " (if it applies)" if risk.live is Answer.UNKNOWN else ""
        yield f"      risk {risk.code} {codes.grounds[risk.code]}{doubt}: {risk.mitigation}"
    for note in item.notes:
        yield f"      {note}"
    yield from (_reason_line(reason, sources) for reason in item.reasons)


def _clock_words(code: str, codes: CodeBook) -> str:
    words = clocks()[code].words
    return f"{codes.clocks[code]}: {words}" if words else codes.clocks[code]


def _reason_line(reason: Reason, sources: _Sources) -> str:
    rests_on = f"{reason.rule}, {reason.clause}; {sources.cited(reason)}; {reason.verify}"
    return f"      {_MARKS[reason.result]} {_plain(reason.says)} [{rests_on}]"


def _block_lines(block: Blocked, codes: CodeBook) -> Iterator[str]:
    yield f"   x {block.guard} {codes.guards[block.guard]}: {_plain(block.because)}"
    if block.instruments:
        yield f"     stops: {', '.join(block.instruments)}"
    yield from (f"     instead: {alternative}" for alternative in block.alternatives)


def _dropped_lines(dropped: Sequence[Dropped]) -> Iterator[str]:
    """Routes that do not concern this pair of States are named in one line; the others keep their reason."""
    foreign = [one for one in dropped if one.rule in ("K16", "ABROAD") and "not in force on" not in one.because]
    told: dict[tuple[str, str, str], list[str]] = {}
    for one in (one for one in dropped if one not in foreign):
        told.setdefault((one.instrument, one.because, one.needs), []).append(one.leg.value)
    if dropped:
        yield "   NOT OFFERED"
    for (instrument, because, needs), legs in told.items():
        yield f"   - {instrument} ({', '.join(dict.fromkeys(legs))}): {_plain(because)}. Would need: {needs}"
    if foreign:
        names = ", ".join(dict.fromkeys(one.instrument for one in foreign))
        yield f"   - do not bind or do not concern this pair of States (K16): {names}"


def _plain(text: str) -> str:
    """Text of a case as one line of printable characters: no control, no bidi override can change the page."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:500])
