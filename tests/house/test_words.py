"""One word per thing, across code and docs."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.house.tree import ROOT, under
from tests.house.words import Term, forbidden_words, glossary

PAGE = ROOT / "docs" / "reference" / "glossary.md"
TERMS = glossary(PAGE)
PROSE_AND_CODE = [
    path for path in [ROOT / "README.md", *under("docs", suffix=".md"), *under("src")] if path not in (PAGE,)
]


def test_the_glossary_names_the_words_of_the_house() -> None:
    words = {term.word for term in TERMS}
    assert {"entry", "leg", "coin", "account", "claim", "colour", "stop", "gap", "rule", "granularity"} <= words
    assert len(words) == len(TERMS), "a word stands twice"


def test_no_word_is_both_named_and_forbidden() -> None:
    forbidden = {word for term in TERMS for word in term.never}
    assert not forbidden & {term.word for term in TERMS}


def test_exceptions_are_places_that_exist() -> None:
    assert [place for term in TERMS for place in term.elsewhere if not ROOT.joinpath(place).exists()] == []


def test_no_other_word_is_used() -> None:
    assert forbidden_words(TERMS, PROSE_AND_CODE) == []


COLOUR = Term("colour", ("tag", "colored"), ("other",))


@pytest.mark.parametrize("text", ["a tag", "Tags are", "min_tag = 1", "tagCount", "the Colored one", "x.tag", "`tag`"])
def test_a_forbidden_word_is_found(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.md"
    path.write_text(f"fine\n{text}\n")
    (fault,) = forbidden_words([COLOUR], [path])
    assert fault.startswith("bad.md:2: ") and fault.endswith("say 'colour'")


@pytest.mark.parametrize("text", ["stage", "tagged", "vintage", "coloured"])
def test_a_word_that_only_contains_one_is_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "good.md"
    path.write_text(text)
    assert forbidden_words([COLOUR], [path]) == []


def test_a_word_may_have_another_meaning_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "other.md"
    path.write_text("a tag")
    assert forbidden_words([COLOUR], [path]) == []


def test_the_tables_are_read(tmp_path: Path) -> None:
    page = tmp_path / "glossary.md"
    page.write_text(
        "| word | meaning | never | has another meaning in |\n|---|---|---|---|\n"
        "| **leg** | one side | posting, line item | `src/a/`, `docs` |\n| **entry** | a thing | — |  |\n"
    )
    assert glossary(page) == [Term("leg", ("posting", "line item"), ("src/a", "docs")), Term("entry", (), ())]
