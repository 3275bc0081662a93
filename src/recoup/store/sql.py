"""The few statements of the write path, made from the models so that a column has one name.

Plain SQL where it is written for every change: the ORM builds objects that are thrown away at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model

from recoup.casework.book import Place

VALUES_MAX = 400  # rows of one question; SQLite takes 32,766 values


def insert(model: type[Model], replace: bool = False) -> str:
    """INSERT of every column in the order of the model; `replace` overwrites the row that has the same key."""
    meta = model._meta
    columns = [field.column for field in meta.concrete_fields if field.column]
    keys = [field.column for field in meta.pk_fields]
    places = ", ".join(["%s"] * len(columns))
    sql = f"INSERT INTO {meta.db_table} ({', '.join(columns)}) VALUES ({places})"
    if replace:
        rest = ", ".join(f"{one} = excluded.{one}" for one in columns if one not in keys)
        sql += f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {rest}"
    return sql


def newest_versions(cursor: Any, rows: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The newest version of each (kind, id); those without one are left out."""
    found: dict[tuple[str, str], int] = {}
    for at in range(0, len(rows), VALUES_MAX):
        part = rows[at : at + VALUES_MAX]
        asked = ", ".join(["(%s, %s)"] * len(part))
        newest = "(SELECT max(version) FROM book_row r WHERE r.kind = asked.kind AND r.row_id = asked.id)"
        sql = f"WITH asked (kind, id) AS (VALUES {asked}) SELECT kind, id, {newest} FROM asked"
        cursor.execute(sql, [word for row in part for word in row])
        found |= {(kind, id): version for kind, id, version in cursor.fetchall() if version is not None}
    return found


def erased_among(cursor: Any, subjects: Sequence[str]) -> set[str]:
    """Which of these subjects were erased."""
    found: set[str] = set()
    for at in range(0, len(subjects), VALUES_MAX):
        part = subjects[at : at + VALUES_MAX]
        places = ", ".join(["%s"] * len(part))
        cursor.execute(f"SELECT subject FROM book_erased WHERE subject IN ({places})", list(part))
        found |= {row[0] for row in cursor.fetchall()}
    return found


def unsettled_among(cursor: Any, places: Sequence[Place]) -> set[tuple[int, int]]:
    """Which of these messages were sent and are not settled."""
    found: set[tuple[int, int]] = set()
    for at in range(0, len(places), VALUES_MAX):
        part = places[at : at + VALUES_MAX]
        asked = ", ".join(["(%s, %s)"] * len(part))
        done = "SELECT 1 FROM book_settled s WHERE s.entry = m.entry AND s.position = m.position"
        where = f"(m.entry, m.position) IN (VALUES {asked}) AND NOT EXISTS ({done})"
        cursor.execute(f"SELECT entry, position FROM book_message m WHERE {where}", _flat(part))
        found |= set(cursor.fetchall())
    return found


def _flat(places: Sequence[Place]) -> list[int]:
    return [number for place in places for number in (place.entry, place.position)]
