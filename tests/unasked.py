"""Chats in which every change runs at once: for tests of the change, not of the question."""

import contextlib
import sqlite3
from pathlib import Path


def never_ask(database: Path, *chat_ids: int) -> None:
    """Let changes in these chats run without a question, whether or not a bot runs."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.executemany(
            "INSERT INTO chats (chat_id, confirmations) VALUES (?, 'never')"
            " ON CONFLICT (chat_id) DO UPDATE SET confirmations = 'never'",
            [(chat_id,) for chat_id in chat_ids],
        )
        connection.commit()
