"""What went wrong, as people read it: status, the tracker's own words, what to do, the request."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from wcwidth import wcswidth

from handlers.faults import JsonError
from handlers.render.advice import Pick, advice, certificate_flaw, row_of
from handlers.render.html import block, code, folded, inert, shown, visible
from handlers.render.json_text import compact, indented
from handlers.render.page import Page, page
from handlers.texts import Texts
from keitaro import (
    AddressError,
    BlockedError,
    ExchangeError,
    ForbiddenError,
    KeyRefusedError,
    LicenceError,
    NoAnswerError,
    NotKeitaroError,
    PausedError,
    PayloadError,
    Problem,
    RedirectError,
    ResponseError,
    Sent,
    ServerError,
    UnreachableError,
    UnreadableError,
    find,
)

MEANINGS: Mapping[type[ExchangeError], Pick] = {
    KeyRefusedError: lambda texts: texts.key_refused,
    LicenceError: lambda texts: texts.licence,
    ForbiddenError: lambda texts: texts.forbidden,
    BlockedError: lambda texts: texts.blocked,
    NotKeitaroError: lambda texts: texts.not_keitaro,
    ServerError: lambda texts: texts.server_error,
}
MESSAGES_MOST = 10
MESSAGE_SIGNS = 300
BODY_SIGNS = 1500
# What is longer is cut within its first lines anyway: they say more when they are full.
JSON_SIGNS = 2400


def failed_exchange(error: ExchangeError, texts: Texts) -> Page:
    """Return the answer for a request that did not end well."""
    is_unknown = may_have_changed(error)
    lines = [
        f"<b>{headline(error, texts)}</b>",
        *messages(error),
        "",
        texts.change_unknown if is_unknown else advice(error, texts),
        request(error, texts),
    ]
    return page("⚠️" if is_unknown else "❌", *lines)


def may_have_changed(error: ExchangeError) -> bool:
    """Tell whether the tracker may hold a change although the answer does not say so."""
    operation = find(*error.sent.operation.split("."))
    return error.in_doubt and operation is not None and operation.changes


def headline(error: ExchangeError, texts: Texts) -> str:
    """Return in a few words what came back: the status with its name, or why there is none."""
    match error:
        case PausedError():
            return texts.paused.format(failures=error.failures)
        case UnreachableError():
            return texts.certificates.get(certificate_flaw(error), texts.unreachable[error.cause])
        case NoAnswerError(cause="timeout"):
            return texts.no_answer_timeout
        case NoAnswerError(cause="restart"):
            return texts.no_answer_restart
        case NoAnswerError(cause="garbled"):
            return texts.unreadable["not_json"]
        case NoAnswerError():
            return texts.no_answer_cut
        case UnreadableError():
            return texts.unreadable[error.reason]
        case RedirectError():
            where = texts.redirects.format(to=code(error.location or "?"))
            return f"{status_name(error.status)}: {where}"
        case ResponseError():
            return f"{status_name(error.status)}{_meaning(error, texts)}"
        case _:
            raise TypeError(type(error).__name__)


def _meaning(error: ResponseError, texts: Texts) -> str:
    pick = row_of(MEANINGS, error)
    return f": {pick(texts)}" if pick else ""


def status_name(status: int) -> str:
    """Return a status as it is known, such as "404 Not Found"."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def messages(error: ExchangeError) -> list[str]:
    """Return the tracker's own words as lines of HTML, field by field."""
    if not isinstance(error, ResponseError):
        return []
    said = [("", error.detail)] if error.detail else []
    said += [(field, text) for field, texts in error.fields.items() for text in texts]
    return [*(_said(*words) for words in said[:MESSAGES_MOST]), *_rest(said)]


def _said(field: str, text: str) -> str:
    words = inert(text[:MESSAGE_SIGNS])
    return f"{code(field)}: {words}" if field else words


def _rest(found: Sequence[object]) -> list[str]:
    return [f"… +{len(found) - MESSAGES_MOST}"] if len(found) > MESSAGES_MOST else []


def request(error: ExchangeError, texts: Texts) -> str:
    """Return the request and what came back, collapsed; the key is masked."""
    lines = [f"<b>{texts.request}</b>", *sent_lines(error.sent)]
    if isinstance(error, ResponseError) and error.response:
        lines += [f"<b>{texts.response}</b>", shown_json(error.response)]
    return folded(lines)


def sent_lines(sent: Sent) -> list[str]:
    """Return a request as lines of HTML."""
    lines = [
        f"{shown(sent.method)} {code(sent.url)}",
        f"Api-Key: {code(sent.key_hint)}",
        f"Operation: {code(sent.operation)}",
    ]
    return lines if sent.body is None else [*lines, shown_json(sent.body)]


def shown_json(value: Any) -> str:
    """Return *value* as JSON, or a text as it is, in a block of HTML, cut when long."""
    text = value if isinstance(value, str) else _json(value)
    return block(text if len(text) <= BODY_SIGNS else f"{text[:BODY_SIGNS]}…")


def _json(value: Any) -> str:
    return indented(value, indent=1, most=JSON_SIGNS) or compact(value)


def refused_payload(error: PayloadError, texts: Texts) -> Page:
    """Return the answer for a payload that does not fit its operation."""
    title = f"<b>{texts.payload_refused}</b>"
    return page("❌", title, *problem_lines(error, texts), "", texts.advice_fix)


def problem_lines(error: PayloadError, texts: Texts) -> list[str]:
    """Return what does not fit, field by field."""
    lines = [_problem(problem, texts) for problem in error.problems[:MESSAGES_MOST]]
    return [*lines, *_rest(error.problems)]


def _problem(problem: Problem, texts: Texts) -> str:
    sentence = texts.problems.get(problem.kind)
    expected = shown((problem.expected or "").replace(" or ", f" {texts.either} "))
    what = sentence.format(expected=expected) if sentence else inert(problem.message)
    return f"{code(problem.field or 'JSON')}: {what}"


def refused_address(error: AddressError, texts: Texts) -> Page:
    """Return the answer for a text that is no address of a tracker."""
    return page("❌", texts.addresses[error.reason], texts.address_example)


def broken_json(error: JsonError, texts: Texts) -> Page:
    """Return the answer for text that is not JSON, with the spot."""
    reason = texts.json_faults[error.fault].format(name=code(error.name))
    if not error.line:
        return page("❌", f"{texts.json_invalid}. {reason}")
    place = texts.json_place.format(line=error.line, column=error.column)
    return page("❌", f"{texts.json_invalid}: {place}.", *_spot(error), reason)


def _spot(error: JsonError) -> Iterable[str]:
    before = wcswidth(visible(error.spot[: error.caret]))
    return [block(f"{error.spot}\n{' ' * before}^")]
