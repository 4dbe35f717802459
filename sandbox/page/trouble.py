"""Misfortunes that whoever tries the bot can order with a switch."""

from typing import Any

from sandbox.keitaro import Keitaro, Request
from sandbox.telegram import Telegram

ERROR_PAGE = "<html><body><h1>502 Bad Gateway</h1><hr>nginx</body></html>"
SLOW_SECONDS = 4.0
SILENT_SECONDS = 3600.0
PAUSE_SECONDS = 5

# These ask, although they are posted.
QUESTIONS = ("report/build", "clicks/log", "conversions/log")
# Polls go on, so that the page shows what becomes of answers.
SAYING = ("sendMessage", "editMessageText", "sendDocument", "sendPhoto")


def _any(_: Request) -> bool:
    return True


def _changes(request: Request) -> bool:
    """Tell whether this is to change something, and not to ask."""
    return request.method != "GET" and request.path not in QUESTIONS


class _Gone:
    """From the first change on: everything."""

    def __init__(self) -> None:
        self._is_gone = False

    def __call__(self, request: Request) -> bool:
        self._is_gone = self._is_gone or _changes(request)
        return self._is_gone


# What a tracker does; every one of them is a fault of `sandbox.keitaro.faults`.
TRACKER: dict[str, dict[str, Any]] = {
    "401": {"status": 401, "body": {"error": "Access denied"}},
    "403": {"status": 403, "body": {"error": "Forbidden"}},
    "422": {"status": 422, "body": {"error": "Validation failed"}, "when": _changes},
    "429": {"status": 429, "body": {"error": "Too many requests"}, "headers": {"Retry-After": "5"}},
    "500": {"status": 500, "body": {"error": "Internal server error"}},
    "500 changes": {"status": 500, "body": {"error": "Internal server error"}, "when": _changes},
    "html": {"status": 502, "body": ERROR_PAGE},
    "silent": {"delay_seconds": SILENT_SECONDS},
    "slow": {"delay_seconds": SLOW_SECONDS},
    "cut": {"cut": True, "after_effect": True, "when": _changes},
    # Then nobody can find out either.
    "gone": {"cut": True, "after_effect": True, "when": _Gone},
}
TELEGRAM: dict[str, dict[str, Any]] = {
    "429": {
        "status": 429,
        "description": f"Too Many Requests: retry after {PAUSE_SECONDS}",
        "parameters": {"retry_after": PAUSE_SECONDS},
    },
    "502": {"status": 502, "raw": ERROR_PAGE.encode()},
}


class Trouble:
    """The faults that are switched on, each until it is switched off."""

    def __init__(self, telegram: Telegram, keitaro: Keitaro) -> None:
        self._telegram = telegram
        self._keitaro = keitaro
        self._tracker = ""
        self._bot_api = ""

    def shown(self) -> dict[str, str]:
        """Return which misfortune is switched on for whom; empty if none is."""
        return {"tracker": self._tracker, "telegram": self._bot_api}

    def set_tracker(self, name: str) -> None:
        """Let the tracker behave like this from now on; well, if *name* is empty.

        Raises:
            LookupError: There is no such misfortune.
        """
        fault = {"when": _any, **TRACKER[name]} if name else None
        self._keitaro.script.clear()
        if fault:
            when = fault.pop("when")
            self._keitaro.fail_when(when() if isinstance(when, type) else when, **fault)
        self._tracker = name

    def set_telegram(self, name: str) -> None:
        """Let Telegram behave like this from now on; well, if *name* is empty.

        Raises:
            LookupError: There is no such misfortune.
        """
        fault = TELEGRAM[name] if name else None
        self._telegram.faults.queue.clear()
        for method in SAYING if fault else ():
            self._telegram.fail(method, times=10**6, **(fault or {}))
        self._bot_api = name
