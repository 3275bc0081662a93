"""The documentation is whole: pages, links, examples."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from tests.house.docs import anchors, broken_links, undocumented_commands, unreachable
from tests.house.tree import ROOT, under

from recoup.cli.main import COMMANDS, recoup
from recoup.ground import Defects
from recoup.ground.account import IDENTIFIER_CHARACTERS_MAX
from recoup.ledger import COLUMNS, Kind, check, read_ledger
from recoup.ledger.finding import Code
from recoup.ledger.rows import FIELD_CHARACTERS_MAX
from recoup.ledger.text import LINE_CHARACTERS_MAX, ROW_LINES_MAX, ROWS_MAX
from recoup.tracing import Parameters, Question, Rule, read_claims, read_links, read_services
from recoup.tracing.question import Legs, refuse_unfit

DOCS = ROOT / "docs"
PAGES = under("docs", suffix=".md")
ROOT_PAGES = [
    ROOT / page for page in ("README.md", "HOUSE.md", "CHANGELOG.md", "CONTRIBUTING.md", "requirements/README.md")
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_has_its_place_on_a_page(command: str) -> None:
    found = recoup.get_command(click.Context(recoup), command)
    assert found is not None
    assert undocumented_commands({command: found}, DOCS / "reference" / "commands") == []


def test_every_page_of_a_command_has_a_command() -> None:
    assert {page.stem for page in PAGES if page.parent.name == "commands"} <= {*COMMANDS, "index"}


def test_links_lead_somewhere() -> None:
    assert broken_links(PAGES + ROOT_PAGES) == []


def test_every_page_is_found_from_the_index() -> None:
    assert unreachable(DOCS / "index.md", PAGES) == []


def test_decisions_are_numbered_without_gaps_and_say_three_things() -> None:
    notes = sorted(page for page in PAGES if page.parent.name == "decisions")
    assert [note.name[:3] for note in notes] == [f"{number:03d}" for number in range(1, len(notes) + 1)]
    for note in notes:
        assert {"context", "decision", "consequence"} <= anchors(note), note.name


@click.group()
def grouped() -> None:
    """A group."""


@grouped.command()
@click.argument("bundle")
@click.option("--out", "-o")
@click.option("--secret", hidden=True)
def seal(bundle: str, out: str, secret: str) -> None:
    """A subcommand."""


@pytest.mark.parametrize(
    ("page", "faults"),
    [
        ("recoup vault\nrecoup vault seal BUNDLE --out", []),
        ("recoup vault\nrecoup vault seal BUNDLE -o", ["vault.md: recoup vault seal: --out"]),
        ("recoup vault\n BUNDLE --out", ["vault.md: recoup vault seal: recoup vault seal"]),
        (None, ["recoup vault", "recoup vault seal", "BUNDLE", "--out"]),
    ],
)
def test_a_command_that_is_not_documented_is_found(tmp_path: Path, page: str | None, faults: list[str]) -> None:
    if page is not None:
        (tmp_path / "vault.md").write_text(page)
    found = undocumented_commands({"vault": grouped}, tmp_path)
    assert len(found) == len(faults) and all(found[i].endswith(fault) for i, fault in enumerate(faults))


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text("# One `two`, three\n")
    good = (
        '[b](b.md) [c](b.md#one-two-three) [d](#here) ![x](b.md) [w](https://a.example) `[no](no.md)` <img src="b.md">'
    )
    (tmp_path / "good.md").write_text(f"# Here\n{good}\n```\n[no](no.md)\n```\n")
    (tmp_path / "bad.md").write_text('[a](no.md) [b](b.md#two) ![c](no.png) <img src="no.svg">\n')
    assert broken_links([tmp_path / "good.md"]) == []
    assert broken_links([tmp_path / "bad.md"]) == [
        "bad.md: no.md", "bad.md: b.md#two", "bad.md: no.png", "bad.md: no.svg",
    ]  # fmt: skip


def test_a_page_that_nothing_leads_to_is_found(tmp_path: Path) -> None:
    for page, text in (("index", "[a](a.md)"), ("a", "[b](b.md)"), ("b", "[a](a.md)"), ("lost", "[a](a.md)")):
        (tmp_path / f"{page}.md").write_text(text)
    assert unreachable(tmp_path / "index.md", sorted(tmp_path.glob("*.md"))) == ["lost.md"]


def block(page: str, place: Path) -> Path:
    """The first CSV block of a reference page, as a file."""
    text = (DOCS / "reference" / f"{page}.md").read_text(encoding="utf-8")
    path = place / f"{page}.csv"
    path.write_text(text.partition("```csv\n")[2].partition("```")[0], encoding="utf-8")
    return path


def test_the_examples_of_the_file_pages_are_one_question_that_can_be_traced(tmp_path: Path) -> None:
    defects = Defects()
    ledger = read_ledger(block("ledger-file", tmp_path), defects)
    question = Question(
        claims=read_claims(block("claims-file", tmp_path), defects),
        services=read_services(block("services-file", tmp_path), defects),
        links=read_links(block("links-file", tmp_path), defects),
    )
    assert list(defects) == [] and all((question.claims, question.services, question.links))
    assert not [finding for finding in check(ledger) if finding.contradicts]
    refuse_unfit(ledger, Legs.of(ledger), question, Parameters(Rule.FIFO))


def test_the_ledger_page_names_every_column_kind_code_and_limit() -> None:
    text = (DOCS / "reference" / "ledger-file.md").read_text(encoding="utf-8")
    wanted = [*COLUMNS, *Kind, *Code]
    assert [word for word in wanted if f"`{word}`" not in text] == []
    limits = (IDENTIFIER_CHARACTERS_MAX, FIELD_CHARACTERS_MAX, LINE_CHARACTERS_MAX, ROW_LINES_MAX, ROWS_MAX)
    assert [limit for limit in limits if f"{limit:,}" not in text] == []
