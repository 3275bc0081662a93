"""The formats that Recoup reads, and how a file's format is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from recoup.formats import bitcoin_block, bitcoin_etl, esplora, ethereum_etl, etherscan, etherscan_csv, profile_rows
from recoup.formats.coins import Book
from recoup.formats.csv_text import header_of
from recoup.formats.evm import NATIVE
from recoup.formats.gathering import Gathering
from recoup.formats.profile import Profile, load, shipped
from recoup.ground import Defect, Defects, Refused
from recoup.ledger import read_ledger
from recoup.ledger.file import PARQUET_MAGIC
from recoup.ledger.rows import REQUIRED
from recoup.ledger.text import open_binary

HEAD_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Format:
    """One format: `sniff` knows it by a file's first bytes, `gather` puts a file's rows into a gathering."""

    name: str
    about: str
    sniff: Callable[[bytes, Path], bool]
    gather: Callable[[Path, Gathering, Defects], None]
    lines: bool = True  # a text of lines; a file of blocks or of columns has none


def _sniff_parquet(head: bytes, path: Path) -> bool:
    return head.startswith(PARQUET_MAGIC)


def _sniff_ledger(head: bytes, path: Path) -> bool:
    return set(REQUIRED) <= set(header_of(head))


def _gather_ledger(path: Path, into: Gathering, defects: Defects) -> None:
    into.ledgers.append(read_ledger(path, defects))


def _coins(gather: Callable[[Path, Book, Defects], None]) -> Callable[[Path, Gathering, Defects], None]:
    return lambda path, into, defects: gather(path, into.coins, defects)


def _ethereum_etl(chain: str) -> Format:
    about = "ethereum-etl exports (CSV, JSON lines); ethereum-etl:<chain> for another chain"
    return Format("ethereum-etl", about, ethereum_etl.sniff, lambda path, into, defects: ethereum_etl.gather(
        path, into.book("ethereum-etl", chain), defects
    ))  # fmt: skip


def _etherscan(chain: str) -> Format:
    about = "Etherscan API answers (JSON); etherscan:<chain> for another chain"
    return Format("etherscan", about, etherscan.sniff, lambda path, into, defects: etherscan.gather(
        path, into.book("etherscan", chain), defects
    ))  # fmt: skip


def _etherscan_csv(chain: str) -> Format:
    about = "Etherscan website exports (CSV); etherscan-csv:<chain> where the coin does not name the chain"
    return Format("etherscan-csv", about, etherscan_csv.sniff, lambda path, into, defects: etherscan_csv.gather(
        path, partial(into.book, "etherscan-csv"), defects, chain
    ))  # fmt: skip


FORMATS = (
    Format("ledger-parquet", "Recoup's own ledger file (Parquet)", _sniff_parquet, _gather_ledger, lines=False),
    Format("ledger", "Recoup's own ledger file (CSV)", _sniff_ledger, _gather_ledger),
    Format("esplora", "Esplora or mempool JSON", esplora.sniff, _coins(esplora.gather)),
    Format("bitcoin-etl", "bitcoin-etl JSON lines", bitcoin_etl.sniff, _coins(bitcoin_etl.gather)),
    Format("bitcoin-block", "raw Bitcoin blocks, blk*.dat", bitcoin_block.sniff, _coins(bitcoin_block.gather), False),
    _ethereum_etl("ethereum"),
    _etherscan("ethereum"),
    _etherscan_csv(""),
)

_OF_CHAIN = {"ethereum-etl": _ethereum_etl, "etherscan": _etherscan, "etherscan-csv": _etherscan_csv}


def of_profile(profile: Profile) -> Format:
    """A profile as a format."""

    def gather(path: Path, into: Gathering, defects: Defects) -> None:
        ledger, labels = profile_rows.read(path, profile, defects)
        into.ledgers.append(ledger)
        into.labels.update(dict.fromkeys(labels))

    return Format(str(profile), profile.about, lambda head, path: profile_rows.sniff(profile, head), gather)


def named(name: str) -> Format:
    """A format by its name; `profile:<name>` is one of the package, `profile:<path>` a file. Unknown: Refused."""
    kind, _, rest = name.partition(":")
    if kind == "profile" and rest:
        of_package = {profile.name: profile for profile in shipped()}
        return of_profile(of_package.get(rest) or load(Path(rest)))
    if kind in _OF_CHAIN and rest in NATIVE:
        return _OF_CHAIN[kind](rest)
    for each in FORMATS:
        if each.name == name:
            return each
    mend = "Use one of: " + ", ".join([*(each.name for each in FORMATS), "profile:<name or path>"])
    raise Refused(Defect("--format", 0, f"format {name[:40]!r} is not known", mend))


def detected(path: Path) -> Format:
    """The format of a file by its first bytes; Refused where none knows it."""
    with open_binary(path) as stream:
        head = stream.read(HEAD_BYTES)
    if not head.strip():
        raise Refused(Defect(str(path), 0, "is empty", "Fetch it again"))
    for each in (*FORMATS, *map(of_profile, shipped())):
        if each.sniff(head, path):
            return each
    mend = "Name it with --format, or describe its columns in a profile"
    raise Refused(Defect(str(path), 0, "is in no format known here", mend))
