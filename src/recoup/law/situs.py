"""Where property lies for the law: situs beats incorporation; for crypto, who can act on it."""

from __future__ import annotations

from dataclasses import dataclass

from recoup.law.question import AssetAsked
from recoup.law.vocabulary import TokenIssuer, issuer_of

_KEYED = frozenset({"coin", "token", "nft", "position", "key"})
# Things and rights that lie elsewhere than at the seat of whoever manages them.
_NOT_AT_CONTROLLER = frozenset({"company", "real-estate", "vehicle", "cash", "valuables", "receivable"})


@dataclass(frozen=True, slots=True)
class Place:
    """The State to ask, what it rests on, and what a reader must know. `state` None: not known."""

    state: str | None
    basis: str
    remarks: tuple[str, ...] = ()


def place_of(asset: AssetAsked) -> Place:
    """The situs as stated; else the custodian, the issuer that can freeze, the holder of the keys; else unknown.

    Incorporation of the holder never moves property that lies elsewhere.
    """
    state, basis = _found(asset)
    return Place(state, basis, tuple(_remarks(asset, state)))


def token_issuer(asset: AssetAsked) -> TokenIssuer | None:
    """The issuer of the asset's token as the request and the catalogue know it."""
    if asset.token is None:
        return None
    known = issuer_of(asset.token.symbol)
    if known is None and asset.token.issuer:
        return TokenIssuer(asset.token.issuer, None, None, None)
    return known


def _found(asset: AssetAsked) -> tuple[str | None, str]:
    if asset.situs:
        return asset.situs, "situs as stated in the request"
    family, issuer = (asset.kind.family if asset.kind else ""), token_issuer(asset)
    if asset.hosted is not False and asset.controller.state and family not in _NOT_AT_CONTROLLER:
        return asset.controller.state, "seat of the entity that controls the account"
    if family in _KEYED and issuer and issuer.can_freeze and issuer.state:
        return issuer.state, f"seat of the issuer {issuer.issuer}, which can freeze the token"
    if family in _KEYED and (asset.controller.state or asset.holder.state):
        return asset.controller.state or asset.holder.state, "place of whoever holds the keys"
    return None, "not known"


def _remarks(asset: AssetAsked, state: str | None) -> list[str]:
    found = []
    if state and asset.holder.state and asset.holder.state != state:
        found.append(
            f"The holder is of {asset.holder.state}, but the property lies in {state}: situs goes before "
            f"incorporation; ask {asset.holder.state} only for records on ownership and control"
        )
    if state and asset.controller.state and asset.controller.state != state:
        found.append(
            f"The controller is of {asset.controller.state} and the situs is {state}: "
            "confirm which entity controls the account"
        )
    if asset.kind is None:
        found.append(f"The class {asset.class_text[:60]!r} is not known; rules on the kind of property stay open")
    if state is None:
        found.append("No State can be named; trace the property first")
    return found
