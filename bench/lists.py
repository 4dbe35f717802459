"""`make bench-lists`: a long list against a tracker that takes its time for every call.

The ideal is what the calls that create take with as many under way as a tracker gets at one time. A
bare loop over the HTTP library shows how near to it one can come at all.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from bench.contenders import KEY
from bench.machine import described, divided, pin
from bench.stage import BenchError, Network, Stage, staged

IN_FLIGHT = 4
CALL_SECONDS = 0.05
ANSWER_SECONDS = 120.0
AIM = 1.15
FAILED = 1


@dataclass(frozen=True)
class Times:
    """How many seconds each way took, and how many requests the tracker had for the list."""

    plan: float
    run: float
    bare: float
    requests: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(prog="make bench-lists", description=__doc__)
    parser.add_argument("--items", type=int, default=500, help="streams in the list (500)")
    items = parser.parse_args(arguments).items
    cores = divided()
    pin(0, cores.harness)
    try:
        times = asyncio.run(measured(items))
    except BenchError as error:
        print(f"not measured: {error}", file=sys.stderr)
        return FAILED
    ideal = items * CALL_SECONDS / IN_FLIGHT
    print(f"{described(cores)}. {items} streams, {CALL_SECONDS * 1000:.0f} ms for each call.")
    print(f"ideal            {ideal:6.2f} s   1.00  ({IN_FLIGHT} under way all the time)")
    print(f"bare HTTP loop   {times.bare:6.2f} s   {times.bare / ideal:.2f}")
    print(f"the list         {times.run:6.2f} s   {times.run / ideal:.2f}  (aim: {AIM:.2f})")
    print(f"its plan         {times.plan:6.2f} s")
    print(f"requests: {times.requests} for the list, from the press of the button to the answer")
    return 0


async def measured(items: int) -> Times:
    """Return what a list of so many streams takes, and a bare loop beside it.

    Raises:
        BenchError: The bot did not do all of it.
    """
    network = Network("list", 0.0, 0.0, CALL_SECONDS)
    async with staged("this", network, 1, divided(), asks_names=False) as stage:
        bare = await _bare(stage.tracker, [_stream(f"Bare {n}") for n in range(items)])
        content = json.dumps([_stream(f"List {n}") for n in range(items)]).encode()
        plan, message_id = await _asked(stage, content)
        before = await stage.tracker_requests()
        run = await _applied(stage, message_id, items)
        return Times(plan, run, bare, await stage.tracker_requests() - before)


def _stream(name: str) -> dict[str, Any]:
    return {
        "campaign_id": 11,
        "name": name,
        "type": "regular",
        "schema": "redirect",
        "action_type": "http",
        "action_payload": "https://landing.example/",
        "collect_clicks": True,
    }


async def _bare(tracker: str, streams: list[dict[str, Any]]) -> float:
    """Return how many seconds it takes to send *streams* with nothing around it."""
    url, headers = f"{tracker}/admin_api/v1/streams", {"Api-Key": KEY}
    left = list(streams)
    limits = httpx.Limits(max_connections=IN_FLIGHT)

    async with httpx.AsyncClient(trust_env=False, headers=headers, limits=limits) as client:

        async def work() -> None:
            while left:
                answer = await client.post(url, json=left.pop())
                if answer.is_error:
                    raise BenchError(f"the tracker refused: {answer.text}")

        begun_at = time.perf_counter()
        await asyncio.gather(*(work() for _ in range(IN_FLIGHT)))
        return time.perf_counter() - begun_at


async def _asked(stage: Stage, content: bytes) -> tuple[float, int]:
    """Send the list as a file; return how long its plan took, and which message that is."""
    [person] = stage.people
    chat = stage.telegram.private(person)
    heard = stage.ears.listen(chat.id)
    said_at = time.perf_counter()
    stage.telegram.say(person, chat, "/stream", attach=content)
    asked_at, words = await asyncio.wait_for(heard, ANSWER_SECONDS)
    if not words.startswith("❔"):
        raise BenchError(f"no plan, but {words}")
    [message] = [one for one in stage.telegram.messages(chat) if one.get("text") == words]
    return asked_at - said_at, int(message["message_id"])


async def _applied(stage: Stage, message_id: int, items: int) -> float:
    """Press *Apply* and return how long it took until all was said to be done."""
    [person] = stage.people
    chat = stage.telegram.private(person)
    heard = stage.ears.listen(chat.id)
    pressed_at = time.perf_counter()
    stage.telegram.press(person, chat, message_id, "Apply")
    ended_at, words = await asyncio.wait_for(heard, ANSWER_SECONDS)
    if not words.startswith("✅") or f"done: {items}" not in words:
        raise BenchError(f"the list was answered with {words}\n{stage.bot.output}")
    return ended_at - pressed_at


if __name__ == "__main__":
    sys.exit(main())
