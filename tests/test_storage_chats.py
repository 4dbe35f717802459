"""Settings, links, and a group that becomes a supergroup."""

import asyncio
import itertools

import pytest
from pydantic import SecretStr

from storage import (
    Chat,
    Link,
    LinkRequest,
    Member,
    OwedAnswer,
    TamperedError,
    Target,
    Unlinked,
    open_store,
)

ADDRESS = "https://tracker.example"
KEY, OTHER_KEY = "fake-key-1111", "fake-key-2222"


@pytest.fixture
async def store(tmp_path):
    ticks = itertools.count(1000)
    store = await open_store(tmp_path / "bot.db", keys=[b"k" * 32], now=lambda: float(next(ticks)))
    yield store
    await store.close()


async def count_trackers(store) -> int:
    return await store.connection.run(
        lambda db: db.execute("SELECT count(*) FROM trackers").fetchone()[0]
    )


async def test_an_unknown_chat_has_the_defaults(store):
    assert await store.chats.get(1) == Chat(1, language=None, time_zone=None)


async def test_settings_are_kept_apart_and_can_be_taken_back(store):
    await store.chats.set_language(1, "ru")
    await store.chats.set_time_zone(1, "Europe/Riga")
    await store.chats.set_time_zone(2, "UTC")
    both = await store.chats.get(1)
    await store.chats.set_language(1, None)

    assert both == Chat(1, "ru", "Europe/Riga")
    assert await store.chats.get(1) == Chat(1, None, "Europe/Riga")
    assert await store.chats.get(2) == Chat(2, None, "UTC")


async def test_a_chat_is_linked_to_the_tracker_it_was_given(store):
    link = await store.chats.link(1, address=ADDRESS, key=KEY, user_id=7)

    assert link == Link(1, 1, ADDRESS, SecretStr(KEY), 7, 1000.0)
    assert await store.chats.linked(1) == link
    assert await store.chats.linked(2) is None


async def test_the_key_is_not_in_the_repr(store):
    assert KEY not in repr(await store.chats.link(1, address=ADDRESS, key=KEY, user_id=7))


async def test_a_tracker_is_shared_when_address_and_key_are_the_same(store):
    links = [
        await store.chats.link(1, address=ADDRESS, key=KEY, user_id=7),
        await store.chats.link(2, address=ADDRESS, key=KEY, user_id=8),
        await store.chats.link(3, address=ADDRESS, key=OTHER_KEY, user_id=7),
        await store.chats.link(4, address="https://other.example", key=KEY, user_id=7),
    ]

    assert [link.tracker_id for link in links] == [1, 1, 2, 3]
    assert [await store.chats.linked(chat_id) for chat_id in (1, 2, 3, 4)] == links


async def test_linking_again_replaces_and_forgets_what_nobody_uses(store):
    await store.chats.link(1, address=ADDRESS, key=KEY, user_id=7)
    again = await store.chats.link(1, address=ADDRESS, key=OTHER_KEY, user_id=8)

    assert await store.chats.linked(1) == again
    assert (again.key.get_secret_value(), again.linked_by) == (OTHER_KEY, 8)
    assert await count_trackers(store) == 1


async def test_an_id_of_a_forgotten_tracker_is_not_given_out_again(store):
    first = await store.chats.link(1, address=ADDRESS, key=KEY, user_id=7)
    await store.chats.unlink(1)
    second = await store.chats.link(1, address=ADDRESS, key=OTHER_KEY, user_id=7)

    assert second.tracker_id > first.tracker_id


async def test_a_tracker_is_used_as_long_as_a_chat_is_linked_to_it(store):
    first = await store.chats.link(1, address=ADDRESS, key=KEY, user_id=7)
    await store.chats.link(2, address=ADDRESS, key=KEY, user_id=7)
    used = [await store.chats.is_used(first.tracker_id)]
    second = await store.chats.link(1, address=ADDRESS, key=OTHER_KEY, user_id=7)
    used.append(await store.chats.is_used(first.tracker_id))
    await store.chats.unlink(2)
    used.append(await store.chats.is_used(first.tracker_id))

    assert used == [True, True, False]
    assert await store.chats.is_used(second.tracker_id)
    assert not await store.chats.is_used(99)


async def test_what_a_chat_is_linked_to_can_be_told_without_the_key(store):
    link = await store.chats.link(1, address=ADDRESS, key=KEY, user_id=7)
    await store.connection.run(lambda db: db.execute("UPDATE trackers SET api_key = x'00'").close())

    assert await store.chats.target(1) == Target(link.tracker_id, ADDRESS)
    assert await store.chats.target(2) is None
    with pytest.raises(TamperedError):
        await store.chats.linked(1)


