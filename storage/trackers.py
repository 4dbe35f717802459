"""Trackers and their keys: one row for each address and key, however many chats share it."""

from sqlite_utils import Database

from storage.sealed import place
from storage.vault import Vault


def keep(db: Database, vault: Vault, *, address: str, key: str) -> int:
    """Store *key* for *address* and return the tracker's id: a known one, if both are known.

    A known key is sealed anew, so that linking again moves it to the current master key.
    """
    tracker_id = _find(db, vault.fingerprints(identity(address, key)))
    if tracker_id is None:
        # The seal is bound to the id, so the id has to come first.
        row = db.execute(
            "INSERT INTO trackers (address, fingerprint, api_key) VALUES (?, ?, ?) RETURNING id",
            (address, vault.fingerprint(identity(address, key)), b""),
        ).fetchall()
        tracker_id = int(row[0][0])
    db.execute(
        "UPDATE trackers SET address = ?, fingerprint = ?, api_key = ? WHERE id = ?",
        (
            address,
            vault.fingerprint(identity(address, key)),
            vault.seal(key, context=_bound(tracker_id, address)),
            tracker_id,
        ),
    )
    return tracker_id


def read_key(vault: Vault, sealed: bytes, *, tracker_id: int, address: str) -> str:
    """Return the key that was sealed for this tracker at this *address* and for no other."""
    return vault.open(sealed, context=_bound(tracker_id, address))


def drop_unlinked(db: Database) -> bool:
    """Delete the trackers that no chat is linked to, and tell whether there were any."""
    dropped = db.execute(
        "DELETE FROM trackers WHERE NOT EXISTS"
        " (SELECT 1 FROM links WHERE links.tracker_id = trackers.id) RETURNING id",
    )
    return bool(dropped.fetchall())


def erase_log(db: Database) -> None:
    """Empty the write-ahead log, where a deleted key would be found for some time yet."""
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _find(db: Database, fingerprints: tuple[str, ...]) -> int | None:
    for fingerprint in fingerprints:
        row = db.execute("SELECT id FROM trackers WHERE fingerprint = ?", (fingerprint,)).fetchone()
        if row is not None:
            return int(row[0])
    return None


def identity(address: str, key: str) -> str:
    """Return what tells one tracker from another."""
    return f"{address}\n{key}"


def _bound(tracker_id: int, address: str) -> str:
    return place("trackers", "api_key", id=tracker_id, address=address)
