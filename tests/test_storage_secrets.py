"""What a thief of the files finds, and what an editor of the files can do: nothing."""

import base64
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage import StorageError, TamperedError, open_store

KEYS = ("fake-key-1111-d0a7c3e95b", "fake-key-2222-48f61eb902", "fake-key-3333-9c5d7a1f36")


@pytest.fixture
async def store(tmp_path):
    store = await open_store(tmp_path / "bot.db", keys=[b"k" * 32])
    yield store
    await store.close()


def leaks(directory: Path, secret: str) -> list[str]:
    """Return the shapes in which *secret*, or six letters of it, lies in any file."""
    content = b"".join(file.read_bytes() for file in sorted(directory.iterdir()))
    raw = secret.encode()
    shapes = {secret[start : start + 6]: raw[start : start + 6] for start in range(len(raw) - 5)}
    shapes["hex"] = raw.hex().encode()
    for offset in range(3):
        shapes[f"base64 {offset}"] = base64.b64encode(b"\0" * offset + raw)[4:-4]
    return [shape for shape, needle in shapes.items() if needle in content]


def query(directory: Path, sql: str, *parameters: object) -> list[tuple]:
    """Read or change the database behind the bot's back."""
    with closing(sqlite3.connect(directory / "bot.db")) as connection, connection:
        return connection.execute(sql, parameters).fetchall()


@pytest.mark.parametrize("shape", ["raw", "hex", "base64", "part"])
def test_the_search_finds_what_is_there(tmp_path, shape):
    secret = KEYS[0].encode()
    planted = {
        "raw": secret,
        "hex": secret.hex().encode(),
        "base64": base64.b64encode(b"\0" + secret),
        "part": secret[9:15],
    }
    tmp_path.joinpath("bot.db").write_bytes(b"before " + planted[shape] + b" after")

    assert leaks(tmp_path, KEYS[0]) != []


async def test_no_key_lies_in_the_files_at_any_time(store, tmp_path):
    async def link(chat_id, key):
        await store.chats.link(chat_id, address="https://tracker.example", key=key, user_id=7)

    steps = (
        lambda: link(1, KEYS[0]),
        lambda: link(2, KEYS[1]),
        lambda: link(1, KEYS[2]),
        lambda: link(1, KEYS[2]),
        lambda: store.chats.migrate(2, 3),
        lambda: store.chats.unlink(1),
        lambda: store.chats.unlink(3),
        store.close,
    )
    for step in steps:
        await step()

        assert [leaks(tmp_path, key) for key in KEYS] == [[], [], []]


async def test_tokens_and_codes_are_kept_as_hashes_only(store, tmp_path):
    code = await store.people.new_claim()
    token = await store.link_tokens.issue(chat_id=1, thread_id=None, user_id=7, chat_title="Team")
    await store.link_tokens.open(token, 7)

    assert leaks(tmp_path, code) == []
    assert leaks(tmp_path, token) == []


@pytest.mark.parametrize("verb", ["unlink", "relink"])
async def test_a_forgotten_key_is_gone_even_in_its_sealed_form(store, tmp_path, verb):
    await store.chats.link(1, address="https://tracker.example", key=KEYS[0], user_id=7)
    [(sealed,)] = query(tmp_path, "SELECT api_key FROM trackers")
    if verb == "unlink":
        await store.chats.unlink(1)
    else:
        await store.chats.link(1, address="https://tracker.example", key=KEYS[1], user_id=7)

    for file in tmp_path.iterdir():
        assert sealed not in file.read_bytes()


async def test_every_flipped_byte_of_a_stored_key_is_refused(store, tmp_path):
    await store.chats.link(1, address="https://tracker.example", key=KEYS[0], user_id=7)
    [(sealed,)] = query(tmp_path, "SELECT api_key FROM trackers")

    for place in range(len(sealed)):
        flipped = bytearray(sealed)
        flipped[place] ^= 0x80
        query(tmp_path, "UPDATE trackers SET api_key = ?", bytes(flipped))
        with pytest.raises(StorageError):
            await store.chats.linked(1)


async def test_swapped_keys_are_refused(store, tmp_path):
    await store.chats.link(1, address="https://tracker.example", key=KEYS[0], user_id=7)
    await store.chats.link(2, address="https://tracker.example", key=KEYS[1], user_id=7)
    [first, second] = query(tmp_path, "SELECT id, api_key FROM trackers ORDER BY id")
    query(tmp_path, "UPDATE trackers SET api_key = ? WHERE id = ?", second[1], first[0])
    query(tmp_path, "UPDATE trackers SET api_key = ? WHERE id = ?", first[1], second[0])

    for chat_id in (1, 2):
        with pytest.raises(TamperedError):
            await store.chats.linked(chat_id)


async def test_a_key_is_not_given_out_for_another_address(store, tmp_path):
    await store.chats.link(1, address="https://tracker.example", key=KEYS[0], user_id=7)
    query(tmp_path, "UPDATE trackers SET address = 'https://evil.example'")

    with pytest.raises(TamperedError) as caught:
        await store.chats.linked(1)
    assert KEYS[0] not in str(caught.value)


async def test_linking_again_heals_a_damaged_key(store, tmp_path):
    await store.chats.link(1, address="https://tracker.example", key=KEYS[0], user_id=7)
    query(tmp_path, "UPDATE trackers SET api_key = x'00'")
    healed = await store.chats.link(1, address="https://tracker.example", key=KEYS[0], user_id=7)

    assert await store.chats.linked(1) == healed
    assert KEYS[0] not in repr(healed)
