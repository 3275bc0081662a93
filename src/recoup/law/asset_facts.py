"""Facts of one asset: its kind, custody, token, holder and flags."""

from __future__ import annotations

from recoup.law.facts import Values
from recoup.law.question import AssetAsked
from recoup.law.situs import token_issuer

_FINANCIAL_FAMILIES = frozenset({"bank", "psp", "vasp", "securities", "insurance"})
_FINANCIAL_KINDS = ("bank", "exchange", "vasp", "psp", "payment", "broker", "custodian", "insurer", "e-money", "casp")
_ONLINE_KINDS = ("host", "registrar", "registry", "provider", "messenger", "email", "cdn")
_CONTESTED = frozenset({"third-party-claim", "contested", "appeal-open", "stay"})
_FROZEN_ELSEWHERE = frozenset({"frozen-elsewhere", "parallel-freeze", "live-freeze"})
# Every word that decides something; a plan warns of any other, so that a slip of the pen is seen.
FLAGS = _CONTESTED | _FROZEN_ELSEWHERE | {"coordinated", "sharing-agreed"}


def asset_facts(asset: AssetAsked) -> Values:
    """Facts of one asset, from its class, custody, token, holder and flags."""
    issuer, family = token_issuer(asset), (asset.kind.family if asset.kind else None)
    has_token = asset.token is not None
    freezable = issuer.can_freeze if issuer else None
    return {
        "asset.family": family,
        "asset.hosted": _is_hosted(asset),
        "asset.issuer": has_token if family == "token" or has_token else None if family is None else False,
        "asset.issuer_can_freeze": freezable if has_token or family in (None, "token") else False,
        "asset.issuer_needs_order": issuer.needs_order if issuer else None,
        "asset.contested": not asset.flags.isdisjoint(_CONTESTED),
        "asset.frozen_elsewhere": not asset.flags.isdisjoint(_FROZEN_ELSEWHERE),
        "asset.coordinated": "coordinated" in asset.flags,
        "asset.return_agreed": True if "sharing-agreed" in asset.flags else None,
        "holder.financial": _is_financial(asset, family),
        "holder.online_service": _is_online(asset, family),
    }


def _is_hosted(asset: AssetAsked) -> bool | None:
    if asset.kind is None or asset.hosted is not None:
        return asset.hosted
    return True if asset.kind.family == "vasp" else None if asset.kind.digital else False


def _is_financial(asset: AssetAsked, family: str | None) -> bool | None:
    if family in _FINANCIAL_FAMILIES or asset.hosted:
        return True
    kind = asset.controller.kind
    if kind is not None:
        return any(word in kind.lower() for word in _FINANCIAL_KINDS)
    return None if family is None else False


def _is_online(asset: AssetAsked, family: str | None) -> bool | None:
    if family == "online":
        return True
    kind = asset.controller.kind
    if kind is not None and any(word in kind.lower() for word in _ONLINE_KINDS):
        return True
    return None if family is None else False
