"""The way to a server: every request and every answer takes half of a round trip."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

from sandbox.serving import App, Receive, Scope, Send


def far_away(app: App, round_trip_seconds: float) -> App:
    """Return *app* as it looks from so far away."""
    if not round_trip_seconds:
        return app
    half = round_trip_seconds / 2

    async def reached(scope: Scope, receive: Receive, send: Send) -> None:
        async def answer(event: MutableMapping[str, Any]) -> None:
            if event["type"] == "http.response.start":
                await asyncio.sleep(half)
            await send(event)

        if scope["type"] == "http":
            await asyncio.sleep(half)
        await app(scope, receive, answer)

    return reached
