"""The log: one line an event, and never a secret in it."""

import json
import logging
import sys
import threading
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal

from bot.output import LogLines, Sparing
from handlers import Redaction

# At lower levels these print whole addresses, the bot token in them.
TALKATIVE = ("httpx", "httpcore", "telegram", "uvicorn", "asyncio", "hpack")


class Redacting(logging.Formatter):
    """Takes secrets out of everything that another formatter has written, tracebacks included."""

    def __init__(self, inner: logging.Formatter, redaction: Redaction) -> None:
        super().__init__()
        self._inner = inner
        self._redaction = redaction

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for *record* with every secret masked."""
        return self._redaction.text(self._inner.format(record))


class Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return *record* as a JSON object."""
        event = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            event["traceback"] = self.formatException(record.exc_info)
        return json.dumps(event, ensure_ascii=False)


class Lines(logging.Formatter):
    """Text in which an event cannot forge a second line; a traceback follows indented."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """Return the line of *record* with its line breaks made visible."""
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's own name
        """Return the traceback, indented."""
        text = super().formatException(ei)  # type: ignore[arg-type]  # logging's own private type
        return "\n".join(f"    {line}" for line in text.split("\n"))


def set_up_log(*, level: str, style: Literal["text", "json"], redaction: Redaction) -> None:
    """Send the log to standard error in the given *style*, masked by *redaction*."""
    handler = LogLines()
    handler.addFilter(Sparing())
    handler.setFormatter(Redacting(Json() if style == "json" else Lines(), redaction))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def log_strays() -> None:
    """Have Python send to the log what it would print by itself: warnings, uncaught exceptions."""
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = lambda found: _uncaught(
        found.exc_type, found.exc_value or found.exc_type(), found.exc_traceback
    )
    sys.unraisablehook = lambda found: _uncaught(
        found.exc_type, found.exc_value or found.exc_type(), found.exc_traceback
    )


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    # With the error itself in it, or one would be taken for a repetition of another.
    logging.getLogger(__name__).critical("uncaught: %r", error, exc_info=(kind, error, trace))
