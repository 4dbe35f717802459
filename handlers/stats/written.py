"""A request in words again: the shortest that come to the same, and a title to read."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import product
from typing import Any

from handlers.stats.dimensions import LOG_COLUMNS
from handlers.stats.faults import PhraseError
from handlers.stats.groupings import Grouping, groupings
from handlers.stats.measures import MEASURES, USUAL
from handlers.stats.period_titles import period_title
from handlers.stats.period_words import period_words
from handlers.stats.phrase import read_phrase
from handlers.stats.query import Kind, Query
from handlers.stats.written_filters import written_filter
from handlers.texts import RUSSIAN, texts_for

_BY = {"en": "by", "ru": "по"}
_TOP = {"en": "top", "ru": "топ"}
_BOTTOM = {"en": "bottom", "ru": "снизу"}
_LIMIT = {"en": "limit", "ru": "лимит"}
_SORT = {"en": "sort by", "ru": "сортировка по"}
_KINDS = {
    "en": {"clicks": "Clicks", "conversions": "Conversions"},
    "ru": {"clicks": "Клики", "conversions": "Конверсии"},
}
_ORDERS = {"en": {"ASC": "asc", "DESC": "desc"}, "ru": {"ASC": "возр", "DESC": "убыв"}}


def written(query: Query, language: str = "en") -> str:
    """Return the shortest words that are read as *query*, or nothing if there are none."""
    language = _known(language)
    if query.period is None or not _is_plain(query.body):
        return ""
    start = (
        period_words(query.period, language),
        *_groupings(query, language),
        *_measures(query, language),
        *(written_filter(each, query.kind, language) for each in _rows(query.body, "filters")),
    )
    # A year that nobody has left out needs no day to be told from.
    today = datetime.now(UTC).date()
    # Words that mean something else together are kept apart by commas.
    for between, end in product((" ", ", "), _ends(query, language)):
        text = between.join(word for word in (*start, end) if word)
        try:
            if read_phrase(text, kind=query.kind, today=today).query == query:
                return text
        except PhraseError:
            continue
    return ""


def title(query: Query, language: str = "en") -> str:
    """Return a short name of *query* for people, such as "Yesterday by country"."""
    language = _known(language)
    names = [name for word, name in _named(query, language)]
    parts = [period_title(query.period, language) if query.period else ""]
    if names:
        parts.append(f"{_BY[language]} {', '.join(names)}")
    head = " ".join(part for part in parts if part)
    rest = [
        *(written_filter(each, query.kind, language) for each in _rows(query.body, "filters")),
        _ranking(query, language),
    ]
    joined = ", ".join(part for part in (head, *rest) if part)
    if query.kind != "report":
        kind = _KINDS[language][query.kind]
        return f"{kind}: {joined}" if joined else kind
    return joined[:1].upper() + joined[1:]


def _known(language: str) -> str:
    """Return which of the two languages people who speak *language* read."""
    return "ru" if texts_for(language) is RUSSIAN else "en"


def _is_plain(body: dict[str, Any]) -> bool:
    """Tell whether lists hold what words can say."""
    names = (*_names(body, "dimensions"), *_names(body, "measures"), *_names(body, "columns"))
    rows = (*_rows(body, "filters"), *_rows(body, "sort"))
    lists = sum(len(body[key]) for key in body if isinstance(body[key], list))
    return len(names) + len(rows) == lists


def _names(body: dict[str, Any], key: str) -> list[str]:
    value = body.get(key)
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


def _rows(body: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = body.get(key)
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _groupings(query: Query, language: str) -> list[str]:
    if query.kind != "report" and _names(query.body, "columns") == [*LOG_COLUMNS[query.kind]]:
        return []
    return [word for word, _ in _named(query, language)]


def _named(query: Query, language: str) -> list[tuple[str, str]]:
    """Return the words for what it is grouped by: as they are typed, and as they are read."""
    body = query.body
    if query.kind != "report":
        names = _names(body, "columns")
        if names == [*LOG_COLUMNS[query.kind]]:
            return []
        found = _covered(names[1:], query.kind)
        return [(each.name(language) if each else name,) * 2 for each, name in found]
    found = _covered(_names(body, "dimensions") or _names(body, "grouping"), query.kind)
    if language == "ru":
        return [(f"по {_dative(each, name)}", _dative(each, name)) for each, name in found]
    return [
        # A month or a week alone is a period.
        (f"by {name}" if name in {"week", "month", "year"} else told, told)
        for told, name in ((each.name("en") if each else name, name) for each, name in found)
    ]


def _dative(grouping: Grouping | None, name: str) -> str:
    return grouping.words["ru"][0] if grouping else name


def _covered(names: list[str], kind: Kind) -> Iterator[tuple[Grouping | None, str]]:
    """Cut *names* into groupings, the widest that fit; a name that is none stays alone."""
    known = sorted(groupings(kind), key=lambda each: -len(each.columns))
    while names:
        for each in known:
            if tuple(names[: len(each.columns)]) == each.columns:
                yield each, names[0]
                names = names[len(each.columns) :]
                break
        else:
            yield None, names[0]
            names = names[1:]


def _measures(query: Query, language: str) -> list[str]:
    names = _names(query.body, "measures")
    sorted_by = [str(each.get("name")) for each in _rows(query.body, "sort")]
    usual = [*USUAL, *(name for name in sorted_by if name in MEASURES and name not in USUAL)]
    if names in ([*USUAL], usual):
        return []
    return [_measure(name, language) for name in names]


def _measure(name: str, language: str, form: int = 0) -> str:
    measure = MEASURES.get(name)
    return measure.words[language][form if language == "ru" else 0] if measure else name


def _ends(query: Query, language: str) -> Iterator[str]:
    """Yield what may stand at the end of the words, the shortest first."""
    yield ""
    limit = query.body.get("limit")
    counted = f"{_LIMIT[language]} {limit}" if limit else ""
    yield counted
    if limit:
        yield f"{_TOP[language]} {limit}"
    for row in _rows(query.body, "sort"):
        name, order = str(row.get("name")), str(row.get("order"))
        by = _sorted_by(name, query.kind, language)
        if limit and name in MEASURES:
            first = _TOP if order == "DESC" else _BOTTOM
            yield f"{first[language]} {limit} {_BY[language]} {by}"
        yield f"{_SORT[language]} {by} {counted}".strip()
        yield f"{_SORT[language]} {by} {_ORDERS[language].get(order, order)} {counted}".strip()


def _sorted_by(name: str, kind: Kind, language: str) -> str:
    if name in MEASURES and kind == "report":
        return _measure(name, language, 1)
    named: Iterable[Grouping] = (each for each in groupings(kind) if each.columns[-1] == name)
    found = next(iter(named), None)
    if found is None:
        return name
    return found.words["ru"][0] if language == "ru" else found.name("en")


def _ranking(query: Query, language: str) -> str:
    limit = query.body.get("limit")
    if not limit or query.kind != "report":
        return ""
    for row in _rows(query.body, "sort")[:1]:
        if str(row.get("name")) in MEASURES:
            first = _BOTTOM if str(row.get("order")).upper() == "ASC" else _TOP
            by = _measure(str(row["name"]), language, 1)
            return f"{first[language]} {limit} {_BY[language]} {by}"
    return f"{_LIMIT[language]} {limit}"
