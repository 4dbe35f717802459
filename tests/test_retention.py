"""What is thrown away, and when; and what is left undone where there is no room."""

import pytest

from bot.tidying import DAY_SECONDS, Keeping, tidy, warn_of_room
from storage import Change, DiskFullError, OwedAnswer, open_store

KEYS = [b"k" * 32]
ADDRESS = "https://tracker.example"


class Clock:
    """A clock that is set by hand."""

    now = 1_800_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def store(tmp_path, clock):
    store = await open_store(tmp_path / "bot.db", keys=KEYS, now=clock)
    yield store
    await store.close()


def change(key):
    return Change(key, 7, 7, ADDRESS, "stream.update", {"id": 26}, {"id": 26}, "Olga")


async def begun(store, key, outcome):
    await store.journal.begin(change(key))
    if outcome:
        await store.journal.end(key, outcome, {})


async def test_old_changes_are_forgotten_unless_nobody_knows_how_they_ended(store, clock):
    for key, outcome in (("u1", "done"), ("u2", "refused"), ("u3", "unknown"), ("u4", None)):
        await begun(store, key, outcome)
    clock.now += 365 * DAY_SECONDS + 1
    await begun(store, "u5", "done")
    await tidy(store)

    kept = [key for key in ("u1", "u2", "u3", "u4", "u5") if await store.journal.entry(key)]
    assert kept == ["u3", "u4", "u5"]
    assert (await store.journal.last(7, 7)).change.key == "u5"


async def test_a_journal_for_ever_is_kept(store, clock):
    await begun(store, "u1", "done")
    clock.now += 9000 * DAY_SECONDS
    await tidy(store, Keeping(journal_seconds=None))

    assert await store.journal.entry("u1")


async def test_of_strangers_nothing_is_left_after_a_day(store, clock):
    """Owners, members and linked chats are no strangers."""
    await store.people.add_owner(1)
    await store.people.grant(-2, 2, "viewer", granted_by=1)
    await store.chats.link(-3, address=ADDRESS, key="fake-key-1111", user_id=1)
    for key, chat_id, user_id in (
        ("owner", 1, 1),
        ("set", 4, 4),
        ("member", 2, 2),
        ("group", -2, 9),
        ("linked", -3, 9),
        ("stranger", 9, 9),
        ("elsewhere", -9, 9),
    ):
        await store.outbox.owe(OwedAnswer(key, chat_id, user_id, "{}"))
        await store.outbox.end(key, "sent")
        await store.chats.set_unreachable(chat_id, clock.now)
    await store.chats.set_language(-8, "ru")
    clock.now += DAY_SECONDS + 1
    await tidy(store, Keeping(owners=[4]))

    def read(db):
        keys = [key for (key,) in db.execute("SELECT key FROM outbox ORDER BY key").fetchall()]
        chats = db.execute("SELECT chat_id FROM chats ORDER BY chat_id").fetchall()
        return keys, [chat for (chat,) in chats]

    keys, chats = await store.connection.run(read)
    assert keys == ["group", "linked", "member", "owner", "set"]
    assert chats == [-8, -3, -2, 1, 2, 4]


async def test_without_room_no_change_is_begun(tmp_path):
    store = await open_store(tmp_path / "bot.db", keys=KEYS, room_bytes=2**62)
    with pytest.raises(DiskFullError):
        await store.journal.begin(change("u1"))
    entry = await store.journal.entry("u1")
    await store.close()

    assert entry is None


def test_little_room_is_said_in_the_log(tmp_path, caplog):
    warn_of_room(tmp_path / "bot.db", least_bytes=0)
    warn_of_room(tmp_path / "bot.db", least_bytes=2**62)

    [record] = caplog.records
    assert "MiB left on its disk; make room" in record.getMessage()
