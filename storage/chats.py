"""What the bot remembers of a chat: its settings and the tracker it is linked to."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sqlite_utils import Database

from storage import links, supergroup
from storage.database import Connection
from storage.links import Link, Unlinked
from storage.vault import Vault


@dataclass(frozen=True)
class Chat:
    """A chat's settings; None where it has not chosen.

    *unreachable_at* is since when Telegram lets nothing through to it, in UTC seconds.
    *confirmations* is when a change asks first, *readers* who may read without a role.
    """

    chat_id: int
    language: str | None = None
    time_zone: str | None = None
    unreachable_at: float | None = None
    confirmations: str | None = None
    readers: str | None = None


@dataclass(frozen=True)
class Target:
    """The tracker a chat is linked to, without its key."""

    tracker_id: int
    address: str


class Chats:
    """Settings and links, by chat id."""

    def __init__(
        self, connection: Connection, vault: Vault, *, now: Callable[[], float] = time.time
    ) -> None:
        self._connection = connection
        self._vault = vault
        self._now = now

    async def get(self, chat_id: int) -> Chat:
        """Return the chat's settings, or the defaults when it has none."""

        def read(db: Database) -> Chat:
            row = db.execute(
                "SELECT chat_id, language, time_zone, unreachable_at, confirmations, readers"
                " FROM chats WHERE chat_id = ?",
                (chat_id,),
            ).fetchone()
            return Chat(chat_id) if row is None else Chat(*row)

        return await self._connection.run(read)

    async def set_language(self, chat_id: int, language: str | None) -> None:
        """Remember the chat's language, or forget it with None."""
        await self._set(
            "INSERT INTO chats (chat_id, language) VALUES (?, ?)"
            " ON CONFLICT (chat_id) DO UPDATE SET language = excluded.language",
            (chat_id, language),
        )

    async def set_time_zone(self, chat_id: int, zone: str | None) -> None:
        """Remember the chat's time zone, or forget it with None."""
        await self._set(
            "INSERT INTO chats (chat_id, time_zone) VALUES (?, ?)"
            " ON CONFLICT (chat_id) DO UPDATE SET time_zone = excluded.time_zone",
            (chat_id, zone),
        )

    async def set_confirmations(self, chat_id: int, mode: str | None) -> None:
        """Remember when a change asks first in the chat, or forget it with None."""
        await self._set(
            "INSERT INTO chats (chat_id, confirmations) VALUES (?, ?)"
            " ON CONFLICT (chat_id) DO UPDATE SET confirmations = excluded.confirmations",
            (chat_id, mode),
        )

    async def set_readers(self, chat_id: int, readers: str | None) -> None:
        """Remember who may read in the chat without a role, or forget it with None."""
        await self._set(
            "INSERT INTO chats (chat_id, readers) VALUES (?, ?)"
            " ON CONFLICT (chat_id) DO UPDATE SET readers = excluded.readers",
            (chat_id, readers),
        )
        self._connection.welcomes.tell(chat_id, None)

    async def set_unreachable(self, chat_id: int, at: float | None) -> None:
        """Note since when nothing reaches the chat, or that it can be reached with None."""
        await self._set(
            "INSERT INTO chats (chat_id, unreachable_at) VALUES (?, ?)"
            " ON CONFLICT (chat_id) DO UPDATE SET unreachable_at = excluded.unreachable_at",
            (chat_id, at),
        )

    async def link(self, chat_id: int, *, address: str, key: str, user_id: int) -> Link:
        """Link the chat to the tracker at *address*, in place of an earlier link."""
        return await self._connection.run(
            lambda db: links.link(
                db,
                self._vault,
                chat_id,
                address=address,
                key=key,
                user_id=user_id,
                at=self._now(),
            )
        )

    async def linked(self, chat_id: int) -> Link | None:
        """Return the chat's link, if it has one; never another chat's."""
        return await self._connection.run(lambda db: links.linked(db, self._vault, chat_id))

    async def target(self, chat_id: int) -> Target | None:
        """Return what the chat is linked to, even where the key cannot be opened."""

        def read(db: Database) -> Target | None:
            row = db.execute(f"SELECT trackers.id, address {links.LINKED}", (chat_id,)).fetchone()
            return None if row is None else Target(*row)

        return await self._connection.run(read)

    async def is_used(self, tracker_id: int, *, but: int = 0) -> bool:
        """Tell whether any chat is linked to the tracker, leaving out the chat *but*."""

        def read(db: Database) -> bool:
            row = db.execute(
                "SELECT 1 FROM links WHERE tracker_id = ? AND chat_id <> ?", (tracker_id, but)
            ).fetchone()
            return row is not None

        return await self._connection.run(read)

    async def unlink(self, chat_id: int) -> Unlinked | None:
        """Forget the chat's link, and the key with the last chat that used it."""
        return await self._connection.run(lambda db: links.unlink(db, chat_id))

    async def migrate(self, old_id: int, new_id: int) -> Literal["moved", "nothing", "kept"]:
        """Move all that belongs to *old_id* to *new_id*, the id Telegram has given the chat.

        Where both are linked, everything is "kept" as it is for a person to decide.
        """
        outcome = await self._connection.run(
            lambda db: supergroup.move_chat(db, self._vault, old_id, new_id)
        )
        self._connection.welcomes.tell(new_id, None)
        return outcome

    async def is_known(self, chat_id: int) -> bool:
        """Tell whether a group is linked, somebody has a role there, or may be linking it."""
        return await self._connection.run(lambda db: supergroup.has_group(db, chat_id))

    async def small_groups(self, *, most: int) -> list[int]:
        """Return groups, at most *most*, that are used and may get another id."""
        return await self._connection.run(lambda db: supergroup.small_groups(db, most=most))

    async def _set(self, sql: str, parameters: tuple[int, str | float | None]) -> None:
        await self._connection.run(lambda db: db.execute(sql, parameters).close())
