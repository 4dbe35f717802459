"""A look at an existing database file that leaves every byte of it as it was."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import rmtree

from sqlite_utils import Database

from storage import canary, migrations
from storage.errors import DamagedError, NewerSchemaError
from storage.vault import Vault
from storage.write_ahead import refuse_cut

_MAGIC = b"SQLite format 3\x00"


def inspect(path: Path, vault: Vault) -> None:
    """Refuse what is not a sound database of ours, from this version or before, under our key.

    Raises:
        NewerSchemaError: a later version has written it.
        SecretKeyError: it was sealed with another key.
        DamagedError: it is damaged, or no database of this bot at all.
    """
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise DamagedError(f"{path}: not a database")
    refuse_cut(sibling(path, "-wal"), sibling(path, "-shm"))
    with viewed(path) as db:
        if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise DamagedError(f"{path}: the database is damaged")
        if not migrations.applied(db):
            raise DamagedError(f"{path}: not a database of this bot")
        if later := migrations.unknown(db):
            raise NewerSchemaError(path, later)
        canary.check(db, vault, path)


def refuse_orphans(path: Path) -> None:
    """Refuse to create *path* beside the log of a database that has disappeared.

    SQLite would replay such a log into the new file.
    """
    for suffix in ("-wal", "-journal"):
        orphan = sibling(path, suffix)
        if orphan.exists():
            raise DamagedError(f"{path}: the database is gone, but {orphan.name} is there")


def sibling(path: Path, suffix: str) -> Path:
    """Return the file SQLite keeps beside *path* under the same name and *suffix*."""
    return path.with_name(path.name + suffix)


@contextmanager
def viewed(path: Path) -> Iterator[Database]:
    """Open the database at *path* for reading, without a trace beside it."""
    with _view(path) as uri, closing(sqlite3.connect(uri, uri=True)) as connection:
        yield Database(connection, recursive_triggers=False, execute_plugins=False)


@contextmanager
def _view(path: Path) -> Iterator[str]:
    """Give an address under which SQLite reads *path* and its log without writing beside them."""
    if not sibling(path, "-wal").exists():
        yield f"{path.as_uri()}?mode=ro&immutable=1"
        return
    # A killed process leaves a log, and SQLite reads one only with an index that it writes.
    # Under other names for the same two files, that index comes to lie apart from the real one.
    aside = sibling(path, ".inspection")
    rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700)
    try:
        for suffix in ("", "-wal"):
            (aside / f"db{suffix}").hardlink_to(sibling(path, suffix))
        yield f"{(aside / 'db').as_uri()}?mode=ro"
    finally:
        rmtree(aside)
