"""A sealed word that tells whether the master keys are right, before anything is written."""

from pathlib import Path

from sqlite_utils import Database

from storage import links
from storage.errors import SecretKeyError, StorageError
from storage.sealed import SEALED, place
from storage.vault import HEADER_BYTES, Vault

_SINGS = "canary, links sealed"
_PLACE = place("meta", "value", name="canary")


def plant(db: Database, vault: Vault) -> None:
    """Seal the canary in a database that has just been created."""
    db.execute(
        "INSERT INTO meta (name, value) VALUES ('canary', ?)",
        (vault.seal(_SINGS, context=_PLACE),),
    )


def renew(db: Database, vault: Vault) -> None:
    """Seal what versions did not that planted an older canary, once and for good.

    That it was done is said by the canary itself, which nobody without a key can write.
    """
    row = db.execute("SELECT value FROM meta WHERE name = 'canary'").fetchone()
    if vault.open(row[0], context=_PLACE) == _SINGS:
        return
    with db.atomic():
        links.seal_all(db, vault)
        sealed = vault.seal(_SINGS, context=_PLACE)
        db.execute("UPDATE meta SET value = ? WHERE name = 'canary'", (sealed,))


def check(db: Database, vault: Vault, path: Path) -> None:
    """Make sure that *vault* opens the canary in *path* and holds every key in use.

    Raises:
        SecretKeyError: something is sealed with a key that was not given.
    """
    row = db.execute("SELECT value FROM meta WHERE name = 'canary'").fetchone()
    if row is None:
        raise StorageError(f"{path}: the canary of the secret key is gone")
    vault.open(row[0], context=_PLACE)
    for table, column in SEALED:
        # A later version's column may not be there yet, and meta holds plain facts, too.
        if table == "meta" or not (db[table].exists() and column in db[table].columns_dict):
            continue
        headers = db.execute(
            f"SELECT DISTINCT substr({column}, 1, ?) FROM {table} WHERE length({column}) > 0",  # noqa: S608 - our own names
            (HEADER_BYTES,),
        )
        if not all(vault.knows(header) for (header,) in headers.fetchall()):
            raise SecretKeyError("wrong")
