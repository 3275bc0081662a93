"""The picture's labels, notes and colours."""

from __future__ import annotations

import pytest
from tests.rooms.formats.exhibit.made import exhibit, holding, move, read, result, step, stop
from tests.rooms.formats.exhibit.test_graph import paying

from recoup.formats.exhibit.flow import Palette, flow_picture, px
from recoup.formats.exhibit.phrases import Phrases
from recoup.tracing import Result


def picture(made: Result, language: str = "en") -> str:
    return flow_picture(made, Palette.of(made.injected), Phrases(language)).html


def labels(html: str) -> list[str]:
    """The texts drawn, in the order of the drawing."""
    reader = read(html)
    assert reader.faults == []
    found, inside = [], html.split("<text")[1:]
    for piece in inside:
        found.append(read("<text" + piece.split("</text>")[0] + "</text>").text)
    return found


@pytest.mark.parametrize(
    ("hundredths", "text"), [(0, "0"), (100, "1"), (150, "1.5"), (105, "1.05"), (-250, "-2.5"), (7, "0.07")]
)
def test_lengths_are_written_without_floats(hundredths: int, text: str) -> None:
    assert px(hundredths) == text


def test_claims_ends_and_places_are_labelled_with_their_amounts() -> None:
    found = labels(picture(paying()))
    assert found == ["anna", "1.00 EUR", "mule", "Shop", "0.70 EUR · 70.0 %", "mule", "0.30 EUR · 30.0 %"]


def test_labels_take_the_figures_of_the_result_and_not_of_the_bands() -> None:
    steps = [
        step("e1", [move("outside", 100)], [move("mule", 100, anna=100)]),
        step("e2", [move("mule", 60, anna=59)], [move("shop", 60, anna=59)]),
    ]
    made = result({"anna": 100}, [holding("mule", 40, anna=40)], [stop("shop", "Shop", "merchant", anna=60)], steps)
    assert "0.60 EUR · 60.0 %" in labels(picture(made))


def test_the_whole_name_is_there_on_hover() -> None:
    name = "bc1qpx7vyv5tp7dm0g475ev527krg764t73dh77gls"
    html = picture(result({"anna": 5}, [holding(name, 5, anna=5)]))
    assert f"<title>{name}: 0.05 EUR · 100.0 %</title>" in html and "bc1qpx7v…h77gls" in labels(html)


def test_names_of_words_keep_their_beginning_and_identifiers_head_and_tail() -> None:
    steps = [
        step("e1", [move("outside", 9)], [move("Gold Mirror Holdings LLC", 9, anna=9)]),
        step("e2", [move("Gold Mirror Holdings LLC", 9, anna=9)], [move("0123456789abcdefghij", 9, anna=9)]),
        step("e3", [move("0123456789abcdefghij", 9, anna=9)], [move("z", 9, anna=9)]),
    ]
    found = labels(picture(result({"anna": 9}, [holding("z", 9, anna=9)], steps=steps)))
    assert "Gold Mirror Ho…" in found and "012345…ghij" in found


def test_claims_have_their_own_colours_and_the_eighth_differs_from_the_others() -> None:
    few = Palette.of({f"c{i}": 1 for i in range(8)})
    assert [few.css(f"c{i}") for i in range(8)] == [f"c{i}" for i in range(8)]
    many = Palette.of({f"c{i}": 100 - i for i in range(30)})
    own = [many.css(f"c{i}") for i in range(7)]
    assert own == [f"c{i}" for i in range(7)] and {many.css(f"c{i}") for i in range(7, 30)} == {"c7"}
    assert many.css("") == "clean"


def test_the_mirror_keeps_every_length_and_swaps_the_sides() -> None:
    def bars(html: str) -> list[tuple[str, str, str]]:
        return [(a["y"], a["height"], a["class"]) for a in read(html).all("rect")]

    def places(html: str) -> list[float]:
        return [float(a["x"]) for a in read(html).all("rect")]

    left, right = picture(paying()), picture(paying(), "ar")
    assert bars(left) == bars(right)
    assert [round(a + b, 2) for a, b in zip(places(left), places(right), strict=True)] == [891.0] * len(places(left))
    assert 'class="label name rtl"' not in left


def test_arabic_words_in_the_picture_run_from_right_to_left() -> None:
    made = result({"anna": 5}, [holding("m", 4, anna=4)], fees={"anna": 1})
    html = picture(made, "ar")
    assert 'class="label name rtl"' in html and "رسوم" in html


def test_notes_say_what_the_picture_leaves_out() -> None:
    held = [holding(f"h{i}", 1, anna=1) for i in range(30)]
    text = read(picture(result({"anna": 30}, held))).text
    assert "sums 20 smaller ones" in text and "20 other holdings" in text
    assert "smaller ones" not in read(picture(paying())).text


def test_notes_say_that_clean_bands_are_cut_and_that_value_returns() -> None:
    steps = [
        step("e1", [move("outside", 900)], [move("a", 900, anna=10)]),
        step("e2", [move("a", 900, anna=10)], [move("b", 900, anna=10)]),
        step("e3", [move("b", 5, anna=5)], [move("a", 5, anna=5)]),
    ]
    made = result({"anna": 10}, [holding("a", 5, anna=5), holding("b", 895, anna=5)], steps=steps)
    text = read(picture(made)).text
    assert "are cut to that width" in text and "returns to an earlier account" in text
    assert "are cut to that width" not in read(picture(paying())).text


def test_the_drawing_is_described_for_those_who_cannot_see_it() -> None:
    reader = read(picture(paying()))
    (svg,) = reader.all("svg")
    assert svg["role"] == "img"
    assert "Flow picture: 1 claims enter, 2 places hold or receive traced value." in reader.text


def test_every_band_is_drawn_inside_the_sheet() -> None:
    reader = read(picture(paying()))
    (svg,) = reader.all("svg")
    width, height = map(int, svg["viewbox"].split()[2:])
    for path in reader.all("path"):
        figures = [
            float(n) for n in path["d"].replace("M", " ").replace("C", " ").replace("V", " ").replace("Z", "").split()
        ]
        assert all(0 <= n <= max(width, height) for n in figures)


def test_the_exhibit_of_a_picture_has_one_result() -> None:
    assert exhibit(paying()).results == (paying(),)
