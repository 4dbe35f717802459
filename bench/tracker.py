"""The tracker as a process of its own, so that its work takes nothing from the bot's core.

`python -m bench.tracker KEY ROUND_TRIP_SECONDS CALL_SECONDS ADDRESSES` prints that many addresses
in a line and serves until its input ends. One more path, besides those of a tracker, says how much
it was asked.
"""

import asyncio
import sys
from contextlib import AsyncExitStack

from starlette.responses import JSONResponse

from bench.distance import far_away
from sandbox.keitaro import Keitaro
from sandbox.serving import App, Receive, Scope, Send, serving

COUNT = "/count"


def counted(keitaro: Keitaro, app: App) -> App:
    """Return *app*, which serves *keitaro*, with the path that tells the number of requests."""

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == COUNT:
            await JSONResponse(len(keitaro.requests))(scope, receive, send)
        else:
            await app(scope, receive, send)

    return asked


async def serve(key: str, round_trip_seconds: float, call_seconds: float, addresses: int) -> None:
    """Serve a fresh tracker that opens with *key*, until nobody holds the other end.

    It works for *call_seconds* on every call.
    """
    keitaro = Keitaro(key=key)
    keitaro.delay_seconds = call_seconds
    # Made up at the first look, which would be the first report's.
    _ = keitaro.buckets
    app = counted(keitaro, far_away(keitaro.app, round_trip_seconds))
    async with AsyncExitStack() as stack:
        found = [await stack.enter_async_context(serving(app)) for _ in range(addresses)]
        print(*found, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])))
