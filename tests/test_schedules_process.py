"""A due time and the death of the process: the real bot over real sockets."""

import asyncio
import contextlib
import sqlite3
import time
from dataclasses import dataclass

import pytest

from tests.world import World, world_in

ADD = "/schedules add today campaign every hour"


@dataclass
class Timed(World):
    """A world in which something is due soon."""

    def due_in(self, seconds: float) -> None:
        """Have the only schedule be due soon instead of within the hour."""
        with contextlib.closing(sqlite3.connect(self.database)) as db, db:
            db.execute("UPDATE schedules SET next_at = ?", (time.time() + seconds,))

    @property
    def reports(self) -> int:
        """How often the tracker was asked for figures, but for those that are compared."""
        reports = [one.body for one in self.keitaro.requests if one.path == "report/build"]
        return sum(body["limit"] != 1 for body in reports)

    async def asked(self, times: int) -> None:
        while self.reports < times:
            await asyncio.sleep(0.005)

    def came(self) -> list[str]:
        """Return the last lines of the reports that came by themselves."""
        return [text.split("\n")[-1] for text in self.answers() if "⏰" in text]

    async def came_times(self, times: int) -> None:
        while len(self.came()) < times:
            await asyncio.sleep(0.01)
        await self.all_done()


@pytest.fixture
async def world(tmp_path):
    async with world_in(tmp_path, Timed) as world:
        await world.bot.start()
        await world.link()
        assert (await world.ask(ADD)).startswith("✅")
        await world.all_done()
        yield world


async def test_killed_around_its_due_time_a_report_comes_once(world: Timed):
    """While it is asked for, before anything is stored, and right after it came."""
    world.keitaro.delay_seconds = 0.5
    world.due_in(0.3)
    await world.asked(1)
    await world.bot.kill()
    await world.bot.start()
    await world.came_times(1)
    world.keitaro.delay_seconds = 0.0
    await world.bot.kill()
    world.due_in(0.0)
    await world.bot.start()
    await world.came_times(2)
    await world.bot.kill()
    await world.bot.start()
    await world.ask("/schedules")

    lines = [line.partition(" every")[2] for line in world.came()]
    assert lines == [" hour at :00 (UTC)"] * 2
    assert world.reports == 3
    assert world.count("SELECT count(*) FROM due_runs") == 2
    assert world.count("SELECT count(*) FROM inbox WHERE update_id < 0 AND fate = 'done'") == 2


async def test_a_report_that_was_missed_for_long_comes_once_and_says_so(world: Timed):
    await world.bot.stop()
    world.due_in(-7300.0)
    await world.bot.start()
    await world.came_times(1)

    [line] = world.came()
    assert line.startswith("late: due at ")
    assert world.reports == 1
