"""Which chat may use which tracker: a row that is sealed as a whole, so that nobody can bend it."""

from dataclasses import dataclass

from pydantic import SecretStr
from sqlite_utils import Database

from storage import trackers
from storage.sealed import place
from storage.vault import Vault

LINKED = "FROM links JOIN trackers ON trackers.id = links.tracker_id WHERE chat_id = ?"


@dataclass(frozen=True)
class Link:
    """A chat's right to use one tracker."""

    chat_id: int
    tracker_id: int
    address: str
    key: SecretStr
    linked_by: int
    linked_at: float


@dataclass(frozen=True)
class Unlinked:
    """What became of a link: its key is forgotten unless another chat uses it."""

    tracker_id: int
    address: str
    key_forgotten: bool


def link(  # noqa: PLR0913 - each is a column of its own
    db: Database, vault: Vault, chat_id: int, *, address: str, key: str, user_id: int, at: float
) -> Link:
    """Link the chat to the tracker at *address*, in place of an earlier link.

    What is asked or scheduled here was about the tracker before, if it was not this one.
    """
    with db.atomic():
        row = db.execute(f"SELECT address {LINKED}", (chat_id,)).fetchone()
        if row is None or row[0] != address:
            _leave(db, chat_id)
        tracker_id = trackers.keep(db, vault, address=address, key=key)
        db.execute(
            "INSERT INTO links (chat_id, tracker_id, linked_by, linked_at, seal)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (chat_id) DO UPDATE SET"
            " tracker_id = excluded.tracker_id, linked_by = excluded.linked_by,"
            " linked_at = excluded.linked_at, seal = excluded.seal",
            (chat_id, tracker_id, user_id, at, _seal(vault, chat_id, tracker_id, user_id)),
        )
        has_dropped = trackers.drop_unlinked(db)
    if has_dropped:
        trackers.erase_log(db)
    return Link(chat_id, tracker_id, address, SecretStr(key), user_id, at)


def linked(db: Database, vault: Vault, chat_id: int) -> Link | None:
    """Return the chat's link, if it has one.

    Raises:
        TamperedError: The row, or the key it leads to, is not as it was written.
    """
    row = db.execute(
        f"SELECT tracker_id, address, api_key, linked_by, linked_at, seal {LINKED}", (chat_id,)
    ).fetchone()
    if row is None:
        return None
    tracker_id, address, sealed, linked_by, linked_at, seal = row
    vault.open(seal or b"", context=_bound(chat_id, tracker_id, linked_by))
    key = trackers.read_key(vault, sealed, tracker_id=tracker_id, address=address)
    return Link(chat_id, tracker_id, address, SecretStr(key), linked_by, linked_at)


def unlink(db: Database, chat_id: int) -> Unlinked | None:
    """Forget the chat's link, and the key with the last chat that used it."""
    with db.atomic():
        row = db.execute(f"SELECT trackers.id, address {LINKED}", (chat_id,)).fetchone()
        if row is None:
            return None
        db.execute("DELETE FROM links WHERE chat_id = ?", (chat_id,))
        has_dropped = trackers.drop_unlinked(db)
    if has_dropped:
        trackers.erase_log(db)
    return Unlinked(row[0], row[1], key_forgotten=has_dropped)


def _leave(db: Database, chat_id: int) -> None:
    """Close the questions about the tracker before, and pause what is scheduled for it."""
    db.execute("DELETE FROM questions WHERE chat_id = ?", (chat_id,)).close()
    db.execute(
        "UPDATE schedules SET paused = 'elsewhere' WHERE chat_id = ? AND paused IS NULL", (chat_id,)
    ).close()


def move(db: Database, vault: Vault, old_id: int, new_id: int) -> None:
    """Give the link of *old_id* to *new_id*, if it is as it was written; a bent one stays bent."""
    row = db.execute(
        "SELECT tracker_id, linked_by, seal FROM links WHERE chat_id = ?", (old_id,)
    ).fetchone()
    if row is None:
        return
    tracker_id, linked_by, seal = row
    if vault.opens(seal or b"", context=_bound(old_id, tracker_id, linked_by)):
        seal = _seal(vault, new_id, tracker_id, linked_by)
    db.execute("UPDATE links SET chat_id = ?, seal = ? WHERE chat_id = ?", (new_id, seal, old_id))


def seal_all(db: Database, vault: Vault) -> None:
    """Seal the links that an earlier version has written."""
    rows = db.execute("SELECT chat_id, tracker_id, linked_by FROM links").fetchall()
    for chat_id, tracker_id, linked_by in rows:
        seal = _seal(vault, chat_id, tracker_id, linked_by)
        db.execute("UPDATE links SET seal = ? WHERE chat_id = ?", (seal, chat_id))


def _seal(vault: Vault, chat_id: int, tracker_id: int, linked_by: int) -> bytes:
    return vault.seal("", context=_bound(chat_id, tracker_id, linked_by))


def _bound(chat_id: int, tracker_id: int, linked_by: int) -> str:
    return place("links", "seal", chat_id=chat_id, tracker_id=tracker_id, linked_by=linked_by)
