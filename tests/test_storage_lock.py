"""One process per database."""

import asyncio
import fcntl
import os
import signal
import sys

import pytest

from storage import AlreadyRunningError, open_store

KEY, OTHER = b"k" * 32, b"o" * 32


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "bot.db"


async def test_one_database_is_for_one_store(path):
    store = await open_store(path, keys=[KEY])

    with pytest.raises(AlreadyRunningError) as caught:
        await open_store(path.parent / "." / "bot.db", keys=[KEY])
    assert caught.value.pid == os.getpid()
    assert caught.value.path == path
    assert str(caught.value) == f"{path}: already in use by process {os.getpid()}"

    await store.close()
    again = await open_store(path, keys=[KEY])
    await again.close()


async def test_a_holder_that_left_no_number_is_unknown(path):
    path.parent.mkdir()
    with path.with_name("bot.db.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        with pytest.raises(AlreadyRunningError, match="process unknown") as caught:
            await open_store(path, keys=[KEY])
    assert caught.value.pid is None


HOLDER = """
import asyncio, sys
from storage import open_store
async def hold():
    store = await open_store(sys.argv[1], keys=[b"k" * 32])
    await store.people.add_owner(7)
    print("open", flush=True)
    await asyncio.Event().wait()
asyncio.run(hold())
"""


async def test_a_second_process_is_refused_until_the_first_is_killed(path):
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, str(path), stdout=asyncio.subprocess.PIPE
    )
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"open\n"

    with pytest.raises(AlreadyRunningError) as caught:
        await open_store(path, keys=[KEY])
    assert caught.value.pid == holder.pid

    holder.send_signal(signal.SIGKILL)
    await holder.wait()
    store = await open_store(path, keys=[KEY])
    owners = await store.people.owners()
    await store.close()

    assert owners == {7}
