"""The way to trackers: limits, encryption, and nothing taken from the environment."""

import importlib.metadata
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

import httpx

from keitaro.address import Address
from keitaro.dialling import Dialler
from keitaro.guard import Guard, Resolver, system_addresses
from keitaro.transport import Transport


@dataclass(frozen=True)
class Limits:
    """What one call may take; the deadline holds from first dialling to the last byte.

    Args:
        calls_in_flight: How many calls may be on their way to one tracker at one time.
        repeats: How often a call is sent again where that can do no harm.
        pause_seconds: The longest pause before the first repeat; the next is twice as long.
        quiet_most_seconds: For how long at most a tracker's wish not to be called is obeyed.
        failures_in_a_row: So many failed calls show that the tracker is down.
        paused_seconds: For how long it is then left in peace.
        link_seconds: The deadline of the first call to a tracker that is to be linked.
        link_failure_seconds: What such a call takes if it fails, so that the time does not tell
            what is at an address.
    """

    deadline_seconds: float = 30.0
    connect_seconds: float = 10.0
    answer_bytes: int = 5 * 1024 * 1024
    calls_in_flight: int = 4
    keepalive_seconds: float = 120.0
    repeats: int = 2
    pause_seconds: float = 1.0
    quiet_most_seconds: int = 600
    failures_in_a_row: int = 5
    paused_seconds: float = 30.0
    link_seconds: float = 12.0
    link_failure_seconds: float = 12.0

    @property
    def answer_seconds(self) -> float:
        """How much of the deadline must be left to begin another try.

        A tracker that is asked in the last moment can only leave a change in doubt.
        """
        return self.deadline_seconds / 3


@dataclass(frozen=True)
class Network:
    """The way out to trackers, shared by all of them.

    Args:
        private: The "host:port" pairs that may be on plain http or a private address.
        resolve: Returns the addresses of a host; it is called in a thread.
        ca_file: Certificates to trust besides the system's.
        transport: Stands in for the wire in tests.
        clock: Counts seconds and never goes back.
    """

    private: frozenset[str] = frozenset()
    ca_file: Path | None = None
    resolve: Resolver = system_addresses
    limits: Limits = field(default_factory=Limits)
    transport: httpx.AsyncBaseTransport | None = None
    clock: Callable[[], float] = time.monotonic

    def for_linking(self) -> "Network":
        """Return the same network for a tracker that is not linked yet."""
        deadline = min(self.limits.deadline_seconds, self.limits.link_seconds)
        return replace(self, limits=replace(self.limits, deadline_seconds=deadline))

    @property
    def guard(self) -> Guard:
        """What keeps the bot from dialling what is not public."""
        return Guard(self.private, self.resolve)

    @cached_property
    def tls(self) -> ssl.SSLContext:
        """The one context for all connections; it is built when first asked for.

        Raises:
            OSError: *ca_file* cannot be read, or holds no certificates.
        """
        # ssl.create_default_context would obey SSL_CERT_FILE and SSLKEYLOGFILE.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        paths = ssl.get_default_verify_paths()
        file = paths.openssl_cafile if Path(paths.openssl_cafile).is_file() else None
        context.load_verify_locations(cafile=file, capath=paths.openssl_capath)
        if self.ca_file is not None:
            context.load_verify_locations(cafile=self.ca_file)
        return context

    @property
    def connect_seconds(self) -> float:
        """How long a connection, and then its handshake, may take.

        The deadline must not run out under a handshake, so that it is told what took so long.
        """
        return min(self.limits.connect_seconds, self.limits.answer_seconds)

    def client(self, address: Address) -> httpx.AsyncClient:
        """Return a client that talks to the Admin API at *address* and to nothing else."""
        return httpx.AsyncClient(
            base_url=f"{address.url}/admin_api/v1/",
            headers={
                "User-Agent": user_agent(),
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
            },
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=False,
            trust_env=False,
            transport=self.transport or self._wire(),
            timeout=httpx.Timeout(None, connect=self.connect_seconds),
        )

    def _wire(self) -> httpx.AsyncBaseTransport:
        return Transport(
            Dialler(self.guard),
            self.tls,
            connections=self.limits.calls_in_flight,
            keepalive_seconds=self.limits.keepalive_seconds,
        )


def user_agent() -> str:
    """Name this program and its version, as far as it is installed.

    Firewalls in front of trackers turn away the names that HTTP libraries give themselves.
    """
    found = importlib.metadata.distributions(name="keitaro-bot")
    return "/".join(["keitaro-bot", *(package.version for package in found)][:2])
