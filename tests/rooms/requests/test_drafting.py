"""Drafts: complete or blocked, the same text in every shape, and never markup."""

from __future__ import annotations

import io
import json
import re
import zipfile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoup.law.codes import VerifyMark
from recoup.law.load import built_in
from recoup.requests.drafting import MissingFields, docx_bytes, draft, forms, json_bytes, pdf_bytes
from recoup.requests.drafting.document import Document
from recoup.requests.drafting.filling import LANGUAGES_MAX
from recoup.requests.drafting.forms import Form
from recoup.requests.drafting.shown import FIELD_CHARACTERS_MAX, shown

HOSTILE = (
    "#panic() *bold* <script>alert(1)</script> $x$ `raw` @ref \\ [ ] // /* {{7*7}} =cmd|' /C calc'!A1 "
    "\u202edesrever\u2066 \x1b[31m \x00 \u2028 & \" ' %s " + "A" * 10_000
)


def fill(form: Form, text: str = "Text of the case.", **more: str) -> dict[str, str]:
    return {**dict.fromkeys(form.fields, text), **more}


def whole(form: Form, text: str = "Text of the case.", **more: str) -> Document:
    return draft(form, "PNF 2026/17", fill(form, text, **more), ["None known"] * len(form.frank))


def test_the_documents_of_the_field_are_there() -> None:
    needed = {"mla-restraint", "eu-annex-1", "eu-annex-2", "egmont", "interpol-red", "interpol-silver", "takedown",
              "sharing-agreement", *(f"freeze-letter-{who}" for who in ("vasp", "issuer", "psp", "bank"))}  # fmt: skip
    assert set(forms()) == needed


@pytest.mark.parametrize("name", sorted(forms()))
def test_a_form_is_marked_and_names_only_codes_that_exist(name: str) -> None:
    form = forms()[name]
    assert form.id == name and form.version and form.frank and form.mark.verify in VerifyMark
    assert set(form.fields) <= set(built_in().codes.fields)
    assert set(form.required) <= set(form.fields)
    assert len({section.id for section in form.sections}) == len(form.sections)


@pytest.mark.parametrize("name", sorted(forms()))
def test_every_required_field_blocks_by_its_code(name: str) -> None:
    form = forms()[name]
    for code in form.required:
        for empty in ("", "  \n"):
            with pytest.raises(MissingFields, match=code) as missing:
                draft(form, "r", fill(form, **{code: empty}), ["x"] * len(form.frank))
            assert missing.value.codes == (code,)
    with pytest.raises(MissingFields) as nothing:
        draft(form, "r", {}, [])
    assert nothing.value.codes == form.required


def test_points_of_candour_want_an_answer() -> None:
    form = forms()["mla-restraint"]
    for answers in ([], ["x"] * (len(form.frank) - 1), ["x"] * (len(form.frank) - 1) + [" "]):
        with pytest.raises(ValueError, match="candour"):
            draft(form, "r", fill(form), answers)


def test_what_the_form_does_not_have_is_refused() -> None:
    form = forms()["takedown"]
    with pytest.raises(ValueError, match="has no field F13"):
        draft(form, "r", fill(form, F13="x"), ["x"])


@pytest.mark.parametrize("name", sorted(forms()))
def test_every_document_is_rendered_in_three_shapes(name: str) -> None:
    document = whole(forms()[name])
    assert pdf_bytes(document).startswith(b"%PDF-")
    text = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(docx_bytes(document))).paragraphs)
    twin = json.loads(json_bytes(document))
    assert twin["official"] is False and twin["form_version"] == forms()[name].version
    for part in twin["parts"]:
        assert f"{part['id']}  {part['title']}" in text
        for one in part["paragraphs"]:
            assert f"{one['code']} {one['title']}" in text and one["text"] in text
    for one in twin["frank"]:
        assert one["point"] in text and one["answer"] in text


def test_same_document_same_bytes() -> None:
    form = forms()["mla-restraint"]
    for render in (json_bytes, pdf_bytes, docx_bytes):
        assert render(whole(form)) == render(whole(form))


def test_a_hostile_name_changes_nothing_but_text() -> None:
    form = forms()["mla-restraint"]
    plain, hostile = whole(form), whole(form, F07=HOSTILE)
    changed = [
        (one.code, other.code)
        for part, with_hostile in zip(plain.parts, hostile.parts, strict=True)
        for one, other in zip(part.paragraphs, with_hostile.paragraphs, strict=True)
        if one != other
    ]
    assert changed == [("F07", "F07")]
    assert pdf_bytes(hostile).startswith(b"%PDF-")
    with zipfile.ZipFile(io.BytesIO(docx_bytes(hostile))) as archive:
        names, body = archive.namelist(), archive.read("word/document.xml").decode()
    with zipfile.ZipFile(io.BytesIO(docx_bytes(plain))) as archive:
        assert archive.namelist() == names
        before = archive.read("word/document.xml").decode()
    assert "<script>" not in body and "&lt;script&gt;" in body
    assert len(re.findall(r"<w:p>|<w:p ", body)) == len(re.findall(r"<w:p>|<w:p ", before))
    assert "\u202e" not in body and "[U+202E]" in body


def test_a_hostile_name_in_every_other_place() -> None:
    form = forms()["eu-annex-1"]
    document = draft(
        form, HOSTILE, fill(form), [HOSTILE] * len(form.frank), {"el": {"F04": HOSTILE}, HOSTILE[:20]: {"F05": "x"}}
    )
    assert pdf_bytes(document).startswith(b"%PDF-")
    assert docx_bytes(document) and json.loads(json_bytes(document))["reference"].startswith("#panic()")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb\tc", "a\nb\tc"), ("a\r\nb", "a\nb"), ("\x00", "[U+0000]"), ("\x1b[0m", "[U+001B][0m"),
        ("\u202eabc", "[U+202E]abc"), ("\u2066", "[U+2066]"), ("\u200b", "[U+200B]"), ("\ufeff", "[U+FEFF]"),
        ("\u2028", "[U+2028]"), ("Ελλάδα", "Ελλάδα"), ("אבג", "אבג"), ("\ud800", "[U+D800]"),
    ],
)  # fmt: skip
def test_what_is_shown(text: str, expected: str) -> None:
    assert shown(text) == expected


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(max_size=300))
def test_shown_text_is_stable_and_survives_json_and_xml(text: str) -> None:
    once = shown(text)
    assert shown(once) == once
    assert json.loads(json.dumps(once)) == once
    page = docx.Document()
    page.add_paragraph(once)


def test_limits_at_their_edge() -> None:
    shown("x" * FIELD_CHARACTERS_MAX)
    with pytest.raises(ValueError, match="characters are more"):
        shown("x" * (FIELD_CHARACTERS_MAX + 1))
    form = forms()["takedown"]
    languages = {f"l{number}": {"F04": "x"} for number in range(LANGUAGES_MAX)}
    draft(form, "r", fill(form), ["x"], languages)
    with pytest.raises(ValueError, match="languages"):
        draft(form, "r", fill(form), ["x"], {**languages, "one-more": {}})


def test_translation_slots_and_empty_fields_are_kept() -> None:
    form = forms()["mla-restraint"]
    required = dict.fromkeys(form.required, "Text.")
    document = draft(form, "r", required, ["x"] * len(form.frank), {"el": {"F04": "Περίληψη", "F05": " "}, "de": {}})
    paragraph = next(one for part in document.parts for one in part.paragraphs if one.code == "F04")
    assert paragraph.translations == (("el", "Περίληψη"),)
    assert "F23" in document.empty and not set(document.empty) & set(required)
