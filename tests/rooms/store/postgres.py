"""A real PostgreSQL server for the tests: made in a temporary directory, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

ACCOUNT = "postgres"  # the server refuses to run as root
START_SECONDS = 60
_names = count(1)


class Absent(Exception):
    """There is no server program on this machine."""


def programs() -> Path:
    """The directory of initdb and pg_ctl: PATH, then what pg_config says, then where Debian puts them."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else []
    if config := shutil.which("pg_config"):
        asked = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        places.append(Path(asked.stdout.strip()))
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if (place / "initdb").is_file() and (place / "pg_ctl").is_file():
            return place
    raise Absent("no initdb and pg_ctl: apt-get install -y postgresql")


@dataclass(frozen=True)
class Server:
    """A running server; each `database` is new and empty."""

    port: int
    folder: Path
    owner: int | None
    bin: Path
    settings: tuple[str, ...] = ()

    def database(self) -> str:
        name = f"book{next(_names)}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type,unused-ignore]
        return self.address(name)

    def address(self, name: str) -> str:
        return f"postgresql://{ACCOUNT}@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        words = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        self._control("-l", str(self.folder / "log"), "-o", " -c ".join([words, *self.settings]), "start")

    def stop(self) -> None:
        """At once, as if the machine had stopped: the next start recovers from the write-ahead log."""
        self._control("-m", "immediate", "stop")

    def restart_at_once(self) -> None:
        self.stop()
        self.start()

    def _control(self, *words: str) -> None:
        self.run(str(self.bin / "pg_ctl"), "-D", str(self.folder / "data"), "-w", *words)

    def run(self, *command: str) -> None:
        """A program of the server, as the account that owns its files."""
        kept: dict[str, Any] = {"cwd": self.folder, "user": self.owner, "timeout": START_SECONDS}
        done = subprocess.run(command, **kept, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{Path(command[0]).name}: {done.stdout[-500:]}{done.stderr[-500:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _owner() -> int | None:
    if os.geteuid():
        return None
    try:
        return pwd.getpwnam(ACCOUNT).pw_uid
    except KeyError:
        raise Absent(f"no account {ACCOUNT}, and a server does not run as root") from None


@contextmanager
def running(*settings: str) -> Iterator[Server]:
    """A server with these settings (`name=value`); Absent where the machine has none."""
    bin, owner = programs(), _owner()
    with tempfile.TemporaryDirectory(prefix="recoup-postgres-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if owner is not None:
            os.chown(folder, owner, -1)
        server = Server(_free_port(), folder, owner, bin, settings)
        initdb = str(bin / "initdb")
        server.run(initdb, "-D", str(folder / "data"), "-U", ACCOUNT, "-A", "trust", "--no-sync", "-E", "UTF8")
        server.start()
        try:
            yield server
        finally:
            server.stop()
