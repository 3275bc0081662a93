"""Every kind of selector whole, broken, defanged and inside other words, in the scripts that victims write."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from random import Random

import pytest
from tests.rooms.complaints.addresses import ALPHABET, CHARSET, bitcoin, corrupted, iban, segwit, tron

from recoup.complaints.selectors import Gazetteer, Known, Selector, domain_parts, folded, selectors_of_text, tokens_of
from recoup.complaints.selectors import extract as extract_module
from recoup.complaints.selectors.checksum import base58_decoded, base58check_payload, luhn, mod97, segwit_version
from recoup.complaints.selectors.names import NAME_TOKENS_MAX
from recoup.complaints.selectors.reading import read_text
from recoup.complaints.selectors.web import HOST_CHARACTERS_MAX, LOCAL_CHARACTERS_MAX, lookalike

RANDOM = Random("hostile")
WHOLE = {
    "btc": bitcoin(RANDOM),
    "tron": tron(RANDOM),
    "eth": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "iban": iban(RANDOM),
    "domain": "evil-pay.com",
    "email": "lena@evil-pay.com",
    "phone": "+44 20 7946 0018",
}
FRAMES = {
    "en": "I sent it to {} yesterday",
    "de": "Überweisung an {} vom Vorstand",
    "fr": "j’ai versé à {} l’été dernier",
    "ru": "я перевёл на {} деньги",
    "he": "שלחתי אל {} כסף",
    "ar": "أرسلت إلى {} مالا",
    "tr": "{} hesabına gönderdim",
    "zh": "我汇款到 {} 了",
    "emoji": "😡😡 {} 😡",
    "marks": "\u200f\u202b{}\u202c\u200e",
}


def of(kind: str, text: str, country: str = "") -> list[Selector]:
    return [found for found in selectors_of_text(text, country) if found.type == kind]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_selector_stands_at_its_own_offsets_in_every_script(kind: str, frame: str) -> None:
    text = FRAMES[frame].format(WHOLE[kind])
    (found,) = of(kind, text)
    assert found.valid is True
    assert text[found.start : found.end] == found.raw == WHOLE[kind]
    assert found.start == text.index(WHOLE[kind])


@pytest.mark.parametrize("kind", ["btc", "tron", "iban"])
def test_a_corrupted_account_is_never_valid_and_never_another_kind(kind: str) -> None:
    random = Random(f"corrupt {kind}")
    alphabet = "0123456789" if kind == "iban" else ALPHABET
    for _ in range(60):
        wrong = corrupted(random, WHOLE[kind], alphabet)
        assert not [each for each in selectors_of_text(f"to {wrong} now") if each.valid is True and each.raw == wrong]


@pytest.mark.parametrize("kind", ["btc", "tron", "eth", "iban"])
@pytest.mark.parametrize("shape", ["x{}", "{}x", "9{}", "{}9", "é{}"])
def test_an_account_inside_a_longer_word_is_not_called_valid(kind: str, shape: str) -> None:
    found = of(kind, shape.format(WHOLE[kind]))
    assert not [each for each in found if each.valid and each.raw == WHOLE[kind] and not shape.startswith("é")]


@pytest.mark.parametrize(
    "shape", ["({})", "«{}»", "„{}“", "{},", "{};", "{}.", "{}!", "<{}>", "[{}]", "*{}*", "\t{}\n"]
)
@pytest.mark.parametrize("kind", ["btc", "tron", "eth", "iban", "domain", "email"])
def test_punctuation_of_any_hand_belongs_to_no_selector(kind: str, shape: str) -> None:
    text = shape.format(WHOLE[kind])
    (found,) = of(kind, text)
    assert (found.raw, found.valid) == (WHOLE[kind], True)
    assert text[found.start : found.end] == WHOLE[kind]


@pytest.mark.parametrize(
    ("text", "kind", "value", "raw"),
    [
        ("see evil[.]com now", "domain", "evil.com", "evil[.]com"),
        ("see evil[dot]com now", "domain", "evil.com", "evil[dot]com"),
        ("see evil(.)com now", "domain", "evil.com", "evil(.)com"),
        ("see evil {.} com now", "domain", "evil.com", "evil {.} com"),
        ("see evil [punkt] com", "domain", "evil.com", "evil [punkt] com"),
        ("ver evil[punto]com", "domain", "evil.com", "evil[punto]com"),
        ("at hxxp://evil[.]com/a", "url", "http://evil.com/a", "hxxp://evil[.]com/a"),
        ("at h**p://evil.com/a", "url", "http://evil.com/a", "h**p://evil.com/a"),
        ("at hxxps[:]//evil.com/a", "url", "https://evil.com/a", "hxxps[:]//evil.com/a"),
        ("to lena[at]evil.com", "email", "lena@evil.com", "lena[at]evil.com"),
        ("to lena(arroba)evil[.]com", "email", "lena@evil.com", "lena(arroba)evil[.]com"),
        ("to lena[@]evil[.]co[.]uk", "email", "lena@evil.co.uk", "lena[@]evil[.]co[.]uk"),
    ],
)
def test_defanged_text_is_mended_and_its_offsets_are_of_the_original(
    text: str, kind: str, value: str, raw: str
) -> None:
    (found,) = of(kind, text)
    assert (found.value, found.raw, text[found.start : found.end]) == (value, raw, raw)


@pytest.mark.parametrize(
    ("zero", "text"),
    [(0x0660, "+٤٤"), (0x06F0, "+۴۴"), (0x0966, "+४४"), (0x09E6, "+৪৪"), (0x0E50, "+๔๔"), (0xFF10, "+４４")],
)
def test_a_phone_in_the_digits_of_another_script(zero: int, text: str) -> None:
    written = "+44 20 7946 0018".translate({ord(str(n)): chr(zero + n) for n in range(10)})
    assert written.startswith(text)
    (found,) = of("phone", f"x {written} x")
    assert (found.value, found.raw, found.start, found.valid) == ("+442079460018", written, 2, True)


def test_invisible_marks_inside_an_account_do_not_hide_it() -> None:
    whole = WHOLE["btc"]
    for mark in ("\u200b", "\u2060", "\ufeff", "\u00ad", "\u202e", "\u2066"):
        text = f"pay {whole[:9]}{mark}{whole[9:]} now"
        (found,) = of("btc", text)
        assert found.value == whole and found.valid is True
        assert (found.start, found.end) == (4, 5 + len(whole))


def test_a_letter_that_only_looks_like_one_makes_an_account_invalid() -> None:
    spoiled = WHOLE["iban"].replace("DE", "DЕ")  # Cyrillic Е
    assert of("iban", spoiled) == []


@pytest.mark.parametrize("spaces", [4, 3, 5])
@pytest.mark.parametrize("sign", [" ", "-", ".", "\u00a0", "\u2011"])
def test_an_iban_in_groups_keeps_every_character_of_its_writing(spaces: int, sign: str) -> None:
    whole = WHOLE["iban"]
    first, rest = whole[:4], whole[4:]
    written = sign.join([first, *(rest[at : at + spaces] for at in range(0, len(rest), spaces))])
    text = f"an {written} gesendet"
    (found,) = of("iban", text)
    assert (found.value, found.valid, found.raw) == (whole, True, written)


def test_an_iban_of_every_length_but_its_own_fails() -> None:
    whole = WHOLE["iban"]
    for length in range(15, 30):
        written = (whole + "0000000000")[:length]
        assert [each.valid for each in of("iban", written)] == [length == len(whole)]


def test_two_accounts_side_by_side_are_two() -> None:
    random = Random("pair")
    first, second = iban(random), iban(random)
    assert [each.value for each in of("iban", f"{first} {second}")] == [first, second]
    assert [each.value for each in of("btc", f"{WHOLE['btc']},{bitcoin(Random('b'))}")] == [
        WHOLE["btc"], bitcoin(Random("b")),
    ]  # fmt: skip


@pytest.mark.parametrize(("version", "size"), [(0, 20), (0, 32), (1, 32), (2, 2), (16, 40)])
def test_segwit_of_each_version_and_the_wrong_checksum_kind(version: int, size: int) -> None:
    address = segwit(Random(f"{version} {size}"), version, size)
    assert segwit_version(address, "bc") == version
    assert segwit_version(address.upper(), "bc") == version
    assert segwit_version(address[:5] + address[5:].upper(), "bc") is None
    assert segwit_version(address, "tb") is None


@pytest.mark.parametrize(("version", "size"), [(0, 19), (0, 21), (0, 33), (1, 1), (1, 41), (17, 32)])
def test_segwit_one_beyond_each_limit(version: int, size: int) -> None:
    assert segwit_version(segwit(Random("edge"), version, size), "bc") is None


@pytest.mark.parametrize("at", range(4, 42))
def test_every_single_wrong_letter_of_a_segwit_address_is_noticed(at: int) -> None:
    address = segwit(Random("one"))
    other = next(letter for letter in CHARSET if letter != address[at])
    assert segwit_version(address[:at] + other + address[at + 1 :], "bc") is None


def test_base58_at_its_edges() -> None:
    assert base58_decoded("") == b""
    assert base58_decoded("1") == b"\x00" and base58_decoded("111") == b"\x00" * 3
    assert base58_decoded("0") is None and base58_decoded("O") is None and base58_decoded("l") is None
    assert base58check_payload("1") is None and base58check_payload("") is None


def test_checks_by_hand() -> None:
    assert luhn("79927398713") and not luhn("79927398710")
    assert luhn("0") and not luhn("1")
    assert mod97("GB82WEST12345698765432") and not mod97("GB28WEST12345698765432")


@pytest.mark.parametrize("country", ["US", ""])
def test_a_card_never_leaves_with_its_middle_digits(country: str) -> None:
    for written in ("4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111"):
        found = selectors_of_text(f"my card {written} was charged 4111111111111111x", country)
        assert "411111111" not in "".join(each.raw.replace(" ", "").replace("-", "") for each in found)
        (card,) = [each for each in found if each.type == "card"]
        assert card.value == "411111…1111" and len(card.raw) == len(written)


def test_a_host_at_its_longest_and_one_beyond() -> None:
    label = "a" * 60
    stem = ".".join([label, label, label, "b" * (HOST_CHARACTERS_MAX - 4 - 183)])
    assert len(f"{stem}.com") == HOST_CHARACTERS_MAX
    assert domain_parts(f"{stem}.com") is not None
    assert domain_parts(f"c{stem}.com") is None


def test_the_local_part_of_an_address_at_its_longest() -> None:
    local = "a" * LOCAL_CHARACTERS_MAX
    assert of("email", f"{local}@evil.com")[0].value == f"{local}@evil.com"
    assert all(len(each.value) <= LOCAL_CHARACTERS_MAX + 9 for each in of("email", f"b{local}@evil.com"))


@pytest.mark.parametrize(
    "host", ["", ".", "..", "com", "co.uk", "-.com", "a..com", "xn--.com", "\u2024.com", "a b.com"]
)
def test_what_is_no_host_is_none(host: str) -> None:
    found = domain_parts(host)
    assert found is None or found[1].count(".") >= 1


@pytest.mark.parametrize(
    ("host", "imitates"),
    [("раураl.com", "paypal.com"), ("аррlе.com", "apple.com"), ("münchen.de", ""), ("paypal.com", "")],
)
def test_what_a_host_imitates(host: str, imitates: str) -> None:
    assert lookalike(host) == imitates


def test_the_text_limit_at_its_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract_module, "TEXT_CHARACTERS_MAX", 13)
    assert [each.value for each in selectors_of_text("pay evil.com!")] == ["evil.com"]
    assert selectors_of_text("pay now evil.com") == []


def test_a_gazetteer_at_its_limits() -> None:
    long = [f"word{n}" for n in range(NAME_TOKENS_MAX + 1)]
    assert len(Gazetteer([Known(" ".join(long), "too long"), Known("Li", "too short"), Known("!!", "no word")])) == 0
    known = Gazetteer([Known(" ".join(long[:-1]), "just"), Known("Lee", "three")])
    assert [each.value for each in selectors_of_text(f"{' '.join(long)}; Lee", "", known)] == ["just", "three"]


@pytest.mark.parametrize(
    ("gap", "found"), [(" ", True), ("  ", True), (" - ", True), (" -- ", False), ("\n\n", True), (".\n\n\n", False)]
)
def test_words_of_a_known_name_stand_within_three_characters(gap: str, found: bool) -> None:
    known = Gazetteer([Known("Lena Green", "lena")])
    assert bool(selectors_of_text(f"met Lena{gap}Green", "", known)) is found


@pytest.mark.parametrize("written", ["JOSÉ MÜLLER", "Jose Muller", "José Muller"])
def test_accents_composed_or_left_out_are_one_name(written: str) -> None:
    text = unicodedata.normalize("NFC", f"by {written} today")
    (found,) = selectors_of_text(text, "", Gazetteer([Known("José Müller", "jm")]))
    assert (found.value, text[found.start : found.end]) == ("jm", found.raw)


def test_accents_written_as_marks_of_their_own() -> None:
    text = unicodedata.normalize("NFD", "by José Müller today")
    (found,) = selectors_of_text(text, "", Gazetteer([Known("José Müller", "jm")]))
    assert (found.value, found.raw) == ("jm", unicodedata.normalize("NFD", "José Müller"))


@pytest.mark.parametrize(
    ("name", "expect"),
    [
        ("O'Neill", "oneill"),
        ("Щербакова", "shcherbakova"),
        ("", ""),
        ("!!!", ""),
        ("Ａｎａ", "ana"),
        ("x" * 600, "x" * 500),
    ],
)
def test_folding(name: str, expect: str) -> None:
    assert folded(name) == expect


def test_tokens_keep_their_script() -> None:
    assert tokens_of("Юлия КИМ-Ли") == ("юлия", "ким", "ли")
    assert tokens_of("") == ()


def test_a_reading_claims_each_character_once() -> None:
    reading = read_text("abc")
    assert reading.claim(0, 2) and not reading.claim(1, 3) and reading.claim(2, 3)
    assert list(reading.claimed) == [1, 1, 1]


def test_selectors_do_not_overlap_but_for_names_and_urls() -> None:
    text = f"https://evil.com/{WHOLE['btc']} lena@evil.com {WHOLE['iban']} +44 20 7946 0018 on 2021-03-05 for 5,000 EUR"
    spans = [(each.start, each.end) for each in selectors_of_text(text) if each.type != "domain"]
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    assert len(spans) == 6
