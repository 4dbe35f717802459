"""The headings of figures: in several lines, and cut where nothing else makes room."""

from collections.abc import Sequence

from handlers.render.cells import cells, cut
from handlers.render.figure import Figure

# Of a word that is cut this much is kept.
SIGNS_LEAST = 3


def wrapped(figure: Figure, width: int) -> list[str]:
    """Return the heading of *figure* in lines of *width* cells, or of its longest word."""
    words, sign = _words(figure)
    most = max([width, *map(cells, words)])
    lines = words[:1]
    for word in words[1:]:
        joined = f"{lines[-1]}{sign}{word}"
        if cells(joined) <= most:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def narrowed(
    figures: Sequence[Figure], columns: Sequence[int], room: int
) -> list[list[str]] | None:
    """Return the headings over *columns* so wide, with words cut until all is *room* cells wide.

    There are none where that is not enough, or where two of them would be the same.
    """
    longest = [max(map(cells, _words(figure)[0])) for figure in figures]
    widths = [max(sides) for sides in zip(columns, longest, strict=True)]
    least = [
        max(width, min(SIGNS_LEAST, word)) for width, word in zip(columns, longest, strict=True)
    ]
    for _ in range(sum(widths) + len(widths) - 1 - room):
        spare = [width - floor for width, floor in zip(widths, least, strict=True)]
        if max(spare) == 0:
            return None
        widths[spare.index(max(spare))] -= 1
    whole = [wrapped(figure, width) for figure, width in zip(figures, columns, strict=True)]
    short = [
        [_cut(line, width) for line in lines] for lines, width in zip(whole, widths, strict=True)
    ]
    return short if len({*map(tuple, short)}) == len({*map(tuple, whole)}) else None


def _words(figure: Figure) -> tuple[list[str], str]:
    """Return the words of the heading of *figure*, and the sign between them."""
    sign = "_" if figure.heading == figure.name else " "
    return figure.heading.split(sign), sign


def _cut(text: str, width: int) -> str:
    """Return what *width* cells have room for; that more is left out does not show."""
    return text if cells(text) <= width else cut(f"{text}  ", width + 1)[:-1]
