"""`recoup read`: what it prints, writes and exits with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.rooms.formats.build import ALICE, BOB, as_json, esplora, txid, vin, vout

from recoup.cli import read as module
from recoup.cli import spool
from recoup.cli.read import read
from recoup.ground import Defects, Refused
from recoup.ledger import read_ledger

EDGES = "Timestamp,Block,Tx_hash,From,From_label,To,To_label,Value_in_USD\n"
EDGE = f"2023-01-13 20:34:11,16400290,{txid(1, '0x')},{ALICE},Thief,{BOB},,200000.0\n"
BAD = f"2023-01-13 20:34:11,16400290,{txid(2, '0x')},{ALICE},Thief,{BOB},,-5\n"


@pytest.fixture
def edges(tmp_path: Path) -> Path:
    path = tmp_path / "edges.csv"
    path.write_text(EDGES + EDGE, encoding="utf-8")
    return path


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.csv"
    path.write_text(EDGES + EDGE + BAD, encoding="utf-8")
    return path


def run(*arguments: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(read, [str(argument) for argument in arguments], input=stdin)


def test_the_ledger_goes_to_standard_output_and_words_to_standard_error(edges: Path) -> None:
    result = run(edges)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("entry,time,position,ledger,leg,side,account,asset,amount") and len(lines) == 3
    assert f"{txid(1, '0x')},2023-01-13T20:34:11Z,16400290,ethereum,0-out,out,{ALICE},USD-e18," in lines[1]
    assert f"{edges}: profile ethereum-case-edges 1 (sha256 " in result.stderr
    assert "1 entries, 2 legs, 0 rejected" in result.stderr
    assert "1 × balance-below-zero" in result.stderr


def test_a_rejected_row_is_named_with_its_line_and_how_to_mend_it_and_the_exit_is_1(broken: Path) -> None:
    result = run(broken)
    assert result.exit_code == 1
    assert f"{broken}:3: row rejected: amount -5" in result.stderr
    assert "Check the amount" in result.stderr and "1 entries, 2 legs, 1 rejected" in result.stderr
    assert len(result.stdout.splitlines()) == 3


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".txt"])
def test_out_writes_a_file_that_reads_back(edges: Path, suffix: str) -> None:
    out = edges.with_name(f"ledger{suffix}")
    result = run(edges, "--out", out)
    assert result.exit_code == 0 and result.stdout == ""
    defects = Defects()
    assert len(read_ledger(out, defects)) == 1 and not list(defects)
    assert out.read_bytes()[:4] == (b"PAR1" if suffix == ".parquet" else b"entr")
    assert sorted(path.name for path in edges.parent.iterdir()) == sorted(["edges.csv", out.name])


def test_an_existing_ledger_is_replaced_whole_or_not_at_all(edges: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = edges.with_name("ledger.csv")
    out.write_text("before", encoding="utf-8")

    def fail(*_: object) -> None:
        out.with_name("half").touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "write_ledger", fail)
    result = run(edges, "--out", out)
    assert isinstance(result.exception, Refused) and "No space left on device" in str(result.exception)
    assert out.read_text(encoding="utf-8") == "before"
    assert sorted(path.name for path in edges.parent.iterdir()) == ["edges.csv", "half", "ledger.csv"]
    monkeypatch.undo()
    assert run(edges, "--out", out).exit_code == 0
    assert out.read_text(encoding="utf-8").startswith("entry,")


def test_a_place_that_cannot_be_written_to_is_refused(edges: Path) -> None:
    result = run(edges, "--out", "/proc/ledger.csv")
    assert isinstance(result.exception, Refused) and "cannot be written" in str(result.exception)


def test_the_file_has_the_rights_that_the_user_asks_for(edges: Path) -> None:
    before = os.umask(0o027)
    try:
        out = edges.with_name("ledger.csv")
        run(edges, "--out", out)
        assert out.stat().st_mode & 0o777 == 0o640
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)


def test_labels_are_written_as_a_services_file(edges: Path) -> None:
    labels = edges.with_name("labels.csv")
    assert run(edges, "--labels", labels).exit_code == 0
    header, row = labels.read_text(encoding="utf-8").splitlines()
    assert header == "account,label,kind,source" and row.startswith(f"{ALICE},Thief,unknown,")


def test_several_names_of_one_account_are_one_row(edges: Path) -> None:
    named = EDGE.replace("Thief", "Mule").replace(txid(1, "0x"), txid(2, "0x"))
    edges.write_text(EDGES + EDGE + named + named.replace(txid(2, "0x"), txid(3, "0x")), encoding="utf-8")
    labels = edges.with_name("labels.csv")
    assert run(edges, "--labels", labels).exit_code == 0
    rows = labels.read_text(encoding="utf-8").splitlines()
    assert len(rows) == 2 and rows[1].startswith(f"{ALICE},Thief | Mule,unknown,")


def test_json_prints_legs_then_the_report(broken: Path) -> None:
    result = run(broken, "--json")
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert [record["record"] for record in records] == ["leg", "leg", "rejected", "file", "finding"]
    assert (records[0]["amount"], records[0]["side"], records[0]["asset"]) == (str(2 * 10**23), "out", "USD-e18")
    assert (records[2]["file"], records[2]["line"]) == (str(broken), 3)
    assert (records[3]["entries"], records[3]["legs"], records[3]["rejected"]) == (1, 2, 1)
    assert records[4] == {"record": "finding", "code": "balance-below-zero", "count": 1}
    assert result.exit_code == 1


def test_json_with_out_prints_the_report_only(edges: Path) -> None:
    result = run(edges, "--json", "--out", edges.with_name("ledger.csv"))
    assert [json.loads(line)["record"] for line in result.stdout.splitlines()] == ["file", "finding"]


def test_notices_do_not_fail_the_command(tmp_path: Path, edges: Path) -> None:
    copy = tmp_path / "copy.csv"
    copy.write_bytes(edges.read_bytes())
    result = run(edges, copy, "--json", "--out", tmp_path / "out.csv")
    assert result.exit_code == 0 and "holds the same bytes" in result.stderr
    assert json.loads(result.stdout.splitlines()[0])["record"] == "notice"


def test_standard_input_is_read(edges: Path) -> None:
    result = run("-", stdin=edges.read_bytes() + BAD.encode())
    assert result.exit_code == 1 and len(result.stdout.splitlines()) == 3
    assert "-:3: row rejected" in result.stderr and "-: profile ethereum-case-edges" in result.stderr
    assert run("-", "--json", stdin=BAD.encode()).stdout.splitlines() != []


def test_standard_input_is_bounded_at_its_edge(edges: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = edges.read_bytes()
    monkeypatch.setattr(spool, "STDIN_BYTES_MAX", len(content))
    assert run("-", stdin=content).exit_code == 0
    monkeypatch.setattr(spool, "STDIN_BYTES_MAX", len(content) - 1)
    result = run("-", stdin=content)
    assert isinstance(result.exception, Refused) and "more than" in str(result.exception)


def wrong(folder: Path, edges: Path) -> dict[str, list[object]]:
    return {
        "no file": [],
        "unknown format": [edges, "--format", "nonsense"],
        "unknown option": [edges, "--quietly"],
        "a folder": [folder],
        "no such folder": [edges, "--out", folder / "none" / "out.csv"],
        "no such folder for labels": [edges, "--labels", folder / "none" / "out.csv"],
        "out is an input": [edges, "--out", edges],
        "labels is an input": [edges, "--labels", edges],
        "out is labels": [edges, "--out", folder / "a.csv", "--labels", folder / "a.csv"],
        "a profile that is none": [edges, "--format", f"profile:{edges}"],
    }


@pytest.mark.parametrize("case", wrong(Path(), Path()))
def test_wrong_use_exits_2_and_touches_nothing(tmp_path: Path, edges: Path, case: str) -> None:
    before = edges.read_bytes()
    result = run(*wrong(tmp_path, edges)[case])
    assert result.exit_code == 2 and "Usage" in result.stderr and "Traceback" not in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["edges.csv"] and edges.read_bytes() == before


def test_a_link_to_an_input_is_not_overwritten(tmp_path: Path, edges: Path) -> None:
    (tmp_path / "link.csv").symlink_to(edges)
    assert run(edges, "--out", tmp_path / "link.csv").exit_code == 2


def test_files_that_cannot_be_read_are_said_and_the_others_are_read(tmp_path: Path, edges: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    result = run(tmp_path / "none", empty, edges)
    assert result.exit_code == 1 and len(result.stdout.splitlines()) == 3
    for words in ("none: cannot be opened", "empty: is empty", "none: not read", "empty: not read"):
        assert words in result.stderr


def test_a_profile_of_ones_own(tmp_path: Path) -> None:
    profile = tmp_path / "my.toml"
    profile.write_text(
        'profile = "my"\nversion = "3"\nabout = "a"\nsource = "s"\n[fields]\nledger = { value = "vasp:x" }\n'
        'asset = { value = "EUR" }\ntime = { column = "t" }\nfrom = { column = "a" }\nto = { column = "b" }\n'
        'amount = { column = "m" }\n',
        encoding="utf-8",
    )
    rows = tmp_path / "rows.csv"
    rows.write_text("t,a,b,m\n2020-01-01,x,y,5\n", encoding="utf-8")
    result = run(rows, "--format", f"profile:{profile}")
    assert result.exit_code == 0 and "profile my 3 (sha256 " in result.stderr
    assert ",vasp:x,0-out,out,x,EUR,500," in result.stdout


def test_spends_in_a_circle_are_said(tmp_path: Path) -> None:
    circle = [esplora(1, [vin(2, 0, 2, 5)], [vout(1, 5)]), esplora(2, [vin(1, 0, 1, 5)], [vout(2, 5)])]
    result = run(as_json(tmp_path, circle))
    assert result.exit_code == 1 and "cyclic spends" in result.stderr


def whole(*arguments: object, command: Callable[..., subprocess.CompletedProcess[bytes]] = subprocess.run) -> bytes:
    """The command as a person starts it."""
    start = [sys.executable, "-c", "from recoup.cli.main import main; main()", "read"]
    done = command([*start, *map(str, arguments)], capture_output=True, check=False, timeout=60)
    assert b"Traceback" not in done.stderr
    return done.stdout


def test_pipes_are_read_as_files(tmp_path: Path, edges: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["/bin/sh", "-c", f"cat {edges} > {pipe}"]):
        assert len(whole(pipe).splitlines()) == 3


def test_same_input_same_bytes(tmp_path: Path, edges: Path) -> None:
    assert whole(edges) == whole(edges)
    first, second = tmp_path / "1.parquet", tmp_path / "2.parquet"
    whole(edges, "--out", first)
    whole(edges, "--out", second)
    assert first.read_bytes() == second.read_bytes()
