"""Amounts with their currency, and dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from recoup.complaints.selectors.model import Selector, Type
from recoup.complaints.selectors.months import month_number
from recoup.complaints.selectors.reading import Reading

_SIGNS = {
    "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD",
    "R$": "BRL", "$": "$", "€": "EUR", "£": "GBP", "¥": "JPY", "₪": "ILS", "₺": "TRY", "₽": "RUB", "₴": "UAH",
    "₹": "INR", "zł": "PLN", "₿": "BTC", "Fr.": "CHF", "kr": "kr",
}  # fmt: skip
_CODES = (
    "USD EUR GBP CHF ILS NIS TRY TL RUB UAH PLN SEK NOK DKK CZK HUF RON BGN AUD CAD NZD SGD HKD JPY CNY INR BRL MXN",
    "ZAR AED SAR QAR KWD BHD OMR JOD EGP BTC ETH USDT USDC TRX SOL LTC XRP BNB DOGE BCH XMR DAI",
)
_WORDS = {
    "$": "dollar dollars dólares dólar dollari dollaro долларов доллара доллар דולר דולרים دولار dolar",
    "EUR": "euro euros евро אירו יורו يورو avro",
    "GBP": "pound pounds sterling pfund livres sterline libras ponden фунтов لירות",
    "CHF": "francs franken franchi",
    "ILS": "shekel shekels שקל שקלים שח ש״ח",
    "TRY": "lira lirası lirasi",
    "RUB": "рублей рубля руб rubles roubles",
    "SEK": "kronor",
    "BRL": "reais",
    "BTC": "bitcoin bitcoins биткоин биткоинов ביטקוין بيتكوين",
    "ETH": "ether ethereum",
    "USDT": "tether",
}
_CURRENCIES = (
    {sign.casefold(): code for sign, code in _SIGNS.items()}
    | {code.casefold(): {"NIS": "ILS", "TL": "TRY"}.get(code, code) for codes in _CODES for code in codes.split()}
    | {word: code for code, words in _WORDS.items() for word in words.split()}
)
_SCALES = {
    3: "k thousand tsd tausend mille mila mil duizend tusen тыс тысяч тысячи אלף אלפים ألف آلاف الف bin",
    6: "m mn mio million millions millionen millones milioni milhões miljoen miljoner млн миллионов миллиона מיליון "
    "מליון مليون ملايين milyon mln",
    9: "bn billion billions mrd milliarden milliards miliardi млрд",
}
_SCALE = {word: power for power, words in _SCALES.items() for word in words.split()}
_CHAIN_CODES = frozenset({"BTC", "ETH", "USDT", "USDC", "TRX", "SOL", "LTC", "XRP", "BNB", "BCH", "XMR", "DAI"})
_DOLLARS = {"US": "USD", "CA": "CAD", "AU": "AUD", "NZ": "NZD", "SG": "SGD", "HK": "HKD"}
_KRONER = {"SE": "SEK", "NO": "NOK", "DK": "DKK", "CZ": "CZK"}


_NUMBER = re.compile(
    r"[0-9](?<![\w.,].)\d{0,2}(?:([.,'’ ])\d{3}(?:\1\d{3}){0,6}(?!\d)(?:[.,]\d{1,18})?"
    r"|\d{0,27}(?:[.,]\d{1,18})?)(?!\d)"
)
_BEFORE = re.compile(r"(?:[A-Za-z]{0,2}[$€£¥₪₺₽₴₹₿]|(?<!\w)(?:[A-Za-z]{2,4}|zł|Fr\.))\s?$")
_AFTER = re.compile(r"[\s-]{0,2}(?:de |d')?([$€£¥₪₺₽₴₹₿]|[^\W\d_]+(?![^\W\d_]))")
_NUMERIC_DATE = re.compile(r"([0-9](?<![\d.,/+-].)\d{0,3})([./-])(\d{1,2})\2(\d{4}|\d{1,2})(?![\d/-]|\.\d)")
_YEAR = re.compile(r"[12](?<![\d.,].)(?:(?<=1)9|(?<=2)0)\d\d(?!\d|[.,]\d)")
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|-го|[.º°])?\s+(?:of |de |d['’])?([^\W\d_]{3,12})[.,]?\s+(?:de |del |of )?$"
)
_MONTH_DAY = re.compile(r"([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+$")
_MONTH = re.compile(r"([^\W\d_]{3,12})[.,]?\s+(?:de |del |of )?$")
_LOOK_BACK = 36


def date_selectors(reading: Reading, country: str = "") -> Iterator[Selector]:
    """Dates as ISO 8601 (a month without a day as YYYY-MM); `valid` None where day and month may be swapped."""
    text = reading.text
    for match in _NUMERIC_DATE.finditer(text):
        found = _numeric_date(match[1], match[3], match[4], match[2], country)
        if found and reading.claim(match.start(), match.end()):
            yield _made(reading, Type.DATE, match.start(), match.end(), *found)
    for year in _YEAR.finditer(text):
        written = _written_date(text, year.start(), int(year[0]))
        if written and reading.claim(written[0], year.end()):
            yield _made(reading, Type.DATE, written[0], year.end(), written[1], True)


def _numeric_date(first: str, second: str, third: str, sign: str, country: str) -> tuple[str, bool | None] | None:
    if len(first) == 4:
        return _dated(int(first), int(second), int(third), True) if len(third) <= 2 else None
    if len(third) != 4 or len(first) > 2:
        return None
    a, b, year = int(first), int(second), int(third)
    month_first = sign == "/" and country == "US"
    sure = a == b or a > 12 or b > 12 or sign == "." or bool(country)
    if b > 12 or (month_first and a <= 12):
        a, b = b, a
    return _dated(year, b, a, sure or None)


def _dated(year: int, month: int, day: int, valid: bool | None) -> tuple[str, bool | None] | None:
    try:
        return date(year, month, day).isoformat(), valid
    except ValueError:
        return None


def _written_date(text: str, at: int, year: int) -> tuple[int, str] | None:
    least = max(0, at - _LOOK_BACK)
    before = text[least:at]
    for pattern, day_group, month_group in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        match = pattern.search(before)
        month = month_number(match[month_group]) if match else 0
        dated = _dated(year, month, int(match[day_group]), True) if match and month else None
        if match and dated:
            return least + match.start(), dated[0]
    match = _MONTH.search(before)
    month = month_number(match[1]) if match else 0
    return (least + match.start(), f"{year}-{month:02d}") if match and month else None


def amount_selectors(reading: Reading, country: str = "") -> Iterator[Selector]:
    """Amounts as `1234.5 USD`; `valid` None where the dollar, or the meaning of a single separator, is a guess."""
    text = reading.text
    for match in _NUMBER.finditer(text):
        before = _currency_before(text, match.start())
        scale, scale_end = _scale_after(text, match.end())
        after = _currency_after(text, scale_end) if before is None else None
        found = before or after
        if found is None:
            continue
        code, sure = _resolved(found[0], country)
        number, exact = _number(match[0], match[1], code)
        start, end = (before[1], scale_end) if before else (match.start(), found[1])
        if reading.claim(start, end):
            value = f"{_plain(number.scaleb(scale))} {code}"
            yield _made(reading, Type.AMOUNT, start, end, value, True if sure and exact else None)


def _currency_before(text: str, at: int) -> tuple[str, int] | None:
    match = _BEFORE.search(text, max(0, at - 5), at)
    if match is None:
        return None
    sign = match[0].rstrip().casefold()
    code = _CURRENCIES.get(sign)
    if code:
        return code, match.start()
    code = _CURRENCIES.get(sign[-1:]) if not sign[-1:].isalpha() else None
    return (code, match.start() + len(sign) - 1) if code else None


def _scale_after(text: str, at: int) -> tuple[int, int]:
    """Power of ten and where the number with its scale ends: `1.2 million`, `10k`."""
    match = _AFTER.match(text, at)
    power = _SCALE.get(match[1].casefold(), 0) if match else 0
    return (power, match.end()) if match and power else (0, at)


def _currency_after(text: str, at: int) -> tuple[str, int] | None:
    match = _AFTER.match(text, at + 1 if text[at : at + 1] == "." else at)
    code = _CURRENCIES.get(match[1].casefold()) if match else None
    return (code, match.end()) if match and code else None


def _resolved(code: str, country: str) -> tuple[str, bool]:
    if code == "$":
        return _DOLLARS.get(country, "USD"), country in _DOLLARS
    if code == "kr":
        return _KRONER.get(country, "SEK"), country in _KRONER
    return code, True


def _number(text: str, group: str | None, code: str) -> tuple[Decimal, bool]:
    """The number, and whether its separators can be read one way only."""
    points, commas = text.count("."), text.count(",")
    tight = re.sub(r"['’\s]", "", text)
    if points and commas:
        decimal = "." if text.rindex(".") > text.rindex(",") else ","
        other = "," if decimal == "." else "."
        return Decimal(tight.replace(other, "").replace(decimal, ".")), True
    mark = "." if points else "," if commas else ""
    if not mark:
        return Decimal(tight), True
    if text.count(mark) > 1:
        return Decimal(tight.replace(mark, "")), True
    threes = len(tight) - tight.index(mark) == 4 and tight[0] != "0" and group == mark
    if threes and mark == "." and code in _CHAIN_CODES:
        return Decimal(tight), False
    places = 0 if threes else len(tight) - tight.index(mark) - 1
    exact = (places <= 2 or code in _CHAIN_CODES) and (not threes or mark == ",")
    return Decimal(tight.replace(mark, "" if threes else ".")), exact


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _made(reading: Reading, kind: Type, start: int, end: int, value: str, valid: bool | None) -> Selector:
    first, last = reading.span(start, end)
    return Selector(kind, reading.original[first:last], value, first, last, valid=valid)
