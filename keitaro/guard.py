"""Where a name leads, and whether the bot may go there.

The answer of the resolver is checked, not the name, and what was checked is what is dialled: a
name that leads elsewhere a moment later leads nowhere new.
"""

import asyncio
import ipaddress
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from keitaro.networks import is_public

# Returns the addresses of a host for a port; it may take its time, and runs in a thread.
Resolver = Callable[[str, int], Sequence[str]]


class NotPublicError(Exception):
    """A name leads to an address that is not public, at least among others."""


def system_addresses(host: str, port: int) -> Sequence[str]:
    """Ask this machine's resolver.

    Raises:
        OSError: There is no such host, or nobody who could tell.
    """
    # As bytes, since Python would read a text as a name of IDNA once more.
    found = socket.getaddrinfo(host.encode("ascii"), port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True)
class Guard:
    """Lets the bot dial what is public, and what the operator has named.

    Args:
        private: The "host:port" pairs that may lead anywhere.
    """

    private: frozenset[str]
    resolve: Resolver

    async def addresses(self, host: str, port: int) -> list[str]:
        """Return the addresses of *host* that may be dialled: all it has, or none.

        Raises:
            NotPublicError: One of them is not public.
            OSError: There is none.
        """
        found = await asyncio.wrap_future(self._resolved(host, port))
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "no address")
        shown = f"[{host}]" if ":" in host else host
        if f"{shown}:{port}" not in self.private and not all(map(_is_public, found)):
            raise NotPublicError
        return found

    def _resolved(self, host: str, port: int) -> "Future[list[str]]":
        """Ask in a thread of its own: a resolver that hangs shall keep nobody else waiting."""
        answer: Future[list[str]] = Future()
        answer.set_running_or_notify_cancel()

        def ask() -> None:
            try:
                answer.set_result(list(self.resolve(host, port)))
            except Exception as error:  # noqa: BLE001 - it is raised where the answer is awaited
                answer.set_exception(error)

        threading.Thread(target=ask, name="resolver", daemon=True).start()
        return answer


def _is_public(text: str) -> bool:
    try:
        return is_public(ipaddress.ip_address(text))
    except ValueError:
        return False
