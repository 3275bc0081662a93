"""Every fixed text exists in every language, is used, and fills the same places."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import recoup.formats.exhibit as room
from recoup.formats.exhibit.markup import tag
from recoup.formats.exhibit.phrases import LANGUAGES, Phrases, messages
from recoup.tracing import Granularity, LinkKind, Rule

SOURCES = {path.name: path.read_text(encoding="utf-8") for path in Path(room.__file__).parent.glob("*.py")}
PLACE = re.compile(r"\{(\w+)\}")
ARABIC = re.compile(r"[\u0600-\u06ff]")
BORROWED = ("source.", "check.command", "answer.full_stop", "steps.line_part")  # names, a command, signs

KINDS = ["service", "exchange", "mixer", "bridge", "payment-processor", "issuer", "merchant"]

# Ids that the code puts together from a value; each must exist for every value.
BUILT: dict[str, list[str]] = {
    "rule": list(Rule),
    "convention": list(Rule),
    "source": list(Rule),
    "assume": list(Granularity),
    "role": ["ledger", "claims", "services", "clusters", "links"],
    "state": ["holding", "stop", "fees", "left"],
    "stop": ["below-minimum", "hop-limit", "senior-claim", "source", "link", *KINDS],
    "gaps": ["history-not-in-data", "spent-coin-not-in-data", "balance-below-zero"],
    "flow": ["fees", "left", "through", "others", "other_holdings", "other_stops", "other_claims"],
    "page": ["title", "title_many", "title_backward", "title_many_backward"],
}


@pytest.mark.parametrize("message", messages())
def test_every_text_exists_in_every_language_with_the_same_places(message: str) -> None:
    texts = messages()[message]
    assert set(texts) == set(LANGUAGES)
    places = {language: sorted(PLACE.findall(text)) for language, text in texts.items()}
    assert places["ar"] == places["en"]
    assert all(text.strip() for text in texts.values())


@pytest.mark.parametrize("message", messages())
def test_arabic_is_arabic(message: str) -> None:
    if not message.startswith(BORROWED):
        assert ARABIC.search(messages()[message]["ar"])


@pytest.mark.parametrize("message", [f"{group}.{value}" for group, values in BUILT.items() for value in values])
def test_ids_made_from_values_exist(message: str) -> None:
    assert message in messages()


def test_every_text_is_used() -> None:
    code = "\n".join(SOURCES.values())
    unused = [message for message in messages() if not _used(message, code)]
    assert unused == []


def _used(message: str, code: str) -> bool:
    group, name = message.split(".", 1)
    stem = name.removesuffix("_backward")
    listed = f'f"{group}.' in code and f'"{name}"' in code
    return f'"{group}.{stem}"' in code or name in BUILT.get(group, []) or listed


@pytest.mark.parametrize("message", sorted(set(re.findall(r'say\(\s*"([\w.-]+)"', "\n".join(SOURCES.values())))))
def test_every_id_in_the_code_exists(message: str) -> None:
    assert message in messages()


def test_foreign_text_in_a_place_is_escaped_and_isolated() -> None:
    said = Phrases("en").say("question.forward", rule="<script>")
    assert "<bdi>&lt;script&gt;</bdi>" in said.html and "<script>" not in said.html


def test_markup_in_a_place_is_kept() -> None:
    assert "<b>x</b>" in Phrases("en").say("question.forward", rule=tag("b", "x")).html


def test_a_fixed_text_longer_than_a_foreign_one_may_be_is_whole() -> None:
    said = Phrases("en").say("sensitivity.intro").html
    assert said.endswith("never counts.") and "…" not in said


def test_a_place_without_a_value_is_an_error_of_ours() -> None:
    with pytest.raises(KeyError):
        Phrases("en").say("question.forward")


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_each_language_knows_its_direction(language: str, direction: str) -> None:
    assert Phrases(language).direction == direction


def test_a_kind_that_nobody_knows_is_shown_as_it_is() -> None:
    phrases = Phrases("ar")
    assert phrases.say_or("stop.casino", "casino").html == "<bdi>casino</bdi>"
    assert phrases.plain_or("stop.casino", "casino") == "casino"
    assert phrases.plain_or("stop.mixer", "mixer") == messages()["stop.mixer"]["ar"]


def test_plain_text_fills_its_places() -> None:
    assert Phrases("en").plain("page.title", amount="5 EUR") == "Where 5 EUR went"


@pytest.mark.parametrize("kind", LinkKind)
def test_kinds_of_links_have_plain_names(kind: LinkKind) -> None:
    assert kind.value.isalpha()
