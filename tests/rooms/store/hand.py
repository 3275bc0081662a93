"""A process of its own that writes changes until it is killed, and says what was acknowledged.

Its arguments: address, key file, name, how many. Each line on stdout is `name number entry`, written after the commit.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.rooms.evidence.keys import signer
from tests.rooms.store.base import AGENCY, change, message, row

from recoup.evidence import SubjectKeys
from recoup.evidence.keystore import KeyFile
from recoup.store import Target, open_database

THREADS = 4


def keys_of(path: Path) -> SubjectKeys:
    return SubjectKeys(AGENCY, KeyFile(path))


def main(address: str, keys: str, name: str, count: int) -> None:
    book = open_database(Target.parse(address), signer(), keys_of(Path(keys)))

    def write(number: int) -> None:
        told = change(row(number, f"{name}-{number}", "person-1"), row(number, "all"), messages=(message(number),))
        entry = book.commit(told).first
        sys.stdout.write(f"{name}-{number} {entry}\n")
        sys.stdout.flush()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(write, range(count)))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
