"""A bundle is whole or absent, holds what was traced, and is the same wherever it is made."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.rooms.casework.trace_made import BANK, BANK_CLAIMS, FIFO, bank, contents, sealed, write

from recoup.casework import bundle as module
from recoup.casework.bundle import REPORT, is_bundle, trace_to_directory
from recoup.casework.manifest import MANIFEST, read_manifest
from recoup.casework.trace import Choices, Inputs
from recoup.formats.exhibit.tables import AMOUNTS, COLUMNS
from recoup.ground import Refused, canonical_json, sha256_hex
from recoup.tracing import Rule

TABLES = sorted(f"results/{name}.{kind}" for name in COLUMNS for kind in ("csv", "parquet"))


def test_a_bundle_holds_inputs_tables_report_and_manifest(tmp_path: Path) -> None:
    found = contents(sealed(tmp_path).path)
    inputs = ["inputs/claims/claims.csv", "inputs/ledger/ledger.csv", "inputs/services/services.csv"]
    assert sorted(found) == sorted([*inputs, *TABLES, REPORT, MANIFEST])


def test_inputs_are_byte_copies(tmp_path: Path) -> None:
    found = contents(sealed(tmp_path).path)
    assert (
        found["inputs/ledger/ledger.csv"] == BANK.encode() and found["inputs/claims/claims.csv"] == BANK_CLAIMS.encode()
    )


def test_the_manifest_is_canonical_and_binds_every_other_file(tmp_path: Path) -> None:
    made = sealed(tmp_path)
    found = contents(made.path)
    data = found.pop(MANIFEST)
    value = json.loads(data)
    assert canonical_json(value) == data and sha256_hex(data) == made.sha256
    listed = {item["path"]: (item["bytes"], item["sha256"]) for item in [*value["inputs"], *value["outputs"]]}
    assert listed == {name: (len(text), sha256_hex(text)) for name, text in found.items()}


def test_the_manifest_knows_no_clock_and_no_machine(tmp_path: Path) -> None:
    data = (sealed(tmp_path).path / MANIFEST).read_text(encoding="utf-8")
    assert str(tmp_path) not in data and os.uname().nodename not in data
    assert set(json.loads(data)) == {"format", "tracing_rules", "versions", "choices", "inputs", "outputs"}


def test_every_table_has_its_columns_and_parquet_holds_the_same_cells(tmp_path: Path) -> None:
    found = contents(sealed(tmp_path, Choices((Rule.FIFO, Rule.POISON))).path)
    for name, columns in COLUMNS.items():
        header, *rows = csv.reader(io.StringIO(found[f"results/{name}.csv"].decode(), newline=""))
        assert tuple(header) == columns
        table = pq.read_table(io.BytesIO(found[f"results/{name}.parquet"]))
        assert table.column_names == header
        assert [list(row.values()) for row in table.to_pylist()] == rows


def rows_of(found: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(found[f"results/{name}.csv"].decode(), newline="")))


def test_the_shares_of_all_claims_sum_to_what_was_injected(tmp_path: Path) -> None:
    found = contents(sealed(tmp_path).path)
    (summary,) = rows_of(found, "summary")
    assert sum(int(row["amount"]) for row in rows_of(found, "shares")) == int(summary["injected"]) == 150000
    assert (summary["declared"], summary["conserved"], summary["difference"]) == ("yes", "yes", "0")


def test_other_rules_stand_in_the_summary_only(tmp_path: Path) -> None:
    found = contents(sealed(tmp_path, Choices((Rule.FIFO, Rule.POISON), sensitivity=False)).path)
    assert [(row["rule"], row["declared"]) for row in rows_of(found, "summary")] == [("fifo", "yes"), ("poison", "no")]
    assert [row["account"] for row in rows_of(found, "holdings")] == ["mule"]


def test_amounts_are_whole_numbers(tmp_path: Path) -> None:
    found = contents(sealed(tmp_path, Choices((Rule.HAIRCUT,))).path)
    for name in COLUMNS:
        for row in rows_of(found, name):
            assert all(row[column].lstrip("-").isdigit() for column in AMOUNTS & set(row))


def test_steps_name_every_leg_with_its_side(tmp_path: Path) -> None:
    steps = [row for row in rows_of(contents(sealed(tmp_path).path), "steps") if row["entry"] == "pay-4"]
    assert [(row["side"], row["account"], row["amount"]) for row in steps] == [
        ("out", "mule", "120000"),
        ("in", "exchange", "120000"),
    ]
    assert json.loads(steps[0]["by_claim"]) == {"Anna": "70000"}


SCRIPT = """
import sys
from pathlib import Path
from recoup.casework.bundle import trace_to_directory
from recoup.casework.trace import Choices, Inputs
from recoup.tracing import Rule
given, out = Path(sys.argv[1]), Path(sys.argv[2])
inputs = Inputs((given / "ledger.csv",), given / "claims.csv", services=given / "services.csv")
print(trace_to_directory(inputs, Choices((Rule.HAIRCUT, Rule.FIFO), language="ar"), out).sha256)
"""


def test_the_same_inputs_give_the_same_bytes_anywhere(tmp_path: Path) -> None:
    hashes, found = [], []
    for i, seed in enumerate(("0", "1", "4242")):
        here = tmp_path / f"place-{i}"
        bank(here / "given")
        given = "given" if i else str(here / "given")
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "TZ": ("UTC", "Asia/Tokyo", "America/Lima")[i],
            "LC_ALL": "C",
        }
        arguments = [sys.executable, "-c", SCRIPT, given, f"out-{i}"]
        run = subprocess.run(arguments, cwd=here, env=environment, capture_output=True, text=True, check=True)
        hashes.append(run.stdout)
        found.append(contents(here / f"out-{i}"))
    assert len(set(hashes)) == 1 and found[0] == found[1] == found[2]


def test_two_files_of_one_name_both_find_room(tmp_path: Path) -> None:
    header, *rows = BANK.splitlines()
    first = write(tmp_path / "a", ledger="\n".join([header, *rows[:3]]) + "\n", claims=BANK_CLAIMS)
    second = write(tmp_path / "b", ledger="\n".join([header, *rows[3:]]) + "\n")
    made = trace_to_directory(Inputs((first["ledger"], second["ledger"]), first["claims"]), FIFO, tmp_path / "out")
    assert {"inputs/ledger/ledger.csv", "inputs/ledger/2/ledger.csv"} <= set(contents(made.path))


def test_names_that_differ_only_in_case_are_kept_apart(tmp_path: Path) -> None:
    header, *rows = BANK.splitlines()
    one, two = tmp_path / "Ledger.csv", tmp_path / "ledger.CSV"
    one.write_text("\n".join([header, *rows[:3]]) + "\n", encoding="utf-8")
    two.write_text("\n".join([header, *rows[3:]]) + "\n", encoding="utf-8")
    claims = write(tmp_path, claims=BANK_CLAIMS)["claims"]
    made = trace_to_directory(Inputs((one, two), claims), FIFO, tmp_path / "out")
    assert {"inputs/ledger/Ledger.csv", "inputs/ledger/2/ledger.CSV"} <= set(contents(made.path))
    assert read_manifest(made.path / MANIFEST).inputs[1].path == "inputs/ledger/2/ledger.CSV"


@pytest.mark.parametrize("name", ["a\nb.csv", "a\\b.csv", "a:b.csv", "x" * 250 + ".csv"])
def test_a_file_name_that_cannot_travel_is_refused(tmp_path: Path, name: str) -> None:
    inputs = bank(tmp_path / "given")
    try:
        bad = inputs.ledgers[0].rename(tmp_path / name)
    except OSError:
        pytest.skip("this file system does not hold the name")
    made = Inputs((bad,), inputs.claims)
    if len(name) < 280 and name.isprintable() and not set(name) & set("\\:"):
        trace_to_directory(made, FIFO, tmp_path / "out")
    else:
        with pytest.raises(Refused, match="file name"):
            trace_to_directory(made, FIFO, tmp_path / "out")


def nothing_left(folder: Path) -> bool:
    return not [path for path in folder.iterdir() if ".partial" in path.name or path.name == "bundle"]


def test_a_refusal_leaves_nothing_behind_and_names_the_callers_file(tmp_path: Path) -> None:
    inputs = bank(tmp_path / "given")
    inputs.claims.write_text("claim,entry,leg,amount\nAnna,pay-2,0,999999\n", encoding="utf-8")
    with pytest.raises(Refused) as raised:
        trace_to_directory(inputs, FIFO, tmp_path / "bundle")
    assert f"{inputs.claims}:2: claim Anna" in str(raised.value) and ".partial" not in str(raised.value)
    assert nothing_left(tmp_path)


def test_paths_inside_a_message_are_the_callers_too(tmp_path: Path) -> None:
    paths = write(tmp_path, ledger=BANK, again=BANK, claims=BANK_CLAIMS)
    with pytest.raises(Refused) as raised:
        trace_to_directory(Inputs((paths["ledger"], paths["again"]), paths["claims"]), FIFO, tmp_path / "bundle")
    assert f"stands in {paths['ledger']} already" in str(raised.value) and ".partial" not in str(raised.value)


def test_a_missing_input_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"absent\.csv: cannot be opened"):
        trace_to_directory(Inputs((tmp_path / "absent.csv",), tmp_path / "c.csv"), FIFO, tmp_path / "bundle")
    assert nothing_left(tmp_path)


@pytest.mark.parametrize("step", ["products", "_sync_directories", "_put_in_place"])
def test_a_crash_at_any_step_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, step, full)
    with pytest.raises(Refused, match="No space left on device"):
        sealed(tmp_path)
    assert nothing_left(tmp_path)


def test_an_existing_directory_is_not_touched(tmp_path: Path) -> None:
    out = tmp_path / "bundle"
    out.mkdir()
    (out / "precious.txt").write_text("x", encoding="utf-8")
    for overwrite in (False, True):
        with pytest.raises(Refused, match="exists and is no bundle"):
            trace_to_directory(bank(tmp_path / "given"), FIFO, out, overwrite)
    assert contents(out) == {"precious.txt": b"x"}


def test_a_bundle_is_replaced_only_when_asked(tmp_path: Path) -> None:
    first = sealed(tmp_path)
    with pytest.raises(Refused, match="exists already"):
        sealed(tmp_path)
    second = trace_to_directory(
        bank(tmp_path / "given"), Choices((Rule.LIFO,), sensitivity=False), first.path, overwrite=True
    )
    assert second.sha256 != first.sha256 and sha256_hex((first.path / MANIFEST).read_bytes()) == second.sha256
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_refused_run_does_not_cost_the_bundle_that_is_there(tmp_path: Path) -> None:
    first = sealed(tmp_path)
    before = contents(first.path)
    inputs = bank(tmp_path / "given")
    inputs.claims.write_text("claim,entry,leg,amount\nAnna,nowhere,0,1\n", encoding="utf-8")
    with pytest.raises(Refused):
        trace_to_directory(inputs, FIFO, first.path, overwrite=True)
    assert contents(first.path) == before


def test_a_link_to_a_bundle_is_not_replaced(tmp_path: Path) -> None:
    made = sealed(tmp_path)
    link = tmp_path / "link"
    link.symlink_to(made.path)
    assert is_bundle(made.path) and not is_bundle(link)
    with pytest.raises(Refused, match="no bundle"):
        trace_to_directory(bank(tmp_path / "given"), FIFO, link, overwrite=True)


def test_a_parent_that_does_not_exist_is_said(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be made"):
        trace_to_directory(bank(tmp_path), FIFO, tmp_path / "no" / "where")


def test_the_run_reads_its_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is hashed is what was traced, even where the original changes meanwhile."""
    inputs, copied = bank(tmp_path / "given"), module._copied

    def copy_then_change(given: Inputs, work: Path) -> dict[str, tuple[str, Path]]:
        found = copied(given, work)
        given.ledgers[0].write_text("changed", encoding="utf-8")
        return found

    monkeypatch.setattr(module, "_copied", copy_then_change)
    made = trace_to_directory(inputs, FIFO, tmp_path / "bundle")
    assert (made.path / "inputs/ledger/ledger.csv").read_text(encoding="utf-8") == BANK
