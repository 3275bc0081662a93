"""Accounts, sources, digests, defects and verdicts."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.ground import (
    AccountId,
    Answer,
    Defect,
    Defects,
    Refused,
    Source,
    Verdict,
    canonical_json,
    sha256_file,
    sha256_hex,
)
from recoup.ground.account import IDENTIFIER_CHARACTERS_MAX
from recoup.ground.defect import DEFECTS_SHOWN_MAX

YES, NO, UNKNOWN = Verdict.yes("y"), Verdict.no("n"), Verdict.unknown("u")


def test_an_account_is_kept_as_its_ledger_writes_it() -> None:
    account = AccountId("bank:AAAADEFF", "DE02 1203 0000 0000 2020 51")
    assert str(account) == "bank:AAAADEFF/DE02 1203 0000 0000 2020 51"
    assert AccountId("bitcoin", "bc1Q") != AccountId("bitcoin", "bc1q")
    assert sorted([AccountId("b", "1"), AccountId("a", "2")])[0].ledger == "a"


@pytest.mark.parametrize("text", ["", "a\nb", "a\x00b", "\x7f", "a\u202eb", "x" * (IDENTIFIER_CHARACTERS_MAX + 1)])
def test_what_is_no_identifier_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="account"):
        AccountId("bitcoin", text)
    with pytest.raises(ValueError, match="ledger"):
        AccountId(text, "bc1q")


def test_500_characters_is_the_edge_of_an_identifier() -> None:
    assert AccountId("l" * IDENTIFIER_CHARACTERS_MAX, "a" * IDENTIFIER_CHARACTERS_MAX).identifier[0] == "a"


@given(st.text(st.characters(exclude_characters="#"), max_size=20), st.text(max_size=20))
def test_a_source_is_read_back_from_its_text(item: str, locator: str) -> None:
    assert Source.parse(str(Source(item, locator))) == Source(item, locator)


def test_an_item_with_the_separator_is_refused() -> None:
    with pytest.raises(ValueError, match="holds a #"):
        Source("a#b")
    assert Source.parse("a#b#c") == Source("a", "b#c")


def test_digests_are_sha_256(tmp_path: Path) -> None:
    # FIPS 180-4 example: "abc"
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    path = tmp_path / "item"
    path.write_bytes(b"abc")
    assert sha256_hex(b"abc") == sha256_file(path) == expected
    path.write_bytes(b"x" * 3_000_001)
    assert sha256_file(path) == hashlib.sha256(b"x" * 3_000_001).hexdigest()


def test_canonical_json_of_rfc_8785_section_3_2_3() -> None:
    value = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    assert [key for key, _ in json.loads(canonical_json(value), object_pairs_hook=list)] == [
        "\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33",
    ]  # fmt: skip


def test_canonical_json_escapes_as_rfc_8785_section_3_2_2_2() -> None:
    text = "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/\x7f"
    assert canonical_json(text) == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/\x7f"'.encode()
    assert canonical_json({"b": [1, None, True], "a": ("x", {})}) == b'{"a":["x",{}],"b":[1,null,true]}'


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), 2**53, -(2**53), [1.5], {"a": {"b": 0.1}}, {1: "a"}, {"a": ({2: 0},)}]
)
def test_what_is_not_exact_in_json_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


def test_the_edge_of_json_integers_and_of_unicode() -> None:
    assert canonical_json([2**53 - 1, 1 - 2**53]) == b"[9007199254740991,-9007199254740991]"
    with pytest.raises(ValueError, match="surrogates"):
        canonical_json("\ud800")
    with pytest.raises(TypeError):
        canonical_json({"path": Path("x")})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(1 - 2**53, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_canonical_json_says_the_same_thing_and_only_one_way(value: Any) -> None:
    once = canonical_json(value)
    assert json.loads(once) == value
    assert canonical_json(json.loads(once)) == once


def test_a_defect_names_its_place() -> None:
    assert str(Defect("a.csv", 3, "bad", "Mend it")) == "a.csv:3: bad. Mend it"
    assert str(Defect("a.csv", 0, "bad", "Mend it")) == "a.csv: bad. Mend it"


def test_defects_keep_their_order() -> None:
    defects = Defects()
    assert len(defects) == 0
    defects.add("a", 2, "x", "y")
    defects.add("a", 1, "x", "y")
    assert [defect.line for defect in defects] == [2, 1] and len(defects) == 2


def test_notices_are_kept_apart_and_do_not_count() -> None:
    defects = Defects()
    defects.note("a", 3, "seen", "Nothing to mend")
    assert len(defects) == 0 and list(defects) == []
    assert [str(notice) for notice in defects.notices] == ["a:3: seen. Nothing to mend"]


@pytest.mark.parametrize("more", [0, 1, 5])
def test_a_refusal_shows_twenty_defects_and_counts_the_rest(more: int) -> None:
    refusal = Refused(*(Defect("a", line, "bad", "mend") for line in range(1, DEFECTS_SHOWN_MAX + more + 1)))
    lines = str(refusal).splitlines()
    assert lines[:2] == ["a:1: bad. mend", "a:2: bad. mend"]
    assert lines[DEFECTS_SHOWN_MAX:] == ([f"and {more} more"] if more else [])
    assert len(refusal.defects) == DEFECTS_SHOWN_MAX + more


# Kleene's strong three-valued logic, whole.
TABLE = [
    (YES, YES, "yes", "yes"),
    (YES, UNKNOWN, "unknown", "yes"),
    (YES, NO, "no", "yes"),
    (UNKNOWN, UNKNOWN, "unknown", "unknown"),
    (UNKNOWN, NO, "no", "unknown"),
    (NO, NO, "no", "no"),
]


@pytest.mark.parametrize(("a", "b", "both", "either"), TABLE)
def test_the_truth_table(a: Verdict, b: Verdict, both: str, either: str) -> None:
    for one, two in ((a, b), (b, a)):
        assert Verdict.all_of([one, two]).answer == both
        assert Verdict.any_of([one, two]).answer == either
        assert ~Verdict.all_of([one, two]) == Verdict.any_of([~one, ~two])  # De Morgan


def test_only_what_decides_gives_reasons() -> None:
    assert Verdict.all_of([YES, NO, UNKNOWN, Verdict.no("m")]) == Verdict(Answer.NO, ("n", "m"))
    assert Verdict.any_of([UNKNOWN, YES, NO]) == Verdict(Answer.YES, ("y",))
    assert Verdict.all_of([YES, Verdict.yes("z")]).reasons == ("y", "z")


def test_of_nothing_all_hold_and_none_does() -> None:
    assert Verdict.all_of([]) == Verdict.yes()
    assert Verdict.any_of(iter([])) == Verdict.no()


def test_unknown_stays_unknown_and_no_verdict_is_a_truth_value() -> None:
    assert ~UNKNOWN == UNKNOWN and Verdict.no("y") == ~YES and Verdict.yes("n") == ~NO
    for verdict in (YES, NO, UNKNOWN):
        with pytest.raises(TypeError, match="three values"):
            bool(verdict)


VERDICTS = st.builds(Verdict, st.sampled_from(Answer), st.lists(st.sampled_from("abc"), max_size=2).map(tuple))


@given(st.lists(VERDICTS, max_size=6), st.integers(0, 6))
def test_a_verdict_does_not_depend_on_how_it_is_grouped(verdicts: list[Verdict], cut: int) -> None:
    for join in (Verdict.all_of, Verdict.any_of):
        whole = join(verdicts)
        parts = join([join(verdicts[:cut]), join(verdicts[cut:])])
        assert whole.answer is parts.answer


@given(st.lists(VERDICTS, max_size=6))
def test_unknown_never_becomes_yes(verdicts: list[Verdict]) -> None:
    """Where nothing is yes, nothing made of it is yes, turned round or not."""
    doubtful = [verdict for verdict in verdicts if verdict.answer is not Answer.YES]
    assert Verdict.any_of(doubtful).answer is not Answer.YES
    unknown = [verdict for verdict in verdicts if verdict.answer is Answer.UNKNOWN]
    if unknown:
        assert Verdict.all_of(verdicts).answer is not Answer.YES
        assert (~Verdict.any_of([~verdict for verdict in unknown])).answer is Answer.UNKNOWN
