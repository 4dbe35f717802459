"""Which error an answer with another status than 2xx stands for.

Trackers say no in several ways: ``{"error": "..."}``, ``{"field": ["message"]}`` with 400, 406
or 422 depending on their version, plain text for a missing object, and a page of HTML where
the host is a traffic domain or a proxy speaks.
"""

import email.utils
import re
from typing import Any

import httpx

from keitaro.errors import (
    BlockedError,
    ExchangeError,
    ForbiddenError,
    InvalidError,
    KeyRefusedError,
    LicenceError,
    NotFoundError,
    NotKeitaroError,
    RateLimitedError,
    RedirectError,
    ResponseError,
    ServerError,
)
from keitaro.exchange import Answer
from keitaro.mask import Mask
from keitaro.reading import is_page, parse_json

_MAX_CHARACTERS = 300
# Masking shortens the text, so more is masked than is kept: no half of a key may remain.
_MASKED_BYTES = 64 * 1024
_NO_FIELDS = {"error", "message", "stacktrace"}
_BY_STATUS: dict[int, type[ResponseError]] = {
    400: InvalidError,
    401: KeyRefusedError,
    402: LicenceError,
    403: ForbiddenError,
    404: NotFoundError,
    406: InvalidError,
    422: InvalidError,
    429: RateLimitedError,
}


def refusal(answer: Answer, mask: Mask) -> ExchangeError:
    """Return the error for an *answer* whose status is not 2xx, with the key masked."""
    if httpx.codes.is_redirect(answer.status):
        location = mask.words(answer.headers.get("location", ""))
        return RedirectError(answer.status, location[:_MAX_CHARACTERS])
    value, text = _read(answer.content, mask)
    kind = _kind(answer, value)
    fields = _fields(value)
    detail = mask.words(_sentence(value)) or ("" if fields else text)
    error = kind(answer.status, detail[:_MAX_CHARACTERS], fields, text if value is None else value)
    if isinstance(error, RateLimitedError):
        error.retry_after_seconds = _retry_after_seconds(answer.headers)
    return error


def _read(content: bytes, mask: Mask) -> tuple[Any, str]:
    text = mask.words(content[:_MASKED_BYTES].decode(errors="replace"))[:_MAX_CHARACTERS]
    try:
        return mask.value(parse_json(content)), text
    except ValueError:
        return None, "" if is_page(content) else text.strip()


def _kind(answer: Answer, value: Any) -> type[ResponseError]:
    page = is_page(answer.content)
    if isinstance(value, dict) and value.get("cloudflare_error"):
        return BlockedError
    if answer.status == httpx.codes.FORBIDDEN and page and _is_cloudflare(answer.headers):
        return BlockedError
    if answer.status == httpx.codes.NOT_FOUND and page and value is None:
        return NotKeitaroError
    # What is neither success nor the client's fault says as little as a failure does.
    if not httpx.codes.is_client_error(answer.status):
        return ServerError
    return _BY_STATUS.get(answer.status, ResponseError)


def _is_cloudflare(headers: httpx.Headers) -> bool:
    return "cf-mitigated" in headers or headers.get("server", "").lower() == "cloudflare"


def _sentence(value: Any) -> str:
    if not isinstance(value, dict):
        return value if isinstance(value, str) else ""
    said = (value.get(name) for name in ("error", "message", "title"))
    return next((text for text in said if isinstance(text, str) and text), "")


def _fields(value: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        return {}
    return {
        name: tuple(text[:_MAX_CHARACTERS] for text in messages)
        for name, messages in value.items()
        if name not in _NO_FIELDS
        and isinstance(messages, list)
        and messages
        and all(isinstance(text, str) for text in messages)
    }


def _retry_after_seconds(headers: httpx.Headers) -> int | None:
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return int(text)
    try:
        # Counted on the answer's own clock, which need not agree with ours.
        until = email.utils.parsedate_to_datetime(text)
        seconds = (
            until - email.utils.parsedate_to_datetime(headers.get("date", ""))
        ).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return int(seconds) if seconds >= 0 else None
