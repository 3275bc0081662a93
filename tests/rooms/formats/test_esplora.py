"""Esplora JSON: coins, openings, fees, and everything that can be wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.rooms.formats.build import Row, address, as_json, as_lines, brief, esplora, read, script, txid, vin, vout

from recoup.formats.esplora import read as reader
from recoup.formats.esplora import sniff
from recoup.ground import sha256_file
from recoup.ledger import Kind, check

PAYS = esplora(1, [vin(90, 0, 1, 500), vin(91, 3, 2, 700)], [vout(3, 1000), vout(1, 150)], fee=50)
SPENDS = esplora(2, [vin(1, 0, 3, 1000)], [vout(4, 990)], fee=10)
MINED = esplora(3, [{"txid": "0" * 64, "vout": 0xFFFFFFFF, "prevout": None, "is_coinbase": True}], [vout(9, 625)])


def legs(path: Path) -> dict[str, list[str]]:
    ledger, rejected, _ = read(reader, path)
    assert rejected == []
    return {entry.id: [brief(leg) for leg in entry.legs] for entry in ledger}


def rejected(path: Path) -> list[str]:
    return read(reader, path)[1]


def test_a_transaction_becomes_its_coins(tmp_path: Path) -> None:
    one, two, three = (address(who)[-4:] for who in (1, 2, 3))
    assert legs(as_json(tmp_path, [PAYS])) == {
        txid(90): [f"o0 in {one} 500 BTC opening"],
        txid(91): [f"o3 in {two} 700 BTC opening"],
        txid(1): [
            f"i0 out {one} 500 BTC coin spends {txid(90)[60:]}:o0",
            f"i1 out {two} 700 BTC coin spends {txid(91)[60:]}:o3",
            f"o0 in {three} 1000 BTC coin",
            f"o1 in {one} 150 BTC coin",
        ],
    }


def test_time_position_ledger_source_and_line(tmp_path: Path) -> None:
    path = as_json(tmp_path, [PAYS, SPENDS])
    ledger, _, _ = read(reader, path)
    entry = next(entry for entry in ledger if entry.id == txid(2))
    assert (str(entry.time), entry.position, entry.ledger) == ("2020-09-13T12:28:40Z", 102_000_000, "bitcoin")
    item = sha256_file(path)
    assert [leg.source for leg in entry.legs] == [f"{item}#/1/vin/0", f"{item}#/1/vout/0"]
    assert {leg.line for leg in entry.legs} == {1}


def test_a_coin_created_in_the_file_has_no_opening_whatever_the_order(tmp_path: Path) -> None:
    first, second = legs(as_json(tmp_path, [PAYS, SPENDS])), legs(as_json(tmp_path, [SPENDS, PAYS]))
    assert first == second
    assert txid(1) in first and all("opening" not in leg for leg in first[txid(1)])


def test_an_opening_has_the_time_of_the_earliest_spend_and_says_so(tmp_path: Path) -> None:
    late, early = esplora(8, [vin(90, 1, 1, 5)], [vout(3, 5)]), esplora(4, [vin(90, 0, 1, 6)], [vout(3, 6)])
    ledger, _, _ = read(reader, as_json(tmp_path, [late, early]))
    opening, times = ledger.entries[0], {entry.id: entry.time for entry in ledger}
    assert (opening.id, opening.time, opening.position) == (txid(90), times[txid(4)], 0)
    assert [leg.id for leg in opening.legs] == ["o0", "o1"]
    assert all(leg.source.endswith(";created-before") and leg.kind is Kind.OPENING for leg in opening.legs)


def test_mined_coins_are_coinbase(tmp_path: Path) -> None:
    assert legs(as_json(tmp_path, MINED)) == {txid(3): [f"o0 in {address(9)[-4:]} 625 BTC coinbase"]}


@pytest.mark.parametrize("form", ["array", "one", "lines", "pretty"])
def test_every_form_of_the_file_gives_the_same_legs(tmp_path: Path, form: str) -> None:
    forms = {
        "array": lambda: as_json(tmp_path, [PAYS]),
        "one": lambda: as_json(tmp_path, PAYS),
        "lines": lambda: as_lines(tmp_path, [PAYS]),
        "pretty": lambda: _pretty(tmp_path),
    }
    assert legs(forms[form]()) == legs(as_json(tmp_path, [PAYS]))


def _pretty(folder: Path) -> Path:
    path = folder / "pretty.json"
    path.write_text(json.dumps(PAYS, indent=2), encoding="utf-8")
    return path


def test_outputs_without_an_address_are_named_by_their_script(tmp_path: Path) -> None:
    note: Row = {"scriptpubkey": "6a0b68656c6c6f20776f726c64", "scriptpubkey_type": "op_return", "value": 0}
    ledger, bad, _ = read(reader, as_json(tmp_path, esplora(1, [vin(90, 0, 1, 5)], [note, vout(2, 5)])))
    assert bad == []
    assert [(leg.account, leg.amount) for leg in ledger.entries[1].legs[1:]] == [
        ("script:6a0b68656c6c6f20776f726c64", 0),
        (address(2), 5),
    ]


def test_an_address_without_its_script_is_taken_as_it_stands(tmp_path: Path) -> None:
    bare: Row = {"scriptpubkey_address": address(2), "value": 5}
    ledger, bad, _ = read(reader, as_json(tmp_path, esplora(1, [vin(90, 0, 1, 5)], [bare])))
    assert bad == [] and ledger.entries[1].legs[1].account == address(2)


def test_the_fee_given_must_be_the_fee(tmp_path: Path) -> None:
    wrong = {**PAYS, "fee": 51}
    assert rejected(as_json(tmp_path, [wrong])) == [
        "1: row rejected at /0: fee 51 is given, inputs less outputs are 50"
    ]
    assert rejected(as_json(tmp_path, [{**PAYS, "fee": None}])) == []


def test_outputs_above_inputs_are_rejected(tmp_path: Path) -> None:
    made = esplora(1, [vin(90, 0, 1, 5)], [vout(2, 6)])
    assert rejected(as_json(tmp_path, made)) == ["1: row rejected: outputs hold 1 more than the inputs"]


def test_the_same_transaction_twice_stands_once(tmp_path: Path) -> None:
    assert legs(as_json(tmp_path, [PAYS, PAYS])) == legs(as_json(tmp_path, [PAYS]))


def test_other_contents_under_one_id_are_rejected(tmp_path: Path) -> None:
    other = {**PAYS, "vout": [vout(3, 1000), vout(2, 150)]}
    assert len(found := rejected(as_json(tmp_path, [PAYS, other]))) == 1
    assert f"transaction {txid(1)} stands with other contents in" in found[0]
    later = esplora(2, PAYS["vin"], PAYS["vout"])  # type: ignore[arg-type]
    assert len(rejected(as_json(tmp_path, [PAYS, {**later, "txid": txid(1)}]))) == 1


def test_a_prevout_that_differs_from_the_coin_is_rejected(tmp_path: Path) -> None:
    lying = esplora(2, [vin(1, 0, 3, 999)], [vout(4, 990)])
    assert rejected(as_json(tmp_path, [PAYS, lying])) == [
        f"1: row rejected at /1: input 0 is said to hold 999 but {txid(1)}:o0 holds 1000"
    ]


def test_two_accounts_of_one_unseen_coin_are_rejected(tmp_path: Path) -> None:
    a, b = esplora(1, [vin(90, 0, 1, 5)], [vout(2, 5)]), esplora(2, [vin(90, 0, 1, 6)], [vout(2, 5)])
    assert rejected(as_json(tmp_path, [a, b])) == [
        f"1: row rejected at /1: coin {txid(90)}:o0 is said to hold 6 here, 5 elsewhere"
    ]


def test_an_output_that_does_not_exist_cannot_be_spent(tmp_path: Path) -> None:
    absent = esplora(2, [vin(1, 7, 3, 1000)], [vout(4, 990)])
    assert "which has none" in rejected(as_json(tmp_path, [PAYS, absent]))[0]


def test_a_double_spend_is_a_finding_and_not_a_rejection(tmp_path: Path) -> None:
    ledger, bad, _ = read(reader, as_json(tmp_path, [PAYS, SPENDS, {**SPENDS, "txid": txid(7)}]))
    assert bad == []
    assert [finding.code.value for finding in check(ledger)].count("coin-spent-twice") == 1


def test_a_spender_of_a_rejected_transaction_keeps_its_prevouts(tmp_path: Path) -> None:
    wrong = {**PAYS, "fee": 1}
    ledger, bad, _ = read(reader, as_json(tmp_path, [wrong, SPENDS]))
    assert len(bad) == 1
    assert [(entry.id, entry.legs[0].kind) for entry in ledger] == [
        (txid(1), Kind.OPENING),
        (txid(2), Kind.COIN),
    ]


UNREADABLE: list[tuple[Row, str]] = [
    ({"txid": "12"}, "txid is '12'"),
    ({"txid": 12}, "txid is 12, not text"),
    ({"txid": None}, "txid is missing"),
    ({"txid": txid(1, "0x")}, "txid is '0x"),
    ({"status": None}, "status is not an object"),
    ({"status": {"confirmed": False}}, "the transaction is not confirmed"),
    ({"status": {"confirmed": True, "block_height": 1, "block_time": "x"}}, "block_time is 'x'"),
    ({"status": {"confirmed": True, "block_height": 1, "block_time": 10**20}}, "out of range"),
    ({"status": {"confirmed": True, "block_height": -1, "block_time": 1}}, "block_height is -1"),
    ({"status": {"confirmed": True, "block_height": 10**13, "block_time": 1}}, "out of range"),
    ({"vin": None}, "vin is missing"),
    ({"vin": [3]}, "vin is not an object"),
    ({"vin": []}, "has no inputs or no outputs"),
    ({"vout": []}, "has no inputs or no outputs"),
    ({"vout": [vout(1, -5)]}, "value is -5"),
    ({"vout": [vout(1, 1.5)]}, "value is '1.5'"),
    ({"vout": [vout(1, True)]}, "value is True"),
    ({"vout": [vout(1, None)]}, "value is missing"),
    ({"vout": [vout(1, 2**256)]}, "more than 256 bits"),
    ({"vout": [vout(1, 21_000_000 * 10**8 + 1)]}, "exceeds all bitcoin"),
    ({"vout": [{**vout(1, 5), "scriptpubkey": "zz"}]}, "is no hex"),
    ({"vout": [{**vout(1, 5), "scriptpubkey_address": "tb1qw508d6qejxtdg4y5"}]}, "does not belong"),
    ({"vout": [{"scriptpubkey_address": "a" * 501, "value": 5}]}, "too long"),
    ({"vin": [{**vin(90, 0, 1, 5), "vout": 2**32}]}, "is no output number"),
    ({"vin": [vin(1, 0, 1, 5)]}, "spends its own output"),
    ({"vin": [{"txid": txid(90), "vout": 0, "prevout": None}]}, "a coin whose amount is not in the data"),
    ({"fee": -1}, "fee is -1"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), UNREADABLE, ids=[words for _, words in UNREADABLE])
def test_what_cannot_be_read_is_rejected_and_the_rest_is_kept(tmp_path: Path, change: Row, words: str) -> None:
    ledger, bad, _ = read(reader, as_json(tmp_path, [{**PAYS, **change}, MINED]))
    assert len(bad) == 1 and words in bad[0] and "row rejected" in bad[0]
    assert [entry.id for entry in ledger] == [txid(3)]


@pytest.mark.parametrize("value", [[], {}, [1, "a", None], [[]], {"address": "x", "chain_stats": {}}])
def test_other_json_is_rejected_without_a_throw(tmp_path: Path, value: object) -> None:
    ledger, bad, _ = read(reader, as_json(tmp_path, value))
    assert len(ledger) == 0
    assert len(bad) == (len(value) if isinstance(value, list) else 1)


def test_values_at_the_limit_are_read(tmp_path: Path) -> None:
    most = 21_000_000 * 10**8
    ledger, bad, _ = read(reader, as_json(tmp_path, esplora(1, [vin(90, 2**32 - 1, 1, most)], [vout(2, most)])))
    assert bad == [] and ledger.entries[1].legs[0].amount == most
    assert ledger.entries[1].legs[0].spends == f"{txid(90)}:o4294967295"


def test_sniff_knows_the_format_by_its_keys() -> None:
    assert sniff(json.dumps([PAYS]).encode(), Path("x"))
    assert not sniff(b'{"address": "x", "chain_stats": {}}', Path("x"))
    assert script(1).startswith("0014")
