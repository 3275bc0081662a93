"""What the commands about evidence share: homes, people's keys, and how refusals are said."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from recoup.evidence import Behind, Damaged, Malformed, Shredded, Signer, Unopened, Untrusted, VerifierKey
from recoup.evidence.custody import IllegalStep
from recoup.evidence.disk import write_durably
from recoup.evidence.home import Held, Home, create_home, enrol, open_home
from recoup.evidence.note import ED25519, parse_secret_key, secret_key_text
from recoup.ground import Refused, one_line

Function = TypeVar("Function", bound=Callable[..., Any])
FAILURES = (Refused, Malformed, Untrusted, Unopened, Shredded, Damaged, Behind, OSError, ValueError, sqlite3.Error)
INPUT_BYTES_MAX = 1_000_000


@contextmanager
def spoken() -> Iterator[None]:
    """Says in words what cannot be done: exit 3 where a rule or hold forbids it, 1 where something is wrong."""
    try:
        yield
    except (IllegalStep, Held) as refusal:
        click.echo(f"refused: {refusal}", err=True)
        sys.exit(3)
    except FAILURES as failure:
        click.echo(words(failure), err=True)
        sys.exit(1)


def words(failure: Exception) -> str:
    """What failed, in lines that a terminal may show."""
    if isinstance(failure, OSError) and failure.strerror:
        return one_line(f"{failure.filename or 'recoup'}: {failure.strerror}")
    if isinstance(failure, UnicodeError):
        return one_line(f"not text in the expected encoding: {failure}")
    return str(failure) if isinstance(failure, Refused) else one_line(str(failure))


class SpokenCommand(click.Command):
    """A command whose failures are said, never shown as a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run it under `spoken`."""
        with spoken():
            return super().invoke(ctx)


class SpokenGroup(click.Group):
    """A group of such commands."""

    command_class = SpokenCommand


def home_option(function: Function) -> Function:
    """`--home DIR`, required."""
    path = click.Path(path_type=Path, file_okay=False)
    return click.option("--home", "root", required=True, type=path, help="The case home.")(function)


def key_option(function: Function) -> Function:
    """`--key FILE`, the home's operator by default."""
    path = click.Path(path_type=Path, exists=True, dir_okay=False)
    words = "Your secret key; keys/operator.key of the home by default."
    return click.option("--key", "key_file", type=path, help=words)(function)


def signer_from(path: Path) -> Signer:
    """A person's key from its file; PermissionError where others can read it."""
    if path.stat().st_mode & 0o077:
        raise PermissionError(f"{path.name} can be read by others; chmod 600 it")
    name, kind, private = parse_secret_key(path.read_text("utf-8"))
    if kind != ED25519:
        raise Malformed(f"{path.name} is not a key for signing steps")
    return Signer(name, private)


def person(root: Path, key_file: Path | None) -> Signer:
    """The key given, else the home's operator."""
    return signer_from(key_file or root / "keys" / "operator.key")


def opened(root: Path) -> Home:
    """The home; says how one is made where there is none."""
    if not (root / "log" / "log.vkey").exists():
        raise click.UsageError(f"{root} is no case home; `recoup seal FILE --home {root}` makes one")
    return open_home(root)


def opened_or_made(root: Path, origin: str) -> Home:
    """The home, made with an operator of its own where there is none."""
    if (root / "log" / "log.vkey").exists():
        return open_home(root)
    str(Signer(origin, Ed25519PrivateKey.generate()).verifier)  # a name that no log can bear leaves no half-made home
    home = create_home(root, origin)
    operator = Signer("operator", Ed25519PrivateKey.generate())
    write_secret(root / "keys" / "operator.key", operator)
    enrol(home, operator.verifier)
    click.echo(f"made the case home {root}, log {origin}, operator key {root / 'keys' / 'operator.key'}", err=True)
    return home


def write_secret(path: Path, signer: Signer) -> None:
    """A secret key to a file of its owner alone; FileExistsError where there is one."""
    if path.exists():
        raise FileExistsError(f"{path} is there already")
    write_durably(path, f"{secret_key_text(signer.name, ED25519, signer.private)}\n".encode())


def read_input(source: str) -> str:
    """Text of a file, or of stdin for `-`, at most INPUT_BYTES_MAX."""
    stream = click.open_file(source, "rb")
    data = stream.read(INPUT_BYTES_MAX + 1)
    if len(data) > INPUT_BYTES_MAX:
        raise Malformed(f"{source} has more than {INPUT_BYTES_MAX} bytes")
    try:
        return bytes(data).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(f"{source} is not UTF-8") from error


def verifier(text: str) -> VerifierKey:
    """A public key given as text or as the name of a file that holds it."""
    return VerifierKey.parse(Path(text).read_text("utf-8") if "+" not in text else text)
