"""Disputed claims: shared as if each were allowed at its maximum, paid only what is undisputed, the rest held."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from recoup.restitution.sharing.allocate import Rulebook, Way
from recoup.restitution.sharing.columns import Column, total
from recoup.restitution.sharing.kernel import Terms, fill, settled_at
from recoup.restitution.sharing.model import Allocation, Claims, Step
from recoup.restitution.sharing.rules import terms_for


def with_disputes(book: Rulebook, claims: Claims, maximum: Column, amount: int, way: Way) -> Allocation:
    """Share `amount` as if each claim had paid in `maximum` (>= `gross`; equal where nothing is disputed).

    An undisputed claim receives its share; a disputed one its share at the same level on the allowed part, and the
    difference is `held`. So nobody who was paid has to give back, whatever the dispute brings up to the maximum.
    De minimis, convenience and Talmud shares are not defined for partly allowed claims: they raise ValueError.
    """
    if book.de_minimis or book.convenience or book.rule == "talmud":
        raise ValueError("disputed claims need a rule without de minimis, convenience class or Talmud branches")
    if np.any(maximum < claims.gross):
        raise ValueError("the maximum of a disputed claim is below its allowed amount")
    high = replace(claims, gross=maximum)
    disputed = high.gross > claims.gross
    terms = terms_for(book.rule, high, amount, book.options)
    filled = fill(terms, amount, way.rounding, way.tie(claims.ids))
    sure = np.minimum(settled_at(_allowed_part(book, claims, high, amount), filled.level)[0], filled.awards)
    awards = np.where(disputed, sure, filled.awards)
    held = filled.awards - awards
    note = f"{int(disputed.sum())} disputed claims counted at their maximum"
    step = Step("main", book.rule, len(claims), amount, total(awards), filled.level, note)
    return Allocation(awards, filled.level, filled.surplus, filled.undivided, held, (step,))


def _allowed_part(book: Rulebook, claims: Claims, high: Claims, amount: int) -> Terms:
    """The lines of the allowed amounts; under equal losses the largest claim stays the one at its maximum."""
    terms = terms_for(book.rule, claims, amount, book.options)
    received = terms.received
    if book.rule == "cel":
        received = terms_for(book.rule, high, amount, book.options).received + (high.loss - claims.loss)
    return Terms(terms.weight, received, np.zeros_like(terms.lower), terms.upper, terms.scale)
