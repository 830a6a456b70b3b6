"""Every piece of a drawing, attribute by attribute, where one unit of an axis is one of the page.

In a column the axes reach from 46 to 344 and from 15 to 156: an x of 0–298 and a y of 0–141 stand
at 46 + x and 156 − y. All numbers here are worked out by hand.
"""

from xml.etree import ElementTree

import numpy as np
import pytest

from gait.report.figure_model import (
    Axis,
    Band,
    Block,
    Columns,
    Figure,
    Line,
    Span,
    Spot,
    Upright,
)
from gait.report.svg import COLUMN, WIDE, svg

NAN = np.nan
GREY = "fill:var(--ink)"


def figure(*, x_label="x", y_label="y", x_ticks=((98.0, "a"),), y_ticks=((41.0, "b"),), **parts):
    x, y = Axis(x_label, 0.0, 298.0, x_ticks), Axis(y_label, 0.0, 141.0, y_ticks)
    return Figure("key", "title", x, y, "said", **parts)


def as_data(element):
    """Tag, attributes and text of an element and all in it."""
    return (element.tag, element.attrib, element.text or "", [as_data(one) for one in element])


def parts(one, *size):
    """What the drawing consists of: title, description, clip, axes, inside, and what is above."""
    return [as_data(child) for child in ElementTree.fromstring(svg(one, *size))]


def inside(**more):
    return parts(figure(**more))[4][3]


def path(d, style, **more):
    attributes = {name.replace("_", "-"): value for name, value in more.items()}
    return ("path", {"d": d, "style": style, **attributes}, "", [])


def stroke(d, ink, width, **more):
    return path(d, f"stroke:var(--{ink})", fill="none", stroke_width=width, **more)


def filled(d, ink):
    return path(d, f"fill:var(--{ink})", fill_opacity=".18")


def text(x, y, said, anchor, **more):
    return ("text", {"x": x, "y": y, "text-anchor": anchor, **more}, said, [])


def grid(d):
    return path(d, "stroke:var(--rule)", stroke_width=".6")


FRAME = path("M46 15V156H344", "stroke:var(--faint)", fill="none")


def test_the_frame_of_a_drawing():
    drawing = ElementTree.fromstring(svg(figure()))
    assert drawing.attrib == {
        "viewBox": "0 0 352 196",
        "class": "drawing",
        "role": "img",
        "aria-labelledby": "key-352-title key-352-words",
    }
    title, words, clip, axes, within = (as_data(child) for child in drawing)
    assert title == ("title", {"id": "key-352-title"}, "title", [])
    assert words == ("desc", {"id": "key-352-words"}, "said", [])
    rect = ("rect", {"x": "46", "y": "14", "width": "298", "height": "143"}, "", [])
    assert clip == ("clipPath", {"id": "key-352-inside"}, "", [rect])
    assert within == ("g", {"clip-path": "url(#key-352-inside)"}, "", [])
    assert axes == ("g", {"font-size": "11", "style": GREY}, "", [
        grid("M144.0 15V156"),
        text("144", "170", "a", "middle"),
        grid("M46 115.0H344"),
        text("41", "119", "b", "end"),
        FRAME,
        text("195", "188", "x", "middle"),
        text("11", "85.5", "y", "middle", transform="rotate(-90 11 85.5)"),
    ])  # fmt: skip


def test_axes_without_labels_have_none():
    (_, _, _, axes) = parts(figure(x_label="", y_label=""))[3]
    assert axes[-1] == FRAME


def test_the_word_of_a_last_tick_stays_on_the_page():
    """Ten characters of 6.82 at 344 would end at 378; the page ends at 352."""
    (_, _, _, axes) = parts(figure(x_ticks=((298.0, "0123456789"),)))[3]
    assert axes[1] == text("317.9", "170", "0123456789", "middle")


def test_axes_without_ticks_of_their_own_have_round_ones():
    (_, _, _, axes) = parts(figure(x_ticks=(), y_ticks=()))[3]
    said = [(attributes["x"], attributes["y"], word) for tag, attributes, word, _ in axes
            if tag == "text"]  # fmt: skip
    across = [(str(46 + x), "170", str(x)) for x in (0, 50, 100, 150, 200, 250)]
    upward = [("41", str(160 - y), str(y)) for y in (0, 25, 50, 75, 100, 125)]
    assert said[:-2] == across + upward
    assert sum(tag == "path" for tag, *_ in axes) == len(across + upward) + 1
    wide = [one for one in parts(figure(x_ticks=(), y_ticks=()), WIDE)[3][3] if one[0] == "text"]
    assert [word for _, attributes, word, _ in wide if attributes["y"] == "224"] == [
        *("0", "50", "100", "150", "200", "250")
    ]


def test_a_wide_drawing_is_wide():
    drawing = ElementTree.fromstring(svg(figure(), WIDE))
    assert drawing.attrib["viewBox"] == "0 0 880 250"
    rect = list(drawing)[2][0].attrib
    assert rect == {"x": "46", "y": "14", "width": "826", "height": "197"}


