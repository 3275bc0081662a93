"""Results and exhibits made by hand, so that what the report says is known without running a trace."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

from recoup.formats.exhibit import ClaimLine, Exhibit, Extent, InputFile
from recoup.formats.exhibit.blocks import Page
from recoup.formats.exhibit.flow import Palette
from recoup.formats.exhibit.phrases import Phrases
from recoup.ground import Asset
from recoup.tracing import (
    FeePolicy,
    Granularity,
    Holding,
    Move,
    Parameters,
    Result,
    Rule,
    Service,
    Shares,
    Step,
    Stop,
)

BTC, EUR = Asset("BTC"), Asset("EUR")
VERSIONS = (("recoup", "0.1.0"), ("python", "3.11.7"), ("pyarrow", "17.0.0"))
EXTENT = Extent(3, 7, "2024-01-01T00:00:00Z", "2024-01-03T00:00:00Z")
LEDGER = InputFile("ledger", "inputs/ledger/a.csv", 1234, "ab" * 32)


def move(account: str, amount: int, coin: str = "", /, **by_claim: int) -> Move:
    return Move(account, coin, amount, dict(by_claim))


def step(entry: str, outs: list[Move], ins: list[Move], fee: Move | None = None, shortfall: int = 0) -> Step:
    return Step(entry, "2024-01-02T00:00:00Z", tuple(outs), tuple(ins), fee, shortfall)


def holding(account: str, balance: int, coin: str = "", /, **by_claim: int) -> Holding:
    traced = sum(by_claim.values())
    return Holding(account, coin, traced, balance, dict(by_claim), traced, traced)


def stop(account: str, label: str, kind: str, /, **by_claim: int) -> Stop:
    traced = sum(by_claim.values())
    return Stop(account, label, kind, traced, dict(by_claim), traced, traced)


def result(
    injected: Shares,
    holdings: list[Holding] | None = None,
    stopped: list[Stop] | None = None,
    steps: list[Step] | None = None,
    fees: Shares | None = None,
    left: Shares | None = None,
    rule: Rule = Rule.FIFO,
    asset: Asset = EUR,
    granularity: Granularity = Granularity.ACCOUNT,
) -> Result:
    return Result(
        parameters=Parameters(rule, granularity),
        granularity=granularity,
        asset=asset,
        injected=injected,
        holdings=tuple(holdings or ()),
        stopped=tuple(stopped or ()),
        fees=fees or {},
        left_data=left or {},
        steps=tuple(steps or ()),
    )


def with_parameters(made: Result, fee_policy: FeePolicy = FeePolicy.LAST, **changes: object) -> Result:
    parameters = replace(made.parameters, fee_policy=fee_policy, **changes)  # type: ignore[arg-type]
    return replace(made, parameters=parameters)


def exhibit(*results: Result, language: str = "en", services: tuple[Service, ...] = (), **changes: object) -> Exhibit:
    lines = tuple(
        ClaimLine(claim, "e1", "0", "mule", "2024-01-01T00:00:00Z", made.asset, amount)
        for made in results
        for claim, amount in made.injected.items()
    )
    made_exhibit = Exhibit(language, results, (), (), lines, services, (), (LEDGER,), EXTENT, VERSIONS)
    return replace(made_exhibit, **changes)  # type: ignore[arg-type]


def page(made: Result, language: str = "en", **changes: object) -> Page:
    services = changes.pop("services", ())
    assert isinstance(services, tuple)
    of = exhibit(made, language=language, services=services, **changes)
    return Page(of, made, Phrases(language), Palette.of(made.injected))


class Reader(HTMLParser):
    """Reads a page as a browser would, and notes its words, tags and what does not nest."""

    INLINE = frozenset({"bdi", "strong", "b", "i", "span", "time", "code"})
    VOID = frozenset({"meta", "br", "col"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.spaced: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names):
            self.faults.append(f"<{tag}> repeats an attribute")
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in self.VOID:
            self.open.append(tag)
        self._space(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        self._space(tag)
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)
            self.spaced.append(data)

    def _space(self, tag: str) -> None:
        if tag not in self.INLINE:
            self.spaced.append(" ")

    @property
    def text(self) -> str:
        """The words as they are read, blocks apart."""
        return " ".join("".join(self.spaced).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def read(html: str | bytes) -> Reader:
    reader = Reader()
    reader.feed(html.decode() if isinstance(html, bytes) else html)
    reader.close()
    return reader


def words(html: str) -> str:
    """The words of some HTML, as they are read."""
    return read(html).text
