"""A group becomes a supergroup and gets another id; what it had goes with it."""

from typing import Literal

from sqlite_utils import Database

from storage import links
from storage.vault import Vault

_OWNED = (
    "SELECT EXISTS (SELECT 1 FROM links WHERE chat_id = :old)"
    " OR EXISTS (SELECT 1 FROM chats WHERE chat_id = :old)"
    " OR EXISTS (SELECT 1 FROM members WHERE chat_id = :old)"
    " OR EXISTS (SELECT 1 FROM link_requests WHERE chat_id = :old)"
    " OR EXISTS (SELECT 1 FROM schedules WHERE chat_id = :old)"
    " OR EXISTS (SELECT 1 FROM saved_reports WHERE chat_id = :old)"
)
_BOTH_LINKED = (
    "SELECT EXISTS (SELECT 1 FROM links WHERE chat_id = :old)"
    " AND EXISTS (SELECT 1 FROM links WHERE chat_id = :new)"
)
# Telegram numbers supergroups and channels downwards from here.
SUPERGROUPS_FROM = -1_000_000_000_000
_USED = (
    "FROM (SELECT chat_id FROM links UNION SELECT chat_id FROM members"
    " UNION SELECT chat_id FROM link_requests) AS used"
)
_SMALL = f"{_USED} WHERE chat_id < 0 AND chat_id > :least ORDER BY chat_id LIMIT :most"
# Where the new id already has a setting or a role of its own, that one stands.
_MOVES = (
    (
        "INSERT INTO chats (chat_id, language, time_zone, confirmations, readers)"
        " SELECT :new, language, time_zone, confirmations, readers FROM chats"
        " WHERE chat_id = :old ON CONFLICT (chat_id) DO UPDATE SET"
        " language = coalesce(chats.language, excluded.language),"
        " time_zone = coalesce(chats.time_zone, excluded.time_zone),"
        " confirmations = coalesce(chats.confirmations, excluded.confirmations),"
        " readers = coalesce(chats.readers, excluded.readers)"
    ),
    "DELETE FROM chats WHERE chat_id = :old",
    (
        "INSERT INTO members (chat_id, user_id, role, granted_by, granted_at, name)"
        " SELECT :new, user_id, role, granted_by, granted_at, name FROM members"
        " WHERE chat_id = :old"
        " ON CONFLICT (chat_id, user_id) DO NOTHING"
    ),
    "DELETE FROM members WHERE chat_id = :old",
    "UPDATE link_requests SET chat_id = :new WHERE chat_id = :old",
    "UPDATE journal SET chat_id = :new WHERE chat_id = :old",
    "UPDATE plans SET chat_id = :new WHERE chat_id = :old",
    "UPDATE shown_reports SET chat_id = :new WHERE chat_id = :old",
    (
        "UPDATE saved_reports SET chat_id = :new WHERE chat_id = :old AND folded NOT IN"
        " (SELECT folded FROM saved_reports WHERE chat_id = :new)"
    ),
    "UPDATE schedules SET chat_id = :new, thread_id = NULL WHERE chat_id = :old",
    # Messages are counted anew there, so what was asked cannot be answered.
    "DELETE FROM questions WHERE chat_id = :old",
)


def move_chat(
    db: Database, vault: Vault, old_id: int, new_id: int
) -> Literal["moved", "nothing", "kept"]:
    """Give *new_id* whatever *old_id* has: its link, settings, roles, reports and schedules."""
    ids = {"old": old_id, "new": new_id}
    with db.atomic():
        if old_id == new_id or not _holds(db, _OWNED, ids):
            return "nothing"
        if _holds(db, _BOTH_LINKED, ids):
            return "kept"
        links.move(db, vault, old_id, new_id)
        for move in _MOVES:
            db.execute(move, ids)
    return "moved"


def small_groups(db: Database, *, most: int) -> list[int]:
    """Return groups that are no supergroups and have a link, roles, or wait for a link."""
    rows = db.execute(f"SELECT chat_id {_SMALL}", {"least": SUPERGROUPS_FROM, "most": most})
    return [row[0] for row in rows.fetchall()]


def has_group(db: Database, chat_id: int) -> bool:
    """Tell whether a chat has a link or roles, or waits for a link."""
    return db.execute(f"SELECT 1 {_USED} WHERE chat_id = ?", (chat_id,)).fetchone() is not None


def _holds(db: Database, question: str, ids: dict[str, int]) -> bool:
    return bool(db.execute(question, ids).fetchone()[0])