def test_a_flat_figure_is_half_as_high_and_has_no_lines_across():
    drawing = ElementTree.fromstring(svg(figure(flat=True)))
    assert drawing.attrib["viewBox"] == "0 0 352 112"
    axes = as_data(list(drawing)[3])[3]
    # from 15 to 72: an upright line is 57 long, and 41 of 141 is 16.6 above the lower end
    assert axes[0] == grid("M144.0 15V72")
    assert axes[2] == text("41", "59.4", "b", "end")
    wide = ElementTree.fromstring(svg(figure(flat=True, x_ticks=()), WIDE))
    assert wide.attrib["viewBox"] == "0 0 880 139"
    assert wide.attrib["aria-labelledby"] == "key-880-title key-880-words"


def test_what_a_mouse_can_choose_tells_where_the_axes_are():
    drawing = ElementTree.fromstring(svg(figure(brushed=True)))
    assert drawing.attrib["data-brush"] == "[0.0, 298.0, 46.0, 344.0, 15.0, 156.0]"


def test_bands_levels_and_uprights():
    assert inside(
        bands=[Band(10.0, 30.0), Band(50.0, 60.0, "left")], levels=[20.0], uprights=[Upright(5.0)]
    ) == [
        ("rect", {"x": "46", "y": "126.0", "width": "298", "height": "20.0",
                  "style": "fill:var(--band)", "fill-opacity": ".16"}, "", []),
        ("rect", {"x": "46", "y": "96.0", "width": "298", "height": "10.0",
                  "style": "fill:var(--left)", "fill-opacity": ".16"}, "", []),
        stroke("M46 136.0H344", "ink", "0.9", stroke_dasharray="6 4"),
        stroke("M51.0 15V156", "ink", "0.9", stroke_dasharray="6 4"),
    ]  # fmt: skip


def test_the_word_of_an_upright_stands_right_of_its_top():
    found = parts(figure(uprights=[Upright(5.0, "new"), Upright(9.0)]))
    assert len(found) == 6
    assert found[5] == (
        "g", {"font-size": "11", "style": GREY}, "", [text("54", "24", "new", "start")]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "y", "height"),
    [
        ("still", "134.0", "2.0"),
        ("running", "120.0", "16.0"),
        ("walking", "128.0", "8.0"),
        ("left-out", "116.0", "20.0"),
        ("missing", "116.0", "0.0"),
        ("paused", "116.0", "2.0"),
    ],
)
def test_a_kind_of_block_is_known_by_its_height(kind, y, height):
    """From 20 to 40 of the y axis, which is 116 to 136 on the page."""
    (block,) = inside(blocks=[Block(kind, (10.0, 25.0), (20.0, 40.0), "0:10–0:25")])
    attributes = {"class": kind, "x": "56.0", "y": y, "width": "15.0", "height": height}
    assert block == ("rect", attributes, "", [("title", {}, "0:10–0:25", [])])


def test_columns_with_their_median():
    edges, heights = np.array([10.0, 20.0, 40.0]), np.array([30.0, 70.0])
    columns = [Columns(side, edges, heights, 22.0) for side in ("left", "right")]
    found = parts(figure(columns=columns))
    outline = "M56.0 156.0V126.0H66.0V86.0H86.0V156.0"
    assert found[4][3] == [
        filled(f"{outline}Z", "left"),
        stroke(outline, "left", "1.3"),
        filled(f"{outline}Z", "right"),
        stroke(outline, "right", "1.3", stroke_dasharray="4 2.5"),
    ]
    # at the top of the axes, half of it 3.6
    assert found[5:] == [
        path("M64.4 15.0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0 -7.2 0", "fill:var(--left)"),
        path("M64.4 18.6h7.2l-3.6 -7.2z", "fill:var(--right)"),
    ]


@pytest.mark.parametrize(("low", "high"), [(10.0, 60.0), (60.0, 10.0)])
def test_a_span_has_an_end_at_either_side(low, high):
    assert inside(spans=[Span("right", low, high, 100.0)]) == [
        stroke("M56.0 56.0H106.0M56.0 53V59M106.0 53V59", "right", "1.6")
    ]


X, Y = np.array([0.0, 10.0, 20.0, 30.0]), np.array([40.0, 50.0, NAN, 60.0])


@pytest.mark.parametrize(
    ("dashes", "more"),
    [
        ("", {}),
        ("dashed", {"stroke_dasharray": "4 2.5"}),
    ],
)
def test_a_line_by_its_dashes(dashes, more):
    (line,) = inside(lines=[Line("left", "left", X, Y, dashes=dashes)])
    assert line == stroke("M46.0 116.0L56.0 106.0M76.0 96.0", "left", "1.3", **more)


@pytest.mark.parametrize(
    ("side", "ink", "colour"),
    [("left", "", "left"), ("right", "", "right"), ("both", "", "ink"), ("left", "faint", "faint")],
)
def test_the_colour_of_a_line(side, ink, colour):
    (line,) = inside(lines=[Line("left", side, X, Y, ink=ink)])
    assert line[1]["style"] == f"stroke:var(--{colour})"


