"""Callbacks of options that several commands share."""

from __future__ import annotations

import click

from recoup.ground import Instant


def instant(ctx: click.Context, param: click.Parameter, text: str | None) -> Instant | None:
    """An RFC 3339 instant or a date; anything else is wrong use."""
    try:
        return None if text is None else Instant.parse(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
