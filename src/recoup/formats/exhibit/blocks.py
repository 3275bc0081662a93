"""Pieces that several sections use: tables, places, whose value it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recoup.formats.exhibit.figures import bare, money
from recoup.formats.exhibit.flow import Palette
from recoup.formats.exhibit.markup import Child, Markup, identifier, joined, number, plain, tag
from recoup.formats.exhibit.model import Exhibit
from recoup.formats.exhibit.phrases import Phrases
from recoup.ground import Asset
from recoup.tracing import Result, Shares

ROWS_SHOWN_MAX = 60
CLAIMS_NAMED_MAX = 6


@dataclass(frozen=True)
class Page:
    """What every section of one result needs."""

    exhibit: Exhibit
    result: Result
    phrases: Phrases
    palette: Palette

    @property
    def asset(self) -> Asset:
        return self.result.asset

    @property
    def backward(self) -> bool:
        return self.result.parameters.backward

    def say(self, message: str, **values: Child) -> Markup:
        return self.phrases.say(message, **values)

    def turned(self, message: str) -> str:
        """The message's form for a backward trace where this is one."""
        return f"{message}_backward" if self.backward else message

    def money(self, amount: int) -> Markup:
        return money(self.asset, amount)

    def place(self, account: str, coin: str = "") -> Markup:
        """An account (and coin) in full, with what the services file calls it."""
        label = self.exhibit.label(account)
        named = [tag("bdi", label, class_="name"), tag("br")] if label else []
        coins = [tag("br"), tag("bdi", coin, dir="ltr", class_="id faint")] if coin else []
        return joined([*named, identifier(account), *coins])

    def whose(self, shares: Shares) -> Markup:
        """Claims with their amounts and colours, the largest few."""
        ranked = sorted(shares.items(), key=lambda item: -item[1])
        lines = [
            tag("div", self.swatch(claim), tag("bdi", claim), " ", number(bare(self.asset, amount)), class_="share")
            for claim, amount in ranked[:CLAIMS_NAMED_MAX]
        ]
        if len(ranked) > CLAIMS_NAMED_MAX:
            others = number(f"{len(ranked) - CLAIMS_NAMED_MAX:,}")
            lines.append(tag("div", self.say("page.others", count=others), class_="share"))
        return joined(lines)

    def claim(self, claim: str) -> Markup:
        """A claim's name with its colour."""
        return tag("span", self.swatch(claim), tag("bdi", claim), class_="share")

    def swatch(self, claim: str) -> Markup:
        square = tag("rect", width=10, height=10, class_=self.palette.css(claim))
        return joined([tag("svg", square, viewBox="0 0 10 10", class_="swatch", aria_hidden="true"), " "])

    def kind(self, kind: str) -> Markup:
        return self.phrases.say_or(f"stop.{kind}", kind)


def table(headings: Sequence[Child], rows: Sequence[Sequence[Child]], figures: Sequence[int] = ()) -> Markup:
    """A table; `figures` are the columns that hold amounts."""
    head = tag("tr", *(tag("th", text, scope="col", class_=_css(i, figures)) for i, text in enumerate(headings)))
    names = [plain(heading) for heading in headings]
    body = [tag("tr", *(_cell(cell, names[i], _css(i, figures)) for i, cell in enumerate(row))) for row in rows]
    return tag("div", tag("table", tag("thead", head), tag("tbody", *body)), class_="wide", tabindex="0")


def _cell(cell: Child, name: str, css: str | None) -> Markup:
    """`data-label` names the column where a narrow screen shows rows as cards."""
    return tag("td", tag("div", cell, class_="cell"), data_label=name, class_=css)


def _css(column: int, figures: Sequence[int]) -> str | None:
    return "figure" if column in figures else None


def section(key: str, title: Markup, *children: Child) -> Markup:
    """A section is known by its class: a report on several assets has each of them several times."""
    return tag("section", tag("h2", title), *children, class_=f"on-{key}", aria_label=plain(title))


def shown_of(page: Page, shown: int, count: int, file: str, message: str = "page.all_rows") -> Markup:
    """A note that rows are left out; nothing where none is."""
    if shown >= count:
        return Markup("")
    values = {"shown": number(f"{shown:,}"), "count": number(f"{count:,}"), "file": tag("bdi", file, dir="ltr")}
    return tag("p", page.say(message, **values), class_="note")
