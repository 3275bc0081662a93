"""`-` and pipes as files that can be read twice, under the name that the caller gave."""

from __future__ import annotations

import io
import os
import sys
import threading
from pathlib import Path

import pytest
from tests.stories.door import within

from recoup.cli import spool
from recoup.cli.spool import STDIN, spooled
from recoup.ground import Defect, Refused


def give(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_a_plain_file_stays_where_it_is(tmp_path: Path) -> None:
    file, absent = tmp_path / "a.csv", tmp_path / "absent.csv"
    file.write_text("x")
    with spooled([file, absent, file]) as (paths, shown):
        assert paths == [file, absent, file] and shown(str(file)) == str(file)


@pytest.mark.parametrize(("data", "suffix"), [(b"a,b\n", ""), (b'{"a": 1}', ".json"), (b"\n  [1]", ".json"), (b"", "")])
def test_standard_input_is_copied_and_its_kind_told(monkeypatch: pytest.MonkeyPatch, data: bytes, suffix: str) -> None:
    give(monkeypatch, data)
    with spooled([STDIN]) as ((path,), shown):
        assert path.read_bytes() == data and path.suffix == suffix
        assert shown(f"{path}:3: bad") == "-:3: bad"
    assert not path.exists(), "the copy is gone"


def test_standard_input_that_is_named_twice_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, b"once")
    with spooled([STDIN, STDIN]) as (paths, _):
        assert paths[0] == paths[1] and paths[0].read_bytes() == b"once"


def test_the_limit_holds_at_its_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "STDIN_BYTES_MAX", 4)
    give(monkeypatch, b"1234")
    with spooled([STDIN]) as ((path,), _):
        assert path.stat().st_size == 4
    give(monkeypatch, b"12345")
    with pytest.raises(Refused, match="-: more than 4 bytes"), spooled([STDIN]):
        raise AssertionError("must not come here")


def test_what_is_refused_inside_names_what_the_caller_named(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, b"x")
    with pytest.raises(Refused) as refused, spooled([STDIN]) as ((path,), _):
        raise Refused(Defect(str(path), 7, f"stands in {path} already", "Take it out"))
    assert str(refused.value) == "-:7: stands in - already. Take it out"


def test_a_pipe_keeps_its_suffix(tmp_path: Path) -> None:
    pipe = tmp_path / "p.jsonl"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"{}",))
    writer.start()
    with spooled([pipe]) as ((path,), _):
        assert path.suffix == ".jsonl" and path.read_bytes() == b"{}"
    writer.join()


STATEMENTS = b'[{"statementId": "s", "recordId": "T", "recordType": "entity", "recordStatus": "new", "statementDate": "2024-01-01", "recordDetails": {"isComponent": false, "entityType": {"type": "registeredEntity"}, "name": "T"}}]'  # noqa: E501
# command -> what it reads from standard input, and its exit
READS: dict[tuple[str, ...], tuple[bytes, int]] = {
    ("read", "-"): (b"entry,time,ledger,leg,side,account,asset,amount\np,2024-03-01,bank:X,0,in,a,EUR,1\n", 0),
    ("complaints", "-"): (b'{"complaint": "A:1", "narrative": "evil.com"}\n', 0),
    ("complaints", "-", "--json"): (b"complaint,narrative\nA:1,evil.com\n", 0),
    ("own", "-", "--target", "T"): (STATEMENTS, 0),
    ("allocate", "-"): (b'{"rule": "pro-rata", "pool": 1, "claims": [{"id": "a", "loss": 5}]}', 0),
    ("route", "-"): (b"{}", 1),
    ("plan", "check", "-"): (b"{}", 1),
    ("receipt", "check", "-"): (b"{}", 1),
    ("fund", "check", "-"): (b"{}", 1),
}


@pytest.mark.parametrize("words", READS, ids=" ".join)
def test_a_dash_is_standard_input_for_every_command_that_reads_a_file(words: tuple[str, ...]) -> None:
    data, code = READS[words]
    done = within(*words, given=data)
    assert done.code == code, done.words
    assert bool(done.out) == (code == 0)
    assert code == 0 or done.words.startswith("-:"), "the fault is named at -"
