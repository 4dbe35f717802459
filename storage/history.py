"""The journal of one chat, read page by page from the newest entry on.

A page begins where another one ended, at a key, so that what comes in meanwhile moves nothing.
The items of a list ("u7.0", "u7.1", …) are one line, unless they are wanted one by one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlite_utils import Database

from storage.change import Entry, Outcome
from storage.database import Connection
from storage.journal import COLUMNS, Journal
from storage.listed import Listed, listed

Counts = Mapping[Outcome | None, int]
NAMES_READ_MOST = 3000
_BATCH = 500
_NEVER = 1e300
# Of a list the item that was begun first stands for all: later ones come in while it is read.
# Without its digits "u7.12" ends as "u7.", behind which all items of its list are found.
_FIRST_OF_LIST = (
    "(entry.key NOT LIKE '%.%' OR NOT EXISTS (SELECT 1 FROM journal AS earlier"
    " WHERE earlier.key > rtrim(entry.key, '0123456789')"
    " AND earlier.key < rtrim(rtrim(entry.key, '0123456789'), '.') || '/'"
    " AND (earlier.begun_at, earlier.key) < (entry.begun_at, entry.key){same}))"
)
_ONE = (
    f"SELECT key, undoes, {COLUMNS} FROM journal WHERE chat_id = :chat_id"  # noqa: S608 - our own names
    " AND (key = :key OR key > :key || '.' AND key < :key || '/')"
    " ORDER BY key = :key DESC, begun_at, key LIMIT 1"
)
_COUNTS = (
    "SELECT outcome, count(*) FROM journal WHERE chat_id = ? AND key > ? || '.' AND key < ? || '/'"
    " GROUP BY outcome"
)
_UNDONE = "SELECT undoes, key FROM journal WHERE chat_id = ? AND outcome = 'done' AND undoes IN "
_NAMES = (
    "SELECT key, begun_at, user_id, person FROM journal WHERE chat_id = :chat_id"
    " AND (begun_at, key) < (:begun_at, :key) ORDER BY begun_at DESC, key DESC LIMIT :most"
)


@dataclass(frozen=True, kw_only=True)
class Sought:
    """What is looked for in a journal; what is None or empty is no condition.

    *outcomes* may hold None: no outcome yet. *user_ids* are those who gave the commands,
    *items_of* the list whose items are wanted, *begun* the moments between which they, or the first
    of a list, were begun. With *is_apart* the items of lists are told one by
    one.
    """

    outcomes: frozenset[Outcome | None] = frozenset()
    stream_id: int | None = None
    user_ids: frozenset[int] | None = None
    items_of: str = ""
    is_apart: bool = False
    begun: tuple[float, float] | None = None


@dataclass(frozen=True)
class Record:
    """An *entry*, or with *counts* (how many items ended how) the list that it begins.

    *undone_by* is the change that took this one back, *undoes* the one that this one takes back.
    *listed* is what the items of a list have in common.
    """

    entry: Entry
    undoes: str = ""
    undone_by: str = ""
    counts: Counts = field(default_factory=dict)
    listed: Listed | None = None

    @property
    def key(self) -> str:
        """What it is called: the key of the entry, or of the list."""
        key = self.entry.change.key
        return key.partition(".")[0] if self.counts else key


class History:
    """Journals as those read them who ask what has happened."""

    def __init__(self, connection: Connection, journal: Journal) -> None:
        self._connection = connection
        self._journal = journal

    async def page(
        self, chat_id: int, sought: Sought, *, before: str = "", after: str = "", most: int
    ) -> list[Record]:
        """Return at most so many entries of a chat, the newest first.

        They are those next *before* an entry, or next *after* it; without either, the newest.
        Where the chat has no such entry, there are none.
        """
        is_apart = sought.is_apart or bool(sought.items_of) or sought.stream_id is not None
        statement, values = _page(sought, is_apart=is_apart, is_newer=bool(after))

        def read(db: Database) -> list[Record]:
            begun_at = _place(db, chat_id, before or after)
            if begun_at is None:
                return []
            place = (chat_id, begun_at, before or after)
            rows = db.execute(statement, (*place, *values, most)).fetchall()
            return self._records(db, rows[::-1] if after else rows, is_apart=is_apart)

        return await self._connection.run(read)

    async def record(self, chat_id: int, key: str) -> Record | None:
        """Return the entry *key* of a chat, or the list of that name."""

        def read(db: Database) -> Record | None:
            row = db.execute(_ONE, {"chat_id": chat_id, "key": key}).fetchone()
            return self._records(db, [row], is_apart=row[0] == key)[0] if row else None

        return await self._connection.run(read)

    async def names(self, chat_id: int) -> tuple[frozenset[tuple[int, str]], bool]:
        """Return who has changed something in a chat, by id and name, and whether that is all.

        Names are sealed, so they are read from the newest 3,000 entries only, batch by batch.
        """
        found: set[tuple[int, str]] = set()
        place: dict[str, Any] = {"begun_at": _NEVER, "key": ""}
        for _ in range(NAMES_READ_MOST // _BATCH):
            rows = await self._connection.run(self._named({"chat_id": chat_id, **place}))
            found |= {(user_id, person) for _, _, user_id, person in rows}
            if len(rows) < _BATCH:
                return frozenset(found), True
            place = {"key": rows[-1][0], "begun_at": rows[-1][1]}
        return frozenset(found), False

    def _named(self, place: dict[str, Any]) -> Any:
        def read(db: Database) -> list[tuple[str, float, int, str]]:
            rows = db.execute(_NAMES, {**place, "most": _BATCH}).fetchall()
            return [
                (key, begun_at, user_id, self._journal.person(key, sealed))
                for key, begun_at, user_id, sealed in rows
            ]

        return read

    def _records(
        self, db: Database, rows: list[tuple[Any, ...]], *, is_apart: bool
    ) -> list[Record]:
        found = [Record(self._journal.opened(row[0], row[2:]), row[1] or "") for row in rows]
        chat_id = found[0].entry.change.chat_id if found else 0
        named = [(row[0], row[0].partition(".")[0]) for row in rows]
        keys = {name for names in named for name in names}
        undone = dict(db.execute(_UNDONE + _places(keys), (chat_id, *keys)).fetchall())
        whole: list[Record] = []
        for record, (key, of_list) in zip(found, named, strict=True):
            counts = {} if is_apart else _counts(db, chat_id, key)
            taken_back = undone.get(of_list, "") or ("" if counts else undone.get(key, ""))
            common = listed(db, self._journal, chat_id, of_list) if counts else None
            whole.append(replace(record, undone_by=taken_back, counts=counts, listed=common))
        return whole


def _place(db: Database, chat_id: int, key: str) -> float | None:
    if not key:
        return _NEVER
    row = db.execute(
        "SELECT begun_at FROM journal WHERE chat_id = ? AND key = ?", (chat_id, key)
    ).fetchone()
    return None if row is None else float(row[0])


def _counts(db: Database, chat_id: int, key: str) -> Counts:
    name, dot, _ = key.partition(".")
    return dict(db.execute(_COUNTS, (chat_id, name, name)).fetchall()) if dot else {}


def _page(sought: Sought, *, is_apart: bool, is_newer: bool) -> tuple[str, tuple[Any, ...]]:
    """Return the query for one page, and the values in it behind the place where it begins."""
    conditions, values = _conditions(sought, is_apart=is_apart)
    side, order = (">", "ASC") if is_newer else ("<", "DESC")
    statement = (
        f"SELECT key, undoes, {COLUMNS} FROM journal AS entry WHERE chat_id = ?"  # noqa: S608 - our own names
        f" AND (begun_at, key) {side} (?, ?){conditions}"
        f" ORDER BY begun_at {order}, key {order} LIMIT ?"
    )
    return statement, values


def _conditions(sought: Sought, *, is_apart: bool) -> tuple[str, tuple[Any, ...]]:
    """Return what entries must be like, as SQL, and the values in it."""
    conditions, values = _outcomes("entry", sought.outcomes)
    if sought.stream_id is not None:
        conditions += " AND entry.object_id = ? AND entry.operation LIKE 'stream.%'"
        values += (sought.stream_id,)
    if sought.user_ids is not None:
        conditions += f" AND entry.user_id IN {_places(sought.user_ids)}"
        values += tuple(sought.user_ids)
    if sought.begun:
        conditions += " AND entry.begun_at >= ? AND entry.begun_at < ?"
        values += sought.begun
    if sought.items_of:
        conditions += " AND entry.key > ? AND entry.key < ?"
        values += (f"{sought.items_of}.", f"{sought.items_of}/")
    if not is_apart:
        same, wanted = _outcomes("earlier", sought.outcomes)
        conditions += f" AND {_FIRST_OF_LIST.format(same=same)}"
        values += wanted
    return conditions, values


def _outcomes(row: str, outcomes: frozenset[Outcome | None]) -> tuple[str, tuple[Any, ...]]:
    """Return the condition that *row* ended in one of *outcomes*; there is none without any."""
    if not outcomes:
        return "", ()
    names = tuple(outcome or "open" for outcome in outcomes)
    return f" AND coalesce({row}.outcome, 'open') IN {_places(names)}", names


def _places(values: Collection[Any]) -> str:
    """Return a list that *values* are bound to; both engines read an empty one as NULL."""
    return f"({', '.join('?' * len(values)) or 'NULL'})"
