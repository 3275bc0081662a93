"""Rows of the outside formats, made small."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from recoup.formats.bitcoin_script import account_of
from recoup.ground import Defects
from recoup.ledger import Entry, Ledger, Leg, read_ledger, write_ledger

Row = dict[str, object]
Reader = Callable[[Path, Defects], Ledger]

ALICE, BOB, CAROL = (f"0x{digit * 40}" for digit in "abc")
ZERO = "0x" + "0" * 40
TOKEN = "0x" + "7" * 40
TIME = 1_600_000_000  # 2020-09-13T12:26:40Z


def txid(name: int, prefix: str = "") -> str:
    return f"{prefix}{name:064x}"


def script(who: int) -> str:
    """A P2WPKH script."""
    return f"0014{who:040x}"


def address(who: int) -> str:
    return account_of(bytes.fromhex(script(who)))


def vout(who: int, value: object) -> Row:
    return {"scriptpubkey": script(who), "scriptpubkey_address": address(who), "value": value}


def vin(spent: int, index: int, who: int, value: object) -> Row:
    return {"txid": txid(spent), "vout": index, "prevout": vout(who, value), "is_coinbase": False}


def esplora(name: int, ins: list[Row], outs: list[Row], **more: object) -> Row:
    """An Esplora transaction at the minute of its name."""
    status = {"confirmed": True, "block_height": 100 + name, "block_time": TIME + 60 * name}
    return {"txid": txid(name), "vin": ins, "vout": outs, "status": status, **more}


def etl_output(index: int, who: int, value: object) -> Row:
    return {"index": index, "script_hex": script(who), "type": "witness_v0_keyhash", "addresses": [address(who)],
            "value": value}  # fmt: skip


def etl_input(spent: int, index: int, who: int | None = None, value: object = None) -> Row:
    addresses = [] if who is None else [address(who)]
    return {"index": 0, "spent_transaction_hash": txid(spent), "spent_output_index": index, "addresses": addresses,
            "type": None, "value": value}  # fmt: skip


def bitcoin_etl(name: int, ins: list[Row], outs: list[Row], **more: object) -> Row:
    """A bitcoin-etl transaction at the minute of its name."""
    row: Row = {"hash": txid(name), "block_number": 100 + name, "block_timestamp": TIME + 60 * name, "index": 1}
    return {**row, "is_coinbase": not ins, "inputs": ins, "outputs": outs, **more}


def etl_call(name: int, sender: str, to: str | None, value: object, **more: object) -> Row:
    """An ethereum-etl transaction: index = name, in block 5."""
    row: Row = {"hash": txid(name, "0x"), "block_number": 5, "transaction_index": name, "from_address": sender}
    return {**row, "to_address": to, "value": value, "gas_price": 10, "block_timestamp": TIME, **more}


def etl_receipt(name: int, gas: object = 21, status: object = 1, **more: object) -> Row:
    row: Row = {"transaction_hash": txid(name, "0x"), "transaction_index": name, "block_number": 5}
    return {**row, "gas_used": gas, "cumulative_gas_used": gas, "status": status, **more}


def etl_token(name: int, log: int, sender: str, to: str, value: object, **more: object) -> Row:
    row: Row = {"token_address": TOKEN, "from_address": sender, "to_address": to, "value": value}
    return {**row, "transaction_hash": txid(name, "0x"), "log_index": log, "block_number": 5, **more}


def etl_trace(name: int, at: object, sender: str | None, to: str | None, value: object, **more: object) -> Row:
    row: Row = {"transaction_hash": txid(name, "0x"), "transaction_index": name, "block_number": 5, "status": 1}
    calls: Row = {"trace_type": "call", "call_type": "call", "trace_address": at, "error": None}
    return {**row, **calls, "from_address": sender, "to_address": to, "value": value, **more}


def scan_call(name: int, sender: str, to: str, value: str, **more: object) -> Row:
    """An Etherscan `txlist` row."""
    row: Row = {"blockNumber": "5", "timeStamp": str(TIME), "hash": txid(name, "0x"), "nonce": "1"}
    rest: Row = {"transactionIndex": str(name), "from": sender, "to": to, "value": value, "gasPrice": "10"}
    return {**row, **rest, "gasUsed": "21", "isError": "0", "contractAddress": "", **more}


def scan_internal(name: int, sender: str, to: str, value: str, **more: object) -> Row:
    row: Row = {"blockNumber": "5", "timeStamp": str(TIME), "hash": txid(name, "0x"), "from": sender, "to": to}
    return {**row, "value": value, "contractAddress": "", "type": "call", "isError": "0", **more}


def scan_token(name: int, sender: str, to: str, value: str, **more: object) -> Row:
    row: Row = {"blockNumber": "5", "timeStamp": str(TIME), "hash": txid(name, "0x"), "from": sender, "to": to}
    token: Row = {"contractAddress": TOKEN, "tokenSymbol": "USDT", "tokenDecimal": "6", "transactionIndex": str(name)}
    return {**row, **token, "value": value, **more}


def as_json(folder: Path, value: object, name: str = "file.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def as_lines(folder: Path, rows: list[Row], name: str = "rows.json") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def as_csv(folder: Path, rows: list[Row], name: str = "rows.csv") -> Path:
    """CSV as the etl tools write it: lists with commas, nothing for null."""
    path = folder / name
    lines = [",".join(rows[0])] + [",".join(_cell(value) for value in row.values()) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _cell(value: object) -> str:
    if isinstance(value, list):
        return '"' + ",".join(map(str, value)) + '"'
    return "" if value is None else str(value)


def read(reader: Reader, path: Path) -> tuple[Ledger, list[str], list[str]]:
    """The ledger, what was rejected, what was noted; the ledger survives being written and read."""
    defects = Defects()
    ledger = reader(path, defects)
    assert_written_and_read(ledger, path.with_name("written.csv"))
    rejected = [f"{defect.line}: {defect.what}" for defect in defects]
    return ledger, rejected, [notice.what for notice in defects.notices]


def assert_written_and_read(ledger: Ledger, path: Path) -> None:
    write_ledger(ledger, path)
    defects = Defects()
    again = read_ledger(path, defects)
    assert not list(defects)
    assert [_plain(entry) for entry in again] == [_plain(entry) for entry in ledger]


def _plain(entry: Entry) -> tuple[object, ...]:
    legs = [
        (leg.id, leg.side, leg.account, leg.asset, leg.amount, leg.kind, leg.spends, leg.source) for leg in entry.legs
    ]
    return entry.id, entry.time, entry.position, entry.ledger, legs


def brief(leg: Leg) -> str:
    """A leg in one line."""
    spends = f" spends {leg.spends[60:]}" if leg.spends else ""
    return f"{leg.id} {leg.side} {leg.account[-4:]} {leg.amount} {leg.asset.symbol} {leg.kind}{spends}"
