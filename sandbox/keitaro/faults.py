"""Scripted misfortunes: answers and silences that a test orders in advance."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.keitaro.requests import Request

Body = bytes | str | dict[str, Any] | list[Any]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What happens instead of, or after, the real answer.

    *path* is the beginning of the path below ``/admin_api/v1/``, in whole words; *when*
    looks at the request itself. With *after_effect* the request is carried out first and
    only its answer is lost or replaced. A fault that names no *status*, *body* or *cut* lets
    the answer pass, only later: after *delay_seconds*, or when *until* is set. A *cut* with a
    *body* sends the body as the beginning of a longer one before the connection closes.
    """

    status: int | None = None
    body: Body | None = None
    content_type: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    method: str | None = None
    path: str | None = None
    delay_seconds: float = 0.0
    until: asyncio.Event | None = None
    after_effect: bool = False
    cut: bool = False
    when: Callable[[Request], bool] | None = None

    @property
    def replaces(self) -> bool:
        """Whether another answer, or none at all, is given."""
        return self.cut or self.status is not None or self.body is not None

    def matches(self, request: Request) -> bool:
        """Tell whether *request* meets this fault."""
        if self.method is not None and self.method.upper() != request.method:
            return False
        prefix = (self.path or "").removeprefix("/admin_api/v1/").strip("/")
        if prefix and not f"{request.path}/".startswith(f"{prefix}/"):
            return False
        return self.when is None or self.when(request)

    async def wait(self) -> None:
        """Let the ordered time pass."""
        if self.until is not None:
            await self.until.wait()
        if self.delay_seconds:
            await asyncio.sleep(self.delay_seconds)

    def content(self) -> tuple[bytes, str]:
        """Return the body's bytes and its content type."""
        match self.body:
            case None:
                return b"", self.content_type or "text/html; charset=utf-8"
            case bytes() as raw:
                return raw, self.content_type or "application/json"
            case str() as text:
                return text.encode(), self.content_type or "text/html; charset=utf-8"
            case value:
                return json.dumps(value).encode(), self.content_type or "application/json"


class Script:
    """The faults still to come, in the order in which they were ordered."""

    def __init__(self) -> None:
        self._left: list[tuple[Fault, float]] = []

    def order(self, fault: Fault, *, times: float) -> None:
        """Let *fault* happen to the next *times* requests that it matches."""
        self._left.append((fault, times))

    def clear(self) -> None:
        """Forget every fault that has not happened."""
        self._left.clear()

    def take(self, request: Request) -> Fault | None:
        """Return the first fault for *request* and count it as happened."""
        for index, (fault, times) in enumerate(self._left):
            if fault.matches(request):
                if times > 1:
                    self._left[index] = (fault, times - 1)
                else:
                    del self._left[index]
                return fault
        return None