@pytest.mark.parametrize(
    ("mark", "d"),
    [
        ("●", "M54.0 106.0a2 2 0 1 0 4 0a2 2 0 1 0 -4 0"),
        ("○", "M54.0 106.0a2 2 0 1 0 4 0a2 2 0 1 0 -4 0"),
        ("▲", "M54.0 108.0h4l-2 -4z"),
        ("▽", "M54.0 104.0h4l-2 4z"),
        ("□", "M54.0 104.0h4v4h-4z"),
        ("◆", "M54.0 106.0l2 -2l2 2l-2 2z"),
        ("◇", "M54.0 106.0l2 -2l2 2l-2 2z"),
    ],
)
def test_a_mark_is_full_for_what_is_ours_and_hollow_for_what_others_told(mark, d):
    _, marks = inside(lines=[Line("left", "left", X[1:3], Y[1:3], mark=mark)])
    ours = mark in "●▲◆"
    style = "fill:var(--left)" if ours else "fill:var(--page);stroke:var(--left)"
    assert marks == path(d, style)


def test_a_shade_and_whiskers():
    low, high = np.array([35.0, 45.0, NAN, 55.0]), np.array([48.0, 58.0, 68.0, 68.0])
    doubt = np.array([5.0, NAN, 5.0, 10.0])
    shade, whiskers, _ = inside(lines=[Line("left", "left", X, Y, around=(low, high), doubt=doubt)])
    assert shade == filled("M46.0 108.0L56.0 98.0L56.0 111.0L46.0 121.0ZM76.0 88.0L76.0 101.0Z",
                           "left")  # fmt: skip
    assert whiskers == stroke("M46.0 121.0V111.0M76.0 106.0V86.0", "left", "0.7")


def test_a_line_of_gaps_alone_is_no_stroke():
    assert inside(lines=[Line("left", "left", X, np.full(4, NAN), around=(Y * NAN, Y))]) == []


def test_a_place_is_as_wide_as_half_the_way_to_its_neighbours():
    spots = [Spot(10.0, "one"), Spot(30.0, "two", "/two"), Spot(70.0, "three")]
    found = parts(figure(spots=spots))
    assert len(found) == 6

    def place(x, width, said):
        rect = ("rect", {"x": x, "y": "15", "width": width, "height": "141"}, "", [])
        return [rect, ("text", {"x": "46", "y": "10"}, said, [])]

    opens = {"href": "/two", "tabindex": "-1", "aria-label": "two"}
    assert found[5] == ("g", {"class": "spots", "font-size": "11"}, "", [
        ("g", {}, "", place("46.0", "20.0", "one")),
        ("a", opens, "", place("66.0", "30.0", "two")),
        ("g", {}, "", place("96.0", "248.0", "three")),
    ])  # fmt: skip


def test_axes_that_do_not_begin_at_zero():
    """100 to 398 and 50 to 191 are as long, and each value stands where it stood less those."""
    line = Line("left", "left", 100.0 + X, 50.0 + Y)
    x, y = Axis("x", 100.0, 398.0, ((198.0, "a"),)), Axis("y", 50.0, 191.0, ((91.0, "b"),))
    found = parts(Figure("key", "title", x, y, "said", lines=[line]))
    assert found[3][3][0] == grid("M144.0 15V156")
    assert found[3][3][2] == grid("M46 115.0H344")
    assert found[4][3] == [stroke("M46.0 116.0L56.0 106.0M76.0 96.0", "left", "1.3")]


@pytest.mark.parametrize(
    ("size", "high", "step"),
    [
        (COLUMN, 14.0, 2.5),  # six: 2.33 and more; seven would be 2
        (COLUMN, 12.5, 2.5),  # 2.08 and more
        (COLUMN, 12.0, 2.0),  # five would be 2.5
        (COLUMN, 40.0, 10.0),
        (WIDE, 11.0, 2.0),  # ten: 1.1 and more; eleven would be 1
        (WIDE, 10.0, 1.0),  # nine would be 2
    ],
)
def test_ticks_are_as_many_as_there_is_room_for(size, high, step):
    one = Figure("key", "title", Axis("", 0.0, high), Axis("", 0.0, 1.0), "said")
    axes = parts(one, size)[3][3]
    said = [
        float(word) for tag, at, word, _ in axes if tag == "text" and at["text-anchor"] != "end"
    ]
    assert said == [step * i for i in range(int(high / step) + 1)]


def test_the_y_axis_of_a_wide_drawing_has_no_more_ticks_than_of_a_column():
    one = Figure("key", "title", Axis("", 0.0, 1.0), Axis("", 0.0, 14.0), "said")
    axes = parts(one, WIDE)[3][3]
    said = [word for tag, at, word, _ in axes if tag == "text" and at["text-anchor"] == "end"]
    assert said == ["0.0", "2.5", "5.0", "7.5", "10.0", "12.5"]
