"""A plan as text that a prosecutor can read and discuss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recoup.ground import Asset
from recoup.law.codes import Leg
from recoup.law.explain_dropped import dropped_lines
from recoup.law.explain_route import AVAILABLE, Sources, item_lines, plain
from recoup.law.model import CodeBook
from recoup.law.plan import Blocked, Plan
from recoup.law.question import AssetAsked, Question

LEG_TITLES = {
    Leg.HOLD: "HOLD - stop it moving now, for a short time",
    Leg.CONVERT: "CONVERT - the order that keeps it",
    Leg.EVIDENCE: "EVIDENCE - records and whereabouts",
    Leg.CIVIL: "CIVIL - what a claimant or liquidator can do",
    Leg.ENFORCE: "ENFORCE - have the confiscation executed",
    Leg.RETURN: "RETURN - money back to victims",
}


def explain(question: Question, plans: Sequence[Plan], codes: CodeBook) -> Iterator[str]:
    """Lines of the explanation: one part per asset; every statement ends at its clause, source and mark."""
    authority, sources = plain(question.authority) or "authority not named", Sources()
    yield f"Routes for {question.state} ({authority}), decided as of {question.as_of}"
    yield f"Asked: {question.measure.value}; conduct: {plain(', '.join(question.conduct.labels)) or 'not named'}"
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
        return f"  {plain(plan.id)}: no route is open" + (f" in {plan.state}" if plan.state else "")
    best = plan.portfolio[0]
    hold = next((item for item in plan.portfolio if item.leg is Leg.HOLD and item is not best), None)
    meanwhile = f"; meanwhile hold by {hold.instrument} ({hold.time.p50} d)" if hold else ""
    stops = [block.guard for block in plan.blocked if not block.materials]
    blocks = f"; blocked: {', '.join(stops)}" if stops else ""
    kept_out = [name for block in plan.blocked for name in block.materials]
    blocks += f"; keep out of the annex: {plain(', '.join(kept_out))}" if kept_out else ""
    first = f"{best.instrument} [{AVAILABLE[best.availability]}] ({best.time.p50} d)"
    return f"  {plain(plan.id)}: ask {plan.state or 'State not known'} by {first}{meanwhile}{blocks}"


def _on_data(warning: str) -> bool:
    """True for a warning about an entry of the catalogue or a table, which is the same for every asset."""
    return "(C22)" in warning or "participation is recalled" in warning


def _asset_lines(asset: AssetAsked, plan: Plan, codes: CodeBook, sources: Sources) -> Iterator[str]:
    value = asset.value
    held = Asset(value.asset).written(value.amount) if value else "value not stated"
    yield f"== {plain(asset.id)}: {plain(asset.class_text)}, {held}"
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
                yield from item_lines(item, codes, sources)
    if not plan.portfolio:
        yield "   No route is open on these facts."
    yield from dropped_lines(plan.dropped)
    own = [warning for warning in plan.warnings if not _on_data(warning)]
    if own:
        yield "   WARNINGS"
        yield from (f"   ! {plain(warning)}" for warning in own)


def _block_lines(block: Blocked, codes: CodeBook) -> Iterator[str]:
    yield f"   x {block.guard} {codes.guards[block.guard]}: {plain(block.because)}"
    if block.instruments:
        yield f"     stops: {', '.join(block.instruments)}"
    yield from (f"     instead: {alternative}" for alternative in block.alternatives)
