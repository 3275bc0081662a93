"""The whole page: self-contained, strict, well-formed, in both directions, and deaf to hostile text."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files

import pytest
from tests.rooms.formats.exhibit.made import BTC, EUR, exhibit, holding, move, read, result, step, stop

import recoup.formats.exhibit as room
from recoup.formats.exhibit import LANGUAGES, ClaimLine, Exhibit, InputFile, render_html
from recoup.formats.exhibit.phrases import messages
from recoup.tracing import (
    Cell,
    FeePolicy,
    Gap,
    Granularity,
    Link,
    LinkKind,
    Result,
    Rule,
    Service,
    Sheet,
)

STYLE = files(room.__name__).joinpath("style.css").read_text(encoding="utf-8")
HOSTILE = (
    "</style><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "\u202egnihtemos\u2066",
    "]]><!--",
    "javascript:alert(1)",
    "&lt;b&gt;",
    "a\x00b\x1b[31m\r\n",
    "{amount} {{claim}} %s",
)


def case(name: str = "anna", account: str = "mule", label: str = "Exchange", text: str = "said") -> Result:
    steps = [
        step(account, [move("outside", 100)], [move(account, 100, **{name: 100})]),
        step(
            "e2",
            [move(account, 100, **{name: 100}), move("B", 5)],
            [move("ex", 65, **{name: 60}), move("C", 40, **{name: 40})],
        ),
    ]
    made = result({name: 100}, [holding("C", 40, **{name: 40})], [stop("ex", label, text, **{name: 60})], steps)
    return replace(made, gaps=(Gap(text, account, label, 5, text),), violations=(text,))


def sheet(target: str = "C", kind: str = "held") -> Sheet:
    choice = (Granularity.ACCOUNT, FeePolicy.LAST)
    cells = [
        Cell(target, kind, Rule.FIFO, *choice, 40, 40, 40, True),
        Cell(target, kind, Rule.LIFO, *choice, 10, 5, 15, False),
    ]
    return Sheet(EUR, (*cells, Cell(target, kind, Rule.POISON, *choice, 105, 105, 105, False)))


def full(language: str = "en", **names: str) -> Exhibit:
    made = case(**names)
    return exhibit(made, language=language, sheets=(sheet(),), services=(Service("ex", "Exchange", "exchange"),))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_nests_and_knows_its_language_and_direction(language: str) -> None:
    page = render_html(full(language))
    reader = read(page)
    assert page.startswith(b"<!doctype html>\n") and reader.faults == [] and reader.open == []
    (html,) = reader.all("html")
    assert html == {"lang": language, "dir": "rtl" if language == "ar" else "ltr"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_is_named_and_nothing_bears_an_id_twice(language: str) -> None:
    reader = read(render_html(replace(full(language), results=(case(), replace(case(), asset=BTC)))))
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert all(section["aria-label"] for section in reader.all("section"))


def test_each_asset_has_its_own_sections() -> None:
    reader = read(render_html(exhibit(case(), replace(case(), asset=BTC))))
    assert "Asset: EUR" in reader.text and "Asset: BTC" in reader.text
    keys = [section["class"].removeprefix("on-") for section in reader.all("section")]
    assert keys.count("answer") == 2 and keys.count("check") == 1


SECTIONS = {"question", "answer", "flow", "holdings", "sensitivity", "steps", "assumptions", "gaps", "check"}


def test_the_sections_stand_in_the_order_of_a_readers_questions() -> None:
    keys = [section["class"].removeprefix("on-") for section in read(render_html(full())).all("section")]
    assert keys == ["question", "answer", "flow", "holdings", "sensitivity", "steps", "assumptions", "gaps", "check"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_fetched_and_nothing_runs(language: str) -> None:
    page = render_html(full(language))
    reader = read(page)
    forbidden = {
        "script",
        "img",
        "link",
        "iframe",
        "object",
        "embed",
        "form",
        "a",
        "base",
        "foreignObject",
        "use",
        "image",
    }
    assert not forbidden & {name for name, _ in reader.tags}
    names = {key for _, attributes in reader.tags for key in attributes}
    assert not {name for name in names if name.startswith("on")} and not names & {"src", "href", "style", "xlink:href"}
    assert b"url(" not in page and b"@import" not in page and b"://" not in page


def test_the_policy_allows_this_style_and_nothing_else() -> None:
    page = render_html(full())
    (policy,) = [meta["content"] for meta in read(page).all("meta") if meta.get("http-equiv")]
    style = re.findall(rb"<style>(.*?)</style>", page, re.DOTALL)
    assert len(style) == 1
    digest = base64.b64encode(hashlib.sha256(style[0]).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_the_style_knows_no_physical_direction_and_no_foreign_host() -> None:
    physical = (
        r"(?<![-\w])(left|right|margin-left|margin-right|padding-left|padding-right|border-left|border-right|float)\s*:"
    )
    assert re.findall(physical, STYLE) == []
    assert not re.findall(r"text-align:\s*(left|right)", STYLE)
    assert "http" not in STYLE and "url(" not in STYLE and "@media print" in STYLE


def test_every_class_in_the_page_that_draws_has_a_style() -> None:
    classes = {name for _, attributes in read(render_html(full())).tags for name in attributes.get("class", "").split()}
    unstyled = {name for name in classes if f".{name}" not in STYLE}
    assert unstyled <= {"ranges", "pot"} | {f"on-{key}" for key in SECTIONS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_exhibit_is_the_same_bytes(language: str) -> None:
    assert render_html(full(language)) == render_html(full(language))


def everywhere(text: str) -> Iterator[Exhibit]:
    """The text as a claim, an account, a label, a kind, and as everything that carries words."""
    yield exhibit(case(name=text))
    yield exhibit(case(account=text), language="ar")
    yield exhibit(case(label=text), services=(Service("C", text, text, text),))
    line = ClaimLine(text, text, text, text, text, EUR, 100)
    link = Link(text, LinkKind.BRIDGE, text, text, text, text, None, text, text)
    file = InputFile("ledger", text, 1, "ab" * 32)
    yield exhibit(case(text=text), claims=(line,), links=(link,), inputs=(file,), sheets=(sheet(text, text),))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_wherever_it_stands(text: str) -> None:
    for made in everywhere(text):
        page = render_html(made)
        reader = read(page)
        assert reader.faults == [] and reader.open == []
        names = {name for name, _ in reader.tags}
        assert not names & {"script", "img", "b"}
        assert not {key for _, attributes in reader.tags for key in attributes if key.startswith("on")}
        assert not re.search("[\x00-\x09\x0b-\x1f\u202a-\u202e\u2066-\u2069]", page.decode())


def test_a_label_of_millions_of_characters_does_not_fill_the_page() -> None:
    page = render_html(exhibit(case(account="x" * 2_000_000)))
    assert len(page) < 200_000


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", Rule)
def test_every_rule_renders_in_every_language(rule: Rule, language: str) -> None:
    made = case()
    made = replace(made, parameters=replace(made.parameters, rule=rule), accounted_total=100)
    reader = read(render_html(exhibit(made, language=language)))
    assert reader.faults == []
    assert messages()[f"rule.{rule}"][language] in reader.text
    assert ("flow" in {section["class"].removeprefix("on-") for section in reader.all("section")}) == rule.conserves


def test_the_title_is_the_question() -> None:
    assert "Where 1.00 EUR went" in read(render_html(full())).text
    backward = case()
    backward = replace(backward, parameters=replace(backward.parameters, backward=True))
    assert "Where 1.00 EUR came from" in read(render_html(exhibit(backward))).text
    assert "Where the claimed value went" in read(render_html(exhibit(case(), replace(case(), asset=BTC)))).text


def test_no_arabic_report_speaks_english() -> None:
    text = read(render_html(full("ar"))).text
    english = [texts["en"] for message, texts in messages().items() if "{" not in texts["en"] and len(texts["en"]) > 12]
    borrowed = {texts["ar"] for texts in messages().values()}
    assert not [said for said in english if said in text and said not in borrowed]


def test_thousands_of_accounts_make_a_page_of_bounded_size() -> None:
    accounts = 5000
    steps = [step("e0", [move("outside", accounts * 2)], [move("hub", accounts * 2, anna=accounts * 2)])]
    steps += [step(f"e{i}", [move("hub", 2, anna=2)], [move(f"acc-{i}", 2, anna=2)]) for i in range(accounts)]
    held = [holding(f"acc-{i}", 2, anna=2) for i in range(accounts)]
    page = render_html(exhibit(result({"anna": accounts * 2}, held, steps=steps)))
    assert len(page) < 300_000
    text = read(page).text
    assert "The picture keeps the largest places" in text and "4,990 other holdings" in text
    assert "of 5,001 steps are written out" in text and "60 of 5,000 rows are shown" in text
