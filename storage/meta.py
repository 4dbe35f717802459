"""What the database knows about the bot it belongs to."""

from sqlite_utils import Database

from storage.database import Connection


class Meta:
    """Facts of which there is one for the whole bot."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def bot_id(self) -> int | None:
        """Return the Telegram id of the bot that used this database last."""

        def read(db: Database) -> int | None:
            row = db.execute("SELECT value FROM meta WHERE name = 'bot_id'").fetchone()
            return None if row is None else int(row[0])

        return await self._connection.run(read)

    async def remember_bot_id(self, bot_id: int) -> None:
        """Note that this database belongs to the bot *bot_id*."""

        def write(db: Database) -> None:
            db.execute(
                "INSERT INTO meta (name, value) VALUES ('bot_id', ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (str(bot_id).encode(),),
            )

        await self._connection.run(write)
