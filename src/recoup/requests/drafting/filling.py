"""A form filled with text; what is missing blocks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from recoup.law.load import built_in
from recoup.requests.drafting.document import Document, Paragraph, Part
from recoup.requests.drafting.forms import Form
from recoup.requests.drafting.shown import says_something, shown

LANGUAGES_MAX = 10
LANGUAGE_CHARACTERS_MAX = 40


class MissingFields(ValueError):
    """Required content fields without text; `codes` names them."""

    def __init__(self, form: str, codes: tuple[str, ...]) -> None:
        self.codes = codes
        titles = built_in().codes.fields
        super().__init__(f"{form}: still missing {'; '.join(f'{code} {titles[code]}' for code in codes)}")


def draft(
    form: Form,
    reference: str,
    fields: Mapping[str, str],
    frank: Sequence[str] = (),
    translations: Mapping[str, Mapping[str, str]] | None = None,
) -> Document:
    """The form filled with `fields` (code -> text); `frank` answers the form's points in their order.

    Raises MissingFields for required fields without text, ValueError for a code the form does not have, a text longer
    than FIELD_CHARACTERS_MAX, points of candour that are not answered one by one, or a translation of nothing.
    """
    written = {code: shown(text) for code, text in fields.items() if says_something(text)}
    strange = sorted({code for code, text in fields.items() if text.strip()} - set(form.fields))
    if strange:
        raise ValueError(f"{form.id} has no field {', '.join(strange)}")
    missing = tuple(code for code in form.required if code not in written)
    if missing:
        raise MissingFields(form.id, missing)
    answers = tuple(shown(answer) for answer in frank)
    if len(frank) != len(form.frank) or not all(map(says_something, frank)):
        raise ValueError(f"{form.id}: each of {len(form.frank)} points of candour wants its answer, in their order")
    _check_translations(form, written, translations or {})
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


def _parts(form: Form, written: Mapping[str, str], translations: Mapping[str, Mapping[str, str]]) -> list[Part]:
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


def _check_translations(form: Form, written: Mapping[str, str], translations: Mapping[str, Mapping[str, str]]) -> None:
    if len(translations) > LANGUAGES_MAX:
        raise ValueError(f"at most {LANGUAGES_MAX} languages")
    given = {code for texts in translations.values() for code, text in texts.items() if says_something(text)}
    lost = sorted(given - set(written))
    if lost:
        raise ValueError(f"{form.id}: a translation of {', '.join(lost)}, which has no text")
    if any(len(language) > LANGUAGE_CHARACTERS_MAX for language in translations):
        raise ValueError(f"the name of a language has at most {LANGUAGE_CHARACTERS_MAX} characters")


def _translated(code: str, translations: Mapping[str, Mapping[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (shown(language), shown(texts[code]))
        for language, texts in sorted(translations.items())
        if says_something(texts.get(code, ""))
    )
