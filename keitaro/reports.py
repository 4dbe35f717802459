"""Reports, asked for in today's words, and in those of older trackers where these refuse them."""

import re
from collections.abc import Mapping
from typing import Any

from keitaro.client import Tracker
from keitaro.errors import InvalidError
from keitaro.operations import REPORT_BUILD

# The words of today and those that older trackers know for the same.
_OLDER = {"dimensions": "grouping", "measures": "metrics"}
_UNKNOWN_OPTION = re.compile(r"unknown option '?([a-z_]{1,40})", re.IGNORECASE)
_TRIES = 3
_CURRENCY = re.compile(r"[A-Z]{3}")


async def build_report(
    tracker: Tracker, body: Mapping[str, Any], *, is_extra: bool = False
) -> dict[str, Any]:
    """Return the answer to `report/build`: `rows`, `total`, and a `summary` if it was asked for.

    A tracker that does not know the options `dimensions` and `measures` is asked again in the old
    words, and one that does not know `summary` without it.

    Raises:
        ExchangeError: It went wrong on the way or at the tracker.
    """
    asked = dict(body)
    for _ in range(_TRIES - 1):
        try:
            return await _build(tracker, asked, is_extra=is_extra)
        except InvalidError as error:
            simpler = _simpler(asked, error.detail)
            if simpler is None:
                raise
            asked = simpler
    return await _build(tracker, asked, is_extra=is_extra)


async def _build(tracker: Tracker, body: dict[str, Any], *, is_extra: bool) -> dict[str, Any]:
    answer: dict[str, Any] = await tracker.call(REPORT_BUILD, body=body, is_extra=is_extra)
    return answer


def _simpler(body: dict[str, Any], complaint: str) -> dict[str, Any] | None:
    found = _UNKNOWN_OPTION.search(complaint)
    name = found[1] if found else ""
    if name in _OLDER and name in body:
        return {_OLDER.get(key, key): value for key, value in body.items()}
    if name == "summary" and name in body:
        return {key: value for key, value in body.items() if key != name}
    return None


def currency_of(answer: Mapping[str, Any]) -> str:
    """Return the currency that a tracker names in its *answer*, as a code of three letters.

    It stands in the answer, in its `meta` or `summary`, or in every row; mostly in none of them.
    """
    places = [answer, answer.get("meta"), answer.get("summary")]
    named = [place.get("currency") for place in places if isinstance(place, Mapping)]
    in_rows = {str(row.get("currency")) for row in answer.get("rows", [])}
    named += in_rows if len(in_rows) == 1 else ()
    codes = [name for name in named if isinstance(name, str) and _CURRENCY.fullmatch(name)]
    return codes[0] if codes else ""
