"""What is wrong with an input, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

DEFECTS_SHOWN_MAX = 20


def one_line(text: str) -> str:
    """The text with what cannot be printed (line ends, control and direction marks) as escapes of Python."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing wrong with one place of an input.

    `line` counts from 1 as an editor does; 0 means the file as a whole. As text it is one line that anyone may print:
    a file name or a quoted cell cannot steer a terminal or pass for a second defect.
    """

    file: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return one_line(f"{place}: {self.what}. {self.mend}")


@dataclass(slots=True)
class Defects:
    """Defects of one reading, in the order they were met. Nothing that was rejected goes unsaid.

    `notices` say what a reader of the figures must know although nothing was rejected; they do not count.
    """

    found: list[Defect] = field(default_factory=list)
    notices: list[Defect] = field(default_factory=list)

    def add(self, file: str, line: int, what: str, mend: str) -> None:
        self.found.append(Defect(file, line, what, mend))

    def note(self, file: str, line: int, what: str, mend: str) -> None:
        self.notices.append(Defect(file, line, what, mend))

    def __len__(self) -> int:
        return len(self.found)

    def __iter__(self) -> Iterator[Defect]:
        return iter(self.found)


class Refused(Exception):
    """The work cannot be done on this input; carries every defect that says why."""

    def __init__(self, *defects: Defect) -> None:
        self.defects = defects
        shown = [str(defect) for defect in defects[:DEFECTS_SHOWN_MAX]]
        more = len(defects) - len(shown)
        super().__init__("\n".join(shown + ([f"and {more} more"] if more > 0 else [])))
