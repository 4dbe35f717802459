"""The memory of the bot as the floor above sees it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from storage.chats import Chats
from storage.database import Connection
from storage.history import History
from storage.inbox import Inbox
from storage.journal import ROOM_BYTES, Journal
from storage.link_tokens import LinkTokens
from storage.meta import Meta
from storage.outbox import Outbox
from storage.people import People
from storage.plans import Plans
from storage.questions import Questions
from storage.saved import SavedReports
from storage.schedules import Schedules
from storage.shown import ShownReports
from storage.strangers import Strangers
from storage.vault import Vault


@dataclass(frozen=True)
class Store:
    """Everything the bot remembers, by subject."""

    chats: Chats
    people: People
    link_tokens: LinkTokens
    questions: Questions
    meta: Meta
    inbox: Inbox
    outbox: Outbox
    journal: Journal
    plans: Plans
    history: History
    saved: SavedReports
    shown: ShownReports
    schedules: Schedules
    strangers: Strangers
    connection: Connection

    async def close(self) -> None:
        """Finish what was begun and let the next process in; closing twice is harmless."""
        await self.connection.close()


async def open_store(
    path: Path | str,
    *,
    keys: Sequence[bytes],
    now: Callable[[], float] = time.time,
    room_bytes: int = ROOM_BYTES,
) -> Store:
    """Open the database at *path*, creating it and its directory where there is none.

    A change is noted only while *room_bytes* are free on its disk, so that what comes of it can
    be noted, too.

    A database that cannot be opened is left as it is, byte for byte.

    Raises:
        AlreadyRunningError: another process has it open.
        NewerSchemaError: a later version has written it.
        SecretKeyError: *keys* is empty, or the data was sealed with another key.
        StorageError: it is damaged, not a database of this bot, or out of reach.
    """
    vault = Vault(keys)
    connection = await Connection.open(Path(path), vault)
    journal = Journal(connection, vault, now=now, room_bytes=room_bytes)
    return Store(
        chats=Chats(connection, vault, now=now),
        people=People(connection, vault, now=now),
        link_tokens=LinkTokens(connection, now=now),
        questions=Questions(connection, vault, now=now),
        meta=Meta(connection),
        inbox=Inbox(connection, vault, now=now),
        outbox=Outbox(connection, vault, now=now),
        plans=Plans(connection, vault, now=now),
        journal=journal,
        history=History(connection, journal),
        saved=SavedReports(connection, vault, now=now),
        shown=ShownReports(connection, vault, now=now),
        schedules=Schedules(connection, vault, now=now),
        strangers=Strangers(connection, now=now),
        connection=connection,
    )
