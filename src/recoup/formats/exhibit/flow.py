"""The flow picture as SVG: claims to the places where their value lies."""

from __future__ import annotations

from dataclasses import dataclass

from recoup.formats.exhibit.figures import share_text, shortened, written
from recoup.formats.exhibit.graph import CLEAN, ENDS, Node, Part, graph_of
from recoup.formats.exhibit.layout import BAR, PIXEL, WIDTH, Bar, Layout, Strip, laid_out
from recoup.formats.exhibit.markup import Markup, tag, visible
from recoup.formats.exhibit.phrases import Phrases
from recoup.formats.exhibit.reduce import OTHER_CLAIMS, Picture, colours_shown, pictured, recoloured
from recoup.tracing import Result

PASSING_MAX = 15
LABEL_MAX = 26  # characters of a service's name in the picture


@dataclass(frozen=True)
class Palette:
    """The colour class of each claim: `c0` … `c7`, in the order of the claims; further claims share the last."""

    shown: dict[str, str]

    @classmethod
    def of(cls, injected: dict[str, int]) -> Palette:
        return cls(colours_shown(injected))

    @property
    def order(self) -> list[str]:
        return list(dict.fromkeys(self.shown.values()))

    def css(self, claim: str) -> str:
        if claim == CLEAN:
            return "clean"
        colour = self.shown.get(claim, claim)
        named = [name for name in self.order if name != OTHER_CLAIMS]
        return f"c{named.index(colour)}" if colour in named else "c7"


def flow_picture(result: Result, palette: Palette, phrases: Phrases) -> Markup:
    """The figure with its notes. A reach has no amounts to draw: for poison there is no picture."""
    graph = recoloured(graph_of(result), palette.shown)
    picture = pictured(graph)
    layout = laid_out(picture, palette.order, result.injected_total)
    drawing = _Drawing(result, palette, phrases, layout, picture)
    notes = [phrases.say("flow.read")]
    if layout.cut:
        notes.append(phrases.say("flow.cut"))
    if picture.merged:
        notes.append(phrases.say("flow.merged", count=f"{picture.merged:,}"))
    if picture.folded:
        notes.append(phrases.say("flow.folded"))
    if picture.returns:
        notes.append(phrases.say("flow.returns"))
    caption = [tag("p", note) for note in notes] + [tag("p", phrases.say("flow.scroll"), class_="narrow-only")]
    return tag(
        "figure", tag("div", drawing.svg(), class_="wide", tabindex="0"), tag("figcaption", *caption), class_="flow"
    )


