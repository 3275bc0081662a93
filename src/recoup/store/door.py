"""Opening a book: in a case home, or in any database."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from recoup.evidence import Damaged, Signer, SubjectKeys
from recoup.evidence.home import Home, open_home
from recoup.evidence.logstore import LogFile
from recoup.store.target import DATABASE_FILE, Target

if TYPE_CHECKING:
    from recoup.store.book import DatabaseBook

DATABASE_VARIABLE = "RECOUP_DATABASE"


@dataclass(frozen=True)
class CaseStore:
    """A case home with its book. `home` works on the same log as `book`: custody and rows are one history."""

    home: Home
    book: DatabaseBook


def open_database(target: Target, signer: Signer, keys: SubjectKeys) -> DatabaseBook:
    """The book of a database, its tables brought up to date.

    NotDurable where the database acknowledges before it writes; Untrusted or Damaged where its log is not `signer`'s or
    not whole (at the first commit).
    """
    from recoup.store.book import DatabaseBook
    from recoup.store.database import Database

    return DatabaseBook(Database(target), signer, keys)


def open_case(root: Path, environment: Mapping[str, str] = os.environ) -> CaseStore:
    """The book of a case home: in its `recoup.sqlite3`, or in the database that RECOUP_DATABASE names.

    Damaged where the home has entries in a log file of its own: one agency has one log, and two would be a fork.
    """
    home = open_home(root, environment)
    if home.storage.size():
        raise Damaged(f"{root} has a log of its own in log/log.sqlite3; a second one would be a fork of it")
    address = environment.get(DATABASE_VARIABLE)
    target = Target.parse(address) if address else Target.file(root / DATABASE_FILE)
    book = open_database(target, home.signer, home.keys)
    # A Home asks of its storage what DatabaseLog offers as well.
    return CaseStore(replace(home, storage=cast(LogFile, book.log)), book)
