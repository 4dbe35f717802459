"""What the database knows about the bot it belongs to."""

from storage.database import Connection
from storage.facts import put_fact, read_fact


class Meta:
    """Facts of which there is one for the whole bot."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def bot_id(self) -> int | None:
        """Return the Telegram id of the bot that used this database last."""
        found = await self._connection.run(lambda db: read_fact(db, "bot_id"))
        return None if found is None else int(found)

    async def remember_bot_id(self, bot_id: int) -> None:
        """Note that this database belongs to the bot *bot_id*."""
        await self._connection.run(lambda db: put_fact(db, "bot_id", str(bot_id)))
