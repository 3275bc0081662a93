"""IBANs: every single slip of a hand is caught, for the countries of a Yukom-shaped case and more (ISO 13616)."""

from __future__ import annotations

import string

import pytest

from recoup.restitution.payment import iban_fault
from recoup.restitution.payment.iban import bic_fault

# The registry's own examples (SWIFT IBAN Registry), one per country.
EXAMPLES = (
    "AD1200012030200359100100",
    "AT611904300234573201",
    "BE68539007547034",
    "BG80BNBG96611020345678",
    "CH9300762011623852957",
    "CY17002001280000001200527600",
    "CZ6508000000192000145399",
    "DE89370400440532013000",
    "DK5000400440116243",
    "EE382200221020145685",
    "ES9121000418450200051332",
    "FI2112345600000785",
    "FR1420041010050500013M02606",
    "GB29NWBK60161331926819",
    "GI75NWBK000000007099453",
    "GR1601101250000000012300695",
    "HR1210010051863000160",
    "HU42117730161111101800000000",
    "IE29AIBK93115212345678",
    "IL620108000000099999999",
    "IT60X0542811101000000123456",
    "LT121000011101001000",
    "LU280019400644750000",
    "LV80BANK0000435195001",
    "MT84MALT011000012345MTLCAST001S",
    "MU17BOMM0101101030300200000MUR",
    "NL91ABNA0417164300",
    "NO9386011117947",
    "PL61109010140000071219812874",
    "PT50000201231234567890154",
    "RO49AAAA1B31007593840000",
    "SE4550000000058398257466",
    "SI56263300012039086",
    "SK3112000000198742637541",
)


def other_characters(old: str) -> str:
    """Characters of the same class: a slip that keeps the structure."""
    return (string.digits if old.isdigit() else string.ascii_uppercase).replace(old, "")


@pytest.mark.parametrize("iban", EXAMPLES)
def test_the_registry_s_example_is_sound(iban: str) -> None:
    assert iban_fault(iban) == ""


@pytest.mark.parametrize("iban", EXAMPLES)
def test_every_single_wrong_character_is_caught(iban: str) -> None:
    """MOD 97-10 catches every single substitution: 97 is prime and no place weighs a multiple of it."""
    for place, old in enumerate(iban):
        for new in other_characters(old):
            wrong = iban[:place] + new + iban[place + 1 :]
            assert iban_fault(wrong) != "", wrong


@pytest.mark.parametrize("iban", EXAMPLES)
def test_two_neighbours_of_one_class_exchanged_are_caught(iban: str) -> None:
    for place in range(4, len(iban) - 1):
        a, b = iban[place], iban[place + 1]
        if a != b and a.isdigit() == b.isdigit():
            wrong = iban[:place] + b + a + iban[place + 2 :]
            assert iban_fault(wrong) != "", wrong


def test_the_one_exchange_that_the_standard_itself_cannot_see() -> None:
    """`1B` and `B1` are both 111 when letters become numbers: only the payee name check can catch this slip."""
    assert iban_fault("RO49AAAA1B31007593840000") == iban_fault("RO49AAAAB131007593840000") == ""


@pytest.mark.parametrize("iban", EXAMPLES)
def test_a_lost_or_a_doubled_character_is_caught_by_the_length(iban: str) -> None:
    for place in range(2, len(iban)):
        assert iban_fault(iban[:place] + iban[place + 1 :]) != ""
        assert iban_fault(iban[:place] + iban[place] + iban[place:]) != ""


@pytest.mark.parametrize("iban", EXAMPLES[:6])
def test_what_people_write_and_banks_do_not_take(iban: str) -> None:
    spaced = " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))
    for wrong in (spaced, iban.lower(), f" {iban}", f"{iban}\n", f"IBAN{iban}", iban.replace("0", "O")):
        assert iban_fault(wrong) != "", wrong


@pytest.mark.parametrize("country", ["US", "XX", "ZZ", "AI", "MH", "AU"])
def test_a_country_without_ibans_is_named(country: str) -> None:
    """Anguilla and the Marshall Islands, where shells are registered, have none: such a number is made up."""
    assert "that gives no IBANs" in iban_fault(f"{country}68539007547034")


@pytest.mark.parametrize(
    ("iban", "words"),
    [
        ("", "is not an IBAN"),
        ("DE", "is not an IBAN"),
        ("DE8937040044053201300", "has 21 characters; DE has 22"),
        ("DE893704004405320130000", "has 23 characters; DE has 22"),
        ("DE8937040044053201300A", "does not have the structure of DE"),
        ("DE88370400440532013000", "has a wrong checksum"),
        ("GB29NWB160161331926819", "does not have the structure of GB"),
        ("١٢٣٤", "is not an IBAN"),
        ("DE٨٩370400440532013000", "is not an IBAN"),
    ],
)
def test_each_fault_says_what_is_wrong(iban: str, words: str) -> None:
    assert words in iban_fault(iban)


@pytest.mark.parametrize("bic", ["", "COBADEFF", "COBADEFFXXX", "BKAUATWW", "1234DE11"])
def test_a_bic_has_eight_or_eleven_characters_or_is_left_out(bic: str) -> None:
    assert bic_fault(bic) == ""


@pytest.mark.parametrize(
    "bic", ["COBADEF", "COBADEFFX", "COBADEFFXX", "COBADEFFXXXX", "cobadeff", "COBA12FF", "COBA DEFF", "COBADEFF\n"]
)
def test_anything_else_is_no_bic(bic: str) -> None:
    assert bic_fault(bic) == "is not a BIC of 8 or 11 characters"
