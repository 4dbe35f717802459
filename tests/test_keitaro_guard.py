"""Which addresses the bot dials: the table, the names that lead there, and the moment between."""

import asyncio
import contextlib
import socket
import ssl
import threading
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpcore
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from keitaro import CAMPAIGN_LIST, Address, Limits, Network, Tracker, UnreachableError
from keitaro.dialling import Dialler
from keitaro.guard import Guard, NotPublicError
from keitaro.networks import is_public
from tests.dials import dials
from tests.properties import CASES
from tests.wire import Wire, answer, certificate, saying

KEY = "fake-key-of-the-tracker-1111"
# Addresses that are not for documentation, and of nobody in particular.
PUBLIC = "223.255.255.1"
PUBLIC_6 = "2a0f:ffff::1"
NOT_PUBLIC = [
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32"),
    *("169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24"),
    *("192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15"),
    *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    *("::/96", "::1/128", "::ffff:0:0:0/96", "::ffff:127.0.0.0/104", "::ffff:10.0.0.0/104"),
    *("64:ff9b::a00:0/104", "64:ff9b::a9fe:0/112", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64"),
    *("2001::/32", "2001:1::/32", "2001:2::/48", "2001:3::/32", "2001:4:112::/48", "2001:10::/28"),
    *("2001:20::/28", "2001:30::/28", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48"),
    *("3ffe::/16", "3fff::/20", "4000::/3", "5f00::/16", "8000::/1", "fc00::/7", "fd00::/8"),
    *("fe80::/10", "fec0::/10", "ff00::/8", "fd00:ec2::254/128", "fe80::a9fe:a9fe/128"),
]  # fmt: skip
ALL_PUBLIC = [
    *("1.0.0.0/24", "9.255.255.0/24", "11.0.0.0/24", "100.63.255.0/24", "100.128.0.0/24"),
    *("126.255.255.0/24", "128.0.0.0/24", "168.63.129.17/32", "169.253.255.0/24"),
    *("172.15.255.0/24", "172.32.0.0/24", "192.0.1.0/24", "192.167.255.0/24", "192.169.0.0/24"),
    *("198.17.255.0/24", "198.20.0.0/24", "203.0.112.0/24", "223.255.255.0/24"),
    *("2001:200::/32", "2003::/32", "2400::/32", "2606:4700::/32", "2a00::/32", "3000::/16"),
    *("64:ff9b::800:0/120", "::ffff:8.0.0.0/120"),
]  # fmt: skip


def ends(network):
    found = ip_network(network)
    return [found[0], found[-1]]


@pytest.mark.parametrize("network", NOT_PUBLIC)
def test_a_network_that_is_not_public(network):
    assert [is_public(one) for one in ends(network)] == [False, False]


@pytest.mark.parametrize("network", ALL_PUBLIC)
def test_a_network_that_is_public(network):
    assert [is_public(one) for one in ends(network)] == [True, True]


def test_an_address_of_one_cable_is_not_public():
    assert not is_public(IPv6Address(f"{PUBLIC_6}%eth0"))


# How an IPv4 address hides in one of IPv6; the first two are what it is, the others are refused.
HIDING = {
    "mapped": lambda v4: (0xFFFF << 32) | v4,
    "made up by a resolver": lambda v4: (0x64FF9B << 96) | v4,
    "compatible": lambda v4: v4,
    "translated": lambda v4: (0xFFFF << 48) | v4,
    "a network's own translation": lambda v4: (0x64FF9B0001 << 80) | v4,
    "6to4": lambda v4: (0x2002 << 112) | (v4 << 80) | 1,
    "the server of a Teredo": lambda v4: (0x20010000 << 96) | (v4 << 64) | 0xFFFF_FFFF,
    "the client of a Teredo": lambda v4: (0x20010000 << 96) | (v4 ^ 0xFFFF_FFFF),
    "ISATAP": lambda v4: (0x2A0F << 112) | (0x0000_5EFE << 32) | v4,
    "ISATAP, called unique": lambda v4: (0x2A0F << 112) | (0x0200_5EFE << 32) | v4,
    "ISATAP on a cable": lambda v4: (0xFE80 << 112) | (0x0000_5EFE << 32) | v4,
}
READ_THROUGH = ("mapped", "made up by a resolver")


@pytest.mark.parametrize("way", HIDING)
@CASES
@given(st.integers(0, 2**32 - 1))
@example(int(IPv4Address("127.0.0.1")))
@example(int(IPv4Address("10.1.2.3")))
@example(int(IPv4Address("169.254.169.254")))
@example(int(IPv4Address("168.63.129.16")))
@example(int(IPv4Address("255.255.255.255")))
@example(int(IPv4Address("8.8.8.8")))
def test_an_address_of_the_old_kind_hides_in_none_of_the_new(way, number):
    hidden = IPv6Address(HIDING[way](number))

    assert is_public(hidden) == (way in READ_THROUGH and is_public(IPv4Address(number)))


@CASES
@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_what_python_calls_local_is_never_public(address):
    """The table refuses more than the library does, and never less."""
    if not address.is_global:
        assert not is_public(address)


def guard(*addresses, private=()):
    return Guard(frozenset(private), lambda *_: list(addresses))


@pytest.mark.parametrize(
    "addresses",
    [
        ["10.0.0.1"],
        [PUBLIC, "10.0.0.1"],
        ["10.0.0.1", PUBLIC],
        [PUBLIC, PUBLIC_6, "::1"],
        [PUBLIC_6, "fe80::1%eth0"],
        [PUBLIC, "::ffff:127.0.0.1"],
        [PUBLIC, "no address"],
        [PUBLIC, ""],
        [PUBLIC, "127.1"],
        [PUBLIC] * 50 + ["192.168.0.1"],
    ],
)
async def test_one_address_that_is_not_public_spoils_the_name(addresses):
    with pytest.raises(NotPublicError):
        await guard(*addresses).addresses("tracker.example", 443)


async def test_public_addresses_are_given_as_they_are():
    found = await guard(PUBLIC_6, PUBLIC).addresses("tracker.example", 443)

    assert found == [PUBLIC_6, PUBLIC]


async def test_a_name_without_addresses_is_not_found():
    with pytest.raises(socket.gaierror):
        await guard().addresses("tracker.example", 443)


@pytest.mark.parametrize(
    ("host", "port", "pair"),
    [
        ("lan.example", 8443, "lan.example:8443"),
        ("10.0.0.5", 443, "10.0.0.5:443"),
        ("::1", 8080, "[::1]:8080"),
    ],
)
async def test_what_the_operator_has_named_may_be_anywhere(host, port, pair):
    found = guard("10.0.0.5", private=[pair])

    assert await found.addresses(host, port) == ["10.0.0.5"]
    for other in ((host, port + 1), (f"x{host}", port), ("10.0.0.5", 1)):
        with pytest.raises(NotPublicError):
            await found.addresses(*other)


def network_to(*addresses, **options):
    limits = Limits(deadline_seconds=5.0, repeats=0, failures_in_a_row=10**6)
    return Network(**{"limits": limits, "resolve": lambda *_: list(addresses)} | options)


async def fail(network, address=None):
    """Return why a tracker cannot be reached."""
    tracker = Tracker(address or Address("https", "tracker.example", 443), KEY, network=network)
    with pytest.raises(UnreachableError) as caught:
        await tracker.call(CAMPAIGN_LIST)
    await tracker.close()
    return caught.value.cause


async def test_a_name_that_leads_elsewhere_from_one_look_to_the_next():
    """A name that is public when it is looked at, and private a moment later, leads nowhere."""
    turns = iter(range(10**6))

    def flip(*_):
        return [PUBLIC] if next(turns) % 2 else ["127.0.0.1"]

    network = network_to(resolve=flip)

    with dials() as dialled:
        causes = [await fail(network) for _ in range(1000)]

    assert (causes.count("private"), causes.count("refused")) == (500, 500)
    assert set(dialled.made) == {(PUBLIC, 443)}
    assert next(turns) == 1000


async def test_a_kind_of_address_hides_nothing_behind_the_other():
    with dials() as dialled:
        for addresses in ([PUBLIC, "::1"], [PUBLIC_6, "127.0.0.1"], ["::1", PUBLIC]):
            assert await fail(network_to(*addresses)) == "private"

    assert dialled.made == []


async def test_every_address_is_tried_and_no_other():
    addresses = [PUBLIC_6, f"{PUBLIC_6}1", PUBLIC]

    with dials() as dialled:
        assert await fail(network_to(*addresses)) == "refused"

    assert dialled.made == [(PUBLIC_6, 443), (PUBLIC, 443), (f"{PUBLIC_6}1", 443)]


async def test_no_more_than_a_few_addresses_are_tried():
    addresses = [str(ip_address(PUBLIC) + n) for n in range(100)]

    with dials() as dialled:
        assert await fail(network_to(*addresses)) == "refused"

    assert [host for host, _ in dialled.made] == addresses[:8]


@contextlib.asynccontextmanager
async def silent_port():
    """Listen at a port that lets nobody in, so that a dial there waits."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        crowd = [socket.socket() for _ in range(4)]
        for one in crowd:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        yield port
        for one in crowd:
            one.close()


async def test_an_address_that_is_silent_does_not_hold_up_the_others():
    async with silent_port() as port:

        async def serve(_, writer):
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.2", port)
        async with server:
            dialler = Dialler(guard("127.0.0.1", "127.0.0.2", private=[f"two.example:{port}"]))
            connection = await dialler.connect_tcp("two.example", port, timeout=5)
            assert connection.get_extra_info("server_addr") == ("127.0.0.2", port)
            await connection.aclose()


@pytest.mark.parametrize("host", ["tracker.example", b"tracker.example"], ids=["text", "bytes"])
async def test_a_name_may_come_as_bytes(host):
    seen = []

    def resolve(name, port):
        seen.append((name, port))
        return ["10.0.0.1"]

    with pytest.raises(httpcore.ConnectError) as caught:
        await Dialler(Guard(frozenset(), resolve)).connect_tcp(host, 443)

    assert isinstance(caught.value.__cause__, NotPublicError)
    assert seen == [("tracker.example", 443)]


async def test_the_name_stays_in_the_handshake_and_in_the_request(tmp_path):
    """What is dialled is an address; the certificate and the tracker are asked for by name."""
    pem, context = certificate(tmp_path)
    names = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    async with Wire(saying(answer(b"[]"))).listening(tls=context) as wire:
        place = f"tracker.example:{wire.port}"
        network = network_to("127.0.0.1", private=frozenset({place}), ca_file=pem)
        address = Address("https", "tracker.example", wire.port)

        # The certificate is for 127.0.0.1, where the call arrives, and not for the name.
        assert await fail(network, address) == "tls"
        network.tls.check_hostname = False
        tracker = Tracker(address, KEY, network=network)
        assert await tracker.call(CAMPAIGN_LIST) == []
        await tracker.close()

    assert names == ["tracker.example"] * 2
    [request] = wire.requests
    assert f"\r\nHost: {place}\r\n".encode() in request


async def test_a_connection_that_is_kept_is_not_looked_up_again():
    """Whoever has been reached stays who they are; only a new connection asks again."""
    answers = iter([["127.0.0.1"], ["127.0.0.1"]])
    async with Wire(saying(answer(b"[]"))).listening() as wire:
        private = frozenset({f"tracker.example:{wire.port}"})
        network = Network(private=private, resolve=lambda *_: next(answers))
        tracker = Tracker(Address("http", "tracker.example", wire.port), KEY, network=network)
        for _ in range(5):
            await tracker.call(CAMPAIGN_LIST)
        await tracker.close()

    assert wire.connections == 1
    assert next(answers)


async def test_a_resolver_that_hangs_is_not_waited_for():
    """It holds up neither the call beyond its time, nor a call that asks for another name."""
    go = threading.Event()

    def resolve(host, _):
        if host == "slow.example":
            go.wait(60)
        return ["10.0.0.1"]

    limits = Limits(deadline_seconds=0.9, repeats=0)
    network = Network(limits=limits, resolve=resolve)
    slow = [fail(network, Address("https", "slow.example", 443)) for _ in range(20)]
    waiting = asyncio.gather(*slow)

    assert await fail(network) == "private"
    assert not waiting.done()
    assert set(await waiting) == {"timeout"}
    go.set()


@pytest.mark.parametrize("error", [socket.gaierror(-3, "try again"), OSError("x"), UnicodeError()])
async def test_a_resolver_that_fails(error):
    def resolve(*_):
        raise error

    assert await fail(network_to(resolve=resolve)) == (
        "dns" if isinstance(error, socket.gaierror) else "other"
    )


def test_encryption_is_as_it_should_be():
    context = Network().tls

    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
