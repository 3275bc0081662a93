"""Assets of a request from their JSON."""

from __future__ import annotations

from recoup.ground import Asset, amount_from_text
from recoup.law.member import At, shown
from recoup.law.question import AssetAsked, Party, Token, Value
from recoup.law.vocabulary import class_of, slug


def _party(at: At) -> Party:
    return Party(at.text("name"), at.text("kind"), at.state("state"))


def asset_from(at: At) -> AssetAsked:
    class_text = at.text("class", required=True) or ""
    custody = at.choice("custody", ["hosted", "unhosted"], required=False)
    token, value = at.inner("token"), at.inner("value")
    symbol = token.text("symbol", required=bool(token.row))
    return AssetAsked(
        id=at.text("id", required=True) or "",
        kind=class_of(class_text),
        class_text=class_text,
        situs=at.state("situs"),
        holder=_party(at.inner("holder")),
        controller=_party(at.inner("controller")),
        hosted=None if custody is None else custody == "hosted",
        token=Token(symbol, token.text("issuer")) if symbol else None,
        value=_value(value) if value.row else None,
        flags=frozenset(map(slug, at.texts("flags"))),
    )


def _value(at: At) -> Value | None:
    amount, asset = at.row.get("amount"), at.text("asset", required=True)
    if amount is None:
        return None
    try:
        if isinstance(amount, bool | float) or not isinstance(amount, int | str):
            raise ValueError(f"{shown(amount)} is not a whole number of the smallest unit")
        return Value(amount_from_text(str(amount)), Asset(asset or "?").code)
    except ValueError as error:
        at.wrong("amount", str(error), "Give a whole number of the smallest unit as text, and an asset such as EUR")
        return None
