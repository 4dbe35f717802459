"""Which master keys the bot that has the database open holds, by their ids."""

from collections.abc import Sequence

from sqlite_utils import Database

from storage.facts import put_fact, read_fact


def hold_keys(db: Database, headers: Sequence[str]) -> None:
    """Note what values begin with that can be opened from now on; no key shows in it."""
    put_fact(db, "held_keys", ",".join(headers))


def held_keys(db: Database) -> frozenset[str]:
    """Return what was noted last."""
    return frozenset((read_fact(db, "held_keys") or "").split(","))
