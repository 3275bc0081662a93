"""Advances by a guarantee fund, as the SIPC makes them, and what falls to it by subrogation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recoup.restitution.sharing.columns import Column
from recoup.restitution.sharing.model import Claims


@dataclass(frozen=True, slots=True, eq=False)
class Advanced:
    """`advance` the guarantor pays now, `customer` and `guarantor` what of each award goes to whom (15 USC 78fff-3)."""

    advance: Column
    customer: Column
    guarantor: Column


def with_advances(claims: Claims, awards: Column, before: Column, cap: int) -> Advanced:
    """Split awards between customers and the guarantor; `before` was advanced earlier, `cap` is the most per customer.

    The customer comes first: the guarantor takes of an award only what the customer no longer needs.
    """
    short = np.maximum(0, claims.outstanding - before - awards)
    advance = np.minimum(short, np.maximum(0, cap - before))
    customer = np.minimum(awards, np.maximum(0, claims.outstanding - before))
    return Advanced(advance, customer, awards - customer)
