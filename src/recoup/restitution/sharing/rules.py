"""The sharing rules as parameter sets of the kernel (docs/reference/allocation.md)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from recoup.restitution.sharing.columns import Column, constant, is_constant, total
from recoup.restitution.sharing.kernel import Terms
from recoup.restitution.sharing.model import NOT_GIVEN, Claims


@dataclass(frozen=True, slots=True)
class Options:
    """Parameters that every rule of one pool takes. Amounts in the smallest unit.

    `cap`: the most a person receives over all rounds. `minimum`: what each receives first, up to the loss.
    `catch_up`: earlier rounds count, so that late claims are brought level; without it each round stands alone.
    """

    cap: int | None = None
    minimum: int = 0
    catch_up: bool = True


PLAIN = Options()

Rule = Callable[[Claims, int, Options], Terms]


def pro_rata(claims: Claims, amount: int, options: Options) -> Terms:
    """Shares in proportion to the net loss (net investment: SIPC v. BLMIS, 424 B.R. 122)."""
    return _lines(claims, claims.loss, _earlier(claims, options), claims.outstanding)


def pro_rata_gross(claims: Claims, amount: int, options: Options) -> Terms:
    """Shares in proportion to everything paid in; withdrawals only bound what is received."""
    return _lines(claims, claims.gross, _earlier(claims, options), claims.outstanding)


def rising_tide(claims: Claims, amount: int, options: Options) -> Terms:
    """The lowest total recovery rises first; withdrawals count as recovered (SEC v. Huber, 702 F.3d 903)."""
    received = claims.withdrawn + claims.collateral + _earlier(claims, options)
    return _lines(claims, claims.gross, received, claims.outstanding)


def rising_tide_without_withdrawals(claims: Claims, amount: int, options: Options) -> Terms:
    """As the rising tide, but withdrawals do not count as recovered; nobody receives more than the loss."""
    return _lines(claims, claims.gross, claims.collateral + _earlier(claims, options), claims.outstanding)


def maximum_balance(claims: Claims, amount: int, options: Options) -> Terms:
    """Rising tide on the highest balance: what was withdrawn and paid in again is not counted twice.

    `withdrawn` is then what left after the highest balance and never came back.
    """
    received = claims.withdrawn + claims.collateral + claims.paid + claims.elsewhere
    return _lines(claims, claims.balance, received, np.maximum(0, claims.balance - received))


def hotchpot(claims: Claims, amount: int, options: Options) -> Terms:
    """Pro rata, where receipts from other pools or states count as received here."""
    return _lines(claims, claims.loss, claims.paid + claims.elsewhere, claims.outstanding)


def equal_awards(claims: Claims, amount: int, options: Options) -> Terms:
    """Constrained equal awards (CEA): the same for everyone, at most the loss."""
    return _lines(claims, constant(1, claims.gross), _earlier(claims, options), claims.outstanding)


def equal_losses(claims: Claims, amount: int, options: Options) -> Terms:
    """Constrained equal losses (CEL): the same remains lost to everyone, at least nothing is received."""
    most = int(claims.loss.max()) if len(claims) else 0
    received = (most - claims.loss) + _earlier(claims, options)
    return _lines(claims, constant(1, claims.gross), received, claims.outstanding)


def talmud(claims: Claims, amount: int, options: Options) -> Terms:
    """Contested garment (Aumann & Maschler 1985): equal awards up to half of each loss, equal losses above it."""
    earlier, loss = _earlier(claims, options), claims.loss
    half = np.minimum(np.maximum(0, loss - 2 * earlier), 2 * claims.outstanding)
    if options.minimum:
        half = np.maximum(half, 2 * np.minimum(np.maximum(0, options.minimum - claims.paid), claims.outstanding))
    one = constant(1, claims.gross)
    if 2 * amount <= total(_bounded(half, claims, options)):
        return Terms(one, 2 * earlier, np.zeros_like(loss), half, scale=2)
    most = int(loss.max()) if len(claims) else 0
    return Terms(one, 2 * (most - loss) + 2 * earlier, half, 2 * claims.outstanding, scale=2)


def _bounded(half: Column, claims: Claims, options: Options) -> Column:
    """What the lower branch of the Talmud rule can pay, in half units: caps may close it before half of each loss."""
    if options.cap is not None:
        half = np.minimum(half, 2 * np.maximum(0, options.cap - claims.paid))
    return (
        half
        if is_constant(claims.upper, NOT_GIVEN)
        else np.where(claims.upper >= 0, np.minimum(half, 2 * claims.upper), half)
    )


def given_weights(claims: Claims, amount: int, options: Options) -> Terms:
    """Shares by the claims' own `weight`, between their own `lower` and `upper`."""
    return _lines(claims, np.maximum(0, claims.weight), _earlier(claims, options), claims.outstanding)


RULES: dict[str, Rule] = {
    "pro-rata": pro_rata,
    "pro-rata-gross": pro_rata_gross,
    "rising-tide": rising_tide,
    "rising-tide-without-withdrawals": rising_tide_without_withdrawals,
    "maximum-balance": maximum_balance,
    "hotchpot": hotchpot,
    "cea": equal_awards,
    "cel": equal_losses,
    "talmud": talmud,
    "weights": given_weights,
}


def terms_for(rule: str, claims: Claims, amount: int, options: Options) -> Terms:
    """The kernel's terms for a rule: its own lines, then the claims' own weights and bounds, then cap and minimum.

    Where the amount does not reach every minimum, it goes in equal awards towards the minimum.
    """
    terms = _own_bounds(RULES[rule](claims, amount, options), claims)
    if options.cap is not None:
        upper = np.minimum(terms.upper, np.maximum(0, options.cap - claims.paid) * terms.scale)
        terms = replace(terms, upper=upper, lower=np.minimum(terms.lower, upper))
    if options.minimum:
        least = np.maximum(0, options.minimum - claims.paid) * terms.scale
        terms = replace(terms, lower=np.minimum(terms.upper, np.maximum(terms.lower, least)))
    if total(terms.lower) <= amount * terms.scale:
        return terms
    one, zero = constant(1, claims.gross), constant(0, claims.gross)
    return Terms(one, claims.paid * terms.scale, zero, terms.lower, terms.scale)


def _lines(claims: Claims, weight: Column, received: Column, upper: Column) -> Terms:
    return Terms(weight, received, constant(0, upper), upper)


def _earlier(claims: Claims, options: Options) -> Column:
    return claims.paid if options.catch_up else constant(0, claims.paid)


def _own_bounds(terms: Terms, claims: Claims) -> Terms:
    if all(is_constant(each, NOT_GIVEN) for each in (claims.weight, claims.lower, claims.upper)):
        return terms
    weight = np.where(claims.weight >= 0, claims.weight, terms.weight)
    upper = np.where(claims.upper >= 0, np.minimum(terms.upper, claims.upper * terms.scale), terms.upper)
    lower = np.where(claims.lower >= 0, np.maximum(terms.lower, claims.lower * terms.scale), terms.lower)
    return replace(terms, weight=weight, lower=np.minimum(lower, upper), upper=upper)
