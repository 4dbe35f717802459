"""Whether what a tracker shows proves a change, or that there was none; nothing is asked here."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

from handlers.request import is_id
from keitaro import STREAM_CREATE, Difference, Operation, StreamCreate, differences, find
from storage import Change

Stream = dict[str, Any]
# What a look shows: "wanted" proves the change, "before" and "nothing" that there was none, once
# the tracker cannot be at work on it any more; whatever else leaves it open.
Shows = Literal[
    "wanted",
    "before",
    "otherwise",
    "gone",
    "nothing",
    "several",
    "strange",
    "alike",
    "namesake",
    "unlike",
    "unread",
    "elsewhere",
]
STAMPS = ("created_at", "updated_at")
WANTED = {"enable": "active", "disable": "disabled", "delete": "deleted", "restore": "active"}
ABSENT = object()


@dataclass(frozen=True)
class Wish:
    """What a change is to bring about.

    *body* and *stream_id* are there as far as the operation has them. *before* is what the
    tracker showed until then: the stream, or the ids of all streams of the campaign in which one
    is created. None stands for not known.
    """

    operation: Operation
    body: Stream
    stream_id: int = 0
    before: Any = None

    @classmethod
    def of(cls, change: Change) -> "Wish":
        """Return what *change* of the journal was to bring about."""
        operation = find(*change.operation.split("."))
        if operation is None:
            raise LookupError(change.operation)
        body, stream_id = change.request.get("body"), change.request.get("id")
        return cls(operation, body or {}, stream_id or 0, change.before)

    @property
    def creates(self) -> bool:
        """Whether a stream is to come into being."""
        return self.operation is STREAM_CREATE

    @property
    def campaign_id(self) -> int:
        """The campaign of a new stream, which may be written as "12" or 12.0."""
        return StreamCreate.model_validate(self.body).campaign_id


@dataclass(frozen=True)
class Look:
    """What the tracker shows of a change: *stream*, with what was *found* not to be as wanted.

    *ids* are streams that may be the one created.
    """

    shows: Shows
    stream: Stream | None = None
    found: tuple[Difference, ...] = ()
    ids: tuple[int, ...] = ()


def judge(wish: Wish, shown: Stream) -> Look:
    """Return what it means that the tracker shows the stream as *shown*."""
    found = _found(wish, shown)
    if not found:
        return Look("wanted", shown)
    return Look("before" if _is_as_before(wish, shown) else "otherwise", shown, found)


def judge_campaign(wish: Wish, rows: list[Stream], claimed: Collection[int]) -> Look:
    """Return what it means for a creation that its campaign has the streams *rows*.

    Those with *claimed* ids are known to have been made by others.
    """
    ids = ids_of(rows)
    if ids is None:
        return Look("unread")
    if wish.before is None:
        return _judge_unknown(wish, _without(rows, claimed))
    fresh = _without(rows, {*wish.before, *claimed})
    alike = [row for row in fresh if not _found(wish, row)]
    match len(alike):
        case 1:
            return Look("wanted", alike[0])
        case 0:
            # A tracker may have made of the fields, even of the name, what it likes.
            return Look("strange" if fresh else "nothing", ids=ids_of(fresh) or ())
        case _:
            return Look("several", ids=ids_of(alike) or ())


def _judge_unknown(wish: Wish, rows: list[Stream]) -> Look:
    """Judge where it is not known which streams are older than the change."""
    namesakes = [row for row in rows if row.get("name") == wish.body["name"]]
    alike = [row for row in namesakes if not _found(wish, row)]
    if not namesakes:
        return Look("unlike")
    return Look("alike" if alike else "namesake", ids=ids_of(alike or namesakes) or ())


def ids_of(rows: list[Stream]) -> tuple[int, ...] | None:
    """Return the ids of *rows*; None if one has none that could be looked up."""
    ids = [str(row.get("id")) for row in rows]
    return tuple(map(int, ids)) if all(map(is_id, ids)) else None


def _without(rows: list[Stream], ids: Collection[int]) -> list[Stream]:
    return [row for row in rows if int(row["id"]) not in ids]


def _found(wish: Wish, shown: Stream) -> tuple[Difference, ...]:
    """Return what *shown* has otherwise than wished, or does not have at all."""
    verb = wish.operation.verb
    if verb in WANTED:
        state = shown.get("state")
        is_back = verb == "restore" and state not in (None, "deleted")
        is_done = is_back or state == WANTED[verb]
        return () if is_done else (Difference("state", WANTED[verb], state),)
    written = _without_stamps(wish.body)
    unseen = [
        Difference(field, value, None)
        for field, value in written.items()
        if field not in shown and value not in (None, "", [], {})
    ]
    return (*differences(written, shown), *unseen)


def _is_as_before(wish: Wish, shown: Stream) -> bool:
    """Tell whether *shown* has every field of the wish exactly as it was before."""
    if wish.creates or not isinstance(wish.before, dict):
        return False
    fields = ("state",) if wish.operation.verb in WANTED else _without_stamps(wish.body)
    return all(shown.get(field, ABSENT) == wish.before.get(field, ABSENT) for field in fields)


def _without_stamps(body: Stream) -> Stream:
    """Return *body* without the times that only the tracker writes, as in a stream sent back."""
    return {name: value for name, value in body.items() if name not in STAMPS}