@dataclass(frozen=True)
class _Drawing:
    result: Result
    palette: Palette
    phrases: Phrases
    layout: Layout
    picture: Picture

    @property
    def mirrored(self) -> bool:
        return self.phrases.direction == "rtl"

    def svg(self) -> Markup:
        parts = [self._strip(strip) for strip in self.layout.strips] + [self._bar(bar) for bar in self.layout.bars]
        nodes = self.picture.graph.nodes.values()
        words = {
            "claims": str(sum(node.count for node in nodes if node.part is Part.CLAIM)),
            "targets": f"{sum(node.count for node in nodes if node.part in (Part.HOLDING, Part.STOP)):,}",
        }
        return tag(
            "svg",
            tag("title", self.phrases.plain("flow.describe", **words)),
            *parts,
            viewBox=f"0 0 {WIDTH // PIXEL} {-(-self.layout.height // PIXEL)}",
            role="img",
        )

    def _x(self, x: int) -> int:
        return WIDTH - x if self.mirrored else x

    def _strip(self, strip: Strip) -> Markup:
        x0, x1, w = self._x(strip.x0), self._x(strip.x1), strip.thickness
        middle, y0, y1 = (x0 + x1) // 2, strip.y0, strip.y1
        path = (
            f"M{px(x0)} {px(y0)}C{px(middle)} {px(y0)} {px(middle)} {px(y1)} {px(x1)} {px(y1)}"
            f"V{px(y1 + w)}C{px(middle)} {px(y1 + w)} {px(middle)} {px(y0 + w)} {px(x0)} {px(y0 + w)}Z"
        )
        return tag("path", d=path, class_=f"{strip.kind} {self.palette.css(strip.colour)}")

    def _bar(self, bar: Bar) -> Markup:
        node = bar.node
        x = self._x(bar.x) - (BAR if self.mirrored else 0)
        css = f"bar {node.part}" + (f" {self.palette.css(node.name)}" if node.part is Part.CLAIM else "")
        rectangle = tag("rect", x=px(x), y=px(bar.y), width=px(BAR), height=px(bar.height), class_=css)
        return tag("g", tag("title", self._full_name(node)), rectangle, *self._labels(bar))

    def _labels(self, bar: Bar) -> list[Markup]:
        if bar.node.part is Part.CLAIM:
            return self._lines(bar.x - 6 * PIXEL, _middle(bar), "end", bar.node)
        if bar.node.part in ENDS:
            return self._lines(bar.x + BAR + 6 * PIXEL, _middle(bar), "start", bar.node)
        css = "label faint" if bar.node.part is Part.TRANSACTION else "label"
        x = bar.x + BAR // 2
        return [
            tag(
                "text",
                self._name(bar.node),
                x=px(self._x(x)),
                y=px(bar.y - 5 * PIXEL),
                text_anchor="middle",
                class_=css,
            )
        ]

    def _lines(self, x: int, y: int, anchor: str, node: Node) -> list[Markup]:
        """Arabic words run from right to left: their start is where the end of a figure would be."""
        name, amount = self._name(node), self._amount(node)
        own = node.count > 1 or node.part in (Part.FEES, Part.LEFT)
        other = "end" if anchor == "start" else "start"
        figures = other if self.mirrored else anchor
        words, css = (anchor, "label name rtl") if self.mirrored and own else (figures, "label name")
        at = px(self._x(x))
        return [
            tag("text", name, x=at, y=px(y - 3 * PIXEL), text_anchor=words, class_=css),
            tag("text", amount, x=at, y=px(y + 11 * PIXEL), text_anchor=figures, class_="label amount"),
        ]

    def _amount(self, node: Node) -> str:
        """A claim's or an end's figure; of what lies between, the claimed value that arrives there."""
        arriving = self.picture.graph.arriving.get(node.key, {})
        amount = node.amount or sum(amount for colour, amount in arriving.items() if colour != CLEAN)
        figure = written(self.result.asset, amount)
        return figure if node.part is Part.CLAIM else f"{figure} · {share_text(amount, self.result.injected_total)}"

    def _name(self, node: Node) -> str:
        if node.count > 1:
            return self._several(node)
        if node.part in (Part.FEES, Part.LEFT):
            return self.phrases.plain(f"flow.{node.part}")
        if node.part is Part.STOP and node.detail:
            return _clipped(self.phrases.plain_or(f"stop.{node.detail}", node.detail))
        if node.part is Part.CLAIM:
            return _clipped(node.name)
        if node.part in (Part.POT, Part.TRANSACTION):
            return _passing(visible(node.name))
        return shortened(visible(node.name))

    def _several(self, node: Node) -> str:
        if node.row:
            return self.phrases.plain("flow.through", count=f"{node.count:,}")
        message = {Part.HOLDING: "other_holdings", Part.STOP: "other_stops", Part.CLAIM: "other_claims"}
        return self.phrases.plain(f"flow.{message.get(node.part, 'others')}", count=f"{node.count:,}")

    def _full_name(self, node: Node) -> str:
        whole = " ".join(part for part in (node.name, node.detail) if part and node.count == 1)
        return f"{visible(whole) or self._name(node)}: {self._amount(node)}"


def _middle(bar: Bar) -> int:
    return bar.y + bar.height // 2


def _passing(name: str) -> str:
    """A short name whole, a name of words by its beginning, an identifier by head and tail."""
    if len(name) <= PASSING_MAX:
        return name
    return name[: PASSING_MAX - 1] + "…" if " " in name else shortened(name, 6, 4)


def _clipped(name: str) -> str:
    name = visible(name)
    return name if len(name) <= LABEL_MAX else name[: LABEL_MAX - 1] + "…"


def px(hundredths: int) -> str:
    """A length for SVG: `12.5`."""
    whole, part = divmod(abs(hundredths), PIXEL)
    return f"{'-' if hundredths < 0 else ''}{whole}" + (f".{part:02d}".rstrip("0") if part else "")
