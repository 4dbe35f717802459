"""Charts: figures of the right size, with something on them, and with every label."""

import io
from dataclasses import asdict, replace
from itertools import pairwise

import pytest
from matplotlib.text import Text
from PIL import Image, ImageChops

from paper import BARS_MOST, ROWS_MOST, SERIES_MOST, Chart, Series
from paper.chart import ROWS_LEAST, read_chart
from paper.draw import draw, laid_out
from paper.figure import written

DAYS = tuple(f"{day:02}.11" for day in range(1, 29))
LINES = Chart(
    "lines",
    "Клики и ROI по дням",
    DAYS,
    (
        Series("Клики", tuple(1000.0 + 40 * day for day in range(28))),
        Series("Уникальные", (None, *(700.0 + 30 * day for day in range(27)))),
        Series("ROI", tuple(day * 3.5 - 40 for day in range(28)), "percent"),
    ),
    ("tracker.example", "01.11–28.11 · Europe/Kyiv"),
    left_out="не показано: {count}",
    group="\u00a0",
    point=",",
    percent=" %",
)
BARS = replace(
    LINES,
    kind="bars",
    title="Прибыль по кампаниям",
    labels=("Лето", "Осень", "Зима"),
    series=(Series("Прибыль", (1234567.8, -20.5, None), "money"),),
)
ODD = (
    *(
        "🔥 Summer 🔥",
        "👨‍👩‍👧",
        "漢字",
        "עברית",
        "مرحبا",
        "$x^2$",
        "$",
        r"\frac{1}{2}",
        "_hidden",
        "",
        " ",
    ),
    *("a\nb\tc", "\ud83d", "\x00\x07", "e\u0301", "%s %(a)s {0}", "x" * 5000, "\u202eabc", "①²"),
)


def picture(chart: Chart) -> Image.Image:
    return Image.open(io.BytesIO(draw(chart))).convert("RGB")


def words(chart: Chart) -> list[str]:
    """Return what stands on the chart, as it is drawn."""
    figure = laid_out(chart)
    figure.canvas.draw()
    texts = figure.findobj(lambda one: isinstance(one, Text) and one.get_visible())
    return [text.get_text() for text in texts if text.get_text()]


def differs(one: Image.Image, other: Image.Image) -> tuple[int, int, int, int] | None:
    """Return where two pictures are not the same."""
    return ImageChops.difference(one, other).getbbox()


@pytest.mark.parametrize("chart", [LINES, BARS], ids=["lines", "bars"])
def test_a_chart_is_as_wide_as_a_phone_and_not_blank(chart):
    shown = picture(chart)
    colours = {colour: count for count, colour in shown.getcolors(1 << 24)}

    assert shown.width == 1080
    assert 500 <= shown.height <= 2700
    # Its ground is its own, so that it is the same in the light and in the dark.
    assert shown.getpixel((1, 1)) == (255, 255, 255)
    assert 0.5 < colours[255, 255, 255] / (shown.width * shown.height) < 0.98
    assert {(0x00, 0x57, 0xB7), (0x14, 0x17, 0x1A)} <= colours.keys()


def test_the_labels_of_lines_are_there():
    said = words(LINES)

    assert {LINES.title, "Клики", "Уникальные", "ROI", "01.11"} <= set(said)
    assert "\n".join(LINES.footer) in said
    assert {"0", "1\u00a0500", "−50 %", "0 %"} <= set(said)
    assert sum(word in DAYS for word in said) == 2 * 6


def test_the_labels_of_bars_are_there_with_their_figures():
    assert {"Лето", "Осень", "Зима", "Прибыль", "1\u00a0234\u00a0568", "−20,50", "–"} <= set(
        words(BARS)
    )


@pytest.mark.parametrize(
    "changed",
    [
        replace(LINES, title="Клики и ROI по часам"),
        replace(LINES, footer=("other.example", LINES.footer[1])),
        replace(LINES, labels=("xx", *DAYS[1:])),
        replace(LINES, series=(replace(LINES.series[0], name="Хосты"), *LINES.series[1:])),
        replace(LINES, series=(replace(LINES.series[0], values=(3e3,) * 28), *LINES.series[1:])),
    ],
    ids=["title", "footer", "moment", "series", "values"],
)
def test_what_is_said_is_drawn(changed):
    """Each word has a place of its own on the picture."""
    assert differs(picture(LINES), picture(changed)) is not None


def test_the_same_chart_is_the_same_picture():
    assert differs(picture(LINES), picture(LINES)) is None


