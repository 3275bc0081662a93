"""Whatever is changed in a bundle is named; a bundle that is no bundle is refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.rooms.casework.tampering import difference, manifest_of, put, replaced, resealed
from tests.rooms.casework.trace_made import FIFO, coins, copy_of, ready, sealed

from recoup.casework import verify as module
from recoup.casework.bundle import REPORT, trace_to_directory
from recoup.casework.manifest import MANIFEST
from recoup.casework.trace import Choices
from recoup.casework.verify import Difference, verify_bundle
from recoup.formats.exhibit.tables import AMOUNTS, COLUMNS
from recoup.ground import sha256_hex
from recoup.tracing import FeePolicy, Granularity, Rule

__all__ = ["ready"]  # the fixture


def test_an_untouched_bundle_is_recomputed_whole(ready: Path) -> None:
    found = verify_bundle(ready)
    assert found.difference is None and found.notes == ()
    assert found.files == 3 + 2 * len(COLUMNS) + 2
    figures = 0
    for name in COLUMNS:
        rows = list(csv.DictReader(io.StringIO((ready / f"results/{name}.csv").read_text(encoding="utf-8"))))
        figures += sum(column in AMOUNTS for row in rows for column in row)
    assert found.figures == figures > 90


def test_verifying_changes_nothing(ready: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in ready.rglob("*")}
    verify_bundle(ready)
    assert {path: path.stat().st_mtime_ns for path in ready.rglob("*")} == before


def test_a_bundle_may_lie_anywhere_and_be_named_from_anywhere(
    ready: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = copy_of(ready, tmp_path)
    monkeypatch.chdir(bundle)
    assert verify_bundle(Path()).difference is None
    monkeypatch.chdir(tmp_path)
    assert verify_bundle(Path("copy")).difference is None


CHOICES = [
    Choices((Rule.HAIRCUT, Rule.POISON, Rule.PARI_PASSU), sensitivity=False),
    Choices((Rule.LOWEST_INTERMEDIATE,), language="ar"),
    Choices((Rule.TIHO,), Granularity.ACCOUNT, FeePolicy.FIRST, min_amount=1, max_hops=3, sensitivity=False),
    Choices((Rule.LIFO,), backward=True, sensitivity=False),
    Choices((Rule.POISON,), sensitivity=False),
]


@pytest.mark.parametrize("choices", CHOICES)
def test_every_choice_survives_the_way_through_the_manifest(tmp_path: Path, choices: Choices) -> None:
    assert verify_bundle(sealed(tmp_path, choices).path).difference is None


def test_coins_are_recomputed_too(tmp_path: Path) -> None:
    made = trace_to_directory(coins(tmp_path), Choices((Rule.HAIRCUT,)), tmp_path / "bundle")
    assert verify_bundle(made.path).difference is None


CELLS = [
    ("holdings", "70000", "70001", "results/holdings.csv, row 2, column traced: recorded '70001', recomputed '70000'"),
    (
        "stopped",
        "Example Exchange",
        "Other Exchange",
        "results/stopped.csv, row 2, column label: recorded 'Other Exchange'",
    ),
    ("shares", "Ben", "Anna", "results/shares.csv, row 3, column claim: recorded 'Anna', recomputed 'Ben'"),
    ("summary", "yes", "no", "results/summary.csv, row 2, column declared: recorded 'no', recomputed 'yes'"),
    ("steps", "pay-4", "pay-5", "results/steps.csv, row 6, column entry: recorded 'pay-5', recomputed 'pay-4'"),
    ("sensitivity", "lifo", "tiho", "results/sensitivity.csv, row"),
    ("gaps", "asset", "Asset", "results/gaps.csv, row 1, column asset: recorded 'Asset', recomputed 'asset'"),
]


@pytest.mark.parametrize("reseal", [False, True])
@pytest.mark.parametrize(("table", "old", "new", "words"), CELLS)
def test_a_changed_cell_is_named_resealed_or_not(
    ready: Path, tmp_path: Path, reseal: bool, table: str, old: str, new: str, words: str
) -> None:
    bundle = copy_of(ready, tmp_path)
    replaced(bundle, f"results/{table}.csv", old, new)
    if reseal:
        resealed(bundle)
    assert words in difference(bundle)


Change = Callable[[Path], object]


def _append(name: str, text: str) -> Change:
    return lambda bundle: (bundle / name).write_bytes((bundle / name).read_bytes() + text.encode())


def _drop_last_row(bundle: Path) -> None:
    path = bundle / "results/shares.csv"
    path.write_text("\n".join(path.read_text(encoding="utf-8").splitlines()[:-1]) + "\n", encoding="utf-8")


def _parquet(bundle: Path, cell: str) -> None:
    path = bundle / "results/holdings.parquet"
    table = pq.read_table(path).to_pydict()
    table["traced"] = [cell]
    pq.write_table(pa.table({name: pa.array(cells, pa.string()) for name, cells in table.items()}), path)


CONTENT: dict[str, tuple[Change, str]] = {
    "an added row": (
        _append("results/holdings.csv", "EUR,thief,,1,1,1,1\n"),
        "results/holdings.csv, row 3: recorded 'EUR,thief,,1,1,1,1', recomputed 'no such row'",
    ),
    "a dropped row": (_drop_last_row, "results/shares.csv, row 5: recorded 'no such row'"),
    "an added column": (
        lambda b: replaced(b, "results/gaps.csv", "asset,", "asset,extra,"),
        "results/gaps.csv, row 1: recorded 'asset,extra,code",
    ),
    "other line ends": (
        lambda b: (b / "results/gaps.csv").write_bytes((b / "results/gaps.csv").read_bytes().replace(b"\n", b"\r\n")),
        "results/gaps.csv, row 1, byte",
    ),
    "broken quotes": (_append("results/holdings.csv", '"'), "results/holdings.csv, row 3"),
    "bytes that are no text": (
        lambda b: (b / "results/holdings.csv").write_bytes(b"\xff\xfe"),
        "results/holdings.csv, row 1, byte 1",
    ),
    "an emptied table": (lambda b: (b / "results/summary.csv").write_bytes(b""), "results/summary.csv, row 1"),
    "a parquet cell": (
        lambda b: _parquet(b, "70001"),
        "results/holdings.parquet, row 2, column traced: recorded '70001', recomputed '70000'",
    ),
    "parquet written anew": (
        lambda b: _parquet(b, "70000"),
        "results/holdings.parquet, SHA-256: recorded",
    ),
    "no parquet at all": (
        lambda b: (b / "results/holdings.parquet").write_bytes(b"PAR1 nonsense PAR1"),
        "results/holdings.parquet, bytes: recorded 'not readable as a table'",
    ),
    "a figure of the report": (
        lambda b: replaced(b, REPORT, "700.00 EUR", "900.00 EUR"),
        "report.html, row",
    ),
    "a script in the report": (
        lambda b: replaced(b, REPORT, "</main>", "<script>alert(1)</script></main>"),
        "report.html, row",
    ),
    "an account renamed in the ledger": (
        lambda b: replaced(b, "inputs/ledger/ledger.csv", "exchange", "other---"),
        "results/",
    ),
    "an amount of the ledger": (
        lambda b: replaced(b, "inputs/ledger/ledger.csv", "120000", "119999"),
        "results/",
    ),
    "a claim": (lambda b: replaced(b, "inputs/claims/claims.csv", "100000", "099999"), "results/summary.csv, row 2"),
    "a service": (lambda b: replaced(b, "inputs/services/services.csv", "letter", "nobody"), "report.html, row"),
}


@pytest.mark.parametrize("kind", CONTENT)
def test_changed_content_is_named_although_the_manifest_was_made_to_fit(ready: Path, tmp_path: Path, kind: str) -> None:
    change, words = CONTENT[kind]
    bundle = copy_of(ready, tmp_path)
    change(bundle)
    resealed(bundle)
    assert difference(bundle).startswith(words)


@pytest.mark.parametrize(
    "name", ["inputs/ledger/ledger.csv", "inputs/claims/claims.csv", "inputs/services/services.csv"]
)
def test_a_changed_input_is_named_by_its_hash(ready: Path, tmp_path: Path, name: str) -> None:
    bundle = copy_of(ready, tmp_path)
    data = (bundle / name).read_bytes()
    (bundle / name).write_bytes(data[:-2] + b"#\n")
    assert difference(bundle).startswith(f"{name}, SHA-256: recorded '{sha256_hex(data)}'")
    (bundle / name).write_bytes(data + b"\n")
    assert difference(bundle) == f"{name}, bytes: recorded '{len(data)}', recomputed '{len(data) + 1}'"


def test_the_manifests_hash_of_a_result_is_checked_too(ready: Path, tmp_path: Path) -> None:
    bundle = copy_of(ready, tmp_path)
    value = manifest_of(bundle)
    item = next(item for item in value["outputs"] if item["path"] == "results/summary.parquet")
    real, item["sha256"] = item["sha256"], "0" * 64
    put(bundle, value)
    assert difference(bundle) == f"results/summary.parquet, SHA-256: recorded '{'0' * 64}', recomputed '{real}'"


def test_a_result_left_out_of_the_manifest_is_a_difference(ready: Path, tmp_path: Path) -> None:
    bundle = copy_of(ready, tmp_path)
    value = manifest_of(bundle)
    value["outputs"] = [item for item in value["outputs"] if item["path"] != "results/gaps.csv"]
    put(bundle, value)
    (bundle / "results/gaps.csv").unlink()
    assert difference(bundle).startswith("manifest.json, outputs: recorded")


FORGED_CHOICES: dict[str, tuple[str, object]] = {
    "granularity": ("granularity", "account"),
    "fee policy": ("fee_policy", "first"),
    "until": ("until", "2024-03-04T00:00:00Z"),
    "least amount": ("min_amount", "90000"),
    "hops": ("max_hops", 0),
    "direction": ("backward", True),
    "language": ("language", "ar"),
    "sensitivity": ("sensitivity", False),
}


@pytest.mark.parametrize("kind", FORGED_CHOICES)
def test_a_choice_that_was_not_made_is_a_difference(tmp_path: Path, kind: str) -> None:
    bundle = trace_to_directory(coins(tmp_path), Choices((Rule.FIFO,)), tmp_path / "bundle").path
    key, choice = FORGED_CHOICES[kind]
    value = manifest_of(bundle)
    value["choices"][key] = choice
    put(bundle, value)
    if kind == "until":
        replaced(bundle, MANIFEST, "2024-03-04T00:00:00Z", "2024-01-01T12:00:00Z")
    found = verify_bundle(bundle).difference
    assert found is not None, kind


def test_another_declared_rule_is_a_difference(ready: Path, tmp_path: Path) -> None:
    bundle = copy_of(ready, tmp_path)
    value = manifest_of(bundle)
    value["choices"]["rules"], value["choices"]["declared"] = ["lifo", "fifo"], "lifo"
    put(bundle, value)
    assert difference(bundle).startswith("results/summary.csv, row 2, column rule: recorded 'fifo', recomputed 'lifo'")


def test_a_forged_version_does_not_excuse_another_report(ready: Path, tmp_path: Path) -> None:
    bundle = copy_of(ready, tmp_path)
    value = manifest_of(bundle)
    value["versions"]["recoup"] = "9.9.9"
    put(bundle, value)
    found = verify_bundle(bundle)
    assert str(found.difference).startswith("report.html, row")
    assert any("made with recoup 9.9.9" in note for note in found.notes)


def _older_pyarrow(bundle: Path) -> None:
    value = manifest_of(bundle)
    recorded = value["versions"]["pyarrow"]
    value["versions"]["pyarrow"] = "1.0.0"
    put(bundle, value)
    replaced(bundle, REPORT, f"pyarrow {recorded}", "pyarrow 1.0.0")


def test_parquet_of_another_pyarrow_is_compared_by_content_and_that_is_said(ready: Path, tmp_path: Path) -> None:
    bundle = copy_of(ready, tmp_path)
    _older_pyarrow(bundle)
    _parquet(bundle, "70000")
    resealed(bundle)
    found = verify_bundle(bundle)
    assert found.difference is None
    assert "results/holdings.parquet: same content, other bytes: another version of pyarrow made it" in found.notes
    assert any(note.startswith("made with pyarrow 1.0.0, verified with pyarrow ") for note in found.notes)


def test_another_pyarrow_does_not_excuse_another_cell(ready: Path, tmp_path: Path) -> None:
    bundle = copy_of(ready, tmp_path)
    _older_pyarrow(bundle)
    _parquet(bundle, "70001")
    resealed(bundle)
    assert difference(bundle).startswith("results/holdings.parquet, row 2, column traced: recorded '70001'")


def test_a_parquet_column_that_is_no_text_is_named(ready: Path, tmp_path: Path) -> None:
    bundle = copy_of(ready, tmp_path)
    pq.write_table(pa.table({"asset": pa.array([1])}), bundle / "results/holdings.parquet")
    resealed(bundle)
    assert "not readable as a table" in difference(bundle)


def test_a_table_grown_beyond_measure_is_not_read_whole(
    ready: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = copy_of(ready, tmp_path)
    _append("results/gaps.csv", "x" * 3_000_000)(bundle)
    resealed(bundle)
    sizes: list[int] = []
    real = module._content_difference

    def watched(name: str, recorded: bytes, *others: Any) -> Difference | None:
        sizes.append(len(recorded))
        return real(name, recorded, *others)

    monkeypatch.setattr(module, "_content_difference", watched)
    assert "results/gaps.csv" in difference(bundle)
    assert sizes[0] < 1_100_000


def test_the_first_difference_is_the_first_in_the_order_of_the_manifest(ready: Path, tmp_path: Path) -> None:
    bundle = copy_of(ready, tmp_path)
    replaced(bundle, REPORT, "EUR", "USD")
    replaced(bundle, "results/stopped.csv", "70000", "1")
    replaced(bundle, "results/summary.csv", "fifo", "lifo")
    assert difference(bundle).startswith("results/summary.csv")


def test_long_cells_are_cut_in_what_is_said() -> None:
    said = str(Difference("f", 0, "", "x" * 500, "y"))
    assert len(said) < 150 and "…" in said


def test_declared_choices_without_a_sheet_verify(tmp_path: Path) -> None:
    assert verify_bundle(sealed(tmp_path, FIFO).path).difference is None
