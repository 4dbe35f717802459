"""What the checks have found, and what a stream carries, a line each."""

from collections.abc import Iterable, Mapping
from typing import Any

from handlers.render.html import code
from handlers.render.number import as_number, decimals_for, write
from handlers.texts import Texts
from keitaro import Finding, Traffic

# Not the marks of answers: these stand in front of lines.
SIGNS = {"error": "⛔", "warning": "❗"}
VALUES_MOST = 12
AMOUNTS = frozenset({"sum", "missing", "excess"})


def finding_lines(findings: Iterable[Finding], texts: Texts) -> list[str]:
    """Return a line for each of *findings*, errors first."""
    ordered = sorted(findings, key=lambda finding: finding.level != "error")
    return [f"{SIGNS[finding.level]} {_sentence(finding, texts)}" for finding in ordered]


def traffic_line(traffic: Traffic | None, texts: Texts) -> str:
    """Return what a stream carried in the last 24 hours; None is not known."""
    if traffic is None:
        return texts.traffic_unknown
    if not traffic.clicks and not traffic.cost:
        return texts.traffic_none
    clicks = _amount(traffic.clicks, texts)
    if traffic.cost is None:
        return texts.traffic_clicks.format(clicks=clicks)
    return texts.traffic.format(clicks=clicks, cost=_amount(traffic.cost, texts))


def _sentence(finding: Finding, texts: Texts) -> str:
    sentence = texts.findings[finding.name]
    values = finding.values.items()
    return sentence.format(
        **{
            name: _amount(value, texts) if name in AMOUNTS else _value(value)
            for name, value in values
        }
    )


def _amount(value: Any, texts: Texts) -> str:
    number = as_number(value)
    if number is None:
        return code(value)
    return write(number, decimals=decimals_for([number]), style=texts.numbers)


def _value(value: Any) -> str:
    match value:
        case Mapping():
            pieces = [f"{code(name)} → {code(item)}" for name, item in value.items()]
        case list() | tuple():
            pieces = [code(item) for item in value]
        case _:
            return code(value)
    more = f" … +{len(pieces) - VALUES_MOST}" if len(pieces) > VALUES_MOST else ""
    return ", ".join(pieces[:VALUES_MOST]) + more
