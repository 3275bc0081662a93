"""The canonical columns, and how the text of one field is read."""

from __future__ import annotations

import re
from datetime import date

from recoup.complaints.model import Method
from recoup.ground import Asset, Instant, Money, amount_from_decimal_text

COMPLAINT_COLUMNS = (
    "complaint", "filed", "agency", "country", "language", "victim_name", "birth_date", "email", "phone", "city",
    "operator", "website", "narrative", "safe_contact", "harm",
)  # fmt: skip
PAYMENT_COLUMNS = ("paid", "amount", "currency", "method", "recipient", "reference")
COLUMNS = COMPLAINT_COLUMNS + PAYMENT_COLUMNS

Row = dict[str, str]

METHODS: dict[str, Method] = {method.value: method for method in Method} | {
    "": Method.UNKNOWN, "wire": Method.BANK, "bank transfer": Method.BANK, "wire transfer": Method.BANK,
    "sepa": Method.BANK, "transfer": Method.BANK, "ach": Method.BANK, "credit card": Method.CARD,
    "debit card": Method.CARD, "visa": Method.CARD, "mastercard": Method.CARD, "cryptocurrency": Method.CRYPTO,
    "bitcoin": Method.CRYPTO, "btc": Method.CRYPTO, "eth": Method.CRYPTO, "usdt": Method.CRYPTO,
    "gift card": Method.VOUCHER, "prepaid": Method.VOUCHER,
}  # fmt: skip

CURRENCY_SIGNS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "₪": "ILS", "₺": "TRY", "₽": "RUB", "zł": "PLN"}

_ORDERED = re.compile(r"(\d{1,4})[./\- ](\d{1,2})[./\- ](\d{1,4})")
_SEPARATORS = re.compile(r"[\s'’_\u00a0\u202f]")


def read_instant(text: str, date_order: str) -> Instant:
    """RFC 3339 or ISO 8601 first, then `date_order` (`ymd`, `dmy`, `mdy`); otherwise ValueError."""
    try:
        return Instant.parse(text)
    except ValueError:
        return Instant.parse(read_date(text, date_order))


def read_date(text: str, date_order: str) -> str:
    """ISO 8601 date; a two-digit year, or what is no date, raises ValueError."""
    match = _ORDERED.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"date {text[:40]!r} is not a date")
    parts = dict(zip("ymd" if len(match[1]) == 4 else date_order, map(int, match.groups()), strict=True))
    if parts["y"] < 1000:
        raise ValueError(f"date {text[:40]!r} has no year of four digits where the order {date_order} wants it")
    return date(parts["y"], parts["m"], parts["d"]).isoformat()


def read_money(amount: str, currency: str, decimal: str) -> Money | None:
    """Exact money; None where the currency is not named or its smallest unit is not known.

    Raises ValueError for text that is no amount, thousands that do not stand in threes, or too many decimals.
    """
    code = CURRENCY_SIGNS.get(currency, currency.upper() if len(currency) <= 5 else currency)
    asset = Asset(code) if code else None
    known = asset is not None and asset.decimals is not None
    minor = amount_from_decimal_text(plain_number(amount, decimal), asset.decimals or 0 if asset and known else 18)
    return Money(minor, asset) if asset and known else None


def plain_number(text: str, decimal: str) -> str:
    """`1 234,56` or `1,234.56` as `1234.56`; ValueError where grouping contradicts the decimal sign."""
    tight = _SEPARATORS.sub("", text)
    group = "," if decimal == "." else "."
    whole, _, part = tight.partition(decimal)
    if group in part or (group in whole and not re.fullmatch(rf"-?\d{{1,3}}(?:{re.escape(group)}\d{{3}})+", whole)):
        raise ValueError(f"amount {text[:40]!r} is not written with the decimal sign {decimal!r}")
    return whole.replace(group, "") + ("." + part if part else "")
