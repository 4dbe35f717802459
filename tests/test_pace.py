"""How fast messages go out: never faster than Telegram allows, and never slower than needed."""

import asyncio
import time

import pytest

from handlers.pace import OVERALL, PER_CHAT, PER_GROUP, SLACK, Pace

PERSON, OTHER, GROUP = 5, 6, -100


@pytest.fixture
def pace(clock) -> Pace:
    return Pace(clock=clock)


def taken(pace: Pace, clock, chat_id: int, *, seconds: float, step: float = 0.05) -> list[float]:
    """Try to send to a chat again and again, and return when that went."""
    began, moments = clock.at, []
    while clock.at < began + seconds:
        if pace.take_now(chat_id):
            moments.append(clock.at - began)
        clock.at += step
    return moments


def most_within(moments: list[float], seconds: float) -> int:
    """Return how many of *moments* lie in the fullest span of so many seconds."""
    return max(sum(1 for other in moments if 0 <= other - moment < seconds) for moment in moments)


def test_a_chat_is_written_to_once_a_second(pace, clock):
    moments = taken(pace, clock, PERSON, seconds=20)

    assert 17 <= len(moments) <= 20
    assert most_within(moments, PER_CHAT.seconds) == PER_CHAT.messages


def test_a_group_is_written_to_twenty_times_a_minute(pace, clock):
    moments = taken(pace, clock, GROUP, seconds=180)

    assert 55 <= len(moments) <= 60
    assert most_within(moments, PER_GROUP.seconds) == PER_GROUP.messages


def test_a_person_is_written_to_more_often_than_a_group(pace, clock):
    assert len(taken(pace, clock, PERSON, seconds=60)) > 2 * PER_GROUP.messages


def test_chats_do_not_wait_for_each_other(pace):
    assert [pace.take_now(chat) for chat in (PERSON, PERSON, OTHER, GROUP)] == [
        True,
        False,
        True,
        True,
    ]


def test_all_chats_together_are_written_to_thirty_times_a_second(pace, clock):
    went = [chat for chat in range(1, 100) if pace.take_now(chat)]
    clock.at += OVERALL.seconds * SLACK
    later = [chat for chat in range(100, 200) if pace.take_now(chat)]

    assert (len(went), len(later)) == (OVERALL.messages, OVERALL.messages)


async def test_edits_count_for_all_and_for_no_chat(pace):
    for _ in range(OVERALL.messages - 1):
        await pace.take_edit()

    assert pace.take_now(PERSON)
    assert not pace.take_now(OTHER)


def test_a_restart_is_no_way_around_the_limit_of_a_group(clock):
    """What went before is remembered, the oldest first."""
    pace = Pace(clock=clock)
    pace.recall((GROUP, 50.0 - number) for number in range(PER_GROUP.messages))

    assert not pace.take_now(GROUP)
    assert pace.take_now(PERSON)
    clock.at += 12.0
    assert not pace.take_now(GROUP)
    clock.at += 2.0
    assert pace.take_now(GROUP)


def test_a_restart_is_no_way_around_the_limit_of_a_chat(pace, clock):
    pace.recall([(PERSON, 0.5)])

    assert not pace.take_now(PERSON)
    clock.at += 0.6
    assert pace.take_now(PERSON)


async def test_without_limits_nothing_waits(clock):
    pace = Pace(is_free=True, clock=clock)
    async with asyncio.timeout(5):
        for _ in range(100):
            await pace.take(GROUP)
            await pace.take_edit()

    assert all(pace.take_now(GROUP) for _ in range(100))


def test_chats_that_are_long_silent_are_forgotten(pace, clock):
    for chat in range(1, 5000):
        pace.take_now(chat)
        clock.at += 1.0

    assert len(pace._chats) < 1100


async def test_forty_messages_at_once_keep_every_limit():
    """In real time: ten to one chat's turn, the others to a chat each."""
    pace = Pace()
    sent: list[tuple[int, float]] = []

    async def send(chat: int) -> None:
        for _ in range(3 if chat == GROUP else 1):
            await pace.take(chat)
            sent.append((chat, time.monotonic()))

    began = time.monotonic()
    async with asyncio.timeout(20):
        await asyncio.gather(*(send(chat) for chat in (GROUP, *range(1, 38))))
    moments = [moment for _, moment in sent]

    assert len(sent) == 40
    assert most_within(moments, OVERALL.seconds) <= OVERALL.messages
    assert most_within([at for chat, at in sent if chat == GROUP], PER_CHAT.seconds) == 1
    assert moments[-1] - began < 10


async def test_a_chat_that_waits_lets_others_go_first(pace, clock):
    pace.take_now(GROUP)
    waiting = asyncio.create_task(pace.take(GROUP))
    await asyncio.sleep(0)

    assert pace.take_now(PERSON)
    assert not waiting.done()
    waiting.cancel()
