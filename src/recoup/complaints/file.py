"""Complaint files: CSV, JSON and JSON lines, canonical or by profile."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from recoup.complaints.columns import PAYMENT_COLUMNS, Row
from recoup.complaints.model import Complaint
from recoup.complaints.profile import CANONICAL, Profile
from recoup.complaints.rows import Assembler
from recoup.complaints.text import csv_rows, text_lines
from recoup.ground import Defect, Defects, Refused

JSON_DEPTH_MEND = "Write one object per complaint with the canonical columns, payments as a list of objects"


def read_complaints(path: Path, defects: Defects, profile: Profile = CANONICAL) -> tuple[Complaint, ...]:
    """The complaints of one file, in order; JSON where the name ends in `.json`, `.jsonl` or `.ndjson`, else CSV.

    What cannot be read is added to `defects`; a file that is no such file at all raises Refused.
    """
    if path.suffix.lower() in (".json", ".jsonl", ".ndjson"):
        rows = _json_rows(path, defects)
    else:
        rows = csv_rows(path, defects, profile.delimiter)
    assembler = Assembler(str(path), defects, profile).add_all(_with_id_column(path, rows, profile))
    return assembler.complaints()


def read_complaint_files(
    paths: Sequence[Path], defects: Defects, profile: Profile = CANONICAL
) -> tuple[Complaint, ...]:
    """Several files as one list; an id that stands in two files becomes a defect and is taken once."""
    found: dict[str, Complaint] = {}
    for path in paths:
        for complaint in read_complaints(path, defects, profile):
            first = found.setdefault(complaint.id, complaint)
            if first is not complaint:
                what = f"complaint {complaint.id[:80]} stands in {first.source.item} already; the first is kept"
                line = int(complaint.source.locator.removeprefix("line "))
                defects.add(str(path), line, what, "Give each complaint one id across files (agency:number)")
    return tuple(found.values())


def _with_id_column(path: Path, rows: Iterator[tuple[int, Row]], profile: Profile) -> Iterator[tuple[int, Row]]:
    """The rows; the first one must have the column of the complaint id, or nothing could be joined to anything."""
    wanted = profile.columns.get("complaint", ("complaint",))
    for number, (line, row) in enumerate(rows):
        if number == 0 and not any(name in row for name in wanted):
            what = f"column {' / '.join(wanted)} is missing"
            raise Refused(Defect(str(path), line, what, "Name the column of the complaint's id, here or in a profile"))
        yield line, row


def _json_rows(path: Path, defects: Defects) -> Iterator[tuple[int, Row]]:
    """A JSON array counts its objects as lines; JSON lines count lines."""
    lines, found = text_lines(path, defects), False
    for number, line in enumerate(lines, start=1):
        if line.lstrip().startswith("[") and not found:
            yield from _array_rows(path, line + "".join(lines), defects)
            return
        if line.strip():
            found = True
            try:
                yield from _object_rows(path, number, _loaded(line), defects)
            except (ValueError, RecursionError) as error:
                defects.add(str(path), number, f"line rejected: not JSON: {str(error)[:100]}", JSON_DEPTH_MEND)


def _array_rows(path: Path, text: str, defects: Defects) -> Iterator[tuple[int, Row]]:
    try:
        items = _loaded(text)
    except (ValueError, RecursionError) as error:
        raise Refused(Defect(str(path), 0, f"is not JSON: {str(error)[:100]}", "Mend the file")) from None
    for number, item in enumerate(items if isinstance(items, list) else [], start=1):
        yield from _object_rows(path, number, item, defects)


def _loaded(text: str) -> object:
    """Numbers stay the text they were written as, so that no amount passes through a float."""
    value: object = json.loads(text, parse_float=str, parse_int=str)
    return value


def _object_rows(path: Path, line: int, item: object, defects: Defects) -> Iterator[tuple[int, Row]]:
    payments = item.get("payments") if isinstance(item, dict) else None
    if not isinstance(item, dict) or not isinstance(payments or [], list):
        defects.add(str(path), line, "item rejected: it is not a complaint object", JSON_DEPTH_MEND)
        return
    base = _named(path, line, {name: value for name, value in item.items() if name != "payments"}, defects)
    yield line, base
    for payment in payments or []:
        if isinstance(payment, dict):
            named = _named(path, line, payment, defects)
            yield line, {**{k: v for k, v in base.items() if k not in PAYMENT_COLUMNS}, **named}
        else:
            defects.add(str(path), line, "payment rejected: it is not an object", JSON_DEPTH_MEND)


def _named(path: Path, line: int, item: dict[str, object], defects: Defects) -> Row:
    """Names and values as text; half a surrogate pair, which is no text, becomes U+FFFD and a defect."""
    row = {name.strip().lower(): _flat(value) for name, value in item.items()}
    whole = {_whole(name): _whole(value) for name, value in row.items()}
    if whole != row:
        what = "half of a surrogate pair is read as U+FFFD"
        defects.add(str(path), line, what, "Export the file again; escape such characters as a pair, or not at all")
    return whole


def _whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _flat(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
