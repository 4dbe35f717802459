"""Exceptions become answers here, and nowhere else.

❌ is said only when the tracker was certainly not changed. A change that went out and got no
clear answer is ⚠️, and so is a fault of our own once a change has been sent.
"""

import logging
import secrets

from handlers.faults import (
    AlbumError,
    AmbiguousPayloadError,
    EmptyFileError,
    FileLostError,
    FindingsError,
    GivenUpError,
    HandlerError,
    JsonError,
    LateError,
    LeakedError,
    LinkTriesError,
    ListError,
    ListRefusedError,
    NothingToUndoError,
    NotLinkedError,
    NotTextError,
    OtherStreamError,
    PayloadMissingError,
    RefusedError,
    RestingError,
    SwapError,
    TooLargeError,
    UndoError,
    UsageError,
    WrongPayloadError,
)
from handlers.lists.read import ITEMS_MOST
from handlers.render.failure import (
    broken_json,
    failed_exchange,
    refused_address,
    refused_payload,
)
from handlers.render.findings import finding_lines
from handlers.render.html import bold, code, shown
from handlers.render.numbered import group_lines, numbers
from handlers.render.page import Page, check_button, page
from handlers.render.refusals import refusals
from handlers.stats.faults import NotPrintedError, PhraseError, SavedError, WideReportError
from handlers.texts import Texts
from handlers.turn import Turn
from keitaro import AddressError, ExchangeError, KeyFormatError, PayloadError

KIB = 1024
# What is wrong with a phrase where the sentence itself says what fits.
FITS_WITHIN = frozenset({"limit", "length", "long", "many"})

log = logging.getLogger(__name__)


def explain(error: Exception, turn: Turn) -> Page:
    """Return the answer for *error*; what nobody foresaw is logged under the id it shows."""
    texts = turn.texts
    match error:
        case HandlerError() | PayloadError() | AddressError() | KeyFormatError() if (
            turn.has_sent_change
        ):
            # Whatever keeps it from being looked at: an earlier process may have sent it.
            lines = (bold(texts.no_answer_restart), "", texts.change_unknown)
            return page("⚠️", *lines, buttons=check_button(turn.key, texts.check_again))
        case ExchangeError():
            return failed_exchange(error, texts)
        case PayloadError():
            return refused_payload(error, texts)
        case AddressError():
            return refused_address(error, texts)
        case KeyFormatError():
            return page("❌", texts.key_malformed)
        case JsonError():
            return broken_json(error, texts)
        case FindingsError() | ListRefusedError():
            return page("❌", bold(texts.plan_refused), *_refusals(error, texts))
        case HandlerError():
            return page("❌", _sentence(error, texts))
        case LateError():
            return page("❌", texts.plan_late)
        case _:
            return _unforeseen(error, turn)


def _refusals(error: FindingsError | ListRefusedError, texts: Texts) -> list[str]:
    if isinstance(error, FindingsError):
        return finding_lines(error.found, texts)
    return group_lines(refusals(error.found, texts), texts)


def _sentence(error: HandlerError, texts: Texts) -> str:
    match error:
        case RefusedError() | LinkTriesError() | RestingError():
            return _refusal(error, texts)
        case GivenUpError():
            return texts.given_up
        case NotLinkedError():
            return texts.not_linked
        case UsageError(word=""):
            return texts.usage.format(command=shown(error.command))
        case UsageError():
            return texts.usage_word.format(command=shown(error.command), word=code(error.word))
        case PayloadMissingError():
            return texts.payload_missing.format(command=shown(error.command))
        case PhraseError() | SavedError() | NotPrintedError() | WideReportError():
            return _figures_sentence(error, texts)
        case ListError():
            which = numbers(error.numbers)
            return texts.list_faults[error.fault].format(items=which, most=ITEMS_MOST)
        case NothingToUndoError() | UndoError() | SwapError() | OtherStreamError():
            return _change_sentence(error, texts)
        case _:
            return _payload_sentence(error, texts)


def _change_sentence(
    error: NothingToUndoError | UndoError | SwapError | OtherStreamError, texts: Texts
) -> str:
    match error:
        case NothingToUndoError():
            return texts.undo_nothing
        case UndoError():
            return texts.undo_impossible[error.reason]
        case SwapError():
            return texts.swap_refused[error.reason].format(id=error.offer_id)
        case OtherStreamError():
            return texts.other_stream.format(id=error.stream_id, shown=code(error.shown))


def _figures_sentence(
    error: PhraseError | SavedError | NotPrintedError | WideReportError, texts: Texts
) -> str:
    match error:
        case WideReportError():
            return texts.report_too_wide.format(most=error.most)
        case PhraseError():
            return _phrase_sentence(error, texts)
        case SavedError():
            return _saved_sentence(error, texts)
        case NotPrintedError():
            return texts.paper_faults[error.reason]


def _phrase_sentence(error: PhraseError, texts: Texts) -> str:
    fits = ", ".join(map(code, error.fits))
    said = texts.phrase_faults[error.reason].format(word=code(error.word), fits=fits)
    if not error.fits or error.reason in FITS_WITHIN:
        return said
    return f"{said}\n{texts.phrase_fits.format(fits=fits)}"


def _saved_sentence(error: SavedError, texts: Texts) -> str:
    near = ", ".join(map(code, error.fits))
    words = texts.saved_refused[error.reason].format(name=code(error.name))
    return f"{words}\n{texts.saved_near.format(names=near)}" if near else words


def _refusal(error: RefusedError | LinkTriesError | RestingError, texts: Texts) -> str:
    if isinstance(error, RestingError):
        return texts.check_resting.format(seconds=error.seconds)
    if isinstance(error, LinkTriesError):
        return texts.dial_tries.format(most=error.most)
    match error.reason:
        case "forwarded":
            return texts.refused_forwarded
        case "role":
            return texts.refused_role.format(role=texts.roles[error.needed])
        case reason:
            return texts.refused_buttons[reason]


def _payload_sentence(error: HandlerError, texts: Texts) -> str:
    match error:
        case WrongPayloadError(expected="fields"):
            return texts.payload_no_fields
        case WrongPayloadError():
            return texts.payload_no_object
        case EmptyFileError():
            return texts.payload_empty
        case TooLargeError():
            return texts.payload_too_large.format(limit=f"{error.limit / KIB:.0f}")
        case AmbiguousPayloadError():
            return texts.payload_ambiguous
        case AlbumError():
            return texts.payload_album
        case LeakedError():
            return texts.seen_in_payload
        case NotTextError():
            return texts.payload_not_text
        case FileLostError():
            return texts.payload_lost
        case _:
            raise TypeError(type(error).__name__)


def _unforeseen(error: Exception, turn: Turn) -> Page:
    error_id = secrets.token_hex(4)
    log.error("error %s", error_id, exc_info=error)
    if turn.has_sent_change:
        buttons = check_button(turn.key, turn.texts.check_again)
        words = turn.texts.unforeseen_after_change.format(id=error_id)
        return page("⚠️", words, buttons=buttons)
    return page("❌", turn.texts.unforeseen.format(id=error_id))
