"""A sealed word that tells whether the master keys are right, before anything is written."""

from pathlib import Path

from sqlite_utils import Database

from storage.errors import SecretKeyError, StorageError
from storage.vault import HEADER_BYTES, Vault

# Every column that holds sealed values; a later version's may not be there yet.
_SEALED = (
    ("trackers", "api_key"),
    ("inbox", "body"),
    ("journal", "request"),
    ("journal", "before"),
    ("journal", "answer"),
    ("journal", "person"),
    ("journal", "note"),
)
_CONTEXT = "meta:canary"


def plant(db: Database, vault: Vault) -> None:
    """Seal the canary in a database that has just been created."""
    db.execute(
        "INSERT INTO meta (name, value) VALUES ('canary', ?)",
        (vault.seal("canary", context=_CONTEXT),),
    )


def check(db: Database, vault: Vault, path: Path) -> None:
    """Make sure that *vault* opens the canary in *path* and holds every key in use.

    Raises:
        SecretKeyError: something is sealed with a key that was not given.
    """
    row = db.execute("SELECT value FROM meta WHERE name = 'canary'").fetchone()
    if row is None:
        raise StorageError(f"{path}: the canary of the secret key is gone")
    vault.open(row[0], context=_CONTEXT)
    for table, column in _SEALED:
        if column not in db[table].columns_dict:
            continue
        headers = db.execute(
            f"SELECT DISTINCT substr({column}, 1, ?) FROM {table} WHERE length({column}) > 0",  # noqa: S608 - our own names
            (HEADER_BYTES,),
        )
        if not all(vault.knows(header) for (header,) in headers.fetchall()):
            raise SecretKeyError("wrong")
