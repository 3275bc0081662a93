"""Names that outside files give to accounts, as a services file."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

COLUMNS = ("account", "label", "kind", "source")


@dataclass(frozen=True, slots=True)
class Label:
    """A claim that `account` is called `label`; `kind` is `unknown` until somebody says what it is."""

    account: str
    label: str
    kind: str
    source: str


def write_labels(labels: Iterable[Label], stream: IO[str]) -> None:
    """CSV, one row per account and label, in the order of the files."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((each.account, each.label, each.kind, each.source) for each in labels)
