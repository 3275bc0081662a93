"""`recoup custody`: who has an item, and its hand-over by two signatures."""

from __future__ import annotations

import json
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from recoup.cli.evidence_files import (
    SpokenGroup,
    home_option,
    key_option,
    opened,
    person,
    read_input,
    signer_from,
    verifier,
    write_secret,
)
from recoup.evidence import Note, Shredded, Signer, parse_note
from recoup.evidence.custody import Action, Chain, Destroyed, Examined, Exhibited, HandOver, Step, Tool, sign_step
from recoup.evidence.custody.model import UNKNOWN, Details
from recoup.evidence.home import Home, chain_of, enrol, extend, items, people

KEY_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def _sha256(ctx: click.Context, param: click.Parameter, text: str) -> str:
    if len(text) != 64 or set(text) - set("0123456789abcdef"):
        raise click.BadParameter("write a SHA-256 as 64 hex digits")
    return text


@click.group(cls=SpokenGroup)
def custody() -> None:
    """Who holds an item, since when, and how it came there."""


@custody.command("key")
@click.argument("name")
@click.option("--out", "path", required=True, type=click.Path(path_type=Path), help="File for the secret key.")
def key_command(name: str, path: Path) -> None:
    """Make a key for NAME (such as police.example/anna); the public key goes to stdout."""
    signer = Signer(name, Ed25519PrivateKey.generate())
    public = str(signer.verifier)
    write_secret(path, signer)
    click.echo(public)


@custody.command("enrol")
@click.argument("public_key")
@home_option
@key_option
def enrol_command(public_key: str, root: Path, key_file: Path | None) -> None:
    """Let PUBLIC_KEY sign in this home; it is recorded in the log."""
    home, by = opened(root), person(root, key_file)
    receipt = enrol(home, verifier(public_key), by.verifier)
    click.echo(f"enrolled in entry {receipt.first}" if receipt else "enrolled already")


@custody.command("list")
@home_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object per item.")
def list_command(root: Path, as_json: bool) -> None:
    """Every item with its state and custodian."""
    home = opened(root)
    for item, index in items(home):
        try:
            chain = chain_of(home, item)
            state, holder, number = str(chain.state), chain.custodian, chain.collected.exhibit_number
        except Shredded:
            state, holder, number = "erased", UNKNOWN, UNKNOWN
        said = {"item": item, "entry": index, "state": state, "custodian": holder, "exhibit": number}
        click.echo(json.dumps(said, ensure_ascii=False) if as_json else f"{item} {state} {holder} {number}")


@custody.command("show")
@click.argument("item")
@home_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object per step.")
def show_command(item: str, root: Path, as_json: bool) -> None:
    """Every step of an ITEM, each signature checked."""
    for note, step in zip(*_steps(chain_of(opened(root), item)), strict=True):
        signers = [line.name for line in note.signatures]
        if as_json:
            said = json.loads(note.text.partition("\n")[2]) | {"signed_by": signers}
            click.echo(json.dumps(said, ensure_ascii=False))
        else:
            click.echo(f"{step.at} {step.action} by {step.actor}; signed by {', '.join(signers)}")


def _steps(chain: Chain) -> tuple[tuple[Note, ...], tuple[Step, ...]]:
    return chain.notes, chain.steps


@custody.command("offer")
@click.argument("item")
@home_option
@key_option
@click.option("--to", "receiver", required=True, help="Name of the receiver's enrolled key.")
@click.option("--reason", default=UNKNOWN)
@click.option("--place", default=UNKNOWN)
@click.option("--condition", default=UNKNOWN)
@click.option("--return", "back", is_flag=True, help="Return it to whom it belongs: its last step.")
def offer_command(
    item: str, root: Path, key_file: Path | None, receiver: str, reason: str, place: str, condition: str, back: bool
) -> None:
    """Sign a hand-over of ITEM as giver; the offer goes to stdout, for the receiver to accept. Records nothing."""
    home, giver = opened(root), person(root, key_file)
    details = HandOver(giver.name, receiver, reason, place, condition)
    note = _signed(home, item, Action.RETURN if back else Action.TRANSFER, details, giver)
    if receiver not in {key.name for key in people(home)}:
        click.echo(f"{receiver} is not enrolled yet", err=True)
    click.echo(str(note), nl=False)


@custody.command("accept")
@click.argument("offer")
@home_option
@click.option("--key", "key_file", required=True, type=KEY_FILE, help="Receiver's key.")
def accept_command(offer: str, root: Path, key_file: Path) -> None:
    """Sign an OFFER (file or -) as receiver and record the hand-over."""
    receiver = signer_from(key_file)
    note = parse_note(read_input(offer))
    _record(opened(root), note.with_signatures([receiver.sign(note.text)]), receiver)


@custody.command("examine")
@click.argument("item")
@home_option
@key_option
@click.option("--working-sha256", required=True, callback=_sha256, help="Hash of the copy that was worked on.")
@click.option("--tool", required=True)
@click.option("--tool-version", default=UNKNOWN)
@click.option("--command", "reproduce", required=True, help="Command that reproduces the examination.")
@click.option("--note", default="", help="Result or remark.")
def examine_command(
    item: str, root: Path, key_file: Path | None, working_sha256: str, tool: str, tool_version: str,
    reproduce: str, note: str,
) -> None:  # fmt: skip
    """Record an examination of ITEM."""
    details = Examined(working_sha256, Tool(tool, tool_version), reproduce, note)
    _one(root, key_file, item, Action.EXAMINE, details)


@custody.command("exhibit")
@click.argument("item")
@home_option
@key_option
@click.option("--number", required=True, help="Exhibit number in the proceeding.")
@click.option("--proceeding", required=True)
def exhibit_command(item: str, root: Path, key_file: Path | None, number: str, proceeding: str) -> None:
    """Record that ITEM was shown in a proceeding."""
    _one(root, key_file, item, Action.EXHIBIT, Exhibited(number, proceeding))


@custody.command("destroy")
@click.argument("item")
@home_option
@key_option
@click.option("--order", required=True, help="Reference of the order to destroy it.")
@click.option("--method", required=True)
def destroy_command(item: str, root: Path, key_file: Path | None, order: str, method: str) -> None:
    """Record the destruction of ITEM: its last step. `recoup keys erase` destroys what a subject's key seals."""
    _one(root, key_file, item, Action.DESTROY, Destroyed(order, method))


def _one(root: Path, key_file: Path | None, item: str, action: Action, details: Details) -> None:
    home, actor = opened(root), person(root, key_file)
    _record(home, _signed(home, item, action, details, actor), actor)


def _signed(home: Home, item: str, action: Action, details: Details, actor: Signer) -> Note:
    return sign_step(Step(item, action, home.clock(), actor.name, details, chain_of(home, item).head), [actor])


def _record(home: Home, note: Note, actor: Signer) -> None:
    chain, receipt = extend(home, note, actor.verifier)
    click.echo(f"{chain.state}, held by {chain.custodian}, entry {receipt.first}")
