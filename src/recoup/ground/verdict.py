"""Three-valued verdicts (Kleene's strong logic) that keep their reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    """The three values."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer with the reasons that decide it. Unknown never becomes yes by negation, `all_of` or `any_of`."""

    answer: Answer
    reasons: tuple[str, ...] = ()

    @classmethod
    def yes(cls, *reasons: str) -> Verdict:
        return cls(Answer.YES, reasons)

    @classmethod
    def no(cls, *reasons: str) -> Verdict:
        return cls(Answer.NO, reasons)

    @classmethod
    def unknown(cls, *reasons: str) -> Verdict:
        return cls(Answer.UNKNOWN, reasons)

    @classmethod
    def all_of(cls, verdicts: Iterable[Verdict]) -> Verdict:
        """No if any is no; unknown if any is unknown; otherwise yes. Keeps the reasons of those that decide."""
        return cls._deciding(list(verdicts), (Answer.NO, Answer.UNKNOWN, Answer.YES))

    @classmethod
    def any_of(cls, verdicts: Iterable[Verdict]) -> Verdict:
        """Yes if any is yes; unknown if any is unknown; otherwise no. Keeps the reasons of those that decide."""
        found = list(verdicts)
        return cls._deciding(found, (Answer.YES, Answer.UNKNOWN, Answer.NO)) if found else cls.no()

    @classmethod
    def _deciding(cls, verdicts: list[Verdict], ranked: tuple[Answer, ...]) -> Verdict:
        for answer in ranked:
            deciding = [verdict for verdict in verdicts if verdict.answer is answer]
            if deciding:
                return cls(answer, tuple(reason for verdict in deciding for reason in verdict.reasons))
        return cls.yes()

    def __invert__(self) -> Verdict:
        turned = {Answer.YES: Answer.NO, Answer.NO: Answer.YES, Answer.UNKNOWN: Answer.UNKNOWN}
        return Verdict(turned[self.answer], self.reasons)

    def __bool__(self) -> bool:
        raise TypeError("a verdict has three values; compare its answer")
