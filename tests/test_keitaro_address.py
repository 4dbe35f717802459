"""What people paste as the address of a tracker."""

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from keitaro import Address, AddressError, parse_address
from tests.properties import CASES

PRIVATE = frozenset({"127.0.0.1:8080", "tracker:80", "10.0.0.5:443", "lan.example:8443", "[::1]:8080"})  # fmt: skip
GOOD = {
    "tracker.example": "https://tracker.example",
    "  https://tracker.example/ \n": "https://tracker.example",
    "HTTPS://Tracker.Example": "https://tracker.example",
    "//tracker.example": "https://tracker.example",
    "tracker.example.": "https://tracker.example",
    "tracker.example:443": "https://tracker.example",
    "tracker.example/admin": "https://tracker.example",
    "https://tracker.example/admin/#!/campaigns/15": "https://tracker.example",
    "https://tracker.example/admin/?a=b@c#!/x": "https://tracker.example",
    "https://tracker.example/admin_api/v1/campaigns": "https://tracker.example",
    "https://tracker.example/#!/campaigns/15": "https://tracker.example",
    "https://tracker.example?lang=en": "https://tracker.example",
    "трекер.example": "https://xn--e1aaowdh.example",
    "tracker。example": "https://tracker.example",
    "r3---sn.tracker.example": "https://r3---sn.tracker.example",
    "203.0.113.5": "https://203.0.113.5",
    "https://[2001:DB8:0::5]/admin": "https://[2001:db8::5]",
    "https://lan.example:8443/admin": "https://lan.example:8443",
    "http://127.0.0.1:8080": "http://127.0.0.1:8080",
    "http://tracker": "http://tracker",
    "http://[::1]:8080": "http://[::1]:8080",
    "10.0.0.5": "https://10.0.0.5",
}
BAD = {
    "": "empty",
    " \n": "empty",
    "https://": "not_an_address",
    "hello": "not_an_address",
    "not an address": "not_an_address",
    "tracker..example": "not_an_address",
    "-tracker.example": "not_an_address",
    "tracker_1.example": "not_an_address",
    "%74racker.example": "not_an_address",
    "tracker.example\\@other.example": "user_info",
    "tracker.example\\x": "not_an_address",
    "tracker.example\x00": "not_an_address",
    "трекер..example": "not_an_address",
    "a" * 64 + ".example": "not_an_address",
    ".".join(["a" * 60] * 5): "not_an_address",
    "xn--a.example": "not_an_address",
    "XN--zzzzzzz9.example": "not_an_address",
    "127.1": "not_an_address",
    "0x7f.1": "not_an_address",
    "2130706433": "not_an_address",
    "0": "not_an_address",
    "256.1.1.1": "not_an_address",
    "0177.0.0.1": "not_an_address",
    "[::1": "not_an_address",
    "[fe80::1%eth0]": "not_an_address",
    "[1.2.3.4]": "not_an_address",
    "[:::]": "not_an_address",
    "::1": "not_an_address",
    "ftp://tracker.example": "scheme",
    "file:///etc": "scheme",
    "http://tracker.example": "plain_http",
    "http://127.0.0.1": "plain_http",
    "https://tracker.example:8443": "port",
    "http://lan.example:8444": "plain_http",
    "tracker.example:80": "port",
    "tracker.example:": "port",
    "tracker.example:0": "port",
    "tracker.example:65536": "port",
    "tracker.example:4٤3": "port",
    "tracker.example:443:1": "port",
    "https://user@tracker.example": "user_info",
    "https://user:pw@tracker.example/admin": "user_info",
    "https://tracker.example/panel": "path",
    "https://tracker.example/sub/admin": "path",
    "https://tracker.example/administrator": "path",
}


@pytest.mark.parametrize(("text", "url"), GOOD.items())
def test_an_address_is_cleaned(text, url):
    address = parse_address(text, private=PRIVATE)

    assert address.url == str(address) == url
    assert address.authority == url.partition("://")[2]
    assert parse_address(url, private=PRIVATE) == address


@pytest.mark.parametrize(("text", "reason"), BAD.items())
def test_what_is_no_address_is_refused_with_its_reason(text, reason):
    with pytest.raises(AddressError) as caught:
        parse_address(text, private=PRIVATE)

    assert caught.value.reason == reason


@pytest.mark.parametrize("text", ["http://127.0.0.1:8080", "https://lan.example:8443", "tracker"])
def test_nothing_is_private_unless_the_operator_says_so(text):
    with pytest.raises(AddressError):
        parse_address(text)


def test_circled_digits_are_digits():
    assert parse_address("①②⑦.⓪.⓪.①") == Address("https", "127.0.0.1", 443)


PARTS = st.sampled_from(
    [*"0123456789abcfx.:/[]@#?%\\-_ \t\n①⓪。．٠ａ\u200b\u00ad\u202eßİ", "https://", "xn--", "127", "::", ".example"]
)  # fmt: skip


@CASES
@given(st.one_of(st.text(max_size=60), st.lists(PARTS, max_size=25).map("".join)))
@example("https://tracker.example\\@127.0.0.1")
@example("https://tracker.example#@127.0.0.1")
@example("https://[::ffff:127.0.0.1]")
@example("https://127.0.0.1\u3002tracker.example")
@example("faß.example")
def test_the_client_reads_the_same_host_out_of_an_address(text):
    """Whatever is typed, two readers of one text never see two hosts."""
    try:
        address = parse_address(text)
    except AddressError:
        return
    url = httpx.URL(f"{address.url}/admin_api/v1/campaigns")

    assert address.scheme == "https"
    assert (url.raw_host.decode(), url.port or 443) == (address.host, address.port)
    assert address.port == 443
    assert url.userinfo == b""
    assert url.raw_path == b"/admin_api/v1/campaigns"
    assert parse_address(address.url) == address
