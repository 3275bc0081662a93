"""Contents that the request already fills."""

from __future__ import annotations

from recoup.law.codes import Measure
from recoup.law.question import AssetAsked, Question


def fields_at_hand(question: Question, asset: AssetAsked, enforcing: bool) -> frozenset[str]:
    """Content fields F that the request already fills; everything else that a route asks for is missing."""
    orders = question.confiscation_orders if enforcing else question.freezing_orders
    leading = question.leading_confiscation
    filled = {
        "F01": bool(question.authority),
        "F05": bool(question.conduct.labels) and question.conduct.max_penalty_years is not None,
        "F06": question.measure in Measure,
        "F07": asset.holder.name is not None,
        "F08": True,
        "F10": asset.kind is not None and asset.value is not None and asset.situs is not None,
        "F11": any(order.certified for order in orders),
        "F12": enforcing and leading is not None and leading.final is True and leading.under_appeal is False,
        "F13": enforcing and asset.value is not None,
        "F15": bool(question.urgency),
        "F16": "confidential" in question.constraints,
        "F17": True,
        "F21": "translated" in question.constraints,
        "F24": bool(question.urgency),
    }
    return question.contents | {code for code, present in filled.items() if present}
