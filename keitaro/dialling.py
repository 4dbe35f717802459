"""Dialling: the guard is asked before every new connection, and what it has checked is dialled."""

import asyncio
import itertools
from collections.abc import Iterable, Sequence

import httpcore

from keitaro.connection import Connection, connect
from keitaro.guard import Guard, NotPublicError

_HEAD_START_SECONDS = 0.25
_ADDRESSES_MOST = 8


class Dialler(httpcore.AsyncNetworkBackend):
    """How the HTTP library comes by its connections."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def connect_tcp(
        self,
        host: str | bytes,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library asks so
        local_address: str | None = None,  # noqa: ARG002 - the library passes it
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - the same
    ) -> Connection:
        """Look up *host*, and connect to one of its addresses if all of them may be dialled.

        The name stays what it is for the certificate and the request.
        """
        name = host if isinstance(host, str) else host.decode("ascii")
        try:
            async with asyncio.timeout(timeout):
                return await _first(await self._guard.addresses(name, port), port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error
        except (OSError, ValueError, NotPublicError, ExceptionGroup) as error:
            raise httpcore.ConnectError from error


async def _first(addresses: Sequence[str], port: int) -> Connection:
    """Return the first connection that comes about; each address has a start over the next."""
    waiting = _mixed(addresses)[::-1]
    dialling: set[asyncio.Task[Connection]] = set()
    failures: list[Exception] = []
    try:
        while waiting or dialling:
            if waiting:
                dialling.add(asyncio.create_task(connect(waiting.pop(), port)))
            done, _ = await asyncio.wait(
                dialling,
                timeout=_HEAD_START_SECONDS if waiting else None,
                return_when=asyncio.FIRST_COMPLETED,
            )
            for task in done:
                dialling.remove(task)
                try:
                    return task.result()
                except OSError as error:
                    failures.append(error)
    finally:
        await _drop(dialling)
    raise ExceptionGroup("no address answers", failures)


def _mixed(addresses: Sequence[str]) -> list[str]:
    """Return a few addresses, of both kinds by turns, and first of the kind that came first."""
    kinds: dict[bool, list[str]] = {}
    for address in addresses:
        kinds.setdefault(":" in address, []).append(address)
    turns = itertools.zip_longest(*kinds.values())
    return [address for turn in turns for address in turn if address][:_ADDRESSES_MOST]


async def _drop(dialling: set[asyncio.Task[Connection]]) -> None:
    for task in dialling:
        task.cancel()
    for late in await asyncio.gather(*dialling, return_exceptions=True):
        if isinstance(late, Connection):
            await late.aclose()
