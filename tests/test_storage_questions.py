"""What a person is being asked in a chat."""

import pytest

from storage import Question, open_store


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
    opened = await open_store(tmp_path / "bot.db", keys=[b"k" * 32], now=clock)
    yield opened
    await opened.close()


@pytest.fixture
def questions(store):
    return store.questions


BODY = {"role": "operator", "ids": [1, 2], "title": "Ж"}


async def test_a_question_is_for_one_chat_and_one_person(questions):
    await questions.ask(-5, 7, "words", BODY, asked_by="u1")

    assert await questions.asked(-5, 7) == Question(-5, 7, "words", BODY, "u1", 1600.0)
    assert [await questions.asked(*other) for other in ((-5, 8), (-6, 7), (7, 7))] == [None] * 3


async def test_a_new_question_takes_the_place_of_the_last(questions):
    await questions.ask(-5, 7, "words", BODY, asked_by="u1")
    await questions.ask(-5, 7, "people", None, asked_by="u2", lifetime_seconds=60)

    assert await questions.asked(-5, 7) == Question(-5, 7, "people", None, "u2", 1060.0)


@pytest.mark.parametrize(("later", "is_asked"), [(599.9, True), (600, False), (9000, False)])
async def test_a_question_has_its_time(questions, clock, later, is_asked):
    await questions.ask(-5, 7, "words", BODY, asked_by="u1")
    clock.seconds += later

    assert (await questions.asked(-5, 7) is not None) is is_asked
    assert await questions.close(-5, 7) is is_asked
    assert await questions.close(-5, 7) is False
    assert await questions.asked(-5, 7) is None


async def test_what_is_over_is_thrown_away_with_the_next_question(store, questions, clock):
    await questions.ask(-5, 7, "words", BODY, asked_by="u1")
    clock.seconds += 600
    await questions.ask(-6, 8, "words", BODY, asked_by="u2")
    left = await store.connection.run(
        lambda db: db.execute("SELECT asked_by FROM questions").fetchall()
    )

    assert left == [("u2",)]


async def test_an_offer_leads_its_person_alone_to_the_question(questions):
    token = await questions.offer(-5, 7, "people", BODY)

    assert await questions.follow(token, 8) is None
    assert await questions.follow("x" * 22, 7) is None
    followed = await questions.follow(token, 7)
    assert followed is not None
    assert (followed.chat_id, followed.kind, followed.body) == (7, "people", BODY)
    assert await questions.asked(7, 7) == followed
    assert await questions.asked(-5, 7) is None


async def test_an_offer_is_followed_until_it_is_closed(questions):
    token = await questions.offer(-5, 7, "people", BODY)
    await questions.ask(7, 7, "words", "older", asked_by="u1")

    assert await questions.follow(token, 7) == await questions.follow(token, 7)
    assert await questions.close(7, 7) is True
    assert await questions.follow(token, 7) is None


async def test_an_offer_has_its_time(questions, clock):
    token = await questions.offer(-5, 7, "people", BODY)
    clock.seconds += 900

    assert await questions.follow(token, 7) is None


async def test_neither_the_question_nor_the_token_can_be_read(store, questions):
    token = await questions.offer(-5, 7, "people", "a secret")
    [row] = await store.connection.run(
        lambda db: db.execute("SELECT body, asked_by FROM questions").fetchall()
    )

    assert b"a secret" not in row[0]
    assert token not in row[1]