async def test_the_key_is_forgotten_with_the_last_chat(store):
    await store.chats.link(1, address=ADDRESS, key=KEY, user_id=7)
    await store.chats.link(2, address=ADDRESS, key=KEY, user_id=7)

    assert await store.chats.unlink(1) == Unlinked(1, ADDRESS, key_forgotten=False)
    assert await store.chats.unlink(1) is None
    assert await store.chats.linked(1) is None
    assert await store.chats.unlink(2) == Unlinked(1, ADDRESS, key_forgotten=True)
    assert await count_trackers(store) == 0


async def test_a_known_key_is_found_and_sealed_anew_under_a_new_master_key(tmp_path):
    old, new = b"o" * 32, b"n" * 32
    store = await open_store(tmp_path / "bot.db", keys=[old])
    first = await store.chats.link(1, address=ADDRESS, key=KEY, user_id=7)
    await store.close()
    store = await open_store(tmp_path / "bot.db", keys=[new, old])
    second = await store.chats.link(2, address=ADDRESS, key=KEY, user_id=7)
    third = await store.chats.link(3, address=ADDRESS, key=KEY, user_id=7)
    trackers = await count_trackers(store)
    await store.close()

    assert first.tracker_id == second.tracker_id == third.tracker_id
    assert trackers == 1


async def test_fifty_verbs_at_once_do_not_get_in_each_other_s_way(store):
    def verbs(chat_id):
        return (
            store.chats.link(chat_id, address=ADDRESS, key=KEY, user_id=chat_id),
            store.chats.set_language(chat_id, "en"),
            store.people.grant(chat_id, 7, "viewer", granted_by=1),
            store.link_tokens.begin(chat_id=chat_id, thread_id=1, chat_title="T", user_id=chat_id),
            store.chats.linked(chat_id),
        )

    await asyncio.gather(*(verb for chat_id in range(10) for verb in verbs(chat_id)))

    for chat_id in range(10):
        link = await store.chats.linked(chat_id)
        assert link is not None
        assert (link.tracker_id, link.linked_by) == (1, chat_id)
        assert await store.chats.get(chat_id) == Chat(chat_id, "en")
        assert await store.people.role(chat_id, 7) == "viewer"
        assert await store.link_tokens.pending(chat_id) == LinkRequest(chat_id, 1, "T", chat_id)


async def test_two_chats_that_link_and_unlink_at_once_keep_their_own_keys(store):
    async def churn(chat_id, key):
        for _ in range(20):
            await store.chats.link(chat_id, address=ADDRESS, key=key, user_id=7)
            link = await store.chats.linked(chat_id)
            assert link is not None
            assert link.key.get_secret_value() == key
            await store.chats.unlink(chat_id)

    await asyncio.gather(churn(1, KEY), churn(2, OTHER_KEY), churn(3, KEY))

    assert await count_trackers(store) == 0


async def test_a_caller_that_gives_up_leaves_the_store_in_order(store):
    verb = asyncio.ensure_future(store.chats.link(1, address=ADDRESS, key=KEY, user_id=7))
    await asyncio.sleep(0)
    verb.cancel()

    with pytest.raises(asyncio.CancelledError):
        await verb
    assert await store.chats.linked(2) is None


OLD, NEW = -100, -1001234567890


async def test_everything_moves_to_the_supergroup(store):
    link = await store.chats.link(OLD, address=ADDRESS, key=KEY, user_id=7)
    await store.chats.set_language(OLD, "ru")
    await store.people.grant(OLD, 8, "operator", granted_by=7)
    token = await store.link_tokens.issue(chat_id=OLD, thread_id=None, user_id=7, chat_title="Team")

    assert await store.chats.migrate(OLD, NEW) == "moved"
    assert await store.chats.linked(OLD) is None
    assert await store.chats.linked(NEW) == Link(
        NEW, link.tracker_id, ADDRESS, SecretStr(KEY), 7, 1000.0
    )
    assert await store.chats.get(OLD) == Chat(OLD)
    assert await store.chats.get(NEW) == Chat(NEW, "ru")
    assert await store.people.members(OLD) == []
    assert [member.user_id for member in await store.people.members(NEW)] == [8]
    assert await store.link_tokens.open(token, 7) == LinkRequest(NEW, None, "Team", 7)
    assert await store.chats.migrate(OLD, NEW) == "nothing"


async def test_a_pending_request_moves_too(store):
    await store.link_tokens.begin(chat_id=OLD, thread_id=None, chat_title="Team", user_id=7)

    assert await store.chats.migrate(OLD, NEW) == "moved"
    assert await store.link_tokens.pending(7) == LinkRequest(NEW, None, "Team", 7)


