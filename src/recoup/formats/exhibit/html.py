"""The report as one HTML page: no script, no foreign host, printable on A4."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from recoup.formats.exhibit.answer import answer_section
from recoup.formats.exhibit.assumptions import assumptions_section, check_section, gaps_section
from recoup.formats.exhibit.blocks import ROWS_SHOWN_MAX, Page, section, shown_of, table
from recoup.formats.exhibit.flow import Palette, flow_picture
from recoup.formats.exhibit.holdings import holdings_section
from recoup.formats.exhibit.markup import NOTHING, Child, Markup, identifier, joined, number, tag
from recoup.formats.exhibit.model import Exhibit
from recoup.formats.exhibit.phrases import Phrases
from recoup.formats.exhibit.sheet import sheet_section
from recoup.formats.exhibit.steps import steps_section
from recoup.tracing import Result


def render_html(exhibit: Exhibit) -> bytes:
    """UTF-8 bytes of the report; the same exhibit gives the same bytes. Language: `exhibit.language`."""
    phrases = Phrases(exhibit.language)
    pages = [Page(exhibit, result, phrases, Palette.of(result.injected)) for result in exhibit.results]
    many = len(pages) > 1
    body = [
        _header(exhibit, phrases),
        *(part for page in pages for part in _sections(page, many)),
        check_section(exhibit, phrases),
        tag("footer", phrases.say("page.foot", version=number(dict(exhibit.versions).get("recoup", "")))),
    ]
    page = tag(
        "html", _head(exhibit, phrases), tag("body", tag("main", *body)), lang=phrases.language, dir=phrases.direction
    )
    return f"<!doctype html>\n{page.html}\n".encode()


def _sections(page: Page, many: bool) -> list[Markup]:
    heading = tag("h2", page.say("page.asset", asset=identifier(page.asset.code)), class_="asset") if many else NOTHING
    return [
        heading,
        _question(page),
        answer_section(page),
        _flow(page),
        holdings_section(page),
        sheet_section(page),
        steps_section(page),
        assumptions_section(page),
        gaps_section(page),
    ]


@cache
def _style() -> str:
    return files(__package__).joinpath("style.css").read_text(encoding="utf-8")


def _head(exhibit: Exhibit, phrases: Phrases) -> Markup:
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", phrases.plain(_title(exhibit), **_title_words(exhibit))),
        tag("style", Markup(_style())),
    )


def _title(exhibit: Exhibit) -> str:
    many = "_many" if len(exhibit.results) != 1 else ""
    backward = "_backward" if any(result.parameters.backward for result in exhibit.results) else ""
    return f"page.title{many}{backward}"


def _title_words(exhibit: Exhibit) -> dict[str, str]:
    if len(exhibit.results) != 1:
        return {}
    result = exhibit.results[0]
    return {"amount": result.asset.written(result.injected_total)}


def _header(exhibit: Exhibit, phrases: Phrases) -> Markup:
    words = {name: number(text) for name, text in _title_words(exhibit).items()}
    return tag(
        "header",
        tag("p", phrases.say("page.kicker"), class_="kicker"),
        tag("h1", phrases.say(_title(exhibit), **words)),
    )


def _question(page: Page) -> Markup:
    rule = page.say(f"rule.{page.result.parameters.rule}")
    extent = page.exhibit.extent
    figures = {"entries": number(f"{extent.entries:,}"), "legs": number(f"{extent.legs:,}")}
    times = {"first": number(extent.first), "last": number(extent.last)}
    data = page.say("question.data", **figures, **times) if extent.entries else page.say("question.data_empty")
    limit = page.result.parameters.until
    until: list[Child] = [" ", page.say("question.until", time=number(str(limit)))] if limit else []
    claims = [line for line in page.exhibit.claims if line.asset == page.asset]
    shown = claims[:ROWS_SHOWN_MAX]
    rows = [
        [
            page.claim(line.claim),
            page.place(line.account),
            number(line.time),
            joined([identifier(line.entry), " ", identifier(line.leg)]),
            page.money(line.amount),
        ]
        for line in shown
    ]
    headings = [page.say(f"column.{name}") for name in ("claim", "entered", "time", "movement", "amount")]
    message = "question.backward" if page.backward else "question.forward"
    return section(
        "question",
        page.say("question.title"),
        tag("p", page.say(message, rule=rule), class_="lead"),
        table(headings, rows, figures=(4,)),
        shown_of(page, len(shown), len(claims), "inputs/claims"),
        tag("p", data, *until),
    )


def _flow(page: Page) -> Markup:
    result: Result = page.result
    if not result.parameters.rule.conserves:
        return NOTHING
    return section("flow", page.say("flow.title"), flow_picture(result, page.palette, page.phrases))
