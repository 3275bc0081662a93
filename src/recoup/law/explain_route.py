"""One route of a plan as lines of text: time, clocks, contents, risks, reasons."""

from __future__ import annotations

from collections.abc import Iterator

from recoup.ground import Answer
from recoup.law.clock import clocks
from recoup.law.model import CodeBook
from recoup.law.plan import Item, Reason

AVAILABLE = {Answer.YES: "available", Answer.UNKNOWN: "VERIFY before sending", Answer.NO: "not available"}
MARKS = {Answer.YES: "+", Answer.UNKNOWN: "?", Answer.NO: "-"}
_COMMON = ("K16", "K06", "LADDER")


class Sources:
    """Numbers the sources in the order in which the text cites them."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def cited(self, reason: Reason) -> str:
        seen = f"as of {reason.as_of}" if reason.as_of else "undated"
        return f"source {self.numbers.setdefault(f'{reason.source} ({seen})', len(self.numbers) + 1)}"

    def lines(self) -> Iterator[str]:
        yield from (f"  {number}. {title}" for title, number in self.numbers.items())


def item_lines(item: Item, codes: CodeBook, sources: Sources) -> Iterator[str]:
    yield f"   {item.rank}. {item.instrument} - {item.does} [{AVAILABLE[item.availability]}]"
    yield f"      to: {plain(item.addressee)}"
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


def _participation_line(item: Item, sources: Sources) -> str:
    """In force, who takes part, sender and evidence in one line, each with its source."""
    common = [reason for reason in item.reasons if reason.rule in _COMMON]
    worst = max((reason.result for reason in common), key=list(MARKS).index)
    parts = [f"{plain(reason.says)} ({sources.cited(reason)}, {reason.verify})" for reason in common]
    return f"      {MARKS[worst]} {'; '.join(parts)} [K16, K06, LADDER]"


def _reason_line(reason: Reason, sources: Sources) -> str:
    rests_on = f"{reason.rule}, {reason.clause}; {sources.cited(reason)}; {reason.verify}"
    return f"      {MARKS[reason.result]} {plain(reason.says)} [{rests_on}]"


def plain(text: str) -> str:
    """Text of a case as one line of printable characters: no control, no bidi override can change the page."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:500])
