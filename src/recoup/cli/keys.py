"""`recoup keys`: rotation, recovery on paper, erasure and legal holds."""

from __future__ import annotations

from pathlib import Path

import click

from recoup.cli.evidence_files import SpokenGroup, home_option, key_option, opened, person, read_input
from recoup.evidence import AgencyKey
from recoup.evidence.disk import write_durably
from recoup.evidence.home import erase, hold, release, rotate_agency_key
from recoup.evidence.home.layout import agency_key
from recoup.evidence.keys import new_key
from recoup.evidence.shamir import SHARES_MAX, Share, restore, split


@click.group(cls=SpokenGroup)
def keys() -> None:
    """Keys of a case home."""


@keys.command()
@home_option
def rotate(root: Path) -> None:
    """Put a new agency key in the place of the one in keys/agency.key; nothing sealed is touched."""
    opened(root)
    click.echo(f"{rotate_agency_key(root, AgencyKey(new_key()))} subject keys wrapped anew; make new shares")


@keys.command("split")
@home_option
@click.option("--needed", required=True, type=click.IntRange(2, SHARES_MAX), help="Shares that restore the key.")
@click.option("--shares", "count", required=True, type=click.IntRange(2, SHARES_MAX), help="Shares to make.")
def split_command(root: Path, needed: int, count: int) -> None:
    """The agency key in shares, one line each, for people to keep apart on paper."""
    if needed > count:
        raise click.UsageError("--needed is at most --shares")
    for share in split(agency_key(root).material, needed, count):
        click.echo(str(share))


@keys.command("restore")
@click.argument("shares")
@home_option
def restore_command(shares: str, root: Path) -> None:
    """Put the agency key back from SHARES (file or -, one a line)."""
    path = root / "keys" / "agency.key"
    if path.exists():
        raise FileExistsError(f"{path} is there; nothing overwrites an agency key")
    key = AgencyKey(restore([Share.parse(line) for line in read_input(shares).splitlines() if line.strip()]))
    write_durably(path, str(key).encode())
    opened(root)
    click.echo(f"agency key {key.key_id} is back and opens this home")


@keys.command("erase")
@click.argument("subject")
@home_option
@key_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase_command(subject: str, root: Path, key_file: Path | None, yes: bool) -> None:
    """Destroy the key of SUBJECT and all that it seals, for good; recorded first. Exit 3 under a legal hold."""
    if not yes:
        click.confirm(f"Destroy everything about {subject}? Nothing brings it back", abort=True, err=True)
    home = opened(root)
    click.echo(f"{erase(home, subject, person(root, key_file).verifier)} entries are empty now; their proofs hold")


@keys.command("hold")
@click.argument("subject")
@home_option
@key_option
@click.option("--reference", required=True, help="Order or duty that forbids the erasure.")
def hold_command(subject: str, root: Path, key_file: Path | None, reference: str) -> None:
    """Forbid the erasure of SUBJECT."""
    click.echo(f"held, entry {hold(opened(root), subject, reference, person(root, key_file).verifier).first}")


@keys.command("release")
@click.argument("subject")
@home_option
@key_option
@click.option("--reference", required=True, help="What ended the hold.")
def release_command(subject: str, root: Path, key_file: Path | None, reference: str) -> None:
    """End a legal hold."""
    click.echo(f"released, entry {release(opened(root), subject, reference, person(root, key_file).verifier).first}")
