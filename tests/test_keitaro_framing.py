"""Whatever bytes come, the HTTP library is handed one answer and nothing behind it."""

import h11
import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keitaro.framing import HEAD_BYTES, HEAD_LINES, Framing
from keitaro.transport import body_of
from tests.properties import CASES

ODD = [
    b"\r\n",
    b"\n",
    b"\r",
    b"0\r\n",
    b"0\r\n\r\n",
    b";x",
    b"\x00",
    b" ",
    b"-",
    b"HTTP/1.1 200 OK\r\n",
]
BODIES = st.lists(st.sampled_from([b"{", b"}", b" ", *ODD]) | st.binary(max_size=20), max_size=8)
BEHIND = st.sampled_from([b"", b"\n", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", b"x" * 99])
SIZES = st.lists(st.integers(1, 40), min_size=1, max_size=50)


def in_chunks(pieces, trailer):
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in pieces if one)
    return b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n" + trailer + b"\r\n"


def with_length(pieces, trailer):
    body = b"".join(pieces)
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


ANSWERS = st.builds(
    lambda promises, write, pieces, trailer: (
        b"HTTP/1.1 103 Early\r\nX: y\r\n\r\n" * promises
        + b"HTTP/1.1 200 OK\r\n"
        + write(pieces, trailer)
    ),
    st.integers(0, 2),
    st.sampled_from([in_chunks, with_length]),
    BODIES,
    st.sampled_from([b"", b"X: y\r\n", b"X: y\r\nZ:\r\n"]),
)


def deliveries(raw, sizes):
    """Yield *raw* in pieces of these sizes, again and again."""
    while raw:
        for size in sizes:
            yield raw[:size]
            raw = raw[size:]


def read(raw, sizes):
    """Return what the library makes of what it is handed: its body, and what it has left over."""
    framing, library, data = Framing(), h11.Connection(h11.CLIENT), bytearray()
    library.send(h11.Request(method="GET", target="/", headers=[("Host", "tracker.example")]))
    library.send(h11.EndOfMessage())
    body = b""
    for piece in deliveries(raw, sizes):
        data += piece
        while granted := framing.take(data):
            library.receive_data(bytes(data[:granted]))
            del data[:granted]
            while (event := library.next_event()) is not h11.NEED_DATA:
                if isinstance(event, h11.Response):
                    head = httpcore.Response(event.status_code, headers=list(event.headers))
                    framing.begin_body(body_of(head))
                elif isinstance(event, h11.Data):
                    body += event.data
                elif isinstance(event, h11.EndOfMessage):
                    return body, library.trailing_data[0]
    return None, b""


@CASES
@given(ANSWERS, BEHIND, SIZES)
def test_an_answer_is_whole_and_nothing_of_what_follows_is_handed_over(raw, behind, sizes):
    alone, _ = read(raw, [len(raw)])

    assert alone is not None
    assert read(raw + behind, sizes) == (alone, b"")
    assert read(raw + behind, [len(raw) + len(behind)]) == (alone, b"")


@CASES
@given(ANSWERS, st.integers(0, 10**6), st.sampled_from(ODD), st.integers(0, 3), BEHIND, SIZES)
def test_an_answer_that_is_spoilt_hands_over_nothing_more(raw, at, odd, cut, behind, sizes):
    """Either the library finds it wrong, or an end of it with nothing behind."""
    at %= len(raw)
    spoilt = raw[:at] + odd + raw[at + cut :] + behind
    try:
        _, left = read(spoilt, sizes)
    except (h11.RemoteProtocolError, httpcore.RemoteProtocolError):
        return

    assert left == b""


@pytest.mark.parametrize("raw", [b"X" * HEAD_BYTES, b"X: y\r\n" * HEAD_LINES + b"\r\n", b"HTTP/1.1 100 C\r\n\r\n" * HEAD_LINES])  # fmt: skip
def test_a_head_without_end_is_refused(raw):
    with pytest.raises(httpcore.RemoteProtocolError):
        read(b"HTTP/1.1 100 C\r\n\r\n" + raw, [1000])
