"""What is left of people whom the bot does not know: soon nothing."""

import time
from collections.abc import Callable, Collection

from sqlite_utils import Database

from storage.database import Connection

# Known is who owns the bot, or has a role anywhere; and every chat that is linked.
_UNKNOWN = (
    "chat_id NOT IN (SELECT chat_id FROM links)"
    " AND chat_id NOT IN (SELECT chat_id FROM members)"
    " AND {user} NOT IN (SELECT user_id FROM owners)"
    " AND {user} NOT IN (SELECT user_id FROM members)"
)


class Strangers:
    """Refusals that strangers were given, and chats of theirs that cannot be reached."""

    def __init__(self, connection: Connection, *, now: Callable[[], float] = time.time) -> None:
        self._connection = connection
        self._now = now

    async def forget(self, *, owners: Collection[int], older_than_seconds: float, most: int) -> int:
        """Remove at most *most* traces of each kind that are so old, and return how many.

        *owners* are known besides those in the database.
        """
        moment = self._now() - older_than_seconds
        known = tuple(owners)
        others = f" AND {{user}} NOT IN ({', '.join('?' * len(known))})" if known else ""
        unknown = _UNKNOWN + others

        def write(db: Database) -> int:
            answers = db.execute(
                "DELETE FROM outbox WHERE key IN (SELECT key FROM outbox WHERE done_at < ?"  # noqa: S608 - our own words
                f" AND {unknown.format(user='user_id')} LIMIT ?) RETURNING key",
                (moment, *known, most),
            ).fetchall()
            chats = db.execute(
                "DELETE FROM chats WHERE chat_id IN (SELECT chat_id FROM chats"  # noqa: S608 - the same
                " WHERE unreachable_at < ? AND language IS NULL AND time_zone IS NULL"
                f" AND {unknown.format(user='chat_id')} LIMIT ?) RETURNING chat_id",
                (moment, *known, most),
            ).fetchall()
            return max(len(answers), len(chats))

        return await self._connection.write(write)
