"""Attacks that go through an address: typed in a chat, or answered by whoever runs a name.

The verdict is not what the bot says, but what the interpreter, or the kernel, saw it dial.
"""

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest

from bot.app import assembled
from handlers import SERVICES
from keitaro import Limits
from sandbox.process import BotProcess, bot_settings
from sandbox.serving import serving
from sandbox.telegram import Telegram
from tests.conftest import Room
from tests.dials import dials
from tests.tracing import needs_strace, traced
from tests.wire import Wire, answer, certificate, closed_port, full_backlog, reset, saying

KEY = "fake-key-1111-2222"
HOUR = 3600.0
# Addresses that are not for documentation, and of nobody in particular.
PUBLIC = "223.255.255.1"
PUBLIC_6 = "2a0f:ffff::1"
ADVICE = (
    "Check the address and its certificate, or start again with /link. An address that is not "
    "public must be allowed by whoever runs the bot.\n\nI deleted your message with the key."
)

# The same few addresses, as people write who want them not to be recognised.
SPELT = [
    *("127.0.0.1", "127.1", "127.0.1", "127.0.0.1.", "127.000.000.001", "0177.0.0.1", "0177.1"),
    *("0x7f.0.0.1", "0x7f.1", "0x7F.0x0.0x0.0x1", "0x7f000001", "2130706433", "017700000001"),
    *("127.0.0.1:443", "127.0.0.1:0443", "https://127.0.0.1", "HTTPS://127.0.0.1/admin"),
    *("//127.0.0.1", "https://127.0.0.1/admin_api/v1/", "https://127.0.0.1?x=tracker.example"),
    *("https://127.0.0.1#tracker.example", "https://tracker.example@127.0.0.1"),
    *("https://127.0.0.1\\@tracker.example", "https://tracker.example:x@127.0.0.1:443"),
    *("①②⑦.⓪.⓪.①", "127。0。0。1", "127｡0｡0｡1", "127．0．0．1", "１２７.０.０.１", "𝟏𝟐𝟕.𝟎.𝟎.𝟏", "١٢٧.٠.٠.١"),
    *("①②⑦.1", "０x7f.1", "⓪.⓪.⓪.⓪", "１６９.254.169.254", "①⑥⑨。②⑤④。①⑥⑨。②⑤④", "10.0.0.①"),
    *("0", "0.0.0.0", "0.0", "0.1", "00.00.00.00", "0x0", "0x0.0", "000000000000", "255.255.255.255"),  # noqa: S104 - spelt, and not listened at
    *("10.0.0.1", "10.1", "012.0.0.1", "0xa.1", "167772161", "172.16.0.1", "172.31.255.255"),
    *("192.168.0.1", "192.168.1", "0xc0.0xa8.0.1", "3232235521", "100.64.0.1", "198.18.0.1"),
    *("169.254.169.254", "169.254.43518", "0xa9fea9fe", "2852039166", "0251.0376.0251.0376"),
    *("169.254.169.254:80", "http://169.254.169.254/latest/meta-data/", "169.254.170.2"),
    *("168.63.129.16", "100.100.100.200", "192.0.0.192", "192.0.2.1", "224.0.0.1", "240.0.0.1"),
    *("198.51.100.1", "203.0.113.5", "192.88.99.1", "localhost.", "https://localhost", "localhost:443"),
    *("[::1]", "[::]", "https://[::1]/", "[::1]:443", "[0:0:0:0:0:0:0:1]", "[::127.0.0.1]", "[::7f00:1]"),
    *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::FFFF:10.0.0.1]", "[0:0:0:0:0:ffff:a9fe:a9fe]"),
    *("[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::10.0.0.1]"),
    *("[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2002:a00:1::1]", "[2001::1]", "[2001:0:7f00:1::]"),
    *("[2001:0:0:0:0:0:80ff:fffe]", "[fe80::1]", "[fe80::1%25lo]", "[fe80::1%lo]", "[fec0::1]"),
    *("[fc00::1]", "[fd00::1]", "[fd00:ec2::254]", "[fe80::5efe:10.0.0.1]", "[2a0f:ffff::5efe:7f00:1]"),
    *("[2001:db8::1]", "[3fff::1]", "[5f00::1]", "[100::1]", "[ff02::1]", "[4000::1]", "[::1%1]"),
    *("[::ffff:168.63.129.16]", "[2001:20::1]", "[3ffe::1]", "::1", "[127.0.0.1]", "[::ffff:127.1]"),
]  # fmt: skip
# Names, and where they lead.
NAMED = {
    "loopback.example": ["127.0.0.1"],
    "127.0.0.1.wildcard.example": ["127.0.0.1"],
    "7f000001.rebinder.example": ["127.0.0.1"],
    "nothing.example": ["0.0.0.0"],  # noqa: S104 - an address that is dialled, not listened at
    "lan.example": ["192.168.1.1"],
    "metadata.google.internal": ["169.254.169.254"],
    "metadata.example.": ["169.254.169.254"],
    "instance-data.ec2.internal": ["169.254.169.254"],
    "metadata.azure.internal": ["168.63.129.16"],
    "kubernetes.default.svc": ["10.96.0.1"],
    "host.docker.internal": ["172.17.0.1"],
    "gateway.example": ["100.64.0.1"],
    "six.example": ["::1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "nat64.example": ["64:ff9b::7f00:1"],
    "6to4.example": ["2002:7f00:1::"],
    "teredo.example": ["2001::80ff:fffe"],
    "cable.example": ["fe80::1%2"],
    "site.example": ["fec0::1"],
    "both.example": [PUBLIC, "127.0.0.1"],
    "behind.example": ["10.0.0.1", PUBLIC],
    "old-and-new.example": [PUBLIC, "::1"],
    "new-and-old.example": [PUBLIC_6, "10.0.0.1"],
    "ｌｏｏｐｂａｃｋ.example": ["127.0.0.1"],
    "lⓞⓞpback.example": ["127.0.0.1"],
}


def looked_up(host: str, port: int) -> Sequence[str]:
    """Answer as a resolver does, which reads addresses however they are spelt."""
    if host in NAMED:
        return NAMED[host]
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return [str(entry[4][0]) for entry in found]


@pytest.fixture
def resolver() -> Callable[[str, int], Sequence[str]]:
    return looked_up


@pytest.fixture
def limits() -> Limits:
    return Limits(
        deadline_seconds=5.0, pause_seconds=0.01, link_seconds=0.6, link_failure_seconds=0.0
    )


@pytest.fixture
async def start(settings, telegram, keitaro, owner, clock, limits, resolver):
    """Return a function that starts a bot with a real way out; *private* is what it may dial."""
    async with AsyncExitStack() as stack:

        async def started(*private: str, resolve=resolver, **changed) -> Room:
            values = {"private_trackers": frozenset(private)} | changed
            application, _ = await stack.enter_async_context(
                assembled(
                    settings.model_copy(update=values),
                    telegram=httpx.ASGITransport(app=telegram.app),
                    resolve=resolve,
                    limits=limits,
                    now=clock,
                )
            )
            await application.initialize()
            stack.push_async_callback(application.shutdown)
            return Room(telegram, keitaro, application, owner, clock, settings)

        yield started


async def linked_to(room):
    return await room.bot.bot_data[SERVICES].store.chats.linked(room.home.id)


AS_URLS = [f"https://{text}" for text in SPELT if "//" not in text]


@pytest.mark.parametrize(
    "texts", [SPELT, AS_URLS, list(NAMED)], ids=["spelt", "spelt as URLs", "named"]
)
async def test_nobody_makes_the_bot_dial_what_is_not_public(texts, start):
    """However the address is written, and whatever the name leads to."""
    room = await start()
    answers = {}
    with dials() as dialled:
        for text in texts:
            room.clock.at += HOUR
            answers[text] = await room.ask(f"/link {text} {KEY}")

    assert dialled.made == []
    assert {said[0] for said in answers.values()} <= {"❌", "❔"}
    assert await linked_to(room) is None


async def test_addresses_that_are_allowed_are_dialled_as_they_are(start):
    """That proves the recorder, and that no more than the pair itself is allowed."""
    room = await start("10.0.0.1:8080", "[::1]:8443")
    with dials() as dialled:
        for text in (
            "http://10.0.0.1:8080",
            "https://[0:0::1]:8443",
            "https://10.0.0.1:8081",
            "http://10.0.0.1",
            "https://10.0.0.1",
            "https://[::1]",
            "http://[::ffff:10.0.0.1]:8080",
        ):
            room.clock.at += HOUR
            await room.ask(f"/link {text} {KEY}")

    assert set(dialled.made) == {("10.0.0.1", 8080), ("::1", 8443)}


async def test_a_name_that_is_public_one_moment_and_private_the_next(start):
    """Whoever runs the name changes its answer between two looks, hundreds of times."""
    looks = []

    def flip(host, port):
        looks.append(host)
        return [PUBLIC] if len(looks) % 2 else ["127.0.0.1"]

    room = await start(resolve=flip)
    with dials() as dialled:
        for _ in range(100):
            room.clock.at += HOUR
            await room.ask(f"/link https://tracker.example {KEY}")

    assert len(looks) >= 100
    assert set(dialled.made) == {(PUBLIC, 443)}


async def test_a_tracker_that_is_linked_moves_to_a_private_address(start):
    """Its name is asked again for every new connection, by commands as well as by /status."""
    room = await start(resolve=lambda *_: ["169.254.169.254"])
    await room.link()
    with dials() as dialled:
        said = await room.ask("/stream 45")
        status = await room.ask("/status")

    assert dialled.made == []
    assert said.startswith(
        "❌ The name of the tracker leads to an address that is not public\n\n"
        "I sent nothing. Whoever runs the bot can allow this address: BOT_PRIVATE_TRACKERS\n"
    )
    assert status.splitlines()[3] == (
        "🔴 Name of the tracker: The name of the tracker leads to an address that is not public"
    )


async def behind_walls(stack: AsyncExitStack, folder: Path) -> dict[str, str]:
    """Return addresses with nothing good behind them, by what there is."""

    async def listening(behave, *, tls=None) -> str:
        wire = await stack.enter_async_context(Wire(behave).listening(tls=tls))
        return f"{'https' if tls else 'http'}://127.0.0.1:{wire.port}"

    _, context = certificate(folder)
    closed, free = closed_port()
    stack.callback(free)
    filtered, let_in = full_backlog()
    stack.callback(let_in)
    page = answer(b"<html>", status="404 Not Found")
    return {
        "closed": closed,
        "filtered": filtered,
        "not public": "https://10.0.0.1",
        "no such name": "https://nowhere.example",
        "open, and another program": await listening(saying(b"SSH-2.0-x\r\n\r\n", close=True)),
        "open, and silent": await listening(saying(stall=True)),
        "open, and hangs up": await listening(reset),
        "open, with a page": await listening(saying(page)),
        "open, and failing": await listening(saying(answer(b"{}", status="500 Oh"))),
        "open, and sends on": await listening(
            saying(answer(b"", status="302 Found", headers="Location: http://10.0.0.1/\r\n"))
        ),
        "open, with a bad certificate": await listening(saying(answer(b"[]")), tls=context),
    }


@pytest.mark.parametrize(
    "limits", [Limits(pause_seconds=0.01, link_seconds=0.5, link_failure_seconds=0.7)], ids=["even"]
)
async def test_answers_do_not_tell_what_is_at_an_address(start, tmp_path, limits):
    """Open, closed, filtered, private or no address at all: one sentence, after the same time."""
    async with AsyncExitStack() as stack:
        walls = await behind_walls(stack, tmp_path)
        places = [url.partition("://")[2] for name, url in walls.items() if ":" in url[8:]]
        room = await start(*places)
        answers, seconds = {}, {}
        for name, url in walls.items():
            room.clock.at += HOUR
            began = asyncio.get_running_loop().time()
            answers[name] = (await room.ask(f"/link {url} {KEY}")).replace(url, "ADDRESS")
            seconds[name] = asyncio.get_running_loop().time() - began

    said = f"❌ ADDRESS does not answer as a Keitaro tracker. Nothing was linked. {ADVICE}"
    assert answers == dict.fromkeys(walls, said)
    assert min(seconds.values()) >= limits.link_failure_seconds


async def test_nobody_tries_address_after_address(start):
    """After five within an hour nothing is dialled for this person; others are not concerned."""
    room = await start("10.0.0.1:8080")
    other = room.telegram.person("Otto")
    await room.grant(other, room.telegram.private(other), "admin")
    with dials() as dialled:
        answers = [await room.ask(f"/link http://10.0.0.1:8080 {KEY}") for _ in range(7)]
        made = len(dialled.made)
        await room.ask(f"/link http://10.0.0.1:8080 {KEY}", by=other)
        beside = len(dialled.made)
        room.clock.at += HOUR
        later = await room.ask(f"/link http://10.0.0.1:8080 {KEY}")

    assert [said.splitlines()[0] for said in answers[5:]] == [
        "❌ You tried 5 times to link a tracker, and each time it failed. Try again in an hour."
    ] * 2
    assert made == 5 * beside // 6
    assert answers[0] == later


async def test_who_links_well_may_link_many_chats(start):
    """Only what fails counts."""
    async with Wire(saying(answer(b"[]"), close=True)).listening() as wire:
        room = await start(f"127.0.0.1:{wire.port}")
        answers = [
            await room.ask(f"/link http://127.0.0.1:{wire.port} {KEY}{number}")
            for number in range(8)
        ]

    assert {said[0] for said in answers} == {"✅"}


async def test_keys_cannot_be_guessed_one_after_the_other(start):
    refusal = answer(b'{"error": "Access denied"}', status="401 Unauthorized")
    async with Wire(saying(refusal, close=True)).listening() as wire:
        room = await start(f"127.0.0.1:{wire.port}")
        for number in range(8):
            await room.ask(f"/link http://127.0.0.1:{wire.port} {KEY}{number}")

    assert len(wire.requests) == 5


ELSEWHERE = [
    "http://10.0.0.1/",
    "https://10.0.0.1/admin_api/v1/campaigns",
    "http://169.254.169.254/latest/",
    "//10.0.0.1/",
    "https://127.0.0.2:8443/",
    "http://[::1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://2130706433/",
    "file:///etc/passwd",
    "gopher://10.0.0.1/",
    "/admin_api/v1/campaigns",
    f"https://user:{KEY}@10.0.0.1/",
]


@pytest.mark.parametrize("header", ["Location", "Refresh", "Content-Location"])
@pytest.mark.parametrize("status", [200, 301, 302, 303, 307, 308])
async def test_nobody_sends_the_bot_elsewhere(status, header, start):
    """No address that comes in an answer is dialled, and no second request goes out."""
    wheres = iter(ELSEWHERE)

    async def behave(writer):
        where = next(wheres)
        value = f"0; url={where}" if header == "Refresh" else where
        writer.write(answer(b"{}", status=f"{status} X", headers=f"{header}: {value}\r\n"))
        return True

    async with Wire(behave).listening() as wire:
        room = await start(f"127.0.0.1:{wire.port}", "10.0.0.1:80", "10.0.0.1:443")
        await room.link(tracker=f"http://127.0.0.1:{wire.port}")
        with dials() as dialled:
            for _ in ELSEWHERE:
                assert (await room.ask("/stream 45"))[0] == "❌"

    assert dialled.hosts == {"127.0.0.1"}
    assert set(dialled.made) == {("127.0.0.1", wire.port)}
    assert len(wire.requests) == len(ELSEWHERE)


async def test_a_tracker_cannot_answer_the_next_question_in_advance(start, keitaro):
    """What it sends behind an answer is never taken for the answer to somebody else's question."""
    planted = answer(b'{"id": 46, "campaign_id": 11, "name": "Planted", "state": "active"}')
    first = answer(b'{"id": 45, "campaign_id": 11, "name": "First", "state": "active"}')
    honest = answer(b'{"id": 46, "campaign_id": 11, "name": "Honest", "state": "active"}')

    async def behave(writer):
        target = wire.requests[-1].split(b" ")[1]
        if target.endswith(b"streams/45"):
            writer.write(first + planted)
        elif target.endswith(b"streams/46"):
            writer.write(honest)
        else:
            writer.write(answer(b"[]"))

    async with Wire(behave).listening() as wire:
        room = await start(f"127.0.0.1:{wire.port}")
        await room.link(tracker=f"http://127.0.0.1:{wire.port}")
        await room.ask("/stream 45")
        said = await room.ask("/stream 46")
        await room.bot.bot_data[SERVICES].trackers.close()

    assert "Honest" in said
    assert "Planted" not in said


# The real process, and what the kernel saw it dial.
TYPED = [
    *("https://127.0.0.1", "https://[::1]", "https://10.0.0.1", "https://169.254.169.254"),
    *("https://[::ffff:127.0.0.1]", "https://[64:ff9b::7f00:1]", "https://[fe80::1]"),
    *("https://[2002:7f00:1::]", "https://192.168.0.1", "https://[fd00:ec2::254]"),
    *("https://168.63.129.16", "https://①②⑦.⓪.⓪.①", "https://127.1", "https://0x7f.1"),
    *("https://0.0.0.0", "https://[::]", "https://224.0.0.1", "https://100.64.0.1"),
    *("https://nowhere.example", "https://user@127.0.0.1", "https://127.0.0.1:8443"),
]  # fmt: skip


@needs_strace
async def test_the_kernel_sees_no_dial_that_should_not_be(tmp_path):
    """Many people type such addresses at once to the real process; it talks to Telegram alone."""
    telegram = Telegram()
    people = [telegram.person(f"P{number}") for number in range(len(TYPED))]
    async with asyncio.timeout(100), serving(telegram.app) as api_url:
        bot = BotProcess(
            bot_settings(
                token=telegram.token,
                owners=[person.id for person in people],
                database=tmp_path / "bot.db",
                api_url=api_url,
                trackers=[],
            ),
            tmp_path,
        )
        await bot.start()
        try:
            async with traced(bot.pid, "-e", "trace=connect", out=tmp_path / "strace.log"):
                said = [
                    telegram.say(person, telegram.private(person), f"/link {text} {KEY}")
                    for person, text in zip(people, TYPED, strict=True)
                ]
                answers = await asyncio.gather(
                    *(telegram.answer_to(one, timeout_seconds=60) for one in said)
                )
        finally:
            await bot.stop()
        await telegram.close()

    port = api_url.rpartition(":")[2]
    lines = (tmp_path / "strace.log").read_text().splitlines()
    dialled = [line for line in lines if "AF_INET" in line]
    # Names are asked for at port 53.
    others = [line for line in dialled if f"htons({port})" not in line and "htons(53)" not in line]
    assert {one["text"][0] for one in answers} == {"❌"}
    assert others == []
    assert dialled
