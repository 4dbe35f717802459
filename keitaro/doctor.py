"""Whether a link to a tracker works, step by step, as facts without words."""

import asyncio
from dataclasses import dataclass
from typing import Any, Literal

from keitaro.client import Tracker
from keitaro.errors import (
    ExchangeError,
    ForbiddenError,
    KeyRefusedError,
    LicenceError,
    NoAnswerError,
    PausedError,
    RateLimitedError,
    UnreachableError,
)
from keitaro.guard import NotPublicError
from keitaro.operation import Operation
from keitaro.operations import CAMPAIGN_LIST, LANDING_PAGE_LIST, OFFER_LIST, REPORT_BUILD

Step = Literal[
    "dns", "tls", "keitaro", "key", "edition", "campaigns", "offers", "landing_pages", "report"
]
_STEPS: tuple[Step, ...] = (
    "dns",
    "tls",
    "keitaro",
    "key",
    "edition",
    "campaigns",
    "offers",
    "landing_pages",
    "report",
)
_READS: dict[Step, tuple[Operation, Any]] = {
    "offers": (OFFER_LIST, None),
    "landing_pages": (LANDING_PAGE_LIST, None),
    "report": (
        REPORT_BUILD,
        {
            "range": {"interval": "today", "timezone": "UTC"},
            "dimensions": ["campaign_id"],
            "measures": ["clicks"],
            "limit": 1,
        },
    ),
}

_HOPELESS = (
    PausedError,
    UnreachableError,
    NoAnswerError,
    KeyRefusedError,
    LicenceError,
    RateLimitedError,
)


@dataclass(frozen=True)
class StepFinding:
    """What one step showed: *ok* is None where an earlier failure kept us from looking.

    *count* is how many addresses, objects or rows were seen.
    """

    step: Step
    ok: bool | None = None
    error: ExchangeError | None = None
    count: int | None = None


async def examine(tracker: Tracker) -> tuple[StepFinding, ...]:
    """Try every step of the way to *tracker*, and stop where going on is pointless.

    There is no step "dns" when a transport stands in for the wire, and no step "tls" for an
    address on plain http.
    """
    findings: dict[Step, StepFinding] = {step: StepFinding(step) for step in _steps(tracker)}
    if "dns" in findings:
        findings["dns"] = await _resolve(tracker)
    if "dns" not in findings or findings["dns"].ok:
        await _call(tracker, findings)
    return tuple(findings.values())


async def _call(tracker: Tracker, findings: dict[Step, StepFinding]) -> None:
    first = await _try(tracker, "campaigns", CAMPAIGN_LIST, None)
    _conclude(findings, first)
    error = first.error
    for step, (operation, body) in _READS.items():
        if error is not None and not _is_worth_going_on(findings, error):
            return
        findings[step] = await _try(tracker, step, operation, body)
        error = findings[step].error


def _steps(tracker: Tracker) -> list[Step]:
    skipped = set()
    if tracker.network.transport is not None:
        skipped.add("dns")
    if tracker.address.scheme == "http":
        skipped.add("tls")
    return [step for step in _STEPS if step not in skipped]


async def _resolve(tracker: Tracker) -> StepFinding:
    address = tracker.address
    try:
        async with asyncio.timeout(tracker.network.connect_seconds):
            found = await tracker.network.guard.addresses(address.host, address.port)
    except TimeoutError:
        error = UnreachableError("timeout", "dns")
    except NotPublicError:
        error = UnreachableError("private")
    except OSError as failure:
        error = UnreachableError("dns", failure.strerror or "")
    else:
        return StepFinding("dns", ok=True, count=len(set(found)))
    error.sent = tracker.sent(CAMPAIGN_LIST)
    return StepFinding("dns", ok=False, error=error)


async def _try(tracker: Tracker, step: Step, operation: Operation, body: Any) -> StepFinding:
    try:
        value = await tracker.call(operation, body=body)
    except ExchangeError as error:
        return StepFinding(step, ok=False, error=error)
    count = len(value) if isinstance(value, list) else len(value["rows"])
    return StepFinding(step, ok=True, count=count)


def _conclude(findings: dict[Step, StepFinding], first: StepFinding) -> None:
    """Spread what the first call showed over the steps that it went through."""
    culprit = _culprit(findings, first.error)
    passed = list(findings)[: list(findings).index(culprit)]
    for step in passed:
        ok = True if _is_known(step, first.error) else None
        findings[step] = StepFinding(step, ok=ok, count=findings[step].count)
    findings[culprit] = StepFinding(culprit, ok=first.ok, error=first.error, count=first.count)


def _is_known(step: Step, error: ExchangeError | None) -> bool:
    """Tell whether the first call went through *step* although it ended with *error*."""
    match error:
        case LicenceError():
            # It may have been looked at before the key was.
            return step != "key"
        case PausedError():
            return step == "dns"
        case _:
            return True


def _culprit(findings: dict[Step, StepFinding], error: ExchangeError | None) -> Step:
    match error:
        case None | ForbiddenError():
            return "campaigns"
        case UnreachableError() if "tls" in findings:
            return "tls"
        case KeyRefusedError():
            return "key"
        case LicenceError():
            return "edition"
        case _:
            return "keitaro"


def _is_worth_going_on(findings: dict[Step, StepFinding], error: ExchangeError) -> bool:
    if findings["campaigns"].ok is None:
        return False
    return not isinstance(error, _HOPELESS)
