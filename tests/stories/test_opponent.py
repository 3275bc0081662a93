"""The other side takes a bundle, changes one figure somewhere, and hands it back. `recoup verify` says where.

Each change is made twice: once plainly, and once by somebody who also mends the hashes of the manifest, so that only
the recomputation can find it.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.rooms.casework.trace_made import BANK, BANK_CLAIMS, COINS, SERVICES, write
from tests.stories.door import Done, within

from recoup.ground import canonical_json, sha256_hex

TABLES = ("gaps", "holdings", "sensitivity", "shares", "steps", "stopped", "summary", "violations")
# Two ledgers: an account that two victims share and coins whose past is not in the data, so that no table is empty.
CLAIMS = BANK_CLAIMS + "Colonial,t1,o0,6000\n"
PAY_6 = "pay-6,2024-03-06T09:00:00Z,bank:EXAMDEFF,"
WORSE = f"{BANK}{PAY_6}0,out,exchange,EUR,100\n{PAY_6}1,in,shop,EUR,101\n"


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle with a row in every table."""
    folder = tmp_path_factory.mktemp("sealed")
    names = write(folder, ledger=WORSE, coins=COINS, claims=CLAIMS, services=SERVICES)
    words = ("trace", names["ledger"], names["coins"], "--claims", names["claims"], "--services", names["services"])
    done = within(*words, "--rule", "haircut", "--rule", "lifo", "--out", folder / "bundle")
    assert done.code == 0, done.words
    return folder / "bundle"


@pytest.fixture
def bundle(sealed: Path, tmp_path: Path) -> Path:
    """A copy for the other side."""
    return Path(shutil.copytree(sealed, tmp_path / "bundle"))


def verified(bundle: Path) -> Done:
    return within("verify", bundle)


def reseal(bundle: Path, name: str) -> None:
    """What a forger does who knows the format: size and hash in the manifest are those of the changed file."""
    manifest = json.loads((bundle / "manifest.json").read_bytes())
    data = (bundle / name).read_bytes()
    for record in (*manifest["inputs"], *manifest["outputs"]):
        if record["path"] == name:
            record.update(bytes=len(data), sha256=sha256_hex(data))
    (bundle / "manifest.json").write_bytes(canonical_json(manifest))


def other(cell: str) -> str:
    """A cell with one figure changed; a cell without figures gets one."""
    at = next((i for i, sign in enumerate(cell) if sign.isdigit()), None)
    return cell + "x" if at is None else cell[:at] + str((int(cell[at]) + 1) % 10) + cell[at + 1 :]


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode())))


