"""Names that outside files give to accounts, as a services file."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

COLUMNS = ("account", "label", "kind", "source")
NAMES_JOINED = " | "


@dataclass(frozen=True, slots=True)
class Label:
    """A claim that `account` is called `label`; `kind` is `unknown` until somebody says what it is."""

    account: str
    label: str
    kind: str
    source: str


def write_labels(labels: Iterable[Label], stream: IO[str]) -> None:
    """CSV, one row per account in the order of the files; several names of one account stand in one cell."""
    by_account: dict[str, list[Label]] = {}
    for each in labels:
        by_account.setdefault(each.account, []).append(each)
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for account, named in by_account.items():
        names = NAMES_JOINED.join(dict.fromkeys(each.label for each in named))
        writer.writerow((account, names, named[0].kind, named[0].source))
