"""`recoup fund`: the books of a fund from its journal."""

from __future__ import annotations

import json
import sys

import click

from recoup.cli.allocate import read_text
from recoup.restitution.fund import AccountKind, Books, Forbidden, beancount, entries_csv
from recoup.restitution.fund.journal import replay


@click.group()
def fund() -> None:
    """The ledger of a fund: check it, show balances, export it."""


@fund.command()
@click.argument("journal")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on one line.")
def check(journal: str, as_json: bool) -> None:
    """Replay a journal, check every invariant, print the balances. Exit 1 a broken line, 3 a forbidden act."""
    books = _books(journal)
    broken = books.audit()
    for each in broken:
        click.echo(str(each), err=True)
    click.echo(json.dumps(dict(books.published())) if as_json else _balances(books))
    sys.exit(1 if broken else 0)


@fund.command()
@click.argument("journal")
@click.option("--format", "form", type=click.Choice(["csv", "beancount"]), default="csv")
def export(journal: str, form: str) -> None:
    """The books as CSV or beancount text."""
    books = _books(journal)
    click.echo(beancount(books) if form == "beancount" else entries_csv(books), nl=False)


def _books(journal: str) -> Books:
    try:
        return replay(read_text(journal), journal)
    except Forbidden as error:
        click.echo(f"refused: {error}", err=True)
        sys.exit(3)


def _balances(books: Books) -> str:
    rows = [(str(kind), books.balance(kind)) for kind in AccountKind if books.balance(kind)]
    lines = [f"{name:<20}{books.terms.asset.written(amount):>30}" for name, amount in rows]
    return "\n".join([*lines, f"{len(books.state.entries):,} entries, head {books.head}"])
