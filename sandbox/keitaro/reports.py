"""POST /report/build: the seeded clicks, added up by any dimensions.

Both generations of names are read. An unknown measure is dropped without a word; an
unknown dimension, column or option is refused. A measure asked for as a dimension, or
the reverse, gives a column of nulls.
"""

from datetime import datetime
from typing import Any

from sandbox.keitaro.answers import refused
from sandbox.keitaro.buckets import Bucket, Totals, add_up
from sandbox.keitaro.conditions import question
from sandbox.keitaro.dimensions import reader
from sandbox.keitaro.measures import MEASURES
from sandbox.keitaro.query import Query, flag, page, read_query, sort_rows, undefined
from sandbox.keitaro.ranges import Period
from sandbox.keitaro.state import Call, Row, State

_OPTIONS = frozenset(
    """range dimensions measures grouping metrics columns filters sort limit offset
    summary""".split()  # noqa: SIM905 - a word list
)
Group = tuple[Row, Totals]


def build_report(state: State, call: Call) -> Any:
    """Return the rows of a report, how many there are, and their sum if it was asked for."""
    query = read_query(state, call.body, options=_OPTIONS)
    dimensions, measures = _names(state, query)
    buckets = _chosen(state, query)
    groups = _groups(state, query.period, dimensions, buckets)
    groups = _having(groups, query)
    rows = sort_rows([_row(group, measures, query) for group in groups], query.sort)
    answer = {
        "rows": [_bare(row, dimensions + measures) for row in page(rows, query)],
        "total": len(rows),
        "meta": _meta(state, query.period),
    }
    if flag(call.body.get("summary")):
        answer["summary"] = _summary(groups, dimensions, measures)
    return answer


def _names(state: State, query: Query) -> tuple[list[str], list[str]]:
    """Sort what was asked for into dimensions and measures, in the order asked."""
    body = query.body
    dimensions = [*_words(body, "dimensions"), *_words(body, "grouping")]
    measures = [*_words(body, "measures"), *_words(body, "metrics")]
    for name in _words(body, "columns"):
        (measures if name in MEASURES else dimensions).append(name)
    for name in dimensions:
        if name not in MEASURES and reader(state, name, query.period.zone) is None:
            raise undefined(name)
    known = [
        name for name in measures if name in MEASURES or reader(state, name, query.period.zone)
    ]
    return list(dict.fromkeys(dimensions)), list(dict.fromkeys(known))


def _words(body: Row, key: str) -> list[str]:
    value = body.get(key) or []
    if not isinstance(value, list):
        raise refused(f"Option {key} must be an array")
    return [str(item) for item in value]


def _chosen(state: State, query: Query) -> list[Bucket]:
    """Return the buckets in the period that pass the filters on dimensions."""
    start, end = query.period.start, query.period.end
    buckets = [bucket for bucket in state.buckets if start <= bucket.at <= end]
    for condition in query.filters:
        if condition.name in MEASURES:
            continue
        read = reader(state, condition.name, condition.zone(query.period))
        if read is None:
            raise undefined(condition.name)
        test = condition.question(state)
        answers: dict[Any, bool] = {}
        buckets = [b for b in buckets if _remembered(answers, test, read(b), b.campaign_id)]
    return buckets


def _remembered(answers: dict[Any, bool], test: Any, value: Any, campaign_id: int) -> bool:
    key = (value, campaign_id)
    if key not in answers:
        answers[key] = test(value, campaign_id)
    return answers[key]


def _groups(
    state: State, period: Period, dimensions: list[str], buckets: list[Bucket]
) -> list[Group]:
    if not dimensions:
        return [({}, add_up(buckets))]
    readers = [reader(state, name, period.zone) or (lambda _bucket: None) for name in dimensions]
    members: dict[tuple[Any, ...], list[Bucket]] = {}
    for bucket in buckets:
        members.setdefault(tuple([read(bucket) for read in readers]), []).append(bucket)
    return [
        (dict(zip(dimensions, key, strict=True)), add_up(found)) for key, found in members.items()
    ]


def _having(groups: list[Group], query: Query) -> list[Group]:
    """Apply the filters on measures, which look at the sums."""
    for condition in query.filters:
        measure = MEASURES.get(condition.name)
        if measure is not None:
            test = question(condition.operator, condition.expression)
            groups = [group for group in groups if test(measure(group[1]))]
    return groups


def _row(group: Group, measures: list[str], query: Query) -> Row:
    """Return a row with everything that is shown or sorted by."""
    values, sums = group
    row = dict(values)
    for name in measures:
        row[name] = MEASURES[name](sums) if name in MEASURES else None
    for name, _ in query.sort:
        if name in MEASURES:
            row.setdefault(name, MEASURES[name](sums))
        elif name not in row:
            raise undefined(name)
    return row


def _bare(row: Row, names: list[str]) -> Row:
    return {name: row[name] for name in names}


def _summary(groups: list[Group], dimensions: list[str], measures: list[str]) -> Row:
    sums = Totals(*map(sum, zip(*(group[1] for group in groups), strict=True))) if groups else None
    sums = sums or add_up([])
    row: Row = dict.fromkeys(dimensions)
    row.update({name: MEASURES[name](sums) for name in measures if name in MEASURES})
    return row


def _meta(state: State, period: Period) -> Row:
    written = datetime.fromtimestamp(state.now(), period.zone).strftime("%Y-%m-%d %H:%M:%S")
    return {"execution_time": 0.012, "datetime": written}
