"""One thing the Admin API can do, and short ways to write one down."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

AnswerShape = Literal["object", "list", "any", "bytes"]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """A row of the table of operations.

    Args:
        query: The query parameters it may have; those in *needs* must be there.
        answer: "object" comes as a dictionary, "list" as a list, "any" as whatever JSON it is.
        rows: The object must have a list named "rows".
        changes: It changes something in the tracker.
        repeatable: Sending it twice does no more than sending it once.
        permanent: What it destroys cannot be brought back from the archive.
        newer: Only newer trackers have it; older ones answer with a page for people.
    """

    resource: str
    verb: str
    method: str
    path: str
    body: type[BaseModel] | None = None
    query: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    answer: AnswerShape = "object"
    rows: bool = False
    changes: bool
    repeatable: bool
    permanent: bool = False
    newer: bool = False

    @property
    def name(self) -> str:
        """The operation in one word, such as "stream.create"."""
        return f"{self.resource}.{self.verb}"


def read(  # noqa: PLR0913  # a row has as many cells as the table has columns
    name: str,
    path: str,
    *,
    method: str = "GET",
    body: type[BaseModel] | None = None,
    query: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
    answer: AnswerShape = "object",
    rows: bool = False,
    newer: bool = False,
) -> Operation:
    """Write down an operation that only reads, whatever its method."""
    resource, _, verb = name.partition(".")
    return Operation(
        resource=resource,
        verb=verb,
        method=method,
        path=path,
        body=body,
        query=query,
        needs=needs,
        answer=answer,
        rows=rows,
        changes=False,
        repeatable=True,
        newer=newer,
    )


def change(  # noqa: PLR0913  # a row has as many cells as the table has columns
    name: str,
    request: str,
    *,
    body: type[BaseModel] | None = None,
    needs: tuple[str, ...] = (),
    answer: AnswerShape = "object",
    repeatable: bool | None = None,
    permanent: bool = False,
    newer: bool = False,
) -> Operation:
    """Write down an operation that changes the tracker; *request* is "METHOD path".

    Unless *repeatable* says otherwise, PUT and DELETE may be repeated and POST may not.
    """
    resource, _, verb = name.partition(".")
    method, _, path = request.partition(" ")
    return Operation(
        resource=resource,
        verb=verb,
        method=method,
        path=path,
        body=body,
        query=needs,
        needs=needs,
        answer=answer,
        changes=True,
        repeatable=method != "POST" if repeatable is None else repeatable,
        permanent=permanent,
        newer=newer,
    )
