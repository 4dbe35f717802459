"""The address of a tracker, cleaned of all that people paste around it."""

import ipaddress
import re
from dataclasses import dataclass

import idna

from keitaro.errors import AddressError

_DEFAULT_PORTS = {"http": 80, "https": 443}
_MAX_HOST_CHARACTERS = 253
_MAX_PORT = 65535
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]]+)(?::(.*))?", re.IGNORECASE)
# From the panel people copy /admin/#!/campaigns/15, from the manual /admin_api/v1.
_PANEL = re.compile(r"/admin(?:$|/.*|_api.*)", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*")


@dataclass(frozen=True)
class Address:
    """Where a tracker answers: *host* is in lower case, as it goes over the wire."""

    scheme: str
    host: str
    port: int

    @property
    def authority(self) -> str:
        """Host and port, without the port that goes without saying."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The base URL, without a slash at its end."""
        return f"{self.scheme}://{self.authority}"

    def __str__(self) -> str:
        return self.url


def parse_address(text: str, *, private: frozenset[str] = frozenset()) -> Address:
    """Read the address of a tracker out of what a person pasted.

    Args:
        text: A host, or any URL of the tracker's panel or of its Admin API.
        private: The "host:port" pairs (lower case, port always written) that may be on plain
            http, on another port than 443, or be a name without a dot.

    Raises:
        AddressError: With the reason why the text cannot be used.
    """
    cleaned = text.strip()
    if not cleaned:
        raise AddressError("empty")
    scheme, rest = _split_scheme(cleaned)
    authority, path = _split_path(rest)
    if "@" in authority:
        raise AddressError("user_info")
    host, port_text = _split_port(authority)
    port = _port(port_text, default=_DEFAULT_PORTS[scheme])
    if path:
        raise AddressError("path")
    address = Address(scheme, host, port)
    if _pair(address) not in private:
        _check_public(address)
    return address


def _split_scheme(text: str) -> tuple[str, str]:
    match = _SCHEME.match(text)
    if match is None:
        return "https", text.removeprefix("//")
    scheme = match[1].lower()
    if scheme not in _DEFAULT_PORTS:
        raise AddressError("scheme")
    return scheme, text[match.end() :]


def _split_path(rest: str) -> tuple[str, str]:
    before_query = re.split(r"[?#]", rest, maxsplit=1)[0]
    authority, slash, path = before_query.partition("/")
    return authority, _PANEL.sub("", slash + path, count=1).strip("/")


def _split_port(authority: str) -> tuple[str, str | None]:
    match = _AUTHORITY.fullmatch(authority)
    if match is None:
        raise AddressError("not_an_address")
    return _host(match[1]), match[2]


def _host(text: str) -> str:
    try:
        if text.startswith("["):
            return ipaddress.IPv6Address(text[1:-1]).compressed
        host = text.lower() if text.isascii() else idna.encode(text, uts46=True).decode("ascii")
    except ValueError as error:
        raise AddressError("not_an_address") from error
    host = host.removesuffix(".")
    labels = host.split(".")
    if len(host) > _MAX_HOST_CHARACTERS or not all(map(_LABEL.fullmatch, labels)):
        raise AddressError("not_an_address")
    # The HTTP library decodes such a name, and cannot ask a tracker whose name it cannot decode.
    if host.startswith("xn--") and not _is_decodable(host):
        raise AddressError("not_an_address")
    # Resolvers read 127.1, 0x7f.1 and 2130706433 as addresses; only the plain form is meant.
    if _NUMERIC_LABEL.fullmatch(labels[-1]) and not _is_ipv4(host):
        raise AddressError("not_an_address")
    return host


def _is_decodable(host: str) -> bool:
    try:
        idna.decode(host)
    except ValueError:
        return False
    return True


def _is_ipv4(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True


def _port(text: str | None, *, default: int) -> int:
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) <= _MAX_PORT:
        raise AddressError("port")
    return int(text)


def _pair(address: Address) -> str:
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"{host}:{address.port}"


def _check_public(address: Address) -> None:
    if not {".", ":"} & set(address.host):
        raise AddressError("not_an_address")
    if address.scheme == "http":
        raise AddressError("plain_http")
    if address.port != _DEFAULT_PORTS["https"]:
        raise AddressError("port")