@pytest.mark.parametrize("kind", ["lines", "bars"])
@pytest.mark.parametrize("text", ODD, ids=ascii)
def test_any_name_can_be_drawn(kind, text):
    """Whatever the font has no sign for; warnings are errors here."""
    series = (Series(text, (1.0, 2.0)), Series("b", (2.0, None)))
    chart = Chart(kind, text, (text, "b"), series, (text,), left_out=text)

    assert picture(chart).width == 1080


def test_a_dollar_is_a_dollar_and_a_picture_in_a_name_is_left_out():
    chart = replace(BARS, labels=("$x^2$", "🔥 Лето 🔥", "漢字"), title="_title")

    assert {"$x^2$", "Лето", "▯▯", " _title"} <= set(words(chart))


@pytest.mark.parametrize("kind", ["lines", "bars"])
@pytest.mark.parametrize(
    "values",
    [
        (),
        (None, None),
        (0.0, 0.0),
        (-1.0, -2.0),
        (1e300, -1e300),
        (1e-300, 0.0),
        (float("nan"), float("inf")),
        (10**400, 1),
        (5.0,),
        (1.0, 2.0, 3.0, 4.0),
    ],
    ids=str,
)
def test_any_figures_can_be_drawn(kind, values):
    series = (Series("a", values, "money"), Series("b", values), Series("c", values, "percent"))

    assert picture(Chart(kind, "Title", ("x", "y"), series)).width == 1080


@pytest.mark.parametrize("kind", ["lines", "bars"])
def test_a_chart_of_nothing_says_so_by_its_title(kind):
    assert words(Chart(kind, "Nothing", (), ())) == ["Nothing"]
    assert picture(Chart(kind, "Nothing", (), (Series("a", ()),))).width == 1080


def test_eight_series_are_drawn_and_the_rest_is_counted():
    series = tuple(
        Series(f"Кампания {n}", tuple(float(n * d) for d in range(28))) for n in range(11)
    )
    chart = replace(LINES, series=series)
    said = words(chart)

    assert [word for word in said if word.startswith("Кампания")] == [
        f"Кампания {n}" for n in range(SERIES_MOST)
    ]
    assert said.count("\n".join((*LINES.footer, "не показано: 3"))) == 1
    assert picture(chart).height <= 2700


@pytest.mark.parametrize(("count", "rows"), [(1, ROWS_MOST), (2, 12), (8, ROWS_LEAST)])
def test_as_many_bars_are_drawn_as_can_be_told_apart(count, rows):
    labels = tuple(f"Лето {n}" for n in range(40))
    series = tuple(Series(f"s{n}", tuple(map(float, range(40)))) for n in range(count))
    chart = replace(BARS, labels=labels, series=series)

    assert [word for word in words(chart) if word.startswith("Лето")] == list(labels[:rows])
    assert chart.missing == 40 - rows
    assert rows * count <= BARS_MOST
    assert picture(chart).height <= 2700


def test_moments_have_room_beside_each_other():
    """However many there are, the names of no two of them overlap."""
    hours = tuple(f"22.11 {n % 24:02}:00" for n in range(700))
    figure = laid_out(replace(LINES, labels=hours, series=(Series("a", (1.0,) * 700),)))
    figure.canvas.draw()
    boxes = [label.get_window_extent() for label in figure.axes[0].get_xticklabels()]

    assert len(boxes) >= 2
    assert [1 for left, right in pairwise(boxes) if left.x1 > right.x0] == []


def test_nothing_stands_outside_of_the_picture():
    long = replace(
        BARS,
        title="Очень длинное название отчёта " * 4,
        labels=tuple(f"{n} {'длинное имя ' * 9}" for n in range(15)),
        series=(Series("Прибыль " * 9, (-12345678.9, *(1e9,) * 14), "money"),),
        footer=("tracker.example " * 9,),
    )
    figure = laid_out(long)
    figure.canvas.draw()
    texts = figure.findobj(lambda one: isinstance(one, Text) and one.get_visible())
    boxes = [text.get_window_extent() for text in texts if text.get_text()]

    assert [box for box in boxes if box.x0 < 0 or box.x1 > 1081 or box.y0 < 0] == []


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (0.0, "count", "0"),
        (1234.0, "count", "1\u00a0234"),
        (0.25, "count", "0,25"),
        (12.5, "money", "12,50"),
        (-1234.5, "money", "−1\u00a0234"),
        (-0.001, "money", "0,00"),
        (12.5, "percent", "12,5 %"),
        (-3.0, "percent", "−3 %"),
        (2e15, "count", "2,0e+15"),
    ],
)
def test_figures_are_written_as_the_language_does(value, kind, text):
    assert written(value, kind, LINES) == text


def test_a_chart_survives_being_told_as_json():
    assert read_chart(asdict(LINES)) == LINES
