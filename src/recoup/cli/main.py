"""`recoup`: each command is loaded only when it is called."""

from __future__ import annotations

import importlib
import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

import click

from recoup import __version__
from recoup.ground import Defect, Refused, one_line

# command -> module.attribute; the order is the order of the chain.
COMMANDS = {
    "demo": "recoup.cli.demo:demo",
    "read": "recoup.cli.read:read",
    "trace": "recoup.cli.trace:trace",
    "allocate": "recoup.cli.allocate:allocate",
    "plan": "recoup.cli.plan:plan",
    "run": "recoup.cli.run:run",
    "receipt": "recoup.cli.receipt:receipt",
    "pay": "recoup.cli.pay:pay",
    "fund": "recoup.cli.fund:fund",
    "verify": "recoup.cli.verify:verify",
    "seal": "recoup.cli.seal:seal",
    "custody": "recoup.cli.custody:custody",
    "log": "recoup.cli.log:log",
    "witness": "recoup.cli.witness:witness",
    "keys": "recoup.cli.keys:keys",
    "route": "recoup.cli.route:route",
    "complaints": "recoup.cli.complaints:complaints",
    "screen": "recoup.cli.screen:screen",
    "own": "recoup.cli.own:own",
    "doctor": "recoup.cli.doctor:doctor",
}


class Lazy(click.Group):
    """A group whose commands are imported when they are called, in the order of `COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        try:
            command = getattr(importlib.import_module(module), attribute)
        except ModuleNotFoundError as missing:
            if (missing.name or "recoup").partition(".")[0] == "recoup":
                raise
            return _lacking(cmd_name, str(missing.name))
        assert isinstance(command, click.Command)
        return command


def _lacking(command: str, package: str) -> click.Command:
    """What stands for a command whose extra is not installed."""

    def refuse() -> None:
        raise Refused(Defect(command, 0, f"needs {package}, which is not installed", "`recoup doctor` names its extra"))

    settings = {"ignore_unknown_options": True, "allow_extra_args": True, "allow_interspersed_args": False}
    return click.Command(
        command, settings, refuse, help=f"(needs {package}: see `recoup doctor`)", add_help_option=False
    )


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="recoup")
def recoup() -> None:
    """From the first victim's complaint to that victim's money back."""


def main() -> None:
    """Run `recoup`; what cannot be done is said in words, with exit 1."""
    _prepare_streams()
    try:
        try:
            recoup()
        finally:
            sys.stdout.flush()
    except Refused as refusal:
        _fail(str(refusal))
    except BrokenPipeError:
        _fail("")  # whoever read has gone, as `head` does
    except OSError as error:
        _fail(one_line(f"{error.filename or 'recoup'}: {error.strerror or error}"))
    except UnicodeError as error:
        _fail(one_line(f"recoup: not text in the expected encoding: {error}"))
    except MemoryError:
        _fail("recoup: the memory of this machine does not suffice for this input")


def _prepare_streams() -> None:
    """The same bytes whatever the locale; standard input that was closed is empty, closed output is a failure."""
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - for the life of the process
    if sys.stdout is None:
        sys.exit("recoup: standard output is closed")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def _fail(words: str) -> NoReturn:
    """Exit 1; what could not be written is given up, so that the interpreter does not try again."""
    try:
        sys.stdout.flush()
    except OSError:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for the life of the process
    if words:
        click.echo(words, err=True)
    sys.exit(1)
