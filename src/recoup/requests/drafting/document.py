"""One document: a form filled with text. What is missing blocks it; text stays text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One content field with its text, and a slot for each translation (language -> text)."""

    code: str
    title: str
    text: str
    translations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the document; paragraphs without text are left out and listed in `Document.empty`."""

    id: str
    title: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A filled form. `frank` pairs what must be told with what the applicant says about it."""

    form: str
    form_version: str
    title: str
    note: str
    source: str
    verify: str
    reference: str
    parts: tuple[Part, ...]
    frank: tuple[tuple[str, str], ...]
    empty: tuple[str, ...]

    def texts(self) -> Iterator[str]:
        """Every text that comes from the case, in the order of the page."""
        yield self.reference
        for one in (paragraph for part in self.parts for paragraph in part.paragraphs):
            yield one.text
            for language, words in one.translations:
                yield from (language, words)
        yield from (answer for _, answer in self.frank)

    def as_json(self) -> dict[str, object]:
        """The structured twin: everything that the PDF and DOCX show."""
        return {
            "form": self.form,
            "form_version": self.form_version,
            "official": False,
            "title": self.title,
            "note": self.note,
            "source": self.source,
            "verify": self.verify,
            "reference": self.reference,
            "parts": [
                {
                    "id": part.id,
                    "title": part.title,
                    "paragraphs": [
                        {"code": one.code, "title": one.title, "text": one.text, "translations": dict(one.translations)}
                        for one in part.paragraphs
                    ],
                }
                for part in self.parts
            ],
            "frank": [{"point": point, "answer": answer} for point, answer in self.frank],
            "empty": list(self.empty),
        }
