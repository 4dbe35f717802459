"""Link buttons and the requests they open."""

import asyncio
import re

import pytest

from storage import LinkRequest, open_store


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        """Return the time it has been set to."""
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def store(tmp_path, clock):
    store = await open_store(tmp_path / "bot.db", keys=[b"k" * 32], now=clock)
    yield store
    await store.close()


@pytest.fixture
def tokens(store):
    return store.link_tokens


@pytest.fixture
def issue(tokens):
    async def issue(chat_id=-100, *, thread_id=None, user_id=7, chat_title="Team", **options):
        return await tokens.issue(
            chat_id=chat_id, thread_id=thread_id, user_id=user_id, chat_title=chat_title, **options
        )

    return issue


async def test_a_token_fits_into_a_deep_link(issue):
    token = await issue()

    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", token)
    assert await issue() != token


async def test_a_token_opens_its_request(issue, tokens):
    token = await issue(thread_id=5)
    waiting = await tokens.pending(7)
    opened = await tokens.open(token, 7)

    assert waiting is None
    assert opened == LinkRequest(-100, 5, "Team", 7, address=None)
    assert await tokens.pending(7) == opened


async def test_a_token_is_for_one_person(issue, tokens):
    token = await issue()

    assert await tokens.open(token, 8) is None
    assert await tokens.pending(8) is None


async def test_an_invented_token_opens_nothing_and_disturbs_nothing(issue, tokens):
    opened = await tokens.open(await issue(), 7)

    assert await tokens.open("invented", 7) is None
    assert await tokens.pending(7) == opened


async def test_a_token_may_be_opened_again_and_keeps_the_address(issue, tokens):
    token = await issue()
    await tokens.open(token, 7)

    assert await tokens.remember_address(7, "https://tracker.example") is True
    assert await tokens.open(token, 7) == LinkRequest(
        -100, None, "Team", 7, "https://tracker.example"
    )


async def test_a_closed_request_is_not_opened_again(issue, tokens):
    token = await issue()
    await tokens.open(token, 7)

    assert await tokens.close(7) is True
    assert await tokens.close(7) is False
    assert await tokens.pending(7) is None
    assert await tokens.open(token, 7) is None


async def test_of_two_who_close_at_once_one_has_closed(issue, tokens):
    await tokens.open(await issue(), 7)

    assert sorted(await asyncio.gather(tokens.close(7), tokens.close(7))) == [False, True]


async def test_a_request_without_a_token(tokens):
    begun = await tokens.begin(chat_id=7, thread_id=None, chat_title="Ann", user_id=7)

    assert begun == LinkRequest(7, None, "Ann", 7)
    assert await tokens.pending(7) == begun
    assert await tokens.close(7) is True


async def test_a_person_has_one_pending_request(issue, tokens):
    """The one that was replaced starts afresh when its button is pressed again."""
    first, second = await issue(-100), await issue(-200)
    await tokens.open(first, 7)
    await tokens.remember_address(7, "https://tracker.example")
    await tokens.open(second, 7)

    assert await tokens.pending(7) == LinkRequest(-200, None, "Team", 7)
    assert await tokens.open(first, 7) == LinkRequest(-100, None, "Team", 7)
    assert await tokens.pending(7) == LinkRequest(-100, None, "Team", 7)


async def test_begin_replaces_what_was_opened_and_open_what_was_begun(issue, tokens):
    token = await issue()
    await tokens.open(token, 7)
    await tokens.begin(chat_id=7, thread_id=None, chat_title="Ann", user_id=7)
    await tokens.begin(chat_id=8, thread_id=None, chat_title="Ann", user_id=7)
    begun = await tokens.pending(7)
    await tokens.open(token, 7)

    assert begun == LinkRequest(8, None, "Ann", 7)
    assert await tokens.pending(7) == LinkRequest(-100, None, "Team", 7)
    assert await tokens.close(7) is True
    assert await tokens.pending(7) is None


async def test_people_do_not_see_each_other_s_requests(issue, tokens):
    await tokens.open(await issue(user_id=7), 7)
    await tokens.open(await issue(-200, user_id=8), 8)

    assert await tokens.pending(7) == LinkRequest(-100, None, "Team", 7)
    assert await tokens.pending(8) == LinkRequest(-200, None, "Team", 8)


async def test_without_a_request_no_address_is_remembered(tokens):
    assert await tokens.remember_address(7, "https://tracker.example") is False
    assert await tokens.pending(7) is None


@pytest.mark.parametrize(("later", "is_open"), [(899.9, True), (900, False)])
async def test_a_token_has_its_time(issue, tokens, clock, later, is_open):
    token = await issue()
    clock.seconds += later

    assert (await tokens.open(token, 7) is not None) is is_open


@pytest.mark.parametrize("kind", ["opened", "begun"])
async def test_a_pending_request_has_its_time(issue, tokens, clock, kind):
    if kind == "opened":
        await tokens.open(await issue(lifetime_seconds=60), 7)
    else:
        await tokens.begin(
            chat_id=7, thread_id=None, chat_title="Ann", user_id=7, lifetime_seconds=60
        )
    clock.seconds += 60

    assert await tokens.pending(7) is None
    assert await tokens.remember_address(7, "https://tracker.example") is False
    assert await tokens.close(7) is False


@pytest.mark.parametrize("kind", ["issue", "begin"])
async def test_what_has_expired_is_removed(store, issue, clock, kind):
    for _ in range(3):
        await issue()
    clock.seconds += 900
    if kind == "issue":
        await issue()
    else:
        await store.link_tokens.begin(chat_id=7, thread_id=None, chat_title="Ann", user_id=7)
    kept = await store.connection.run(
        lambda db: db.execute("SELECT count(*) FROM link_requests").fetchone()[0]
    )

    assert kept == 1
