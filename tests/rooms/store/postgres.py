"""A real PostgreSQL server for the tests: made in a temporary directory, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
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
    """The directory of initdb and postgres: PATH, then what pg_config says, then where Debian puts them."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else []
    if config := shutil.which("pg_config"):
        asked = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        places.append(Path(asked.stdout.strip()))
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if (place / "initdb").is_file() and (place / "postgres").is_file():
            return place
    raise Absent("no initdb and postgres: apt-get install -y postgresql")


# The server ends at once when this process closes the pipe, also because it was killed: nothing stays behind.
_BOUND = '"$@" & child=$!; read -r _; kill -QUIT $child; wait $child'


@dataclass
class Server:
    """A running server; each `database` is new and empty."""

    port: int
    folder: Path
    owner: int | None
    bin: Path
    settings: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    def database(self) -> str:
        name = f"book{next(_names)}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type,unused-ignore]
        return self.address(name)

    def address(self, name: str) -> str:
        return f"postgresql://{ACCOUNT}@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        settings = [f"port={self.port}", f"unix_socket_directories={self.folder}", "listen_addresses=127.0.0.1"]
        words = [word for each in (*settings, *self.settings) for word in ("-c", each)]
        command = ["sh", "-c", _BOUND, "sh", str(self.bin / "postgres"), "-D", str(self.folder / "data"), *words]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, user=self.owner, stdin=subprocess.PIPE, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > deadline:
                raise RuntimeError((self.folder / "log").read_text()[-500:])
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.address("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """At once, as if the machine had stopped: the next start recovers from the write-ahead log."""
        assert self.process is not None and self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(START_SECONDS)

    def restart_at_once(self) -> None:
        self.stop()
        self.start()

    def make(self) -> None:
        """The files of a new server, made as the account that owns them."""
        command = [str(self.bin / "initdb"), "-D", str(self.folder / "data"), "-U", ACCOUNT]
        kept: dict[str, Any] = {"cwd": self.folder, "user": self.owner, "timeout": START_SECONDS}
        words = ["-A", "trust", "--no-sync", "-E", "UTF8"]
        done = subprocess.run([*command, *words], **kept, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"initdb: {done.stdout[-500:]}{done.stderr[-500:]}")


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
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()
