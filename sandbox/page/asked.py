"""What the bot has asked of the tracker, with how long each answer took."""

import time
from typing import Any

from sandbox.keitaro import Keitaro, Request
from sandbox.witness import Stage as Step

CALLS_MOST = 200
BODY_SIGNS_MOST = 20_000


class Asked:
    """Watches the requests that reach *keitaro*, the last ones of them."""

    def __init__(self, keitaro: Keitaro) -> None:
        self._keitaro = keitaro
        self._began: dict[int, float] = {}
        self._took_ms: dict[int, float] = {}
        keitaro.witness = self._see

    async def _see(self, step: Step, request: Request) -> None:
        if step == "received":
            self._began[id(request)] = time.monotonic()
        elif step == "answered":
            began = self._began.get(id(request), time.monotonic())
            self._took_ms[id(request)] = (time.monotonic() - began) * 1000

    def shown(self) -> dict[str, dict[str, Any]]:
        """Return the last calls by their number, as the page shows them."""
        requests = self._keitaro.requests
        first = max(0, len(requests) - CALLS_MOST)
        changing = set(map(id, self._keitaro.mutations))
        return {
            str(number): {
                "number": number,
                "at": request.at,
                "method": request.method,
                "path": request.path,
                "query": dict(request.query),
                "body": request.raw.decode(errors="replace")[:BODY_SIGNS_MOST],
                "status": request.status,
                "changes": id(request) in changing,
                "took_ms": self._took_ms.get(id(request)),
            }
            for number, request in enumerate(requests[first:], first + 1)
        }