def csv_text(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def parquet_bytes(rows: list[list[str]]) -> bytes:
    columns = {name: pa.array([row[at] for row in rows[1:]], pa.string()) for at, name in enumerate(rows[0])}
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def test_an_honest_bundle_holds_and_fills_every_table(sealed: Path) -> None:
    assert verified(sealed).code == 0
    for table in TABLES:
        assert len(rows_of((sealed / f"results/{table}.csv").read_bytes())) > 1, f"{table} is empty: nothing to forge"


def changed_cells(bundle: Path, table: str) -> Iterator[tuple[int, str, list[list[str]]]]:
    """For each column the table with that cell of its last row changed."""
    rows = rows_of((bundle / f"results/{table}.csv").read_bytes())
    for at, column in enumerate(rows[0]):
        changed = [list(row) for row in rows]
        changed[-1][at] = other(changed[-1][at])
        yield len(rows), column, changed


@pytest.mark.parametrize("table", TABLES)
def test_a_changed_cell_of_any_column_is_named(bundle: Path, table: str) -> None:
    name = f"results/{table}.csv"
    for line, column, rows in list(changed_cells(bundle, table)):
        (bundle / name).write_bytes(csv_text(rows))
        done = verified(bundle)
        assert done.code == 1
        assert done.out.startswith(f"DIFFERENCE: {name}, row {line}, column {column}: recorded "), done.out


@pytest.mark.parametrize("table", TABLES)
def test_a_forger_who_mends_the_hashes_is_found_by_the_recomputation(bundle: Path, table: str) -> None:
    name = f"results/{table}.csv"
    line, column, rows = list(changed_cells(bundle, table))[-1]
    (bundle / name).write_bytes(csv_text(rows))
    reseal(bundle, name)
    assert verified(bundle).out.startswith(f"DIFFERENCE: {name}, row {line}, column {column}: ")


@pytest.mark.parametrize("table", TABLES)
def test_the_columnar_copy_is_compared_cell_by_cell_too(bundle: Path, table: str) -> None:
    """Whoever reads the Parquet file must see the same figures as whoever reads the CSV."""
    name = f"results/{table}.parquet"
    line, column, rows = next(changed_cells(bundle, table))
    (bundle / name).write_bytes(parquet_bytes(rows))
    reseal(bundle, name)
    assert verified(bundle).out.startswith(f"DIFFERENCE: {name}, row {line}, column {column}: ")


def drop_a_row(rows: list[list[str]]) -> list[list[str]]:
    return rows[:-1]


def add_a_row(rows: list[list[str]]) -> list[list[str]]:
    return [*rows, rows[-1]]


def swap_rows(rows: list[list[str]]) -> list[list[str]]:
    return [rows[0], *rows[:0:-1]]


def rename_a_column(rows: list[list[str]]) -> list[list[str]]:
    return [[*rows[0][:-1], rows[0][-1] + "s"], *rows[1:]]


@pytest.mark.parametrize("change", [drop_a_row, add_a_row, swap_rows, rename_a_column])
def test_rows_and_columns_cannot_come_go_or_move(
    bundle: Path, change: Callable[[list[list[str]]], list[list[str]]]
) -> None:
    name = "results/shares.csv"
    (bundle / name).write_bytes(csv_text(change(rows_of((bundle / name).read_bytes()))))
    reseal(bundle, name)
    done = verified(bundle)
    assert done.code == 1 and done.out.startswith(f"DIFFERENCE: {name}, row ")


INPUTS = {
    "inputs/ledger/ledger.csv": (b",120000", b",120001"),
    "inputs/ledger/coins.csv": (b",4900,", b",4901,"),
    "inputs/claims/claims.csv": (b"100000", b"100001"),
    "inputs/services/services.csv": (b"exchange,letter", b"merchant,letter"),
}


@pytest.mark.parametrize("name", INPUTS)
def test_a_changed_input_is_named_by_its_hash(bundle: Path, name: str) -> None:
    before, after = INPUTS[name]
    data = (bundle / name).read_bytes()
    (bundle / name).write_bytes(data.replace(before, after, 1))
    done = verified(bundle)
    assert done.code == 1 and done.out.startswith(f"DIFFERENCE: {name}, SHA-256: recorded ")


@pytest.mark.parametrize("name", INPUTS)
def test_a_changed_input_with_a_mended_hash_changes_a_figure(bundle: Path, name: str) -> None:
    """Or makes the input impossible: a claim larger than its leg is refused with its line."""
    before, after = INPUTS[name]
    data = (bundle / name).read_bytes()
    (bundle / name).write_bytes(data.replace(before, after, 1))
    reseal(bundle, name)
    done = verified(bundle)
    assert done.code == 1
    if "claims" in name:
        assert done.out == "" and f"{name}:2: claim Anna" in done.words
    else:
        assert done.out.startswith("DIFFERENCE: results/")


def test_a_changed_word_of_the_report_is_named_with_its_line(bundle: Path) -> None:
    report = bundle / "report.html"
    report.write_text(report.read_text("utf-8").replace("1,500.00", "1,400.00", 1), encoding="utf-8")
    reseal(bundle, "report.html")
    done = verified(bundle)
    assert done.code == 1 and done.out.startswith("DIFFERENCE: report.html, row ") and "byte" in done.out


CHOICES: dict[str, tuple[str, object]] = {
    "the declared rule": ("rules", ["lifo", "haircut"]),
    "the fee policy": ("fee_policy", "first"),
    "the granularity": ("granularity", "account"),
    "the end": ("until", "2024-03-03"),
    "the least amount": ("min_amount", "100000"),
    "the steps": ("max_hops", 0),
    "the direction": ("backward", True),
    "the language": ("language", "ar"),
    "the sensitivity sheet": ("sensitivity", False),
}


@pytest.mark.parametrize("kind", CHOICES)
def test_a_changed_choice_does_not_fit_the_figures(bundle: Path, kind: str) -> None:
    manifest = json.loads((bundle / "manifest.json").read_bytes())
    name, value = CHOICES[kind]
    assert manifest["choices"][name] != value
    manifest["choices"][name] = value
    if name == "rules":
        manifest["choices"]["declared"] = "lifo"
    (bundle / "manifest.json").write_bytes(canonical_json(manifest))
    done = verified(bundle)
    assert done.code == 1 and done.out.startswith("DIFFERENCE: "), done.words


def test_a_manifest_with_floats_twice_named_keys_or_strange_paths_is_refused(bundle: Path) -> None:
    text = (bundle / "manifest.json").read_text("utf-8")
    for changed in (
        text.replace('"max_hops":null', '"max_hops":1.5'),
        text.replace('"backward":false', '"backward":false,"backward":false'),
        text.replace("results/gaps.csv", "../gaps.csv"),
        text.replace("results/gaps.csv", "/etc/hostname"),
        text.replace('{"choices"', '{ "choices"'),
        text[:-1],
        "[" * 50_000,
    ):
        assert changed != text
        (bundle / "manifest.json").write_text(changed, encoding="utf-8")
        done = verified(bundle)
        assert (done.code, done.out) == (1, "") and done.words.startswith("manifest.json: ")


def test_files_cannot_be_added_taken_away_or_led_elsewhere(bundle: Path) -> None:
    added = bundle / "results/notes.txt"
    added.write_text("trust me", encoding="utf-8")
    assert "results/notes.txt: is not in the manifest" in verified(bundle).words
    added.unlink()
    holdings = bundle / "results/holdings.csv"
    kept = holdings.read_bytes()
    holdings.unlink()
    assert "results/holdings.csv: is missing" in verified(bundle).words
    elsewhere = bundle.parent / "elsewhere.csv"
    elsewhere.write_bytes(kept)
    holdings.symlink_to(elsewhere)
    done = verified(bundle)
    assert done.code == 1 and "results/holdings.csv: is a link" in done.words


def test_whoever_kept_the_hash_of_the_manifest_tells_two_honest_bundles_apart(tmp_path: Path, sealed: Path) -> None:
    """A forger may make a wholly new bundle: it verifies, and its manifest has another hash."""
    names = write(tmp_path, ledger=WORSE.replace("120000", "110000"), claims=BANK_CLAIMS, services=SERVICES)
    done = within("trace", names["ledger"], "--claims", names["claims"], "--out", tmp_path / "bundle")
    assert done.code == 0 and verified(tmp_path / "bundle").code == 0
    said = done.words.rpartition("manifest SHA-256 ")[2].strip()
    assert said == sha256_hex((tmp_path / "bundle/manifest.json").read_bytes())
    assert said != sha256_hex((sealed / "manifest.json").read_bytes())
