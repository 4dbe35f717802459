"""What reached the tracker, kept as it came."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(kw_only=True, eq=False)
class Request:
    """One request as the tracker received it, with the status it was answered with.

    *path* is what follows ``/admin_api/v1/``, or the whole path where that is not its
    beginning; header names are lower case; *body* is the JSON value, ``None`` where there
    is none. *status* is ``None`` until the answer begins, and for good when it never does.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    raw: bytes
    at: float
    status: int | None = None

    @property
    def number(self) -> int | None:
        """The id in the path, if there is one."""
        found = re.search(r"/(\d{1,15})(?=/|$)", self.path)
        return None if found is None else int(found[1])
