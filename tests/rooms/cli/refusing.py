"""A command that refuses its work, registered by the test of `main`."""

from __future__ import annotations

import click

from recoup.ground import Defect, Refused


@click.command()
def refuse() -> None:
    """Refuse."""
    raise Refused(Defect("a.csv", 3, "bad", "Mend it"))
