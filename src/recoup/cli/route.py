"""`recoup route`: legal routes with their reasons."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import click

from recoup.ground import canonical_json
from recoup.law.explain import explain
from recoup.law.overlay import law_of_folder
from recoup.law.planner import built_in_law, plan
from recoup.law.question_json import REQUEST_BYTES_MAX, read_question


@click.command()
@click.argument("request", type=click.File("rb"))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Date of decision; goes before that of the request.")
@click.option("--json", "as_json", is_flag=True, help="One object per asset and line.")
@click.option(
    "--law",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with instruments (catalogue/*.yaml) and tables (participation/) that go before the built-in ones.",
)
def route(request: BinaryIO, as_of: datetime | None, as_json: bool, folder: Path | None) -> None:
    """Plan who may be asked for what, by which instrument, for each asset of REQUEST (JSON; `-` is stdin)."""
    text = request.read(REQUEST_BYTES_MAX + 1)
    name = getattr(request, "name", "-")
    question = read_question(text, "-" if name == "<stdin>" else name, as_of.date() if as_of else None)
    law = law_of_folder(folder, built_in_law()) if folder else built_in_law()
    plans = plan(question, law)
    if as_json:
        for one in plans:
            click.echo(canonical_json(one.as_json()).decode())
        return
    for line in explain(question, plans, law.catalogue.codes):
        click.echo(line)
