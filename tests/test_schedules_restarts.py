"""Two years of schedules in eight zones, with a bot that is killed again and again."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest

from bot.app import assembled
from handlers import SERVICES, Bot
from handlers.stats.due import sweep
from handlers.stats.due_turn import read_due
from handlers.stats.rule import Rule, pack_rule
from handlers.stats.timetable import next_due
from storage import Store
from tests.conftest import Clock
from tests.test_timetable import ZONES, begin_of, end_of, walked, walls

# Where clocks are changed, the first is lost or comes twice.
RULES = (Rule("day", 2, 30), Rule("sunday", 1, 45), Rule("weekday", 0, 0))
CHAT = 4000
LIVES = 40


@dataclass
class Witness:
    """What was handled, by schedule, in order; *chance* decides when a process dies."""

    chance: random.Random
    handled: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    deaths: int = 0
    left_over: int = 0

    async def handle(self, application: Bot) -> None:
        """Handle what waits, as far as this process gets: what is done, is done for good."""
        queue, services = application.update_queue, application.bot_data[SERVICES]
        while not queue.empty():
            update = queue.get_nowait()
            due = await read_due(update.message, services)
            await queue.finish(update)
            self.handled[due.schedule.schedule_id].append(int(due.at))

    async def die(self, application: Bot) -> None:
        """Break off at any step of taking what is due, or before it is handled."""
        self.deaths += 1
        sweeping = asyncio.create_task(sweep(application))
        for _ in range(self.chance.randrange(12)):
            await asyncio.sleep(0)
        if self.chance.random() < 0.5:
            sweeping.cancel()
        await asyncio.gather(sweeping, return_exceptions=True)


@pytest.fixture
def alive(settings, clock: Clock):
    """Return a process that has taken over what the one before it has left."""

    @asynccontextmanager
    async def living() -> AsyncIterator[Bot]:
        nobody = httpx.MockTransport(lambda _: httpx.Response(500))
        async with assembled(settings, telegram=nobody, tracker=nobody, now=clock) as (bot, _):
            await bot.update_queue.adopt(bot.bot)
            yield bot

    return living


async def scheduled(store: Store, zone: str, rule: Rule, now: float) -> int:
    made = await store.schedules.add(
        CHAT,
        1,
        thread_id=None,
        rule=pack_rule(rule),
        time_zone=zone,
        body={},
        next_at=next_due(rule, zone, now),
    )
    assert made
    return made


def periods(chance: random.Random, begin: int, end: int) -> list[tuple[int, int]]:
    """Return from when to when a process lives, one after the other, with breaks between some."""
    edges = sorted(chance.randrange(begin, end) for _ in range(2 * LIVES))
    lives = []
    moments = [begin, *edges, end]
    for first, last in zip(moments[::2], moments[1::2], strict=True):
        # Some are begun anew at once.
        middle = chance.randrange(first, last + 1)
        lives += [(first, middle), (middle, last)] if chance.random() < 0.5 else [(first, last)]
    return lives


def expected(due: list[int], lives: list[tuple[int, int]]) -> list[int]:
    """Return which of the *due* times are run: all in a life, the last of those in a break."""
    run, before = [], lives[0][0]
    for first, last in lives:
        missed = [at for at in due if before < at <= first]
        run += missed[-1:]
        run += [at for at in due if first < at <= last]
        before = last
    return run


@pytest.mark.parametrize("zone", ZONES)
async def test_every_due_time_of_two_years_is_run_once_however_often_it_dies(alive, clock, zone):
    chance = random.Random(zone)  # noqa: S311 - a plan, no secret
    begin, end = begin_of(zone), end_of(zone)
    lives = periods(chance, begin, end)
    witness, rules = Witness(chance), {}
    clock.at = begin
    async with alive() as bot:
        store = bot.bot_data[SERVICES].store
        for rule in RULES:
            rules[await scheduled(store, zone, rule, begin)] = rule
    for first, last in lives:
        clock.at = first
        await live(alive, clock, witness, last)
    looked_at = walls(zone)

    assert witness.handled == {
        number: expected([at for at in walked(rule, looked_at) if at > begin], lives)
        for number, rule in rules.items()
    }
    assert witness.deaths > LIVES
    assert witness.left_over > 10


async def live(alive, clock: Clock, witness: Witness, last: int) -> None:
    """Have processes live until *last*; some die at a due time and are begun again at once."""
    while True:
        async with alive() as bot:
            witness.left_over += bot.update_queue.qsize()
            await witness.handle(bot)
            await sweep(bot)
            await witness.handle(bot)
            is_over = True
            while (soonest := await bot.bot_data[SERVICES].store.schedules.soonest()) <= last:
                clock.at = max(soonest, clock.at)
                if witness.chance.random() < 0.15:
                    await witness.die(bot)
                    is_over = False
                    break
                await sweep(bot)
                await witness.handle(bot)
            if is_over:
                clock.at = last
                return
