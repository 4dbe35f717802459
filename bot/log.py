"""The log: one line an event, and never a secret in it."""

import json
import logging
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal

from bot.output import LogLines, Sparing

MASK = "••••"
# What looks like a bot token is hidden even if it is not ours.
TOKEN = re.compile(r"(?<!\d)\d{6,}:[A-Za-z0-9_-]{30,}")
# At lower levels these print whole addresses, the bot token in them.
TALKATIVE = ("httpx", "httpcore", "telegram", "uvicorn", "asyncio", "hpack")


class Redacting(logging.Formatter):
    """Takes secrets out of everything that another formatter has written, tracebacks included."""

    def __init__(self, inner: logging.Formatter, secrets: Iterable[str]) -> None:
        super().__init__()
        self._inner = inner
        known = sorted(set(secrets), key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, known))) if known else None

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for *record* with every secret masked."""
        line = TOKEN.sub(MASK, self._inner.format(record))
        return self._secrets.sub(MASK, line) if self._secrets else line


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


def set_up_log(*, level: str, style: Literal["text", "json"], secrets: Iterable[str]) -> None:
    """Send the log to standard error in the given *style*, *secrets* masked."""
    handler = LogLines()
    handler.addFilter(Sparing())
    handler.setFormatter(Redacting(Json() if style == "json" else Lines(), secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
