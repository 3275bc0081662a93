"""Orders of a request from their JSON."""

from __future__ import annotations

from recoup.law.member import At, shown
from recoup.law.question import Order
from recoup.law.vocabulary import slug

_CONFISCATES, _FREEZES = ("confisc", "forfeit"), ("freez", "restrain", "seiz", "preserv", "sequest", "attach")


def order_from(at: At) -> Order | None:
    text = at.text("kind", required=True)
    kind = slug(text or "")
    confiscation = any(word in kind for word in _CONFISCATES)
    if text and not confiscation and not any(word in kind for word in _FREEZES):
        at.wrong(
            "kind", f"{shown(kind or text)} is no kind of order", "Use freezing, restraint, confiscation or forfeiture"
        )
        return None
    final, appeal = at.flag("final"), at.flag("under_appeal")
    return Order(
        id=at.text("id", required=True) or "",
        confiscation=confiscation,
        criminal=not ("civil" in kind.split("-") or "administrative" in kind) or "non-conviction" in kind,
        state=at.state("state"),
        final=final,
        under_appeal=False if appeal is None and final else appeal,
        certified=at.flag("certified"),
        conviction_based=at.flag("conviction_based"),
    )
