"""One document: a form filled with text. What is missing blocks it; text stays text."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recoup.law.load import built_in
from recoup.requests.drafting.forms import Form

FIELD_CHARACTERS_MAX = 100_000
LANGUAGES_MAX = 10
_KEPT_CONTROLS = frozenset("\n\t")


class MissingFields(ValueError):
    """Required content fields without text; `codes` names them."""

    def __init__(self, form: str, codes: tuple[str, ...]) -> None:
        self.codes = codes
        titles = built_in().codes.fields
        super().__init__(f"{form}: still missing {'; '.join(f'{code} {titles[code]}' for code in codes)}")


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


def draft(
    form: Form,
    reference: str,
    fields: Mapping[str, str],
    frank: Sequence[str] = (),
    translations: Mapping[str, Mapping[str, str]] | None = None,
) -> Document:
    """The form filled with `fields` (code -> text); `frank` answers the form's points in their order.

    Raises MissingFields for required fields without text, ValueError for a code the form does not have, a text longer
    than FIELD_CHARACTERS_MAX, or points of candour that are not answered.
    """
    written = {code: shown(text) for code, text in fields.items() if text.strip()}
    strange = sorted(set(written) - set(form.fields))
    if strange:
        raise ValueError(f"{form.id} has no field {', '.join(strange)}")
    missing = tuple(code for code in form.required if code not in written)
    if missing:
        raise MissingFields(form.id, missing)
    answers = tuple(shown(answer) for answer in frank if answer.strip())
    if len(answers) != len(form.frank):
        raise ValueError(f"{form.id}: {len(form.frank)} points of candour want an answer, {len(answers)} have one")
    return Document(
        form=form.id,
        form_version=form.version,
        title=form.title,
        note=form.note,
        source=form.mark.source,
        verify=form.mark.verify.value,
        reference=shown(reference),
        parts=tuple(_parts(form, written, translations or {})),
        frank=tuple(zip(form.frank, answers, strict=True)),
        empty=tuple(code for code in form.fields if code not in written),
    )


def shown(text: str) -> str:
    """The text as it may be shown: line breaks and tabs stay; other controls and bidi marks become `[U+202E]`."""
    if len(text) > FIELD_CHARACTERS_MAX:
        raise ValueError(f"{len(text)} characters are more than {FIELD_CHARACTERS_MAX}")
    return "".join(char if _harmless(char) else f"[U+{ord(char):04X}]" for char in text.replace("\r\n", "\n"))


def _harmless(char: str) -> bool:
    return char in _KEPT_CONTROLS or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _parts(form: Form, written: Mapping[str, str], translations: Mapping[str, Mapping[str, str]]) -> list[Part]:
    if len(translations) > LANGUAGES_MAX:
        raise ValueError(f"at most {LANGUAGES_MAX} languages")
    titles = built_in().codes.fields
    found = []
    for section in form.sections:
        paragraphs = tuple(
            Paragraph(code, titles[code], written[code], _translated(code, translations))
            for code in section.fields
            if code in written
        )
        if paragraphs:
            found.append(Part(section.id, section.title, paragraphs))
    return found


def _translated(code: str, translations: Mapping[str, Mapping[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (language, shown(texts[code]))
        for language, texts in sorted(translations.items())
        if texts.get(code, "").strip()
    )
