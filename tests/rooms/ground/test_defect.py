"""A defect as text: one line, whatever the file is called and whatever its cells hold."""

from __future__ import annotations

import pytest

from recoup.ground import Defect, Defects, Refused, one_line
from recoup.ground.defect import DEFECTS_SHOWN_MAX


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("Müller, 東京 €", "Müller, 東京 €"),
        ("a\nb.csv:1: forged", "a\\nb.csv:1: forged"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("left\u202eright", "left\\u202eright"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("half a sign \udcff", "half a sign \\udcff"),
        ("back\\slash", "back\\slash"),
    ],
)
def test_what_cannot_be_printed_is_written_as_an_escape(text: str, shown: str) -> None:
    assert one_line(text) == shown and one_line(shown) == shown


def test_a_defect_is_one_line_with_its_place() -> None:
    assert str(Defect("a.csv", 3, "bad", "Mend it")) == "a.csv:3: bad. Mend it"
    assert str(Defect("a.csv", 0, "bad", "Mend it")) == "a.csv: bad. Mend it"
    hostile = Defect("a\n.csv", 3, "cell '\x07'", "Mend\u2028it")
    assert str(hostile).splitlines() == [str(hostile)] and str(hostile).isprintable()
    assert hostile.file == "a\n.csv", "the name itself is kept: who opens the file needs it"


def test_a_refusal_shows_so_many_defects_and_counts_the_rest() -> None:
    defects = [Defect("a.csv", line, "bad", "Mend it") for line in range(1, DEFECTS_SHOWN_MAX + 2)]
    at_the_edge, beyond = str(Refused(*defects[:-1])), str(Refused(*defects))
    assert len(at_the_edge.splitlines()) == DEFECTS_SHOWN_MAX and "more" not in at_the_edge
    assert beyond == at_the_edge + "\nand 1 more"
    assert Refused(*defects).defects == tuple(defects)


def test_notices_do_not_count_as_defects() -> None:
    defects = Defects()
    defects.note("a.csv", 0, "same bytes", "Read once")
    assert len(defects) == 0 and list(defects) == [] and len(defects.notices) == 1
    defects.add("a.csv", 1, "bad", "Mend it")
    assert len(defects) == 1
