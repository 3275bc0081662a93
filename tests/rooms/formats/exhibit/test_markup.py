"""No text of the data becomes markup, and nothing in it stays invisible."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rooms.formats.exhibit.made import read

from recoup.formats.exhibit.markup import (
    TEXT_SHOWN_MAX,
    Markup,
    foreign,
    identifier,
    joined,
    number,
    plain,
    tag,
    text,
    visible,
)

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("plain", "plain"),
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("a\u2066b\u2069", "a⟨U+2066⟩b⟨U+2069⟩"),
        ("a\u200bb", "a⟨U+200B⟩b"),
        ("a\u00adb", "a⟨U+00AD⟩b"),
        ("a\x00b", "a⟨U+0000⟩b"),
        ("a\nb\tc\r", "a⟨U+000A⟩b⟨U+0009⟩c⟨U+000D⟩"),
        ("a\u2028b", "a⟨U+2028⟩b"),
        ("a\ud800b", "a⟨U+D800⟩b"),
        ("a\ue000b", "a⟨U+E000⟩b"),
        ("a\U000e0041b", "a⟨U+E0041⟩b"),
        ("حساب كوهين כהן", "حساب كوهين כהן"),
        ("Ωμέγα 株式会社 é", "Ωμέγα 株式会社 é"),
    ],
)
def test_what_cannot_be_seen_is_shown_by_its_code(given_text: str, shown: str) -> None:
    assert visible(given_text) == shown


def test_a_text_of_the_limit_stays_whole_and_a_longer_one_loses_its_middle() -> None:
    whole = "x" * TEXT_SHOWN_MAX
    assert visible(whole) == whole
    cut = visible("a" * TEXT_SHOWN_MAX + "b" * TEXT_SHOWN_MAX)
    assert len(cut) == TEXT_SHOWN_MAX and cut.startswith("aaa") and cut.endswith("bbb") and "…" in cut


@given(ANY_TEXT)
def test_any_text_reads_back_as_text_and_makes_no_tag(given_text: str) -> None:
    reader = read(tag("p", given_text).html)
    assert [name for name, _ in reader.tags] == ["p"]
    assert "".join(reader.words) == visible(given_text)
    assert reader.faults == []


@given(ANY_TEXT)
def test_any_text_in_an_attribute_stays_in_that_attribute(given_text: str) -> None:
    (only,) = read(tag("bdi", "x", title=given_text).html).tags
    assert set(only[1]) == {"title"}
    assert only[1]["title"] == "".join(sign for sign in given_text if sign.isprintable())


@given(ANY_TEXT)
def test_plain_gives_the_words_back(given_text: str) -> None:
    assert plain(tag("b", given_text)) == visible(given_text).strip()
    assert plain(given_text) == given_text


def test_text_is_escaped_once() -> None:
    assert text("<b>&amp;</b>").html == "&lt;b&gt;&amp;amp;&lt;/b&gt;"


def test_markup_is_not_escaped_again() -> None:
    assert tag("p", Markup("<b>x</b>"), "<i>").html == "<p><b>x</b>&lt;i&gt;</p>"


def test_attributes_are_spelt_as_html_spells_them() -> None:
    made = tag("td", "x", class_="figure", data_label="Amount", colspan=2, title=None)
    assert made.html == '<td class="figure" data-label="Amount" colspan="2">x</td>'


def test_an_attribute_may_be_called_name() -> None:
    assert tag("meta", name="referrer", content="no-referrer").html == '<meta name="referrer" content="no-referrer">'


@pytest.mark.parametrize(
    ("name", "html"), [("br", "<br>"), ("rect", "<rect/>"), ("path", "<path/>"), ("p", "<p></p>"), ("g", "<g></g>")]
)
def test_void_elements_close_as_their_language_wants(name: str, html: str) -> None:
    assert tag(name).html == html


def test_children_are_joined_in_order() -> None:
    assert joined(["a", tag("br"), "<"]).html == "a<br>&lt;"
    assert joined(["a", "b"], between=", ").html == "a, b"
    assert joined([]).html == ""


def test_names_are_isolated_and_identifiers_and_figures_run_left_to_right() -> None:
    assert foreign("اسم").html == "<bdi>اسم</bdi>"
    assert identifier("bc1q").html == '<bdi dir="ltr" class="id">bc1q</bdi>'
    assert number("1.00 EUR").html == '<bdi dir="ltr" class="number">1.00 EUR</bdi>'
