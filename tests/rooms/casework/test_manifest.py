"""The manifest is read as strictly as something hostile deserves."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.casework.manifest import (
    FILES_MAX,
    MANIFEST,
    NAME_CHARACTERS_MAX,
    FileRecord,
    Manifest,
    inputs_in,
    names_in,
    read_manifest,
    refuse_bad_name,
)
from recoup.casework.trace import Choices
from recoup.ground import Instant, Refused, canonical_json
from recoup.tracing import FeePolicy, Granularity, Rule

HASH = "ab" * 32
LEDGER = FileRecord("inputs/ledger/a.csv", 5, HASH, "ledger")
CLAIMS = FileRecord("inputs/claims/c.csv", 6, HASH, "claims")
REPORT = FileRecord("report.html", 7, HASH)
VERSIONS = (("recoup", "0.1.0"), ("python", "3.11.7"), ("pyarrow", "17.0.0"))
GOOD = Manifest(Choices((Rule.FIFO,)), (LEDGER, CLAIMS), (REPORT,), VERSIONS)

Json = dict[str, Any]


def through(folder: Path, data: bytes) -> Manifest:
    (folder / MANIFEST).write_bytes(data)
    return read_manifest(folder / MANIFEST)


def refused(folder: Path, data: bytes) -> str:
    with pytest.raises(Refused) as raised:
        through(folder, data)
    return str(raised.value)


def changed(change: Callable[[Json], object]) -> bytes:
    value = json.loads(GOOD.to_bytes())
    change(value)
    return canonical_json(value)


CHOICES = st.builds(
    Choices,
    rules=st.lists(st.sampled_from(Rule), min_size=1, unique=True).map(tuple),
    granularity=st.sampled_from(Granularity),
    fee_policy=st.sampled_from(FeePolicy),
    until=st.none() | st.sampled_from([Instant.parse("2024-02-29"), Instant.parse("2024-02-29T23:59:59.5Z")]),
    min_amount=st.integers(0, 2**256 - 1),
    max_hops=st.none() | st.integers(0, 2**53 - 1),
    backward=st.booleans(),
    sensitivity=st.booleans(),
    language=st.sampled_from(["en", "ar"]),
)


@given(CHOICES)
def test_every_choice_survives(tmp_path_factory: pytest.TempPathFactory, choices: Choices) -> None:
    manifest = replace(GOOD, choices=choices)
    assert through(tmp_path_factory.mktemp("m"), manifest.to_bytes()) == manifest


def test_inputs_find_their_roles(tmp_path: Path) -> None:
    second = FileRecord("inputs/ledger/2/a.csv", 5, HASH, "ledger")
    links = FileRecord("inputs/links/l.csv", 5, HASH, "links")
    found = inputs_in(tmp_path, (LEDGER, second, CLAIMS, links))
    assert found.ledgers == (tmp_path / "inputs/ledger/a.csv", tmp_path / "inputs/ledger/2/a.csv")
    assert found.claims == tmp_path / "inputs/claims/c.csv" and found.links == tmp_path / "inputs/links/l.csv"
    assert found.services is None and found.clusters is None
    assert names_in(tmp_path, (LEDGER,)) == {tmp_path / "inputs/ledger/a.csv": "inputs/ledger/a.csv"}


BAD_PATHS = [
    "../a", "inputs/ledger/../../../etc/passwd", "/etc/passwd", "inputs//a", "inputs/./a", "inputs/ledger/", "",
    "inputs\\ledger\\a", "C:/a", "inputs/ledger/a\x00", "inputs/ledger/a\n", "inputs/ledger/\u202ea", "manifest.json",
    "x" * (NAME_CHARACTERS_MAX + 1), "..", ".",
]  # fmt: skip


@pytest.mark.parametrize("name", BAD_PATHS)
@pytest.mark.parametrize("group", ["inputs", "outputs"])
def test_a_path_that_leads_out_of_the_bundle_is_refused(tmp_path: Path, name: str, group: str) -> None:
    text = refused(tmp_path, changed(lambda value: value[group][0].update(path=name)))
    assert "is not a manifest: file name" in text


@pytest.mark.parametrize(
    "name", ["a", "inputs/ledger/a b.csv", "inputs/ledger/حساب.csv", "x" * NAME_CHARACTERS_MAX, "..a"]
)
def test_other_names_are_fine(name: str) -> None:
    refuse_bad_name(name)


BAD: dict[str, tuple[Callable[[Json], object], str]] = {
    "format": (lambda v: v.update(format="recoup-trace-bundle/9"), "format 'recoup-trace-bundle/9' is not"),
    "rules version": (lambda v: v.update(tracing_rules="2"), "this recoup knows version 1"),
    "extra key": (lambda v: v.update(clock="now"), "expected exactly the keys"),
    "missing key": (lambda v: v.pop("choices"), "expected exactly the keys"),
    "extra version": (lambda v: v["versions"].update(numpy="1"), "expected exactly the keys"),
    "version with markup": (lambda v: v["versions"].update(recoup="<b>"), "a version is not a version"),
    "version too long": (lambda v: v["versions"].update(recoup="1" * 41), "a version is not a version"),
    "no ledger": (lambda v: v["inputs"].pop(0), "the inputs are not one claims file"),
    "no claims": (lambda v: v["inputs"].pop(1), "the inputs are not one claims file"),
    "two claims": (
        lambda v: v["inputs"].append({**v["inputs"][1], "path": "inputs/claims/d.csv"}),
        "the inputs are not one claims file",
    ),
    "unknown role": (lambda v: v["inputs"][0].update(role="secret"), "does not lie under its role"),
    "role and place differ": (
        lambda v: v["inputs"][0].update(path="inputs/claims/z.csv"),
        "does not lie under its role",
    ),
    "a file twice": (lambda v: v["outputs"].append(dict(v["outputs"][0])), "a file stands twice"),
    "twice but for case": (
        lambda v: v["outputs"].append({**v["outputs"][0], "path": "Report.HTML"}),
        "a file stands twice",
    ),
    "hash": (lambda v: v["outputs"][0].update(sha256="ab" * 31), "no path or no SHA-256"),
    "hash in capitals": (lambda v: v["outputs"][0].update(sha256="AB" * 32), "no path or no SHA-256"),
    "path is no text": (lambda v: v["outputs"][0].update(path=7), "no path or no SHA-256"),
    "negative size": (lambda v: v["outputs"][0].update(bytes=-1), "is not a whole number"),
    "size is text": (lambda v: v["outputs"][0].update(bytes="7"), "is not a whole number"),
    "size is true": (lambda v: v["outputs"][0].update(bytes=True), "is not a whole number"),
    "files are no list": (lambda v: v.update(outputs={}), "expected a list"),
    "a file is no object": (lambda v: v.update(outputs=[1]), "expected exactly the keys"),
    "no rules": (lambda v: v["choices"].update(rules=[]), "rules are empty"),
    "rules repeat": (lambda v: v["choices"].update(rules=["fifo", "fifo"]), "rules are empty, repeated"),
    "declared is not first": (lambda v: v["choices"].update(declared="lifo"), "do not begin with the declared rule"),
    "unknown rule": (lambda v: v["choices"].update(rules=["magic"], declared="magic"), "'magic' is not a valid Rule"),
    "unknown granularity": (lambda v: v["choices"].update(granularity="atom"), "'atom' is not a valid Granularity"),
    "unknown fee policy": (lambda v: v["choices"].update(fee_policy="never"), "'never' is not a valid FeePolicy"),
    "bad time": (lambda v: v["choices"].update(until="tomorrow"), "time 'tomorrow'"),
    "negative least amount": (lambda v: v["choices"].update(min_amount="-1"), "amount '-1'"),
    "huge least amount": (lambda v: v["choices"].update(min_amount=str(2**256)), "needs more than 256 bits"),
    "negative hops": (lambda v: v["choices"].update(max_hops=-1), "max_hops is not a whole number"),
    "hops are text": (lambda v: v["choices"].update(max_hops="7"), "max_hops is not a whole number"),
    "backward is text": (lambda v: v["choices"].update(backward="no"), "neither true nor false"),
    "sensitivity is a number": (lambda v: v["choices"].update(sensitivity=1), "neither true nor false"),
    "unknown language": (lambda v: v["choices"].update(language="xx"), "language 'xx' is not known"),
    "too many files": (
        lambda v: v.update(outputs=[{"path": f"f{i}", "bytes": 1, "sha256": HASH} for i in range(FILES_MAX)]),
        f"more than {FILES_MAX:,} files",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_wrong_is_named(tmp_path: Path, kind: str) -> None:
    change, words = BAD[kind]
    text = refused(tmp_path, changed(change))
    assert words in text and text.startswith("manifest.json: is not a manifest")


def test_as_many_files_as_allowed_are_read(tmp_path: Path) -> None:
    outputs = tuple(FileRecord(f"f{i}", 1, HASH) for i in range(FILES_MAX - 2))
    assert len(through(tmp_path, replace(GOOD, outputs=outputs).to_bytes()).outputs) == FILES_MAX - 2


DATA = {
    "empty": (b"", "is not a manifest"),
    "no json": (b"{", "is not a manifest"),
    "no utf-8": (b"\xff", "is not a manifest"),
    "a list": (b"[]", "expected exactly the keys"),
    "a float": (b'{"format":1.5}', "number 1.5 is not exact"),
    "not a number": (b'{"format":NaN}', "is not a manifest"),
    "a key twice": (b'{"format":"a","format":"b"}', "a key stands twice"),
    "deep": (b"[" * 100_000 + b"]" * 100_000, "is not a manifest: nested too deeply"),
    "a giant number": (b'{"format":' + b"9" * 10_000 + b"}", "is not a manifest"),
    "not canonical: spaces": (GOOD.to_bytes() + b"\n", "is not in canonical form"),
    "not canonical: order": (json.dumps(json.loads(GOOD.to_bytes())).encode(), "is not in canonical form"),
    "not canonical: escapes": (GOOD.to_bytes().replace(b"report", b"\\u0072eport"), "is not in canonical form"),
    "not canonical: time": (
        changed(lambda value: value["choices"].update(until="2024-03-02T00:00:00+00:00")),
        "is not in canonical form",
    ),
}


@pytest.mark.parametrize("kind", DATA)
def test_bytes_that_are_no_manifest_are_refused_in_words(tmp_path: Path, kind: str) -> None:
    data, words = DATA[kind]
    assert words in refused(tmp_path, data)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_and_never_crash(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    refused(tmp_path_factory.mktemp("m"), data)


@given(st.integers(0, 600), st.integers(0, 255))
def test_no_changed_byte_is_read_as_the_same_manifest(
    tmp_path_factory: pytest.TempPathFactory, place: int, byte: int
) -> None:
    data = bytearray(GOOD.to_bytes())
    place %= len(data)
    if data[place] == byte:
        return
    data[place] = byte
    try:
        found = through(tmp_path_factory.mktemp("m"), bytes(data))
    except Refused:
        return
    assert found != GOOD
