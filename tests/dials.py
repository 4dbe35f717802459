"""What this process really dials, as the interpreter reports it, whoever asked for it.

Nothing outside this machine is reached: a dial there is noted, and ends as if nobody listened.
"""

import contextlib
import ipaddress
import sys
from collections.abc import Iterator

_watching: list["Dials"] = []
_hooked: list[bool] = []


class Dials:
    """The addresses and ports that were dialled."""

    def __init__(self) -> None:
        self.made: list[tuple[str, int]] = []

    @property
    def hosts(self) -> set[str]:
        return {host for host, _ in self.made}


def _hook(event: str, details: tuple) -> None:
    if event != "socket.connect" or not _watching or not isinstance(details[1], tuple):
        return
    host, port = details[1][:2]
    _watching[-1].made.append((host, port))
    if not ipaddress.ip_address(host).is_loopback:
        raise ConnectionRefusedError("a test dials nobody")


@contextlib.contextmanager
def dials() -> Iterator[Dials]:
    """Note what is dialled in the block."""
    if not _hooked:
        _hooked.append(True)
        sys.addaudithook(_hook)
    _watching.append(Dials())
    try:
        yield _watching[-1]
    finally:
        _watching.pop()
