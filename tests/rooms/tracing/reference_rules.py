"""How value is kept, paid and split: lines, shares and reach, a second time (docs/reference/tracing-rules.md §3 to §5).

Counts of colours are integers of 1/`scale` units; `haircut` on a grain of 0 keeps exact fractions instead.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Protocol

from tests.rooms.tracing.reference_flow import FEES, End, Flow, Place
from tests.rooms.tracing.reference_line import CLEAN, Lots, Units

from recoup.tracing.model import FeePolicy, Parameters, Rule

Line = Units | Lots
Number = int | Fraction
Counts = dict[str, Number]
FINE = 2**16


class Parcel(Protocol):
    """A payment or a receipt on its way: how much of it is whose."""

    @property
    def size(self) -> int: ...
    def counts(self) -> Counts: ...
    def painted(self, colour: str, amount: Number) -> tuple[Parcel, Number]: ...
    def taken(self, amount: Number | None) -> tuple[list[tuple[str, Number]], Parcel]: ...
    def washed(self) -> Parcel: ...


class Rules(Protocol):
    scale: int

    def opened(self, place: Place, amount: int) -> None: ...
    def clean(self, flow: Flow, amount: int) -> Parcel: ...
    def paid(self, flow: Flow, index: int, end: End, elected: bool) -> Parcel: ...
    def split(self, flow: Flow, parcels: list[Parcel]) -> list[Parcel]: ...
    def received(self, place: Place, parcel: Parcel) -> None: ...
    def held(self, place: Place) -> Counts: ...


@dataclass(frozen=True)
class LineParcel:
    line: Line
    from_end: bool = False  # backward fifo: lines are seen in the mirror

    @property
    def size(self) -> int:
        return self.line.size

    def counts(self) -> Counts:
        found: Counts = defaultdict(int)
        for colour, amount in self.line.coloured().lots():
            found[colour] += amount
        return dict(found)

    def painted(self, colour: str, amount: Number) -> tuple[LineParcel, Number]:
        done = min(int(amount), self.line.clean().size)
        return self._recoloured(done, colour), done

    def taken(self, amount: Number | None) -> tuple[list[tuple[str, Number]], LineParcel]:
        coloured = self.line.coloured()
        n = coloured.size if amount is None else min(int(amount), coloured.size)
        first = (coloured.mirrored() if self.from_end else coloured).cut(n)[0]
        return list(first.lots()), self._recoloured(n, CLEAN)

    def washed(self) -> LineParcel:
        return self._recoloured(self.line.coloured().size, CLEAN)

    def _recoloured(self, amount: int, paint: str) -> LineParcel:
        line = self.line.mirrored() if self.from_end else self.line
        line = line.recoloured(amount, paint=paint)
        return replace(self, line=line.mirrored() if self.from_end else line)


class LineRules:
    """`fifo`, `lifo`, `tiho`, `tainted-first`."""

    scale = 1

    def __init__(self, parameters: Parameters, flows: list[Flow], units: bool, elected: set[object]) -> None:
        self.rule, self.first_fee = parameters.rule, parameters.fee_policy is FeePolicy.FIRST
        self.from_end = parameters.backward and self.rule is Rule.FIFO
        self.kind = Units if units else Lots
        self.pots: dict[Place, Line] = defaultdict(lambda: self._line(0))
        self.windows = Windows(flows, elected) if self.rule is Rule.TIHO else None

    def _line(self, amount: int) -> Line:
        return self.kind.of([(CLEAN, amount)])

    def opened(self, place: Place, amount: int) -> None:
        self.pots[place] = self._line(amount)

    def clean(self, flow: Flow, amount: int) -> LineParcel:
        return LineParcel(self._line(amount), self.from_end)

    def paid(self, flow: Flow, index: int, end: End, elected: bool) -> LineParcel:
        place = (flow.asset, end.pot)
        paid, self.pots[place] = self._cut(self.pots[place], flow, index, end, elected)
        return LineParcel(paid, self.from_end)

    def _cut(self, line: Line, flow: Flow, index: int, end: End, elected: bool) -> tuple[Line, Line]:
        if end.pot.kind == "coin":
            return line, self._line(0)
        if self.windows:
            planned = self.windows.coloured(flow, index, line.coloured().size)
            return pick(line, planned, end.amount - planned)
        if elected or self.rule is Rule.TAINTED_FIRST:
            coloured = min(end.amount, line.coloured().size)
            return pick(line, coloured, end.amount - coloured)
        if self.rule is Rule.LIFO:
            rest, paid = line.cut(line.size - end.amount)
            return paid, rest
        return line.cut(end.amount)

    def split(self, flow: Flow, parcels: list[Parcel]) -> list[Parcel]:
        line = self._line(0)
        for parcel in parcels:
            assert isinstance(parcel, LineParcel)
            line = line + parcel.line  # type: ignore[operator]
        given: list[Line] = []
        if self.rule is Rule.TIHO:
            given = self._largest_first(line, flow)
        elif self.rule is Rule.TAINTED_FIRST:
            line = line.coloured() + line.clean()  # type: ignore[operator]
        for end in flow.ins[len(given) :]:
            if self.rule is Rule.LIFO:
                line, here = line.cut(line.size - end.amount)
            else:
                here, line = line.cut(end.amount)
            given.append(here)
        return [LineParcel(here, self.from_end) for here in given]

    def _largest_first(self, line: Line, flow: Flow) -> list[Line]:
        fee = [j for j, end in enumerate(flow.ins) if end.pot == FEES]
        sizes = sorted((j for j in range(len(flow.ins)) if j not in fee), key=lambda j: (-flow.ins[j].amount, j))
        coloured, clean = line.coloured(), line.clean()
        given = {j: self._line(0) for j in range(len(flow.ins))}
        for j in fee + sizes if self.first_fee else sizes + fee:
            given[j], coloured = coloured.cut(min(coloured.size, flow.ins[j].amount))
        for j, end in enumerate(flow.ins):
            here, clean = clean.cut(end.amount - given[j].size)
            given[j] = given[j] + here  # type: ignore[operator]
        return [given[j] for j in range(len(flow.ins))]

    def received(self, place: Place, parcel: Parcel) -> None:
        assert isinstance(parcel, LineParcel)
        self.pots[place] = self.pots[place] + parcel.line  # type: ignore[operator]

    def held(self, place: Place) -> Counts:
        return LineParcel(self.pots[place]).counts()


def pick(line: Line, coloured: int, clean: int) -> tuple[Line, Line]:
    """Take the first coloured units, then the first clean ones; the rest stay where they are."""
    marked: list[tuple[str, int]] = []
    taken = {True: [], False: []}  # type: dict[bool, list[tuple[str, int]]]
    left = {True: coloured, False: clean}
    for colour, amount in line.lots():
        here = min(amount, left[colour != CLEAN])
        left[colour != CLEAN] -= here
        taken[colour != CLEAN].append((colour, here))
        marked.append((colour, amount - here))
    assert not any(left.values()), "a payment takes more than there is"
    return type(line).of(taken[True] + taken[False]), type(line).of(marked)


class Windows:
    """`tiho` on accounts: a run of payments between two receipts, its coloured value planned when it starts."""

    def __init__(self, flows: list[Flow], elected: set[object]) -> None:
        self.window: dict[tuple[int, int], list[tuple[bool, int, tuple[int, int]]]] = {}
        self.plan: dict[tuple[int, int], int] = {}
        open_windows: dict[Place, list[tuple[bool, int, tuple[int, int]]]] = {}
        for flow in flows:
            for index, end in enumerate(flow.outs):
                payment = (end.key not in elected, -end.amount, (id(flow), index))
                window = open_windows.setdefault((flow.asset, end.pot), [])
                window.append(payment)
                self.window[id(flow), index] = window
            for end in flow.ins:
                open_windows.pop((flow.asset, end.pot), None)

    def coloured(self, flow: Flow, index: int, held: int) -> int:
        payment = (id(flow), index)
        if payment not in self.plan:
            for _, amount, other in sorted(self.window[payment], key=lambda found: found[:2]):
                self.plan[other] = min(-amount, held)
                held -= self.plan[other]
        return self.plan[payment]


@dataclass(frozen=True)
class Share:
    size: int
    by: Counts
    grain: int

    def counts(self) -> Counts:
        return {colour: amount for colour, amount in self.by.items() if amount}

    def painted(self, colour: str, amount: Number) -> tuple[Share, Number]:
        done = min(amount, self.size * FINE - sum(self.by.values()))
        return replace(self, by={**self.by, colour: self.by.get(colour, 0) + done}), done

    def taken(self, amount: Number | None) -> tuple[list[tuple[str, Number]], Share]:
        whole = sum(self.by.values())
        parts = dealt(whole if amount is None else min(amount, whole), self.by, self.grain)
        return list(parts.items()), replace(self, by=minus(self.by, parts))

    def washed(self) -> Share:
        return replace(self, by={})


def dealt(total: Number, by: Counts, grain: int) -> Counts:
    """§4, between colours: floor(t·S_k/T) − floor(t·S_(k−1)/T), in `grain`; exact where the grain is 0."""
    whole, seen, given, parts = sum(by.values()), 0, 0, {}  # type: Number, Number, Number, Counts
    for colour, amount in by.items():
        seen += amount
        upto = ratio(total, seen, whole, grain) if whole else 0
        parts[colour], given = upto - given, upto
    return parts


def ratio(amount: Number, part: Number, whole: Number, grain: int) -> Number:
    exact = Fraction(amount) * Fraction(part) / Fraction(whole)
    return exact // grain * grain if grain else exact


def minus(by: Counts, parts: Counts) -> Counts:
    return {colour: amount - parts.get(colour, 0) for colour, amount in by.items()}


class ShareRules:
    """`haircut` and `lowest-intermediate`; `exact` gives the pro-rata shares as fractions."""

    scale = FINE

    def __init__(self, parameters: Parameters, colours: list[str], exact: bool = False) -> None:
        self.own_first = parameters.rule is Rule.LOWEST_INTERMEDIATE
        self.colours, self.exact = colours, exact
        self.balance: dict[Place, int] = defaultdict(int)
        self.by: dict[Place, Counts] = defaultdict(self._none)
        self.roundings = 0

    def _none(self) -> Counts:
        return dict.fromkeys(self.colours, 0)

    def _grain(self, flow: Flow) -> int:
        return 0 if self.exact else FINE if flow.coins else 1

    def opened(self, place: Place, amount: int) -> None:
        self.balance[place] = amount

    def clean(self, flow: Flow, amount: int) -> Share:
        return Share(amount, self._none(), self._grain(flow))

    def paid(self, flow: Flow, index: int, end: End, elected: bool) -> Share:
        place, m, grain = (flow.asset, end.pot), end.amount, self._grain(flow)
        b, whole = self.balance[place], sum(self.by[place].values())
        if end.pot.kind == "coin" or m >= b:
            t = whole
        elif elected:
            t = min(m * FINE, whole)
        elif self.own_first:
            t = max(0, m * FINE - (b * FINE - whole))
        else:
            t = ratio(whole, m, b, grain)
        parts = dealt(t, self.by[place], grain)
        self.roundings += 1
        self.balance[place], self.by[place] = b - m, minus(self.by[place], parts)
        return Share(m, parts, grain)

    def split(self, flow: Flow, parcels: list[Parcel]) -> list[Parcel]:
        left, given, grain = self._none(), [], self._grain(flow)
        for parcel in parcels:
            for colour, amount in parcel.counts().items():
                left[colour] += amount
        value, coloured = sum(parcel.size for parcel in parcels), sum(left.values())
        seen: int = 0
        for end in flow.ins:
            before, seen = seen, seen + end.amount
            if self.own_first:
                clean = value * FINE - coloured
                here: Number = end.amount * FINE - (min(clean, seen * FINE) - min(clean, before * FINE))
            else:
                here = ratio(coloured, seen, value, grain) - ratio(coloured, before, value, grain)
            parts = dealt(here, left, grain)
            left = minus(left, parts)
            given.append(Share(end.amount, parts, grain))
            self.roundings += 1
        return list(given)

    def received(self, place: Place, parcel: Parcel) -> None:
        self.balance[place] += parcel.size
        for colour, amount in parcel.counts().items():
            self.by[place][colour] += amount

    def held(self, place: Place) -> Counts:
        return {colour: amount for colour, amount in self.by[place].items() if amount}


@dataclass(frozen=True)
class Reach:
    size: int
    claims: frozenset[str] = field(default_factory=frozenset)

    def counts(self) -> Counts:
        return dict.fromkeys(sorted(self.claims), self.size)

    def painted(self, colour: str, amount: Number) -> tuple[Reach, Number]:
        return Reach(self.size, self.claims | {colour}), amount

    def taken(self, amount: Number | None) -> tuple[list[tuple[str, Number]], Reach]:
        return list(self.counts().items()), self  # an outer bound: it goes on, and it stays

    def washed(self) -> Reach:
        return Reach(self.size)


class PoisonRules:
    scale = 1

    def __init__(self) -> None:
        self.claims: dict[Place, frozenset[str]] = defaultdict(frozenset)

    def opened(self, place: Place, amount: int) -> None: ...

    def clean(self, flow: Flow, amount: int) -> Reach:
        return Reach(amount)

    def paid(self, flow: Flow, index: int, end: End, elected: bool) -> Reach:
        return Reach(end.amount, self.claims[flow.asset, end.pot])

    def split(self, flow: Flow, parcels: list[Parcel]) -> list[Parcel]:
        reached = frozenset(colour for parcel in parcels for colour in parcel.counts())
        return [Reach(end.amount, reached) for end in flow.ins]

    def received(self, place: Place, parcel: Parcel) -> None:
        self.claims[place] |= set(parcel.counts())

    def held(self, place: Place) -> Counts:
        return dict.fromkeys(sorted(self.claims[place]), 0)
