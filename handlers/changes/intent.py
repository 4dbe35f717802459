"""What somebody wants of a stream, before anything is sent."""

from dataclasses import dataclass
from typing import Any

from handlers.changes.judge import WANTED, Stream, Wish
from keitaro import STREAM_CREATE, Operation, applied, completed, find


@dataclass(frozen=True)
class Intent:
    """An *operation* on a stream with the fields *written* by somebody.

    *before* is the stream as it was when this was planned; None if it was not planned, and for
    a creation. *undoes* is the key of the change in the journal that it takes back.
    """

    operation: Operation
    written: Stream
    stream_id: int = 0
    before: Stream | None = None
    undoes: str | None = None

    @property
    def creates(self) -> bool:
        """Whether a stream is to come into being."""
        return self.operation is STREAM_CREATE

    @property
    def request(self) -> dict[str, Any]:
        """What the operation takes: the body, the id.

        The rows of nested lists go with their ids: nobody knows whether a tracker replaces such
        a list or puts it together by them.
        """
        if self.creates:
            return {"body": self.written}
        if not self.operation.body:
            return {"body": None, "id": self.stream_id}
        body = completed(self.before, self.written) if self.before else self.written
        return {"body": body, "id": self.stream_id}

    @property
    def wish(self) -> Wish:
        """What is to be seen afterwards."""
        return Wish(self.operation, self.request["body"] or {}, self.stream_id, self.before)

    @property
    def fields(self) -> Stream:
        """The fields that will be other than before, if only the state."""
        if self.operation.verb in WANTED:
            return {"state": WANTED[self.operation.verb]}
        return self.written

    @property
    def after(self) -> Stream:
        """The stream as it is to be."""
        return applied(self.before or {}, self.fields)

    def stored(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "operation": self.operation.name,
            "written": self.written,
            "id": self.stream_id,
            "before": self.before,
            "undoes": self.undoes,
        }

    @classmethod
    def read(cls, raw: dict[str, Any]) -> "Intent":
        """Return what `stored` has made JSON of."""
        operation = find(*raw["operation"].split("."))
        if operation is None:
            raise LookupError(raw["operation"])
        return cls(operation, raw["written"], raw["id"], raw["before"], raw["undoes"])
