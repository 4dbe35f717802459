"""Periods as people read them."""

from handlers.stats.period import Period
from handlers.stats.period_words import period_words

_NAMED = {
    Period("week"): ("This week", "Эта неделя"),
    Period("week", ago=1): ("Last week", "Прошлая неделя"),
    Period("month"): ("This month", "Этот месяц"),
    Period("month", ago=1): ("Last month", "Прошлый месяц"),
    Period("year"): ("This year", "Этот год"),
    Period("year", ago=1): ("Last year", "Прошлый год"),
    Period("all"): ("All time", "Всё время"),
    Period("hour"): ("Last hour", "Последний час"),
}
_COUNTED = {
    "hour": (("hour", "hours"), ("час", "часа", "часов")),
    "day": (("day", "days"), ("день", "дня", "дней")),
    "week": (("week", "weeks"), ("неделя", "недели", "недель")),
    "month": (("month", "months"), ("месяц", "месяца", "месяцев")),
    "year": (("year", "years"), ("год", "года", "лет")),
}
_TEENS = range(11, 15)
_TENS, _HUNDREDS = 10, 100


def period_title(period: Period, language: str = "en") -> str:
    """Return a name of *period* for people, such as "Last week" or "7 дней"."""
    is_russian = language == "ru"
    if period in _NAMED:
        return _NAMED[period][is_russian]
    if period.unit in _COUNTED and period.count > 1 and not period.ago:
        english, russian = _COUNTED[period.unit]
        many = russian[_form(period.count)] if is_russian else english[1]
        return f"{period.count} {many}"
    words = period_words(period, language).replace("..", " – ")
    return words[:1].upper() + words[1:]


def _form(count: int) -> int:
    """Return which of the three Russian forms stands after *count*."""
    if count % _HUNDREDS in _TEENS:
        return 2
    last = count % _TENS
    return 0 if last == 1 else 1 if last in range(2, 5) else 2
