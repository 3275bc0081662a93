"""`recoup log`: audit, proofs, checkpoints and tiles of a case home's log."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from recoup.cli.evidence_files import SpokenGroup, home_option, opened, read_input, verifier
from recoup.evidence import Checkpoint, Event, VerifierKey, WitnessView
from recoup.evidence.audit.view import parse_view
from recoup.evidence.disk import write_durably
from recoup.evidence.home import Home, audit_home
from recoup.evidence.note import Note, parse_note, parse_signatures
from recoup.evidence.publish import tile_files
from recoup.evidence.witness import Request
from recoup.ground import Defect, Refused


@click.group(cls=SpokenGroup)
def log() -> None:
    """The append-only log of a case home."""


@log.command()
@home_option
@click.option("--key", "log_key", default="", help="The log's public key as known elsewhere; log/log.vkey by default.")
@click.option("--witness", "views", multiple=True, help="What `recoup witness show` printed at another agency.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per finding.")
def audit(root: Path, log_key: str, views: tuple[str, ...], as_json: bool) -> None:
    """Hash every entry anew and compare with signatures, payloads, vault and witnesses; exit 1 with any finding."""
    home = opened(root)
    key = verifier(log_key or str(root / "log" / "log.vkey"))
    seen = [_view(name, key) for name in views]
    findings = audit_home(home, [key], seen)
    for finding in findings:
        said = {"code": finding.code, "first": finding.first, "last": finding.last, "what": finding.what}
        click.echo(json.dumps(said, ensure_ascii=False) if as_json else str(finding))
    if not seen:
        click.echo("no witness was asked: whoever holds the log's key could have rewritten it unseen", err=True)
    click.echo(f"{home.storage.size()} entries, {len(findings)} findings", err=True)
    sys.exit(1 if findings else 0)


def _view(name: str, key: VerifierKey) -> WitnessView:
    return parse_view(Path(name).read_bytes(), key.name)


@log.command()
@click.argument("target")
@home_option
def proof(target: str, root: Path) -> None:
    """A proof that entry number or item TARGET is in the log, to stdout (C2SP tlog-proof, the leaf as extra data)."""
    home = opened(root)
    index = int(target[:20]) if target.isdecimal() else _sealed_in(home, target)
    if index >= home.log.size:
        raise Refused(Defect(target[:60], 0, f"the log has {home.log.size} entries", "Name an earlier one"))
    ((_, leaf),) = home.storage.leaves(index, index + 1)
    click.echo(str(home.log.proof(index, leaf)), nl=False)


def _sealed_in(home: Home, item: str) -> int:
    for index in home.storage.indexes_of(item):
        ((_, leaf),) = home.storage.leaves(index, index + 1)
        if Event.parse(leaf).kind == "item.sealed":
            return index
    raise Refused(Defect(item[:60], 0, "no such item in this home", "`recoup custody list` names them"))


@log.command()
@home_option
@click.option(
    "--request", "old", type=click.IntRange(min=0), help="Request to a witness that last saw so many entries."
)
@click.option("--public-key", is_flag=True, help="The log's public key, for witnesses and verifiers.")
def checkpoint(root: Path, old: int | None, public_key: bool) -> None:
    """The newest checkpoint, with the cosignatures it has; or a request for one more."""
    home = opened(root)
    note = _newest(home)
    size = Checkpoint.parse(note.text).size
    if public_key:
        click.echo(str(home.signer.verifier))
    elif old is None:
        click.echo(str(note), nl=False)
    elif old > size:
        raise Refused(Defect(str(root), 0, f"a witness saw {old} entries, the log has {size}", "Audit it: it was cut"))
    else:
        click.echo(str(Request(old, home.log.consistency(old, size), note)), nl=False)


def _newest(home: Home) -> Note:
    note = home.log.checkpoint()
    kept = [one for one in map(parse_note, home.storage.cosigned()) if one.text == note.text]
    return kept[-1] if kept else note


@log.command()
@click.argument("answer")
@home_option
@click.option("--witness", "key", required=True, help="The witness's public key, or a file with it.")
def cosign(answer: str, root: Path, key: str) -> None:
    """Keep the cosignature in a witness's ANSWER (file or -)."""
    home = opened(root)
    note = home.log.add_cosignatures(home.log.checkpoint(), parse_signatures(read_input(answer)), [verifier(key)])
    click.echo(f"{Checkpoint.parse(note.text).size} entries, {len(note.signatures) - 1} cosignatures")


@log.command()
@home_option
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for the files.")
def tiles(root: Path, out: Path) -> None:
    """Write checkpoint, tiles and entry bundles as static files (C2SP tlog-tiles), for mirrors and monitors."""
    home, count = opened(root), 0
    for name, data in tile_files(home.log):
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, data, 0o644)
        count += 1
    click.echo(f"{count} files in {out}", err=True)
