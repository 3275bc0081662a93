"""JSON as items: places, lines, limits, and nothing inexact."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recoup.formats import json_items as module
from recoup.formats.json_items import json_items, parsed
from recoup.ground import Defects, Refused


def items(folder: Path, text: str | bytes) -> tuple[list[tuple[int, str, object]], list[str]]:
    path = folder / "file.json"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    defects = Defects()
    found = [(item.line, item.place, item.value) for item in json_items(path, defects)]
    return found, [str(defect).removeprefix(str(path)) for defect in defects]


def test_an_array_gives_its_elements_with_lines_and_pointers(tmp_path: Path) -> None:
    assert items(tmp_path, '[\n {"a": 1},\n {"a":\n 2}, 3]\n') == (
        [(2, "/0", {"a": 1}), (3, "/1", {"a": 2}), (4, "/2", 3)],
        [],
    )


def test_an_empty_array_gives_nothing(tmp_path: Path) -> None:
    assert items(tmp_path, " [ ] ") == ([], [])


def test_one_object_over_several_lines_is_one_item(tmp_path: Path) -> None:
    assert items(tmp_path, '\n{\n"a": 1\n}\n') == ([(2, "", {"a": 1})], [])


def test_one_object_in_one_line_is_one_item(tmp_path: Path) -> None:
    assert items(tmp_path, '{"a": 1}') == ([(1, "line 1", {"a": 1})], [])


def test_lines_are_items_and_blank_lines_are_none(tmp_path: Path) -> None:
    assert items(tmp_path, '{"a": 1}\n\n{"a": 2}\n') == (
        [(1, "line 1", {"a": 1}), (3, "line 3", {"a": 2})],
        [],
    )


def test_a_byte_order_mark_is_skipped(tmp_path: Path) -> None:
    assert items(tmp_path, b"\xef\xbb\xbf[1]") == ([(1, "/0", 1)], [])


def test_a_bad_line_costs_that_line_only(tmp_path: Path) -> None:
    found, rejected = items(tmp_path, '{"a": 1}\n{"a": \n{"a": 3}\n')
    assert [value for _, _, value in found] == [{"a": 1}, {"a": 3}]
    assert len(rejected) == 1 and rejected[0].startswith(":2: row rejected: not readable as JSON")


def test_a_truncated_array_keeps_what_came_before(tmp_path: Path) -> None:
    found, rejected = items(tmp_path, '[{"a": 1},\n{"a": 2},\n{"a": "x')
    assert [value for _, _, value in found] == [{"a": 1}, {"a": 2}]
    assert len(rejected) == 1 and rejected[0].startswith(":3: not readable as JSON from here on")
    assert "cut off" in rejected[0]


@pytest.mark.parametrize("text", ["[1 2]", "[1,]", "[1,2", "[", "[1] 2", "[nan]", '["\x01"]', "[1]]"])
def test_a_malformed_array_is_said(tmp_path: Path, text: str) -> None:
    _, rejected = items(tmp_path, text)
    assert len(rejected) == 1


@pytest.mark.parametrize("text", ["", "   ", "{", "{} {}", "nonsense", "{\n}\n{"])
def test_a_malformed_document_is_said(tmp_path: Path, text: str) -> None:
    _, rejected = items(tmp_path, text)
    assert len(rejected) == 1


def test_fractions_and_exponents_stay_text_and_integers_exact(tmp_path: Path) -> None:
    found, _ = items(
        tmp_path, "[0.1, 1e400, 115792089237316195423570985008687907853269984665640564039457584007913129639935]"
    )
    assert [value for _, _, value in found] == ["0.1", "1e400", 2**256 - 1]


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", '{"a": NaN}'])
def test_what_json_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not JSON"):
        parsed(text)


def test_a_repeated_key_is_refused() -> None:
    with pytest.raises(ValueError, match="stands twice"):
        parsed('{"value": 1, "value": 2}')


def test_a_number_of_many_thousand_digits_is_refused(tmp_path: Path) -> None:
    _, rejected = items(tmp_path, "[" + "9" * 5000 + "]")
    assert len(rejected) == 1


@pytest.mark.parametrize("opened", ["[", '{"a":', "[{}, ["])
def test_deep_nesting_is_said_and_not_thrown(tmp_path: Path, opened: str) -> None:
    _, rejected = items(tmp_path, opened * 100_000)
    assert len(rejected) == 1


def test_deep_nesting_in_lines_costs_that_line(tmp_path: Path) -> None:
    found, rejected = items(tmp_path, '{"a": 1}\n{"a": ' + "[" * 100_000 + "\n")
    assert len(found) == 1 and "nested too deeply" in rejected[0]


def test_bytes_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    for start in (b"[1, ", b"{"):
        with pytest.raises(Refused, match="UTF-8"):
            items(tmp_path, start + b'"\xff\xfe"]')


def test_values_longer_than_the_window_are_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CHUNK_CHARACTERS", 7)
    values: list[object] = ["x" * n for n in range(40)] + [
        {"k": [1, 22, 333, None, True]},
        123456789012345,
        -5,
        'é\\"\n',
    ]
    assert items(tmp_path, json.dumps(values, indent=1))[0] != []
    assert [value for _, _, value in items(tmp_path, json.dumps(values, indent=1))[0]] == values
    assert [value for _, _, value in items(tmp_path, json.dumps(values))[0]] == values


def test_lines_are_counted_across_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CHUNK_CHARACTERS", 5)
    found, _ = items(tmp_path, "[\n" + ",\n".join(str(number) for number in range(50)) + "\n]")
    assert [line for line, _, _ in found] == list(range(2, 52))


@pytest.mark.parametrize("window", [1000, 3, 1])
def test_the_limit_of_one_value_holds_at_its_edge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, window: int) -> None:
    monkeypatch.setattr(module, "JSON_CHARACTERS_MAX", 20)
    monkeypatch.setattr(module, "_CHUNK_CHARACTERS", window)
    within, beyond = '"' + "x" * 18 + '"', '"' + "x" * 19 + '"'
    assert [value for _, _, value in items(tmp_path, f"[{within}, {within}]")[0]] == ["x" * 18] * 2
    with pytest.raises(Refused, match="longer than 20 characters"):
        items(tmp_path, f"[{beyond}, {beyond}]")


def test_the_limit_of_one_line_holds_at_its_edge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "JSON_CHARACTERS_MAX", 20)
    assert items(tmp_path, "1" * 19 + "\n" + "2" * 19 + "\n")[0] == [
        (1, "line 1", int("1" * 19)),
        (2, "line 2", int("2" * 19)),
    ]
    with pytest.raises(Refused, match="longer than 20"):
        items(tmp_path, "1\n" + "2" * 20 + "\n")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be opened"):
        list(json_items(tmp_path / "none.json", Defects()))
