"""How one figure went over time for each name, such as the clicks of every country by day."""

from collections.abc import Sequence
from decimal import Decimal

from handlers.render.cells import WIDTH, cells, cut, pad
from handlers.render.figure import Figure, Row
from handlers.render.label import Names, label_of
from handlers.render.spark import Clock, series, spark
from handlers.texts import Texts

NAMES_MOST = 10
BARS_MOST = 24


def trend_lines(
    rows: Sequence[Row], names: Names, figure: Figure, clock: Clock, texts: Texts
) -> list[str]:
    """Return a heading and a line of bars for each of the *names*; nothing if there is no line."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(label_of(row, names), []).append(row)
    known = {label: series(rows, figure, clock) for label, rows in groups.items()}
    if figure.is_added:
        known = dict(sorted(known.items(), key=lambda one: -_sum(one[1])))
    lines = {label: spark(values, BARS_MOST) for label, values in known.items()}
    found = [(label, line) for label, line in lines.items() if line][:NAMES_MOST]
    if not found:
        return []
    room = WIDTH - 1 - max(cells(line) for _, line in found)
    labels = [cut(label, room) for label, _ in found]
    width = max(map(cells, labels))
    return [
        cut(texts.figures_trend.format(figure=figure.heading), WIDTH),
        *(
            cut(f"{pad(label, width)} {line}", WIDTH)
            for label, (_, line) in zip(labels, found, strict=True)
        ),
    ]


def _sum(values: Sequence[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), Decimal(0))
