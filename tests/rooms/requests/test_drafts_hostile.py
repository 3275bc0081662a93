"""Every draft in three shapes with hostile values: text stays text, nothing is shifted, lost or hidden."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest

from recoup.law.load import built_in
from recoup.requests.drafting import Document, Form, MissingFields, docx_bytes, draft, forms, json_bytes, pdf_bytes
from recoup.requests.drafting.filling import LANGUAGE_CHARACTERS_MAX
from recoup.requests.drafting.shown import says_something, shown, without_glyph

FORMS = sorted(forms())
VALUES = {
    "typst": '#panic("x") #import "/etc/passwd" $ sum $ `raw` *b* _i_ @ref <label> = Heading',
    "html": "<script>alert(1)</script> & &amp; </w:t></w:r> ]]> <?xml?>",
    "bidi": "account \u202egnp.exe\u2066 \u200f end",
    "control": "a\x00b\x1b[31mc\x07d\x7f",
    "lines": "one\r\ntwo\rthree\u2028four\x0bfive\x0csix",
    "formula": "=cmd|' /C calc'!A1 {{7*7}} ${x} %n %s {0}",
    "long": "A" * 10_000,
    "edge": "x\ud800\ufffe\uffff\U0010ffff\u0000",
    "scripts": "Ελλάδα Київ ישראל Ħ ŵ",
}


def fill(form: Form, text: str) -> Document:
    return draft(form, f"Ref {text}", dict.fromkeys(form.fields, text), [text] * len(form.frank))


def docx_text(document: Document) -> str:
    return "\n".join(one.text for one in docx.Document(io.BytesIO(docx_bytes(document))).paragraphs)


def pdf_text(document: Document, tmp_path: Path) -> str:
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext (poppler) is not installed: the text of PDF drafts is NOT checked")
    (tmp_path / "draft.pdf").write_bytes(pdf_bytes(document))
    done = subprocess.run([tool, "-layout", str(tmp_path / "draft.pdf"), "-"], capture_output=True, check=True)
    return done.stdout.decode()


@pytest.mark.parametrize("kind", sorted(VALUES))
@pytest.mark.parametrize("name", FORMS)
def test_hostile_text_stands_in_json_and_docx_as_it_is_shown(name: str, kind: str) -> None:
    """The twin and the editable document say the same, character for character; no element is added."""
    form, text = forms()[name], VALUES[kind]
    document, plain = fill(form, text), fill(form, "x")
    twin = json.loads(json_bytes(document))
    texts = [one["text"] for part in twin["parts"] for one in part["paragraphs"]]
    assert texts == [shown(text)] * len(texts) and len(texts) >= len(form.fields)
    assert shown(text) in docx_text(document)
    with zipfile.ZipFile(io.BytesIO(docx_bytes(document))) as archive:
        body = archive.read("word/document.xml").decode()
    with zipfile.ZipFile(io.BytesIO(docx_bytes(plain))) as archive:
        before = archive.read("word/document.xml").decode()
    assert len(re.findall(r"<w:p[ >]", body)) == len(re.findall(r"<w:p[ >]", before))
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200f\u2028]", body)


@pytest.mark.parametrize("name", FORMS)
def test_every_field_of_every_form_stands_on_the_pdf(name: str, tmp_path: Path) -> None:
    """Code, title and text of each field, each point of candour and its answer, and that it is no official form."""
    form = forms()[name]
    fields = {code: f"Text-of-{code}" for code in form.fields}
    document = draft(form, "Ref-17", fields, [f"Answer-{number}" for number in range(len(form.frank))])
    page = " ".join(pdf_text(document, tmp_path).split())
    titles = built_in().codes.fields
    for code in form.fields:
        assert f"Text-of-{code}" in page and f"{code} {titles[code]}" in page, code
    for number, point in enumerate(form.frank):
        assert f"Answer-{number}" in page and point in page
    assert document.note in page and "Ref-17" in page and form.version in page


@pytest.mark.parametrize("kind", ["typst", "html", "formula", "scripts", "bidi", "control"])
def test_hostile_text_is_read_on_the_pdf_as_text(kind: str, tmp_path: Path) -> None:
    """Markup is printed, not obeyed."""
    form = forms()["mla-restraint"]
    document = draft(form, "r", {**dict.fromkeys(form.fields, "x"), "F04": VALUES[kind]}, ["x"] * len(form.frank))
    page = re.sub(r"[\s\u200b-\u200f\u202a-\u202e\xad]+", "", pdf_text(document, tmp_path))
    words = [word for word in shown(VALUES[kind]).split() if word.isprintable()]
    assert words and all(word in page or word.replace("'", "’") in page for word in words), words


@pytest.mark.parametrize("name", FORMS)
def test_a_text_without_end_stays_on_the_page(name: str, tmp_path: Path) -> None:
    """Ten thousand letters without a space break over lines: all of them are on the paper."""
    form = forms()[name]
    first = form.required[0]
    document = draft(form, "r", {**dict.fromkeys(form.fields, "-x-"), first: "W" * 10_000}, ["-x-"] * len(form.frank))
    assert pdf_text(document, tmp_path).count("W") >= 10_000


@pytest.mark.parametrize("empty", ["", " ", "\n\t", "\u200b", "\u202e\u2066", "\x00", "\ufeff \u00ad", "\u2028"])
def test_a_required_field_of_nothing_visible_is_missing(empty: str) -> None:
    """A mark of zero width counted as content and let an empty field pass."""
    form = forms()["eu-annex-1"]
    fields = {**dict.fromkeys(form.fields, "x"), "F10": empty}
    with pytest.raises(MissingFields, match="F10 Property") as missing:
        draft(form, "r", fields, ["x"] * len(form.frank))
    assert missing.value.codes == ("F10",) and not says_something(empty)


@pytest.mark.parametrize("name", FORMS)
def test_all_missing_fields_are_named_with_their_titles(name: str) -> None:
    form = forms()[name]
    with pytest.raises(MissingFields) as missing:
        draft(form, "r", {}, ["x"] * len(form.frank))
    for code in form.required:
        assert f"{code} {built_in().codes.fields[code]}" in str(missing.value)


@pytest.mark.parametrize(
    "answers", [["a", " ", "b", "c"], ["a", "b", ""], ["a", "b", "\u200b"], ["a"] * 4, ["", "", ""]]
)
def test_an_answer_is_never_moved_to_another_point(answers: list[str]) -> None:
    """A blank in the middle and one more at the end shifted the rest to points that they did not answer."""
    form = forms()["egmont"]
    assert len(form.frank) == 3
    with pytest.raises(ValueError, match="candour"):
        draft(form, "r", dict.fromkeys(form.fields, "x"), answers)


@pytest.mark.parametrize("language", ["el\u202e", "e\x00l", "<b>", "el\nfr"])
def test_the_name_of_a_language_is_text_too(language: str) -> None:
    """A control character in it broke the DOCX."""
    form = forms()["takedown"]
    document = draft(form, "r", dict.fromkeys(form.fields, "x"), ["x"], {language: {"F04": "words"}})
    assert f"{shown(language)}: words" in docx_text(document) and pdf_bytes(document).startswith(b"%PDF")
    with pytest.raises(ValueError, match="name of a language"):
        draft(form, "r", dict.fromkeys(form.fields, "x"), ["x"], {"e" * (LANGUAGE_CHARACTERS_MAX + 1): {"F04": "x"}})


@pytest.mark.parametrize("code", ["F13", "F99", "f04", "F26"])
def test_a_translation_of_nothing_is_refused(code: str) -> None:
    """A translated paragraph whose original is not in the document was dropped without a word."""
    form = forms()["takedown"]
    fields = {name: "x" for name in form.fields if name != "F26"}
    with pytest.raises(ValueError, match=f"a translation of {code}"):
        draft(form, "r", fields, ["x"], {"el": {code: "κείμενο"}})


@pytest.mark.parametrize(
    ("text", "boxes"),
    [
        ("Jan Novák, Ελλάδα, Київ, אברהם, محمد, ğışł ª º µ", ""), ("王小明", "王小明"),
        ("한국 and 한", "한국"), ("ไทย", "ไทย"),
        ("123 €$£ – “x” … №", ""), ("", ""), ("カタ王カ", "カタ王"),
    ],
)  # fmt: skip
def test_letters_that_the_fonts_do_not_hold_are_known(text: str, boxes: str) -> None:
    """Each once, in order: a name that prints as boxes is no name."""
    assert "".join(without_glyph(text)) == boxes


@pytest.mark.parametrize("where", ["field", "reference", "frank", "translation"])
def test_a_name_that_cannot_be_printed_is_said_on_the_page(where: str, tmp_path: Path) -> None:
    """The code points stand on the paper, wherever the name came in; the DOCX holds the name itself."""
    form, name = forms()["takedown"], "王小明"
    fields = {**dict.fromkeys(form.fields, "x"), **({"F04": name} if where == "field" else {})}
    document = draft(
        form, name if where == "reference" else "r", fields, [name if where == "frank" else "x"],
        {"zh": {"F04": name}} if where == "translation" else {},
    )  # fmt: skip
    page = " ".join(pdf_text(document, tmp_path).split())
    assert "U+738B, U+5C0F, U+660E" in page and "cannot print some letters" in page
    assert name in docx_text(document)


@pytest.mark.parametrize("name", FORMS)
def test_a_draft_ends_with_a_place_to_sign_and_no_needless_note(name: str, tmp_path: Path) -> None:
    """An authority signs, seals and dates; without strange letters nothing is said of them."""
    document = fill(forms()[name], "x")
    page = pdf_text(document, tmp_path)
    for text in (page, docx_text(document)):
        assert text.index("Place and date") < text.index("Name and office") < text.index("Signature and seal")
    assert "cannot print" not in page


def test_every_text_of_a_document_is_walked_once() -> None:
    form = forms()["takedown"]
    fields = {code: f"t-{code}" for code in form.fields}
    document = draft(form, "ref", fields, ["answer"], {"el": {"F04": "words"}})
    found = list(document.texts())
    assert found[0] == "ref" and found[-1] == "answer" and {"el", "words", *fields.values()} <= set(found)
    assert len(found) == len(form.fields) + 4


@pytest.mark.parametrize("name", FORMS)
def test_fields_left_empty_are_listed_and_leave_no_heading(name: str, tmp_path: Path) -> None:
    """What is not said is not there: no section without text, and the codes of what was left out at the end."""
    form = forms()[name]
    document = draft(form, "r", dict.fromkeys(form.required, "x"), ["x"] * len(form.frank))
    assert set(document.empty) == set(form.fields) - set(form.required)
    page = " ".join(pdf_text(document, tmp_path).split())
    if document.empty:
        assert f"Left empty: {', '.join(document.empty)}" in page
    assert all(part.paragraphs for part in document.parts)
    shown_parts = {part.id for part in document.parts}
    for section in form.sections:
        assert (str(section.id) in shown_parts) is any(code in form.required for code in section.fields)
