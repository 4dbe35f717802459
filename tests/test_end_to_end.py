"""The real bot process over real sockets: from its start to its end."""

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import sqlite3
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from sandbox.process import BotProcess, StartError, environment, secret_key
from tests.world import KEY, World, world_in

STREAM = {
    "campaign_id": 1,
    "type": "regular",
    "schema": "redirect",
    "name": "From a file",
    "action_type": "http",
    "action_payload": "https://offer.example/?c={subid}",
    "position": 7,
    "collect_clicks": True,
}


@pytest.fixture
async def world(tmp_path: Path):
    """Both servers, and a bot that has not been started."""
    async with world_in(tmp_path, World) as world:
        yield world


async def test_the_main_job_from_start_to_sigterm(world):
    await world.bot.start()
    assert world.bot.ready_line == "ready: @keitaro_demo_bot, polling"

    await world.link()
    stats = await world.ask(
        '/stats {"range": {"interval": "today", "timezone": "UTC"}, '
        '"dimensions": ["campaign"], "measures": ["clicks"]}'
    )
    created = await world.ask("/stream", attach=json.dumps(STREAM).encode())
    error = await world.ask("/stream 999")
    began = time.monotonic()
    status = await world.bot.stop()

    assert stats.startswith("✅ 127.0.0.1")
    assert created.startswith("✅ Stream 1001 is created\nFrom a file · stream 1001\n")
    assert error.startswith("❌ 404 Not Found\nTraffic\\Model\\Stream #999 not found\n")
    assert (status, time.monotonic() - began < 8) == (0, True)
    assert [request.path for request in world.keitaro.mutations] == ["streams"]
    assert world.telegram.token.partition(":")[2] not in world.bot.output
    assert KEY not in world.bot.output


async def test_a_link_survives_a_restart(world):
    await world.bot.start()
    await world.link()
    await world.bot.stop(signal.SIGINT)
    await world.bot.start()

    answer = await world.ask("/streams 1")

    assert answer.startswith("✅ Streams of campaign 1")


async def test_a_tracker_that_dies_gives_an_answer(world):
    await world.bot.start()
    await world.link()
    world.keitaro.fail(3, cut=True)
    cut = await world.ask("/stream 12")
    world.keitaro.fail(cut=True, after_effect=True, method="POST")
    in_doubt = await world.ask(f"/stream {json.dumps(STREAM)}")

    assert cut.startswith("❌ The tracker broke off the connection")
    assert in_doubt.startswith(
        "✅ Stream 1001 is created\n"
        "No clear answer came (The tracker broke off the connection), so I looked: it is done.\n"
    )
    assert len(world.keitaro.mutations) == 1


async def test_a_change_under_way_when_the_bot_stops_is_settled_by_the_next_start(world):
    await world.bot.start()
    await world.link()
    held = asyncio.Event()
    world.keitaro.fail(until=held, path="streams")
    chat = world.telegram.private(world.owner)
    said = world.telegram.say(world.owner, chat, "/stream 12 off")
    await world.telegram.settled(
        lambda _: any(
            message.get("text", "").startswith("⏳") for message in chat.messages.values()
        )
    )
    began = time.monotonic()
    status = await world.bot.stop()
    took = time.monotonic() - began
    held.set()
    await world.bot.start()
    answer = await world.telegram.answer_to(said)

    assert (status, took < 8) == (0, True)
    is_off = world.keitaro.streams[12]["state"] == "disabled"
    assert answer["text"][0] == ("✅" if is_off else "⚠️"[0])
    assert len([one for one in world.keitaro.requests if one.method == "POST"]) == 1


async def test_a_silent_telegram_does_not_hold_up_the_end(world):
    await world.bot.start()
    held = world.telegram.hold("sendMessage", times=5)
    world.telegram.say(world.owner, world.telegram.private(world.owner), "/help")
    await world.telegram.settled(lambda telegram: not len(telegram.updates))
    began = time.monotonic()
    status = await world.bot.stop()
    took = time.monotonic() - began
    held.set()

    assert (status, took < 9) == (0, True)


async def test_without_owners_a_claim_code_is_printed_once(world):
    del world.settings["BOT_OWNERS"]
    await world.bot.start()
    code = re.search(r"/start (\S+)", world.bot.output).group(1)

    claimed = await world.ask(f"/start {code}")
    await world.bot.stop()
    await world.bot.start()

    assert claimed.startswith("✅ You are an owner of this bot now.")
    assert world.bot.output.count("/start") == 1


async def test_a_webhook_brings_updates_and_the_door_says_how_it_is(world):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    world.settings |= {
        "BOT_LISTEN": f"127.0.0.1:{port}",
        "BOT_WEBHOOK_URL": f"http://127.0.0.1:{port}/hook/fake-path",
        "BOT_WEBHOOK_SECRET": "fake-webhook-secret-0123456789-abcdef",
    }
    await world.bot.start()
    assert world.bot.ready_line == "ready: @keitaro_demo_bot, webhook"

    await world.link()
    update = {"update_id": 1, "message": {}}
    hook = urlsplit(world.telegram.webhook.url).path
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        health = await client.get("/health")
        forged = await client.post(hook, json=update)
        wrong = await client.post(hook, json=update, headers=secret("x" * 37))
        good = {"headers": secret(world.settings["BOT_WEBHOOK_SECRET"])}
        good["headers"]["Content-Type"] = "application/json"
        broken = await client.post(hook, content=b"{", **good)
        large = await client.post(hook, content=b"x" * (1024 * 1024 + 1), **good)
        elsewhere = await client.get("/")

    assert (health.status_code, health.json()["status"]) == (200, "ok")
    assert [(answer.status_code, answer.content) for answer in (forged, wrong)] == [(403, b"")] * 2
    assert (broken.status_code, large.status_code, elsewhere.status_code) == (200, 413, 404)
    assert await world.bot.stop() == 0


