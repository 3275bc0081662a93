"""`recoup seal`: files into the vault, recorded in the log, custody begun."""

from __future__ import annotations

import json
import secrets
import sys
from pathlib import Path
from typing import Any

import click

from recoup.cli.evidence_files import (
    FAILURES,
    SpokenCommand,
    home_option,
    key_option,
    opened_or_made,
    person,
    signer_from,
    words,
)
from recoup.cli.options import instant
from recoup.evidence import Malformed, Signer
from recoup.evidence.custody import Acquisition, Collected, ItemKind, KeyCustody, LegalAuthority, Tool
from recoup.evidence.custody.model import UNDER_A_KEY, UNKNOWN
from recoup.evidence.home import Home, SealOrder, SealResult, seal_file
from recoup.evidence.intake import FileType, inspect
from recoup.evidence.intake.sniff import ENCRYPTED
from recoup.ground import Instant, one_line


@click.command(cls=SpokenCommand)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@home_option
@key_option
@click.option("--subject", default="case", help="Case or person whose key seals the item; an opaque id.")
@click.option("--kind", type=click.Choice([str(kind) for kind in ItemKind]), help="What it is; by content by default.")
@click.option("--exhibit", default=UNKNOWN, help="Exhibit number; several files get /1, /2 …")
@click.option("--root-exhibit", default="", help="Number of what it came from; itself by default.")
@click.option("--authority-kind", default=UNKNOWN, help="Warrant, order, consent, production, open source.")
@click.option("--authority", default=UNKNOWN, help="Reference of the legal authority.")
@click.option("--issued-by", default=UNKNOWN, help="Who issued it.")
@click.option("--source", default=UNKNOWN, help="Device, address or transaction it was taken from.")
@click.option("--tool", default=UNKNOWN, help="Tool that acquired it.")
@click.option("--tool-version", default=UNKNOWN)
@click.option("--command", "reproduce", default=UNKNOWN, help="Command that reproduces the acquisition.")
@click.option("--started", callback=instant, help="RFC 3339 start of the acquisition; now by default.")
@click.option("--ended", callback=instant, help="RFC 3339 end of the acquisition; its start by default.")
@click.option("--clock-source", default=UNKNOWN, help="Whose clock: ntp, gps, device …")
@click.option("--clock-offset-ms", type=int, help="That clock minus UTC in milliseconds, where measured.")
@click.option("--condition", default=UNKNOWN, help="Condition when collected.")
@click.option("--key-holder", default=UNKNOWN, help="Of a container or archive under a password: who has it.")
@click.option("--key-item", default=UNKNOWN, help="Of such an item: the item that holds its key.")
@click.option("--origin", default="", help="Name of the log of a new home, such as agency.example/log.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per file.")
def seal(files: tuple[Path, ...], root: Path, key_file: Path | None, origin: str, as_json: bool, **given: Any) -> None:
    """Seal FILES in the case home: hashed, encrypted, recorded, custody begun. Exit 1 where one is quarantined."""
    if key_file:
        signer_from(key_file)
    home = opened_or_made(root, origin or f"recoup.invalid/{secrets.token_hex(8)}")
    operator, failed = person(root, key_file), False
    for number, path in enumerate(files, 1):
        given["number"] = f"{given['exhibit']}/{number}" if len(files) > 1 else given["exhibit"]
        try:
            result = _sealed(home, path, operator, given)
        except FAILURES as failure:
            said = words(failure)
            click.echo(said if said.startswith(str(path)) else one_line(f"{path}: {said}"), err=True)
            failed = True
            continue
        failed |= not result.inspection.accepted
        click.echo(json.dumps(_said(path, result), ensure_ascii=False) if as_json else _line(path, result))
        for refusal in (*result.inspection.refusals, *result.inspection.remarks):
            click.echo(one_line(f"{path}: {refusal}"), err=True)
    sys.exit(1 if failed else 0)


def _sealed(home: Home, path: Path, operator: Signer, given: dict[str, Any]) -> SealResult:
    if not path.name.isascii() and any("\udc80" <= sign <= "\udcff" for sign in path.name):
        raise Malformed("its name is not text; seal a copy under a name that is, and give the true one with --source")
    return seal_file(home, SealOrder(path, given["subject"], _collected(home, path, operator, given)), operator)


def _collected(home: Home, path: Path, operator: Signer, given: dict[str, Any]) -> Collected:
    kind = ItemKind(given["kind"]) if given["kind"] else _kind(path)
    started: Instant = given["started"] or home.clock()
    ended: Instant = given["ended"] or started
    acquisition = Acquisition(
        started, ended, given["clock_source"], given["clock_offset_ms"], operator.name,
        Tool(given["tool"], given["tool_version"]), given["reproduce"], given["source"],
    )  # fmt: skip
    authority = LegalAuthority(given["authority_kind"], given["authority"], given["issued_by"])
    held = KeyCustody(given["key_holder"], given["key_item"]) if kind in UNDER_A_KEY else None
    root = given["root_exhibit"] or given["number"]
    return Collected(kind, given["number"], root, authority, acquisition, given["condition"], held)


def _kind(path: Path) -> ItemKind:
    with path.open("rb") as stream:
        found = inspect(stream, path.name)
    if found.type in ENCRYPTED:
        return ItemKind.ENCRYPTED_CONTAINER
    if found.password_protected:
        return ItemKind.PROTECTED_ARCHIVE
    return ItemKind.DOCUMENT if found.type is FileType.PDF else ItemKind.FILE


def _said(path: Path, result: SealResult) -> dict[str, object]:
    content = result.sealed.content
    return {
        "file": str(path), "item": result.item, "entry": result.entry, "known": result.known,
        "shelf": str(result.sealed.address.shelf), "sha256": content.sha256, "blake3": content.blake3,
        "size": content.size, "type": str(result.inspection.type),
        "refusals": [str(one) for one in result.inspection.refusals],
        "remarks": [str(one) for one in result.inspection.remarks],
    }  # fmt: skip


def _line(path: Path, result: SealResult) -> str:
    word = "known" if result.known else "sealed"
    content = result.sealed.content
    return f"{word} {result.item} {result.sealed.address.shelf} {content.sha256} {content.size} bytes {path}"
