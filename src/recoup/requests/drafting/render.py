"""A document as bytes: JSON twin, PDF by Typst, DOCX for editing."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import docx
import typst

from recoup.ground import canonical_json
from recoup.requests.drafting.document import Document, Paragraph
from recoup.requests.drafting.shown import without_glyph

_PAGE = Path(__file__).parent / "page.typ"
_SIGNATURE = ("Place and date", "Name and office", "Signature and seal")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def json_bytes(document: Document) -> bytes:
    """The structured twin, canonical (RFC 8785)."""
    return canonical_json(document.as_json())


def pdf_bytes(document: Document) -> bytes:
    """A4 PDF. The case comes in as data of a fixed page, so that nothing in it can be markup.

    Letters that its fonts cannot print are listed on the page by code point.
    """
    boxes = [f"U+{ord(char):04X}" for char in without_glyph("".join(document.texts()))]
    data = json.dumps({**document.as_json(), "boxes": boxes}, ensure_ascii=False)
    found = typst.compile(_PAGE, format="pdf", sys_inputs={"data": data}, ignore_system_fonts=True)
    if not isinstance(found, bytes):
        raise TypeError("the page is one file")
    return found


def docx_bytes(document: Document) -> bytes:
    """The same text as an editable document; same document, same bytes."""
    page = docx.Document()
    page.core_properties.title = document.title
    page.core_properties.author = ""
    kind = f"{document.note}. {document.form}, version {document.form_version}."
    page.add_paragraph(f"{kind} After: {document.source} ({document.verify}).")
    page.add_heading(document.title, level=1)
    page.add_paragraph(f"Reference: {document.reference}")
    for part in document.parts:
        page.add_heading(f"{part.id}  {part.title}", level=2)
        for one in part.paragraphs:
            _paragraph(page, one)
    page.add_heading("Full and frank: what may speak against the applicant", level=2)
    for point, answer in document.frank:
        page.add_paragraph(point, style="Intense Quote")
        page.add_paragraph(answer)
    if document.empty:
        page.add_paragraph(f"Left empty: {', '.join(document.empty)}")
    for line in _SIGNATURE:
        page.add_paragraph(f"{line}: ____________________")
    raw = io.BytesIO()
    page.save(raw)
    return _without_times(raw.getvalue())


def _paragraph(page: docx.document.Document, one: Paragraph) -> None:
    page.add_paragraph(f"{one.code} {one.title}", style="Intense Quote")
    page.add_paragraph(one.text)
    for language, words in one.translations:
        page.add_paragraph(f"{language}: {words}", style="Quote")


def _without_times(data: bytes) -> bytes:
    """The same archive with fixed times, so that equal documents have equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            new.writestr(zipfile.ZipInfo(name, _EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
