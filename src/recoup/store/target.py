"""Which database: a file in a case home, or PostgreSQL by its address."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

BUSY_SECONDS = 30
WAL_PAGES = 8_192  # 32 MiB between copies into the database: fewer flushes for the same promise
DATABASE_FILE = "recoup.sqlite3"
_SQLITE = "django.db.backends.sqlite3"
_POSTGRES = "django.db.backends.postgresql"
# secure_delete overwrites what is removed; temporary tables stay in memory, so that no body reaches a file of its own.
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "temp_store=MEMORY",
    f"wal_autocheckpoint={WAL_PAGES}",
)


class NotDurable(Exception):
    """The database is set to acknowledge what is not on disk yet, or to keep what was removed."""


@dataclass(frozen=True, slots=True)
class Target:
    """A database: Django's engine, its name and how to reach it."""

    engine: str
    name: str
    host: str = ""
    port: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    options: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, address: str) -> Target:
        """From `postgresql://user:password@host:port/name?option=value`, or `sqlite:///file`; else ValueError."""
        parts = urlsplit(address)
        if parts.scheme in ("postgresql", "postgres"):
            words = (parts.hostname or "", str(parts.port or ""), unquote(parts.username or ""))
            options = tuple(parse_qsl(parts.query, strict_parsing=True)) if parts.query else ()
            return cls(_POSTGRES, unquote(parts.path[1:]), *words, unquote(parts.password or ""), options)
        if parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1:
            return cls.file(Path(unquote(parts.path[1:])))
        raise ValueError(f"a database is given as postgresql://… or sqlite:///…, not {address.split(':')[0][:20]!r}")

    @classmethod
    def file(cls, path: Path) -> Target:
        """An SQLite database in a file."""
        return cls(_SQLITE, str(path))

    @property
    def settings(self) -> dict[str, Any]:
        """What Django's DATABASES holds of it."""
        options: dict[str, Any] = dict(self.options)
        if self.engine == _POSTGRES:
            options["options"] = f"{options.get('options', '')} -c synchronous_commit=on".strip()
        else:
            pragmas = "".join(f"PRAGMA {one};" for one in _PRAGMAS)
            options |= {"timeout": BUSY_SECONDS, "transaction_mode": "IMMEDIATE", "init_command": pragmas}
        where = {"HOST": self.host, "PORT": self.port, "USER": self.user, "PASSWORD": self.password}
        return {"ENGINE": self.engine, "NAME": self.name, "OPTIONS": options, **where}
