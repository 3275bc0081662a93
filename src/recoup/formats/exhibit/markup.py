"""HTML and SVG that cannot be broken by the text inside them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape, unescape

TEXT_SHOWN_MAX = 200  # characters of one foreign text on the page; the tables hold it whole

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_TAG = re.compile(r"<[^>]*>")
_VOID = frozenset({"meta", "br", "path", "rect", "line", "col"})


@dataclass(frozen=True, slots=True)
class Markup:
    """Text that is HTML already. Only `tag`, `joined` and `text` make it, so nothing foreign enters unescaped."""

    html: str


Child = Markup | str
NOTHING = Markup("")


def visible(foreign: str) -> str:
    """The text with what cannot be seen made visible: control, bidirectional and unassigned characters by their code.

    Longer than TEXT_SHOWN_MAX, its middle is left out (`…`).
    """
    if len(foreign) > TEXT_SHOWN_MAX:
        half = TEXT_SHOWN_MAX // 2
        foreign = foreign[:half] + "…" + foreign[-half + 1 :]
    return "".join(f"⟨U+{ord(sign):04X}⟩" if unicodedata.category(sign) in _UNSEEN else sign for sign in foreign)


def text(foreign: str) -> Markup:
    """Any text as HTML text."""
    return Markup(escape(visible(foreign)))


def tag(name: str, /, *children: Child, **attributes: str | int | None) -> Markup:
    """One element. `str` children are escaped; `class_` is class, `_` is `-`; an attribute of None is left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(visible_attribute(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID and not children:
        return Markup(f"<{name}{written}>" if name in ("meta", "br", "col") else f"<{name}{written}/>")
    return Markup(f"<{name}{written}>{joined(children).html}</{name}>")


def visible_attribute(value: str | int) -> str:
    return str(value) if isinstance(value, int) else "".join(sign for sign in value if sign.isprintable())


def joined(children: Iterable[Child], between: str = "") -> Markup:
    """Children one after the other, `between` them (HTML) where given."""
    return Markup(between.join(child.html if isinstance(child, Markup) else text(child).html for child in children))


def plain(child: Child) -> str:
    """The words of some HTML without its tags, for attributes."""
    return unescape(_TAG.sub("", child.html)).strip() if isinstance(child, Markup) else child


def foreign(name: str) -> Markup:
    """A name from the data, isolated so that its direction cannot reorder what stands around it."""
    return tag("bdi", name)


def identifier(name: str) -> Markup:
    """An account, coin or transaction id: left to right, may break anywhere."""
    return tag("bdi", name, dir="ltr", class_="id")


def number(written: str) -> Markup:
    """A figure: left to right, never broken."""
    return tag("bdi", written, dir="ltr", class_="number")
