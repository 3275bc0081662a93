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
_MARKS = {Answer.YES: "+", Answer.UNKNOWN: "?", Answer.NO: "-"}
_COMMON = ("K16", "K06", "LADDER")


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
    yield ""
    yield "OVERVIEW"
    yield from (_overview_line(plan) for plan in plans)
    for asset, plan in zip(question.assets, plans, strict=True):
        yield ""
        yield from _asset_lines(asset, plan, codes, sources)
    data = list(dict.fromkeys(warning for plan in plans for warning in plan.warnings if _on_data(warning)))
    if data:
        yield ""
        yield "AGE OF THE DATA - check before anything is sent"
        yield from (f"  ! {warning}" for warning in data)
    yield ""
    yield "SOURCES"
    yield from sources.lines()


def _overview_line(plan: Plan) -> str:
    if not plan.portfolio:
        return f"  {_plain(plan.id)}: no route is open" + (f" in {plan.state}" if plan.state else "")
    best = plan.portfolio[0]
    hold = next((item for item in plan.portfolio if item.leg is Leg.HOLD and item is not best), None)
    meanwhile = f"; meanwhile hold by {hold.instrument} ({hold.time.p50} d)" if hold else ""
    stops = [block.guard for block in plan.blocked if not block.materials]
    blocks = f"; blocked: {', '.join(stops)}" if stops else ""
    kept_out = [name for block in plan.blocked for name in block.materials]
    blocks += f"; keep out of the annex: {_plain(', '.join(kept_out))}" if kept_out else ""
    first = f"{best.instrument} [{_AVAILABLE[best.availability]}] ({best.time.p50} d)"
    return f"  {_plain(plan.id)}: ask {plan.state or 'State not known'} by {first}{meanwhile}{blocks}"


def _on_data(warning: str) -> bool:
    """True for a warning about an entry of the catalogue or a table, which is the same for every asset."""
    return "(C22)" in warning or "participation is recalled" in warning


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
    own = [warning for warning in plan.warnings if not _on_data(warning)]
    if own:
        yield "   WARNINGS"
        yield from (f"   ! {_plain(warning)}" for warning in own)


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
    yield _participation_line(item, sources)
    own = [reason for reason in item.reasons if reason.rule not in _COMMON]
    yield from (_reason_line(reason, sources) for reason in own)


def _clock_words(code: str, codes: CodeBook) -> str:
    words = clocks()[code].words
    return f"{codes.clocks[code]}: {words}" if words else codes.clocks[code]


def _participation_line(item: Item, sources: _Sources) -> str:
    """In force, who takes part, sender and evidence in one line, each with its source."""
    common = [reason for reason in item.reasons if reason.rule in _COMMON]
    worst = max((reason.result for reason in common), key=list(_MARKS).index)
    parts = [f"{_plain(reason.says)} ({sources.cited(reason)}, {reason.verify})" for reason in common]
    return f"      {_MARKS[worst]} {'; '.join(parts)} [K16, K06, LADDER]"


def _reason_line(reason: Reason, sources: _Sources) -> str:
    rests_on = f"{reason.rule}, {reason.clause}; {sources.cited(reason)}; {reason.verify}"
    return f"      {_MARKS[reason.result]} {_plain(reason.says)} [{rests_on}]"


def _block_lines(block: Blocked, codes: CodeBook) -> Iterator[str]:
    yield f"   x {block.guard} {codes.guards[block.guard]}: {_plain(block.because)}"
    if block.instruments:
        yield f"     stops: {', '.join(block.instruments)}"
    yield from (f"     instead: {alternative}" for alternative in block.alternatives)


def _dropped_lines(dropped: Sequence[Dropped]) -> Iterator[str]:
    """Routes by what keeps them out: the same reason once, and in one line those that do not concern the pair."""
    foreign = [one for one in dropped if one.rule in ("K16", "ABROAD") and "not in force on" not in one.because]
    if dropped:
        yield "   NOT OFFERED"
    told: dict[tuple[str, str], list[Dropped]] = {}
    for one in (one for one in dropped if one not in foreign):
        told.setdefault(_common_reason(one), []).append(one)
    for (because, needs), group in told.items():
        names = ", ".join(dict.fromkeys(one.instrument for one in group))
        yield f"   - {names}: {_plain(because)}." + (f" Would need: {needs}" if needs else "")
    if foreign:
        names = ", ".join(dict.fromkeys(one.instrument for one in foreign))
        yield f"   - do not bind or do not concern this pair of States (K16): {names}"


def _common_reason(one: Dropped) -> tuple[str, str]:
    if one.because.startswith("pre-empted by"):
        return one.because, ""
    if one.rule == "K16":
        return one.because.split("; ")[0], one.needs
    head, _, rest = one.because.partition(": ")
    return (rest or head), one.needs


def _plain(text: str) -> str:
    """Text of a case as one line of printable characters: no control, no bidi override can change the page."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:500])
