"""Documentation: every command has its page, every link leads somewhere, every page is found from the index."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
from tests.house.tree import name

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def links(page: Path) -> list[str]:
    """Targets of a page's links, without code and without addresses of the web."""
    text = CODE.sub("", page.read_text(encoding="utf-8"))
    found = [next(filter(None, match.groups())) for match in LINK.finditer(text)]
    return [target for target in found if not re.match(r"[a-z]+:", target)]


def broken_links(pages: list[Path]) -> list[str]:
    """Links inside the repository that lead to no file or to no heading."""
    faults = []
    for page in pages:
        for target in links(page):
            file, _, anchor = target.partition("#")
            aim = (page.parent / file).resolve() if file else page
            if not aim.exists() or (anchor and aim.suffix == ".md" and anchor not in anchors(aim)):
                faults.append(f"{name(page)}: {target}")
    return faults


def anchors(page: Path) -> set[str]:
    """The anchors that headings get: lower case, punctuation dropped, spaces as hyphens."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    headings = re.findall(r"^#+ +(.*?)\s*$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def unreachable(index: Path, pages: list[Path]) -> list[str]:
    """Pages to which no chain of links leads from the index."""
    seen, waiting = {index.resolve()}, [index.resolve()]
    while waiting:
        page = waiting.pop()
        aims = {(page.parent / target.partition("#")[0]).resolve() for target in links(page)}
        new = {aim for aim in aims - seen if aim.suffix == ".md" and aim.is_file()}
        seen |= new
        waiting += sorted(new)
    return [name(page) for page in pages if page.resolve() not in seen]


def commands(group: Mapping[str, click.Command], before: str = "recoup") -> Iterator[tuple[str, click.Command]]:
    """(`recoup a b`, command) for every command and subcommand."""
    for word, command in group.items():
        yield f"{before} {word}", command
        if isinstance(command, click.Group):
            yield from commands(command.commands, f"{before} {word}")


def undocumented_commands(group: Mapping[str, click.Command], folder: Path) -> list[str]:
    """Commands whose page is missing, or does not name the command, one of its options or one of its arguments."""
    faults = []
    for spelt, command in commands(group):
        page = folder / f"{spelt.split()[1]}.md"
        text = page.read_text(encoding="utf-8") if page.is_file() else ""
        wanted = [spelt, *(option for parameter in command.params for option in _shown(parameter))]
        faults += [f"{page.name}: {spelt}: {word}" for word in wanted if word not in text]
    return faults


def _shown(parameter: click.Parameter) -> list[str]:
    if isinstance(parameter, click.Option):
        return [] if parameter.hidden else [max(parameter.opts, key=len)]
    return [parameter.human_readable_name.rstrip(".").removesuffix("S")]
