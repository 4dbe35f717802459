"""What reports and logs have in common: period, filters, sorting and pages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sandbox.keitaro.answers import RefusedError, refused
from sandbox.keitaro.conditions import question
from sandbox.keitaro.ranges import Period, read_period
from sandbox.keitaro.state import Row, State

Item = TypeVar("Item")


@dataclass(frozen=True)
class Condition:
    """One filter of a request."""

    name: str
    operator: str
    expression: Any

    def zone(self, period: Period) -> ZoneInfo:
        """Return the zone to read values in: BETWEEN takes date-times as UTC."""
        is_utc = self.operator == "BETWEEN" and self.name.endswith("datetime")
        return ZoneInfo("UTC") if is_utc else period.zone

    def question(self, state: State) -> Callable[[Any, int], bool]:
        """Return the test of a value seen in a campaign."""
        if self.operator not in ("HAS_LABEL", "NOT_HAS_LABEL"):
            test = question(self.operator, self.expression)
            return lambda value, _campaign_id: test(value)
        wanted = self.operator == "HAS_LABEL"
        return lambda value, campaign_id: (
            (state.labels.get((campaign_id, self.name, str(value))) == self.expression) is wanted
        )


@dataclass(frozen=True)
class Query:
    """A request for figures or log lines, read and checked."""

    body: Row
    period: Period
    filters: tuple[Condition, ...]
    sort: tuple[tuple[str, bool], ...]
    limit: int | None
    offset: int


def read_query(state: State, body: Row, *, options: frozenset[str]) -> Query:
    """Read *body*, refusing every option that is not among *options*."""
    for name in body:
        if name not in options:
            raise refused(f"Unknown option {name}")
    return Query(
        body=body,
        period=read_period(state, body.get("range")),
        filters=tuple(_condition(item) for item in body.get("filters") or []),
        sort=tuple(_order(item) for item in body.get("sort") or []),
        limit=read_count(body.get("limit")),
        offset=read_count(body.get("offset")) or 0,
    )


def undefined(name: str) -> RefusedError:
    """Return the refusal of a column that does not exist."""
    return refused(f"Column '{name}' is not defined")


def flag(value: Any) -> bool:
    """Tell whether *value* is a yes, also in writing."""
    return value in (True, 1, "1", "true")


def sort_rows(rows: list[Row], sort: tuple[tuple[str, bool], ...]) -> list[Row]:
    """Return *rows* by the columns of *sort*, the first weighing most; nulls are least."""
    for name, descending in reversed(sort):
        rows = sorted(rows, key=lambda row, name=name: rank(row.get(name)), reverse=descending)  # type: ignore[misc]  # a default binds the loop's name
    return rows


def page(rows: list[Item], query: Query, *, at_most: int | None = None) -> list[Item]:
    """Return the part of *rows* between *offset* and *limit*."""
    limits = [limit for limit in (query.limit, at_most) if limit is not None]
    return rows[query.offset :][: min(limits)] if limits else rows[query.offset :]


def _condition(item: Any) -> Condition:
    if not isinstance(item, dict) or not item.get("name") or not item.get("operator"):
        raise refused("Filter must have name and operator")
    return Condition(str(item["name"]), str(item["operator"]), item.get("expression"))


def _order(item: Any) -> tuple[str, bool]:
    if not isinstance(item, dict) or not item.get("name"):
        raise refused("Sort must have name and order")
    return str(item["name"]), str(item.get("order", "ASC")).upper() == "DESC"


def read_count(value: Any) -> int | None:
    """Return a limit or an offset, if one was given."""
    if value is None or value == "":
        return None
    try:
        return max(int(value), 0)
    except (TypeError, ValueError) as error:
        raise refused(f"Invalid number '{value}'") from error


def rank(value: Any) -> tuple[int, float, str]:
    """Return what *value* is sorted by: nothing first, then numbers, then text."""
    if value is None:
        return (0, 0.0, "")
    if isinstance(value, (int, float)):
        return (1, float(value), "")
    return (2, 0.0, str(value))
