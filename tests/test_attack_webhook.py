"""Somebody knocks at the web door who is not Telegram."""

import asyncio
import gzip
import json
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from sandbox.process import PROJECT
from tests.world import World, world_in

SECRET = "fake-webhook-secret-0123456789-abcdef"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
JSON = {"Content-Type": "application/json"}
KNOWN = {HEADER: SECRET}
IDLE_SOCKETS = 500


@pytest.fixture
async def world(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with world_in(tmp_path, World) as world:
        world.settings |= {
            "BOT_LISTEN": f"127.0.0.1:{port}",
            "BOT_WEBHOOK_URL": f"http://127.0.0.1:{port}/hook",
            "BOT_WEBHOOK_SECRET": SECRET,
        }
        await world.bot.start()
        await world.link()
        yield world


def update(world, text="/stream 26 off", number=999_999_999):
    person = world.owner
    return {
        "update_id": number,
        "message": {
            "message_id": 9999,
            "date": int(world.telegram.now()),
            "chat": {"id": person.id, "type": "private", "first_name": person.first_name},
            "from": person.as_user(),
            "text": text,
            "entities": [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}],
        },
    }


async def test_a_forged_update_has_no_effect_and_learns_nothing(world):
    hook = world.telegram.webhook.url
    forged = json.dumps(update(world)).encode()
    asked, said = len(world.keitaro.requests), len(world.telegram.sent)

    def doubled() -> list[tuple[str, str]]:
        return [(HEADER, SECRET), (HEADER, SECRET), *JSON.items()]

    async def chunks():
        for _ in range(40):
            yield b"x" * 65536

    attempts = {
        "no secret": ({"headers": JSON, "content": forged}, 403),
        "an empty one": ({"headers": {**JSON, HEADER: ""}, "content": forged}, 403),
        "a wrong one": ({"headers": {**JSON, HEADER: "x" * len(SECRET)}, "content": forged}, 403),
        "its beginning": ({"headers": {**JSON, HEADER: SECRET[:-1]}, "content": forged}, 403),
        "in capitals": ({"headers": {**JSON, HEADER: SECRET.upper()}, "content": forged}, 403),
        "twice": ({"headers": doubled(), "content": forged}, 403),
        "in the query": ({"headers": JSON, "params": KNOWN, "content": forged}, 403),
        "as a cookie": (
            {"headers": {**JSON, "Cookie": f"{HEADER}={SECRET}"}, "content": forged},
            403,
        ),
        "letters of no alphabet": (
            {"headers": {**JSON, HEADER: "ü".encode()}, "content": forged},
            403,
        ),
        "a form": ({"headers": KNOWN, "data": {"update_id": "1"}}, 415),
        "no type": ({"headers": KNOWN, "content": forged}, 415),
        "too long": ({"headers": {**JSON, **KNOWN}, "content": b"x" * (2**20 + 1)}, 413),
        "too long in chunks": ({"headers": {**JSON, **KNOWN}, "content": chunks()}, 413),
    }
    harmless = {
        "compressed": gzip.compress(forged),
        "no JSON": b"{",
        "no update": b'{"a": 1}',
        "a list": b"[]",
        "deep": b"[" * 100_000,
        "of another kind": b'{"update_id": 999999998, "poll": {"id": "1"}}',
    }
    async with httpx.AsyncClient() as client:
        answers = {name: await client.post(hook, **how) for name, (how, _) in attempts.items()}
        taken = {
            name: await client.post(hook, headers={**JSON, **KNOWN}, content=content)
            for name, content in harmless.items()
        }
        elsewhere = [
            await client.request(method, url, headers={**JSON, **KNOWN}, content=forged)
            for method, url in (
                ("GET", hook),
                ("PUT", hook),
                ("POST", world.settings["BOT_WEBHOOK_URL"]),
                ("POST", f"{hook}0"),
                ("POST", hook[:-1]),
                ("POST", f"{hook}/../health"),
            )
        ]
    await world.ask("/help")

    assert {name: answer.status_code for name, answer in answers.items()} == {
        name: status for name, (_, status) in attempts.items()
    }
    assert {answer.status_code for answer in taken.values()} == {200}
    assert [answer.status_code for answer in elsewhere] == [405, 405, 404, 404, 404, 404]
    everything = [*answers.values(), *taken.values(), *elsewhere]
    assert {answer.content for answer in everything} == {b""}
    assert not any("server" in answer.headers for answer in everything)
    assert len(world.keitaro.requests) == asked
    assert len(world.telegram.sent) == said + 1


async def test_nobody_can_guess_where_updates_are_brought(world):
    path = urlsplit(world.telegram.webhook.url).path

    assert path.startswith("/hook/")
    assert len(path) == len("/hook/") + 32
    assert SECRET not in path
    assert path not in world.bot.output


async def test_an_update_that_is_brought_twice_is_run_once(world):
    """Whoever has seen one of Telegram's posts cannot have it done again."""
    shown = update(world, "/stream 26")
    async with httpx.AsyncClient(headers={**JSON, **KNOWN}) as client:
        statuses = [
            (await client.post(world.telegram.webhook.url, json=shown)).status_code
            for _ in range(5)
        ]
    await world.ask("/help")
    asked = [one for one in world.keitaro.requests if one.path == "streams/26"]

    assert statuses == [200] * 5
    assert len(asked) == 1


async def test_sockets_that_only_drip_keep_nobody_out(world):
    """Each says a little of a request now and then, and never all of it."""
    place = urlsplit(world.telegram.webhook.url)
    held = []
    for number in range(IDLE_SOCKETS):
        one = socket.create_connection((place.hostname, place.port))
        one.setblocking(False)
        begun = f"POST {place.path} HTTP/1.1\r\nHost: x\r\nX-{number}: "
        if number % 2:
            begun += f"1\r\n{HEADER}: {SECRET}\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{{"
        one.send(begun.encode())
        held.append(one)
    try:
        answers = []
        for number in range(5):
            for one in held[number::5]:
                one.send(b"x")
            answers.append(await world.ask("/streams 1"))
    finally:
        for one in held:
            one.close()

    assert [answer[0] for answer in answers] == ["✅"] * 5


async def test_the_process_keeps_its_secrets_from_its_neighbours(world):
    said = Path(f"/proc/{world.bot.pid}/cmdline").read_bytes()
    limits = Path(f"/proc/{world.bot.pid}/limits").read_text()
    core = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    status = Path(f"/proc/{world.bot.pid}/status").read_text()

    for secret in (world.telegram.token, SECRET, world.settings["BOT_SECRET_KEY"]):
        assert secret.encode() not in said
    assert core.split()[4:6] == ["0", "0"]
    assert "Umask:\t0077\n" in status


HARDENED = """
import ctypes
from bot.hardening import harden
harden()
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a call of Linux")
async def test_no_debugger_of_the_same_user_looks_inside():
    """The kernel says that the process cannot be dumped, so its memory belongs to root alone."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", HARDENED), stdout=asyncio.subprocess.PIPE, cwd=PROJECT
    )
    output, _ = await process.communicate()

    assert output == b"0\n"