def secret(value: str) -> dict[str, str]:
    return {"X-Telegram-Bot-Api-Secret-Token": value}


async def test_health_is_asked_from_the_command_line(world):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    world.settings["BOT_LISTEN"] = f"127.0.0.1:{port}"
    before = await command(world, "health")
    await world.bot.start()
    during = await command(world, "health")

    assert before == (1, "health: ConnectError\n")
    assert during[0] == 0
    assert json.loads(during[1])["status"] == "ok"


async def test_check_tells_what_is_right(world):
    before = await command(world, "check")
    await world.bot.start()
    beside = await command(world, "check")
    await world.bot.stop()
    after = await command(world, "check")

    database = world.settings["BOT_DATABASE"]
    telegram = "Telegram: @keitaro_demo_bot\n"
    assert before == (
        0,
        f"settings: right\ndatabase: {database} will be made by the first run\n{telegram}",
    )
    assert beside == (
        0,
        f"settings: right\ndatabase: {database} is in use by the running bot\n{telegram}",
    )
    assert after == (0, f"settings: right\ndatabase: {database} opens\n{telegram}")


async def test_check_names_a_refused_token(world):
    world.settings["BOT_TOKEN"] = "1000002:fake-token-wrong"

    status, output = await command(world, "check")

    assert status == 1
    assert output.endswith("Telegram: InvalidToken\n")


async def test_a_second_process_on_the_same_database_is_refused_at_once(world):
    await world.bot.start()

    status, output = await command(world, "run")

    assert status == 2
    assert output.count("\n") == 1
    assert f"already in use by process {world.bot.pid}" in output


async def test_a_wrong_key_refuses_to_start_and_touches_nothing(world):
    await world.bot.start()
    await world.link()
    await world.bot.stop()
    database = Path(world.settings["BOT_DATABASE"])
    before = database.read_bytes()
    world.settings["BOT_SECRET_KEY"] = secret_key()

    run = await command(world, "run")
    check = await command(world, "check")

    line = "BOT_SECRET_KEY is wrong: it does not open the database\n"
    assert run == (2, line)
    assert check == (2, f"settings: right\n{line}")
    assert database.read_bytes() == before


async def test_a_refused_token_ends_the_process(world):
    world.settings["BOT_TOKEN"] = "1000002:fake-token-wrong"

    with pytest.raises(StartError, match="Telegram refuses the token: check BOT_TOKEN"):
        await world.bot.start()

    assert await world.bot.wait() == 2


async def test_a_wrong_setting_ends_the_process_with_one_line(world):
    world.settings["BOT_TIMEZONE"] = "Mars/Base"

    assert await command(world, "run") == (2, "BOT_TIMEZONE must be an IANA name\n")


async def test_a_bad_file_of_certificates_is_found_at_the_start(world, tmp_path):
    (tmp_path / "ca.pem").write_text("no certificate")
    world.settings["BOT_TRACKER_CA_FILE"] = "ca.pem"

    status, output = await command(world, "run")

    assert (status, output.count("\n")) == (2, 1)


async def test_one_refused_poll_is_survived_and_three_are_not(world):
    world.telegram.fail("getUpdates", status=401, description="Unauthorized")
    await world.bot.start()
    alive = await world.ask("/help")
    world.telegram.fail("getUpdates", status=401, description="Unauthorized", times=9)
    world.telegram.say(world.owner, world.telegram.private(world.owner), "/help")

    status = await asyncio.wait_for(world.bot.wait(), 30)

    assert alive.startswith("✅")
    assert status == 1
    assert "Telegram refuses the token (401)" in world.bot.output


async def test_a_telegram_that_is_down_at_first_is_waited_for(world):
    world.telegram.fail("getMe", status=502, raw=b"<html>bad gateway</html>", times=2)
    world.telegram.fail("setMyCommands", status=500, description="Internal Server Error")

    await world.bot.start()

    assert (await world.ask("/help")).startswith("✅")
    assert "menus not set" in world.bot.output


async def test_a_signal_before_telegram_answers_stops_the_bot(world):
    world.telegram.fail("getMe", status=502, raw=b"down", times=1000)
    starting = asyncio.create_task(world.bot.start())
    while "cannot reach Telegram" not in world.bot.output:
        await asyncio.sleep(0.02)
    os.kill(world.bot.pid, signal.SIGTERM)

    with pytest.raises(StartError):
        await starting
    assert await world.bot.wait() == 0


async def test_files_are_for_the_owner_of_the_process_alone(world):
    await world.bot.start()
    await world.link()

    folder = Path(world.settings["BOT_DATABASE"]).parent
    modes = {file.name: oct(file.stat().st_mode & 0o777) for file in folder.iterdir()}
    assert oct(folder.stat().st_mode & 0o777) == "0o700"
    assert set(modes.values()) == {"0o600"}


async def test_a_database_that_is_none_is_left_alone(world):
    path = Path(world.settings["BOT_DATABASE"])
    path.parent.mkdir()
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE other (x)")
    before = path.read_bytes()

    status, output = await command(world, "run")

    assert status == 2
    assert str(path) in output
    assert path.read_bytes() == before


async def command(world: World, name: str) -> tuple[int, str]:
    """Run a command of the bot to its end and return its status and what it printed."""
    process = await asyncio.create_subprocess_exec(
        *BotProcess.COMMAND,
        name,
        env=environment(world.settings),
        cwd=world.bot.folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 30)
    return process.returncode or 0, output.decode()