async def test_what_the_supergroup_already_has_stands(store):
    await store.chats.set_language(OLD, "ru")
    await store.chats.set_time_zone(OLD, "UTC")
    await store.chats.set_language(NEW, "en")
    await store.people.grant(OLD, 8, "admin", granted_by=7)
    await store.people.grant(OLD, 9, "viewer", granted_by=7)
    await store.people.grant(NEW, 8, "viewer", granted_by=7)

    assert await store.chats.migrate(OLD, NEW) == "moved"
    assert await store.chats.get(NEW) == Chat(NEW, "en", "UTC")
    assert {member.user_id: member.role for member in await store.people.members(NEW)} == {
        8: "viewer",
        9: "viewer",
    }


async def test_two_links_are_both_kept(store):
    before = [
        await store.chats.link(OLD, address=ADDRESS, key=KEY, user_id=7),
        await store.chats.link(NEW, address=ADDRESS, key=OTHER_KEY, user_id=7),
    ]
    await store.people.grant(OLD, 8, "admin", granted_by=7)

    assert await store.chats.migrate(OLD, NEW) == "kept"
    assert await store.chats.migrate(OLD, NEW) == "kept"
    assert [await store.chats.linked(OLD), await store.chats.linked(NEW)] == before
    assert [type(member) for member in await store.people.members(OLD)] == [Member]
    assert await store.people.members(NEW) == []


async def test_settings_come_to_a_supergroup_that_is_linked_already(store):
    link = await store.chats.link(NEW, address=ADDRESS, key=KEY, user_id=7)
    await store.chats.set_language(OLD, "ru")

    assert await store.chats.migrate(OLD, NEW) == "moved"
    assert await store.chats.linked(NEW) == link
    assert await store.chats.get(NEW) == Chat(NEW, "ru")


@pytest.mark.parametrize(("old", "new"), [(OLD, NEW), (NEW, NEW)])
async def test_there_may_be_nothing_to_move(store, old, new):
    link = await store.chats.link(NEW, address=ADDRESS, key=KEY, user_id=7)

    assert await store.chats.migrate(old, new) == "nothing"
    assert await store.chats.linked(NEW) == link


async def test_both_service_messages_at_once_move_once(store):
    await store.chats.link(OLD, address=ADDRESS, key=KEY, user_id=7)
    outcomes = await asyncio.gather(store.chats.migrate(OLD, NEW), store.chats.migrate(OLD, NEW))

    assert outcomes == ["moved", "nothing"]


async def test_when_to_ask_and_who_may_read_are_kept_and_taken_back(store):
    await store.chats.set_confirmations(1, "never")
    await store.chats.set_readers(1, "everyone")
    await store.chats.set_confirmations(2, "always")
    both = await store.chats.get(1)
    await store.chats.set_confirmations(1, None)
    await store.chats.set_readers(1, None)

    assert both == Chat(1, confirmations="never", readers="everyone")
    assert await store.chats.get(1) == Chat(1)
    assert await store.chats.get(2) == Chat(2, confirmations="always")


async def test_plans_and_what_is_asked_first_go_with_the_group(store):
    """What was being asked does not: the messages are others there."""
    await store.chats.link(OLD, address=ADDRESS, key=KEY, user_id=7)
    await store.chats.set_confirmations(OLD, "always")
    await store.chats.set_readers(OLD, "everyone")
    await store.questions.ask(OLD, 7, "words", None, asked_by="u1")
    how = {"user_id": 7, "shown_by": "u1", "seconds": 600}
    token = await store.plans.make("change", {"id": 45}, chat_id=OLD, **how)
    await store.chats.migrate(OLD, NEW)
    use = {"user_id": 7, "used_by": "u2"}

    assert await store.chats.get(NEW) == Chat(NEW, confirmations="always", readers="everyone")
    assert [await store.questions.asked(chat, 7) for chat in (OLD, NEW)] == [None, None]
    assert await store.plans.use(token, "applied", chat_id=OLD, **use) is None
    assert (await store.plans.use(token, "applied", chat_id=NEW, **use)).body == {"id": 45}


async def test_when_the_supergroup_asks_stands(store):
    await store.chats.set_confirmations(OLD, "never")
    await store.chats.set_readers(OLD, "everyone")
    await store.chats.set_confirmations(NEW, "always")
    await store.chats.migrate(OLD, NEW)

    assert await store.chats.get(NEW) == Chat(NEW, confirmations="always", readers="everyone")


async def test_a_plan_that_has_moved_is_not_told_in_a_message_of_another_number(store):
    """In the supergroup the number of its message may be that of any other."""
    await store.chats.link(OLD, address=ADDRESS, key=KEY, user_id=7)
    how = {"user_id": 7, "shown_by": "u1", "seconds": 0}
    await store.plans.make("change", {}, chat_id=OLD, **how)
    await store.outbox.owe(OwedAnswer("u1", OLD, 7, "{}", reply_to=70))
    await store.outbox.end("u1", "sent", message_id=71)
    await store.chats.migrate(OLD, NEW)
    [found] = await store.plans.expire(most=9)

    assert (found.plan.chat_id, found.is_told, found.message_id) == (NEW, False, None)
