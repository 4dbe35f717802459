"""Somebody who watches requests go through their stages, and may hold them up or end them there.

A witness of `sandbox.telegram` is told of calls, one of `sandbox.keitaro` of requests:

    received    it is here and nothing has come of it
    done        what it asks for has been carried out, and no answer has been given
    answered    the answer has been given in full

The request waits until the witness returns; if it raises `sandbox.serving.Cut`, the connection
is closed without a further byte.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

Stage = Literal["received", "done", "answered"]
Witness = Callable[[Stage, Any], Awaitable[None]]


async def nobody(_stage: Stage, _seen: Any) -> None:
    """Watch nothing."""
