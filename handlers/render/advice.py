"""What to do now that a request has failed."""

import math
from collections.abc import Callable, Mapping

from handlers.texts import Texts
from keitaro import (
    BlockedError,
    ExchangeError,
    ForbiddenError,
    InvalidError,
    KeyRefusedError,
    LicenceError,
    NoAnswerError,
    NotFoundError,
    NotKeitaroError,
    PausedError,
    RateLimitedError,
    RedirectError,
    ServerError,
    UnreachableError,
    UnreadableError,
    find,
)

Pick = Callable[[Texts], str]

ADVICE: Mapping[type[ExchangeError], Pick] = {
    UnreachableError: lambda texts: texts.advice_try_later,
    NoAnswerError: lambda texts: texts.advice_try_later,
    UnreadableError: lambda texts: texts.advice_try_later,
    ServerError: lambda texts: texts.advice_try_later,
    KeyRefusedError: lambda texts: texts.advice_new_key,
    LicenceError: lambda texts: texts.advice_licence,
    ForbiddenError: lambda texts: texts.advice_rights,
    BlockedError: lambda texts: texts.advice_blocked,
    NotKeitaroError: lambda texts: texts.advice_address,
    RedirectError: lambda texts: texts.advice_address,
    NotFoundError: lambda texts: texts.advice_id,
    RateLimitedError: lambda texts: texts.advice_wait,
    InvalidError: lambda texts: texts.advice_fix,
}
# How OpenSSL begins to say what is wrong with a certificate.
FLAWS = {
    "certificate has expired": "expired",
    "certificate is not yet valid": "early",
    "Hostname mismatch": "name",
    "IP address mismatch": "name",
    "self": "issuer",
    "unable to get": "issuer",
}
MINUTE, HOUR = 60, 3600
SECONDS_MOST, MINUTES_MOST = 120, 120


def advice(error: ExchangeError, texts: Texts) -> str:
    """Return what to do now."""
    if isinstance(error, PausedError):
        return texts.advice_paused.format(seconds=error.seconds)
    if isinstance(error, RateLimitedError) and error.retry_after_seconds is not None:
        return texts.advice_wait_for.format(time=duration(error.retry_after_seconds, texts))
    if isinstance(error, UnreadableError) and error.reason == "too_large":
        return texts.advice_smaller if _is_of_rows(error) else texts.advice_elsewhere
    if isinstance(error, UnreachableError) and certificate_flaw(error):
        return texts.advice_certificate
    if isinstance(error, UnreachableError) and error.cause == "private":
        return texts.dial_private
    if isinstance(error, UnreachableError) and error.cause in ("dns", "tls"):
        return texts.advice_unreachable
    pick = row_of(ADVICE, error)
    return pick(texts) if pick else texts.advice_look


def _is_of_rows(error: ExchangeError) -> bool:
    operation = find(*error.sent.operation.split("."))
    return operation is not None and (operation.rows or operation.answer != "object")


def certificate_flaw(error: UnreachableError) -> str:
    """Return what is wrong with a certificate, if it is that and is known."""
    found = (flaw for words, flaw in FLAWS.items() if error.detail.startswith(words))
    return next(found, "") if error.cause == "tls" else ""


def row_of(table: Mapping[type[ExchangeError], Pick], error: ExchangeError) -> Pick | None:
    """Return what *table* has for the class of *error*."""
    return next((pick for kind, pick in table.items() if isinstance(error, kind)), None)


def duration(seconds: int, texts: Texts) -> str:
    """Return so many *seconds* in a unit that people count in, rounded up."""
    if seconds <= SECONDS_MOST:
        return texts.seconds.format(count=seconds)
    if seconds <= MINUTES_MOST * MINUTE:
        return texts.minutes.format(count=math.ceil(seconds / MINUTE))
    return texts.hours.format(count=math.ceil(seconds / HOUR))
