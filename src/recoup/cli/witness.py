"""`recoup witness`: vouch for the logs of other agencies."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from recoup.cli.evidence_files import SpokenGroup, read_input, verifier
from recoup.evidence import Malformed, VerifierKey, WitnessView
from recoup.evidence.audit.view import view_text
from recoup.evidence.cosignature import Cosigner
from recoup.evidence.disk import write_durably
from recoup.evidence.note import COSIGNATURE, ED25519, parse_secret_key, secret_key_text
from recoup.evidence.publish import leaf_hashes
from recoup.evidence.witness import Status, Witness
from recoup.evidence.witnessstore import WitnessFile

FOLDER = click.Path(path_type=Path, file_okay=False)
_EXITS = {Status.COSIGNED: 0, Status.UNKNOWN_LOG: 3, Status.UNTRUSTED: 3}


@click.group(cls=SpokenGroup)
def witness() -> None:
    """A witness: cosigns another agency's checkpoints after checking that its log only grew."""


@witness.command()
@click.argument("folder", type=FOLDER)
@click.option("--name", required=True, help="Name of the witness, such as agency-b.example/witness.")
def init(folder: Path, name: str) -> None:
    """Make a witness in FOLDER; its public key goes to stdout."""
    if (folder / "witness.key").exists():
        raise FileExistsError(f"{folder} holds a witness already")
    cosigner = Cosigner(name, Ed25519PrivateKey.generate())
    public = str(cosigner.verifier)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_durably(folder / "witness.key", f"{secret_key_text(name, COSIGNATURE, cosigner.private)}\n".encode())
    click.echo(public)


@witness.command()
@click.argument("folder", type=FOLDER)
@click.argument("log_key")
def trust(folder: Path, log_key: str) -> None:
    """Vouch from now on for the log whose public key LOG_KEY is; a name has one key."""
    key, known = verifier(log_key), _logs(folder)
    if key.kind != ED25519:
        raise Malformed(f"{key.name} is not a log's key")
    if any(other.name == key.name and other != key for other in known):
        raise Malformed(f"{key.name} has another key here; a changed key is a matter for people to settle")
    write_durably(folder / "logs", "".join(f"{one}\n" for one in dict.fromkeys([*known, key])).encode())
    click.echo(f"{len(dict.fromkeys([*known, key]))} logs are trusted", err=True)


@witness.command()
@click.argument("folder", type=FOLDER)
@click.argument("request")
def cosign(folder: Path, request: str) -> None:
    """Answer a REQUEST (file or -) of `recoup log checkpoint --request`: cosignature to stdout, or why not."""
    answer = _opened(folder).add_checkpoint(read_input(request))
    good = answer.status in (Status.COSIGNED, Status.OTHER_SIZE)
    if answer.status is Status.OTHER_SIZE:
        click.echo("this witness last saw so many entries:", err=True)
    click.echo(answer.body, nl=False, err=not good)
    sys.exit(_EXITS.get(answer.status, 1))


@witness.command()
@click.argument("folder", type=FOLDER)
@click.argument("origin")
@click.argument("tiles", type=FOLDER)
def mirror(folder: Path, origin: str, tiles: Path) -> None:
    """Keep the leaf hashes of a published log, so that an audit names the very entry that was rewritten."""
    store, hashes = _store(folder), leaf_hashes(tiles)
    kept = len(store.leaf_hashes(origin))
    click.echo(f"{store.mirror(origin, hashes[kept:])} leaf hashes kept")


@witness.command()
@click.argument("folder", type=FOLDER)
@click.argument("origin")
def show(folder: Path, origin: str) -> None:
    """Everything this witness remembers of the log ORIGIN, for `recoup log audit --witness`."""
    store = _store(folder)
    key = _opened(folder).cosigner.verifier
    view = WitnessView(key, store.seen(origin), tuple(store.leaf_hashes(origin)), store.forks(origin))
    click.echo(view_text(view, origin))


def _logs(folder: Path) -> list[VerifierKey]:
    path = folder / "logs"
    return [VerifierKey.parse(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def _store(folder: Path) -> WitnessFile:
    if not (folder / "witness.key").exists():
        raise click.UsageError(f"there is no witness in {folder}; `recoup witness init` makes one")
    return WitnessFile(folder / "witness.sqlite3")


def _opened(folder: Path) -> Witness:
    store = _store(folder)
    name, kind, private = parse_secret_key((folder / "witness.key").read_text("utf-8"))
    if kind != COSIGNATURE:
        raise Malformed("witness.key is not a witness's key")
    return Witness(Cosigner(name, private), _logs(folder), store, lambda: int(time.time()))
