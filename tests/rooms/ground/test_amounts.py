"""Amounts from text: exact, bounded, and never guessed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recoup.ground import Asset, amount_from_decimal_text, amount_from_text
from recoup.ground.asset import AMOUNT_BITS_MAX, DECIMALS_MAX

LARGEST = 2**AMOUNT_BITS_MAX - 1


@pytest.mark.parametrize("text", ["0", "1", "007", str(LARGEST), "0" * 77 + "5"])
def test_whole_amounts_are_read_as_they_stand(text: str) -> None:
    assert amount_from_text(text) == int(text)


@pytest.mark.parametrize(
    "text", ["", " 1", "1 ", "+1", "-1", "-0", "1.0", "1,000", "1e3", "0x10", "١٢", "1_000", "NaN"]
)
def test_what_is_no_whole_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a whole number"):
        amount_from_text(text)


def test_256_bits_is_the_edge() -> None:
    assert amount_from_text(str(LARGEST)) == LARGEST
    with pytest.raises(ValueError, match="more than 256 bits"):
        amount_from_text(str(LARGEST + 1))


def test_78_digits_is_the_edge_of_what_is_looked_at() -> None:
    assert amount_from_text("0" * 78) == 0
    with pytest.raises(ValueError, match="not a whole number"):
        amount_from_text("0" * 79)


@pytest.mark.parametrize(
    ("text", "decimals", "amount"),
    [
        ("63.69996546", 8, 6_369_996_546),
        ("8,180.34", 2, 818_034),
        ("1,234,567", 0, 1_234_567),
        ("1e-05", 8, 1_000),
        ("1E2", 2, 10_000),
        ("1.50", 1, 15),
        ("2500e-2", 0, 25),
        (" 7 ", 0, 7),
        ("-0", 2, 0),
        ("0.00", 0, 0),
        ("1", 77, 10**77),
    ],
)
def test_decimal_text_is_scaled_exactly(text: str, decimals: int, amount: int) -> None:
    assert amount_from_decimal_text(text, decimals) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".5",
        "5.",
        "8180,34",
        "1,23",
        "1,2345",
        ",100",
        "1,000,00",
        "1'000",
        "1 000",
        "0x1",
        "inf",
        "1e100",
        "1e",
        "٣.5",
    ],
)
def test_text_that_could_mean_something_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a decimal number"):
        amount_from_decimal_text(text, 2)


@pytest.mark.parametrize(("text", "decimals"), [("1.005", 2), ("1e-9", 8), ("0.1", 0)])
def test_digits_are_never_lost(text: str, decimals: int) -> None:
    with pytest.raises(ValueError, match="more decimals than its asset"):
        amount_from_decimal_text(text, decimals)


def test_negative_and_too_large_decimal_amounts_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        amount_from_decimal_text("-0.01", 2)
    assert amount_from_decimal_text(str(LARGEST), 0) == LARGEST
    with pytest.raises(ValueError, match="more than 256 bits"):
        amount_from_decimal_text(str(LARGEST + 1), 0)
    with pytest.raises(ValueError, match="more than 256 bits"):
        amount_from_decimal_text("9e99", 77)


@pytest.mark.parametrize("decimals", [-1, DECIMALS_MAX + 1])
def test_decimals_have_a_limit(decimals: int) -> None:
    with pytest.raises(ValueError, match="not between 0 and 77"):
        amount_from_decimal_text("1", decimals)


def test_77_is_the_largest_power_of_ten_in_256_bits() -> None:
    assert 10**DECIMALS_MAX <= LARGEST < 10 ** (DECIMALS_MAX + 1)


@given(st.integers(0, LARGEST), st.integers(0, DECIMALS_MAX))
@example(LARGEST, DECIMALS_MAX)
@example(0, 0)
def test_every_amount_survives_being_written_and_read(amount: int, decimals: int) -> None:
    whole, part = divmod(amount, 10**decimals)
    text = f"{whole}.{part:0{decimals}d}" if decimals else str(whole)
    grouped = f"{whole:,}.{part:0{decimals}d}" if decimals else f"{whole:,}"
    assert amount_from_decimal_text(text, decimals) == amount
    assert amount_from_decimal_text(grouped, decimals) == amount


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**12),
    st.integers(0, 18),
)
def test_decimal_text_agrees_with_exact_arithmetic(value: Decimal, decimals: int) -> None:
    scaled = Fraction(value) * 10**decimals
    text = format(value, "f")
    if scaled.denominator == 1 and scaled >= 0:
        assert amount_from_decimal_text(text, decimals) == scaled
    else:
        with pytest.raises(ValueError, match=r"more decimals|negative"):
            amount_from_decimal_text(text, decimals)


@given(st.integers(0, 10**20), st.integers(-40, 40), st.integers(0, 30))
def test_exponents_agree_with_exact_arithmetic(digits: int, exponent: int, decimals: int) -> None:
    scaled = digits * Fraction(10) ** (exponent + decimals)
    if scaled.denominator == 1 and scaled <= LARGEST:
        assert amount_from_decimal_text(f"{digits}e{exponent}", decimals) == scaled
    else:
        with pytest.raises(ValueError, match=r"more decimals|256 bits"):
            amount_from_decimal_text(f"{digits}e{exponent}", decimals)


@given(st.text(max_size=30), st.integers(0, 18))
def test_any_text_gives_an_amount_or_a_value_error(text: str, decimals: int) -> None:
    try:
        assert 0 <= amount_from_decimal_text(text, decimals) <= LARGEST
    except ValueError as error:
        assert str(error).startswith(("amount", "-"))


@pytest.mark.parametrize("code", ["BTC", "USDT@ethereum:0xdac17f958d2ee523a2206206994597c13d831ec7", "x", "x" * 200])
def test_asset_codes(code: str) -> None:
    assert Asset(code).code == code


@pytest.mark.parametrize(
    "code", ["", "x" * 201, "a b", "a,b", "a;b", 'a"b', "a'b", "a\nb", "a\x00b", "a\x07b", "a\u200bb"]
)
def test_what_is_no_asset_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="asset code"):
        Asset(code)


def test_decimals_are_known_or_said_to_be_unknown() -> None:
    assert (Asset("BTC").decimals, Asset("ETH").decimals, Asset("JPY").decimals) == (8, 18, 0)
    assert Asset("BTC@somechain:0x1").decimals is None
    assert Asset("NOBODY").decimals is None
    assert Asset("USDT@ethereum:0xdac1").symbol == "USDT"


@pytest.mark.parametrize(
    ("decimals", "codes"),
    [
        (0, "CLP ISK JPY KRW PYG UGX VND XAF XOF"),  # ISO 4217, list one
        (3, "BHD JOD KWD OMR TND"),
        (2, "AUD BGN CAD CHF CNY CZK DKK EUR GBP HUF ILS INR MXN NOK NZD PLN RON RUB SEK TRY UAH USD ZAR"),
        (8, "BTC BCH LTC DOGE"),  # consensus rules of the chains
        (18, "ETH BNB"),
        (6, "TRX"),
        (9, "SOL"),
        (12, "XMR"),
    ],
)
def test_the_smallest_unit_of_each_known_asset(decimals: int, codes: str) -> None:
    assert {code: Asset(code).decimals for code in codes.split()} == dict.fromkeys(codes.split(), decimals)


@pytest.mark.parametrize(
    ("code", "amount", "written"),
    [
        ("BTC", 6_369_996_546, "63.69996546 BTC"),
        ("EUR", 123_456_789, "1,234,567.89 EUR"),
        ("EUR", 0, "0.00 EUR"),
        ("EUR", -5, "-0.05 EUR"),
        ("EUR", -100_000, "-1,000.00 EUR"),
        ("JPY", 1_000, "1,000 JPY"),
        ("USDT@ethereum:0xdac1", 1_000, "1,000 USDT (smallest unit)"),
    ],
)
def test_amounts_as_people_read_them(code: str, amount: int, written: str) -> None:
    assert Asset(code).written(amount) == written
