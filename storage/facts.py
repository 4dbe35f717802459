"""Facts about the database itself: rows of the table `meta`."""

from sqlite_utils import Database


def read_fact(db: Database, name: str) -> str | None:
    """Return the fact called *name*, if there is one."""
    row = db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return None if row is None else bytes(row[0]).decode()


def put_fact(db: Database, name: str, value: str) -> None:
    """Note the fact called *name*, in place of what was noted before."""
    if read_fact(db, name) != value:
        db.execute(
            "INSERT INTO meta (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value.encode()),
        ).close()
