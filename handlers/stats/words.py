"""The words of the grammar: what each of them means, in English and in Russian alike."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from handlers.stats.groupings import groupings
from handlers.stats.measures import MEASURES
from handlers.stats.period_words import EITHER, period_names
from handlers.stats.query import Kind
from handlers.stats.rule_words import adverbs, rule_names

Role = Literal[
    "period",
    "either",
    "grouping",
    "measure",
    "output",
    "rank",
    "limit",
    "sort",
    "order",
    "by",
    "where",
    "operator",
    "not",
    "losing",
    "rule",
    "often",
    "at",
    "clear",
    "all",
    "every",
    "or",
    "noise",
]


@dataclass(frozen=True)
class Word:
    """What a word, or several, does in a phrase, and what it stands for."""

    role: Role
    value: Any = None


_OUTPUTS = {
    "csv": "csv, as csv, to csv, в csv, цсв",
    "xlsx": "xlsx, excel, xls, file, as a file, as file, эксель, ексель, "
    "файл, файлом, в файл, в эксель",
    "chart": "chart, graph, plot, diagram, график, графиком, диаграмма, диаграммой, чарт",
}
_RANKS = {
    "top": "top, топ, первые, лучше",
    "best": "best, лучшие, лучших",
    "bottom": "bottom, lowest, снизу, нижние",
    "worst": "worst, худшие, худших, худшее",
}
_ORDERS = {
    "ASC": "asc, ascending, rising, up, возр, по возрастанию, возрастание",
    "DESC": "desc, descending, falling, down, убыв, по убыванию, убывание",
}
_OPERATORS = {
    "EQUALS": "is, equals, equal to, равно, равен, равна, равны, eq",
    "NOT_EQUAL": "is not, not equal, not equal to, не равно, не равен, не равна, не равны",
    "GREATER_THAN": "more than, greater than, over, above, больше, больше чем, выше, более, свыше",
    "LESS_THAN": "less than, fewer than, under, below, меньше, меньше чем, ниже, менее",
    "EQUALS_OR_GREATER_THAN": "at least, not less than, не меньше, не менее",
    "EQUALS_OR_LESS_THAN": "at most, not more than, не больше, не более",
    "CONTAINS": "contains, contain, like, has, содержит, похоже на",
    "NOT_CONTAIN": "not contain, not contains, does not contain, not like, не содержит",
    "BEGINS_WITH": "begins with, starts with, begins, starts, начинается с, начинается на",
    "ENDS_WITH": "ends with, ends, заканчивается на, кончается на",
    "IN_LIST": "in, one of, в, из, is in",
    "NOT_IN_LIST": "not in, is not in, none of, не в, не из",
    "IS_SET": "is set, not empty, is not empty, не пусто, не пустой, не пустая",
    "IS_NOT_SET": "is not set, not set, empty, is empty, пусто, пустой, пустая",
}
_LOSING = {
    "LESS_THAN": "losers, losing, loss, losses, в минусе, убыточные, минус, минусовые",
    "GREATER_THAN": "winners, winning, profitable, в плюсе, прибыльные, плюсовые",
}
_PLAIN: dict[Role, str] = {
    "limit": "limit, max, rows, лимит, максимум",
    "sort": "sort, sort by, sorted by, order by, сортировка, сортировка по, сортировать по, "
    "сортируй по, отсортировать по, sorted",
    "by": "by, per, grouped by, group by, по, в разрезе, с разбивкой по",
    "where": "where, with, having, if, где, если, у которых",
    "not": "not, except, except for, excluding, exclude, without, не, кроме, без, исключая",
    "at": "at, @",
    "clear": "without filters, no filters, without filter, all rows, clear filters, unfiltered, "
    "без фильтров, без фильтра, без условий, сбросить фильтры",
    "every": "every, each, каждый, каждую, каждое, каждые",
    "or": "or, или, либо",
    "noise": "and, и, for, за, the, a, an, as, in, on, в, на, of, show, please, me, stats, report, "
    "отчет, отчёт, покажи, мне, статистика, статистику, пожалуйста, &, +, also, только, only",
}
SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "=": "EQUALS",
        "==": "EQUALS",
        "!=": "NOT_EQUAL",
        "<>": "NOT_EQUAL",
        "≠": "NOT_EQUAL",
        ">": "GREATER_THAN",
        "<": "LESS_THAN",
        ">=": "EQUALS_OR_GREATER_THAN",
        "=>": "EQUALS_OR_GREATER_THAN",
        "≥": "EQUALS_OR_GREATER_THAN",
        "<=": "EQUALS_OR_LESS_THAN",
        "=<": "EQUALS_OR_LESS_THAN",
        "≤": "EQUALS_OR_LESS_THAN",
        "~": "CONTAINS",
        "!~": "NOT_CONTAIN",
    }
)
YES = frozenset({"yes", "true", "1", "on", "да"})
NO = frozenset({"no", "false", "0", "off", "нет"})


@cache
def vocabulary(kind: Kind) -> Mapping[str, Word]:
    """Return every word that makes sense in a request of *kind*, folded."""
    words: dict[str, Word] = {}
    for name, word in _all(kind):
        # What is named first has a name of its own; «по» and other words come last.
        words.setdefault(name.replace("ё", "е"), word)
    return MappingProxyType(words)


def _all(kind: Kind) -> Iterator[tuple[str, Word]]:
    # «не в» is an operator before «в» is nothing, but «больше» alone comes after the columns.
    yield from (each for each in _table("operator", _OPERATORS) if " " in each[0])
    for name, period in period_names().items():
        yield name, Word("period", period)
    for name, rule in rule_names().items():
        yield name, Word("rule", rule)
    by_name = {each.columns: each for each in groupings(kind)}
    for name, period in EITHER.items():
        unit = (period.unit,)
        yield name, Word("either", (period, by_name[unit]))
    for name, (rule, one) in adverbs().items():
        yield name, Word("often", (rule, by_name[one,]))
    if kind == "report":
        yield from _measures()
        yield from _table("losing", _LOSING)
    yield from _groupings(kind)
    yield from _table("output", _OUTPUTS)
    yield from _table("rank", _RANKS)
    yield from _table("order", _ORDERS)
    yield from _table("operator", _OPERATORS)
    for role, names in _PLAIN.items():
        for name in names.split(", "):
            yield name, Word(role)


def _table(role: Role, table: Mapping[str, str]) -> Iterator[tuple[str, Word]]:
    for value, names in table.items():
        for name in names.split(", "):
            yield name, Word(role, value)


def _measures() -> Iterator[tuple[str, Word]]:
    for measure in MEASURES.values():
        yield measure.name, Word("measure", measure)
    for measure in MEASURES.values():
        for name in (*measure.words["en"], *measure.words["ru"]):
            yield name, Word("measure", measure)


def _groupings(kind: Kind) -> Iterator[tuple[str, Word]]:
    for grouping in groupings(kind):
        for name in (*grouping.words["en"], *grouping.words["ru"]):
            yield name, Word("grouping", grouping)
        for plural in (grouping.plural("en"), grouping.plural("ru")):
            # «все потоки», but «все ос» stands in the table as it is.
            for every in ("all", "все", "any", "любые"):
                yield f"{every} {plural.removeprefix('все ')}", Word("all", grouping)
    for grouping in groupings(kind):
        if len(grouping.columns) == 1:
            yield grouping.columns[0], Word("grouping", grouping)
