"""Amounts are exact, shares are for the eye and never claim what is not so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rooms.formats.exhibit.made import BTC, EUR

from recoup.formats.exhibit.figures import bare, brief, money, share, share_text, shortened, written
from recoup.ground import Asset

TOKEN = Asset("USDT@ethereum:0xdac17f958d2ee523a2206206994597c13d831ec7")


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (6146816619, 6370000000, "96.5 %"),
        (1, 2, "50.0 %"),
        (1, 3, "33.3 %"),
        (2, 3, "66.7 %"),
        (1, 2000, "0.1 %"),
        (1, 2001, "< 0.1 %"),
        (0, 5, "0.0 %"),
        (5, 5, "100.0 %"),
        (999_999, 1_000_000, "> 99.9 %"),
        (9994, 10000, "99.9 %"),
        (9996, 10000, "> 99.9 %"),
        (3, 2, "150.0 %"),
        (1, 0, "–"),
        (2**255, 2**256 - 1, "50.0 %"),
    ],
)
def test_shares(part: int, whole: int, text: str) -> None:
    assert share_text(part, whole) == text


@given(st.integers(0, 2**256), st.integers(1, 2**256))
def test_a_share_is_within_half_a_tenth_of_the_truth(part: int, whole: int) -> None:
    text = share_text(part, whole)
    if text[0] in "<>":
        assert 0 < part < whole
        return
    tenths = int(text.removesuffix(" %").replace(".", ""))
    assert abs(tenths * whole - 1000 * part) * 2 <= whole


def test_amounts_are_written_with_all_their_digits() -> None:
    assert written(BTC, 6146816619) == "61.46816619 BTC"
    assert written(EUR, 123456789) == "1,234,567.89 EUR"
    assert written(TOKEN, 5_000_000) == "5,000,000 USDT (smallest unit)"


def test_bare_amounts_leave_the_symbol_out() -> None:
    assert bare(BTC, 1) == "0.00000001"
    assert bare(TOKEN, 5_000_000) == "5,000,000"


def test_money_and_share_are_figures_of_the_page() -> None:
    assert money(EUR, 100).html == '<bdi dir="ltr" class="number">1.00 EUR</bdi>'
    assert share(1, 4).html == '<bdi dir="ltr" class="number">25.0 %</bdi>'


def test_short_identifiers_stay_whole_and_long_ones_keep_head_and_tail() -> None:
    assert shortened("1234567890123456") == "1234567890123456"
    assert shortened("12345678901234567") == "12345678…234567"
    assert shortened("abcdefghijklmnop", 3, 2) == "abc…op"


def test_a_brief_identifier_carries_its_whole_and_hides_nothing() -> None:
    made = brief("abcdefghij" + "\u202e" + "klmnopqrstuvwxyz")
    assert 'title="abcdefghij⟨U+202E⟩klmnopqrstuvwxyz"' in made.html
    assert "\u202e" not in made.html
