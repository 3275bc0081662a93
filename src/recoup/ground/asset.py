"""Assets and the one way from a written amount to an integer."""

from __future__ import annotations

import re
from dataclasses import dataclass

AMOUNT_BITS_MAX = 256
DECIMALS_MAX = 77  # 10**77 is the largest power of ten below 2**256

# Smallest units: ISO 4217 minor units (list one), and the units that consensus rules of the chains fix.
_DECIMALS = {
    "BTC": 8, "BCH": 8, "LTC": 8, "DOGE": 8, "ETH": 18, "BNB": 18, "TRX": 6, "SOL": 9, "XMR": 12,
    "AUD": 2, "BGN": 2, "CAD": 2, "CHF": 2, "CNY": 2, "CZK": 2, "DKK": 2, "EUR": 2, "GBP": 2, "HUF": 2, "ILS": 2,
    "INR": 2, "MXN": 2, "NOK": 2, "NZD": 2, "PLN": 2, "RON": 2, "RUB": 2, "SEK": 2, "TRY": 2, "UAH": 2, "USD": 2,
    "ZAR": 2,
    "CLP": 0, "ISK": 0, "JPY": 0, "KRW": 0, "PYG": 0, "UGX": 0, "VND": 0, "XAF": 0, "XOF": 0,
    "BHD": 3, "JOD": 3, "KWD": 3, "OMR": 3, "TND": 3,
}  # fmt: skip

_CODE = re.compile(r"[^\s,;\"']{1,200}")
_PLAIN = re.compile(r"[0-9]{1,78}")
_WRITTEN = re.compile(r"(-?)([0-9]{1,78}|[0-9]{1,3}(?:,[0-9]{3}){1,25})(?:\.([0-9]{1,78}))?(?:[eE]([+-]?[0-9]{1,2}))?")


@dataclass(frozen=True, slots=True)
class Asset:
    """What is counted: `BTC`, `EUR`, or `<symbol>@<chain>:<contract>` for a token.

    `code` is printable, has no spaces, commas, semicolons or quotes, and at most 200 characters; else ValueError.
    """

    code: str

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code) or not self.code.isprintable():
            raise ValueError(f"asset code {self.code[:40]!r} is empty, too long, or holds a space, comma or quote")

    @property
    def symbol(self) -> str:
        """The code without its chain and contract."""
        return self.code.split("@", 1)[0]

    @property
    def decimals(self) -> int | None:
        """Digits after the point in the usual unit; None where nothing here knows it (most tokens)."""
        return None if "@" in self.code else _DECIMALS.get(self.code)

    def written(self, amount_minor: int) -> str:
        """The amount as people read it: `63.69996546 BTC`; in smallest units where decimals are unknown."""
        if not self.decimals:
            return f"{amount_minor:,} {self.symbol}" + (" (smallest unit)" if self.decimals is None else "")
        whole, part = divmod(abs(amount_minor), 10**self.decimals)
        return f"{'-' if amount_minor < 0 else ''}{whole:,}.{part:0{self.decimals}d} {self.symbol}"


def amount_from_text(text: str) -> int:
    """Integer of the smallest unit from its text: digits only, 0 <= amount < 2**256; otherwise ValueError."""
    if not _PLAIN.fullmatch(text):
        raise ValueError(f"amount {text[:40]!r} is not a whole number of the smallest unit")
    return _within_limits(int(text))


def amount_from_decimal_text(text: str, decimals: int) -> int:
    """Exact integer of 10**-decimals units from decimal text (`8180.34`, `8,180.34`, `1e-05`); 0 <= decimals <= 77.

    A comma separates thousands and nothing else, so that `8180,34` is refused and not read as 818034.
    Raises ValueError where digits would be lost, where the amount is negative, or where it needs more than 256 bits.
    """
    if not 0 <= decimals <= DECIMALS_MAX:
        raise ValueError(f"{decimals} decimals are not between 0 and {DECIMALS_MAX}")
    match = _WRITTEN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"amount {text[:40]!r} is not a decimal number")
    sign, whole, part, exponent = match[1], match[2].replace(",", ""), match[3], match[4]
    digits, shift = whole + (part or ""), decimals - len(part or "") + int(exponent or 0)
    scaled = int(digits) * 10**shift if shift >= 0 else _divided_exactly(int(digits), 10**-shift, text)
    return _within_limits(-scaled if sign else scaled)


def _divided_exactly(digits: int, by: int, text: str) -> int:
    quotient, lost = divmod(digits, by)
    if lost:
        raise ValueError(f"amount {text[:40]!r} has more decimals than its asset")
    return quotient


def _within_limits(amount: int) -> int:
    if amount < 0:
        raise ValueError(f"amount {amount} is negative")
    if amount.bit_length() > AMOUNT_BITS_MAX:
        raise ValueError(f"amount {str(amount)[:40]} needs more than {AMOUNT_BITS_MAX} bits")
    return amount
