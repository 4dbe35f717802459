"""The demo: it plays the tour with the real bot, and notices a wrong answer."""

import asyncio
import socket
import sys
from pathlib import Path

import httpx
import pytest

from sandbox.__main__ import main
from sandbox.demo import play
from sandbox.process import PROJECT, environment
from sandbox.tour import Scene


async def demo(*arguments: str, saved: Path, typed: str = "") -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sandbox",
        *("--save", str(saved)),
        *arguments,
        cwd=PROJECT,
        env=environment({}),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(typed.encode()), 60)
    return process.returncode or 0, output.decode()


async def test_the_tour_ends_well(tmp_path):
    """What was said and sent is kept: a chart, a CSV, and the transcript."""
    status, output = await demo("--once", saved=tmp_path)

    assert status == 0
    assert "Stream 1001 is created" in output
    assert "❌ 400 Bad Request" in output
    assert "I only work for people I know." in output
    assert "Stream 1001 is created" in (tmp_path / "transcript.txt").read_text()
    charts = [found.read_bytes() for found in tmp_path.glob("*.png")]
    assert [chart[:4] for chart in charts] == [b"\x89PNG"] * 2
    [table] = tmp_path.glob("*.csv")
    assert "campaign" in table.read_text("utf-8-sig").splitlines()[0]


async def test_one_can_go_on_talking(tmp_path):
    (tmp_path / "stats.json").write_text('{"dimensions": ["campaign"], "measures": ["clicks"]}')
    lines = [
        "tour",
        "/settings",
        "#Русский",
        "/help",
        f"@{tmp_path}/stats.json /stats",
        "/stats today country",
        "> yesterday",
        "@nowhere.json /stats",
        "#no such button",
        "",
        "quit",
    ]

    status, output = await demo(saved=tmp_path, typed="\n".join(lines))

    assert status == 0
    assert "Настройки этого чата" in output
    assert "Что вы можете здесь" in output or "/stats – " in output
    assert "Garden DE" in output.partition("Saved in")[2]
    assert "Вчера по странам" in output
    assert "nowhere.json: No such file or directory" in output
    assert "no message has a button 'no such button'" in output


async def test_without_anybody_at_the_terminal_the_page_is_served_until_sigterm(tmp_path):
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", "--save", str(tmp_path)),
        cwd=PROJECT,
        env=environment({}),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(30):
        lines = [(await process.stdout.readline()).decode().strip() for _ in range(4)]
        async with httpx.AsyncClient() as client:
            answer = await client.get(lines[2])
        process.terminate()
        rest = await process.stdout.read()
        status = await process.wait()

    assert (status, rest) == (0, b"")
    assert lines[1] == "Open it in a browser:"
    assert lines[3].startswith("The page is served until")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


@pytest.mark.parametrize("name", ["BOT_TOKEN", "BOT_TOKEN_FILE"])
def test_a_token_of_the_real_telegram_is_refused(capsys, monkeypatch, name):
    monkeypatch.setenv(name, "1000002:fake-token-of-a-real-bot")
    status = main(["--once"])

    assert status == 2
    assert capsys.readouterr().err == (
        f"{name} is set: the demo has a Telegram of its own. Unset it.\n"
    )


def test_a_port_that_is_taken_is_said(capsys, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status = main(["--save", str(tmp_path), "--port", str(port)])

    assert status == 2
    assert capsys.readouterr().err == f"port {port} cannot be had: Address already in use\n"


async def test_a_wrong_answer_is_noticed(capsys, tmp_path):
    scenes = [Scene("A note.", "/help", ("✅", "a word that is not there"))]

    status = await play(saved=tmp_path, scenes=lambda _: scenes)

    assert status == 1
    assert "['a word that is not there'] is not in the answer" in capsys.readouterr().err


async def test_buttons_are_pressed_and_what_becomes_of_them_is_shown(capsys, tmp_path):
    scenes = [
        Scene("Settings.", "/settings", ("Settings of this chat",)),
        Scene("Something after them.", "hello", ("",)),
        Scene("In Russian.", "", ("Настройки этого чата",), presses="Русский", under="Settings"),
    ]

    status = await play(saved=tmp_path, scenes=lambda _: scenes)

    output = capsys.readouterr().out
    assert status == 0
    assert "Настройки этого чата" in output.partition("Olga ▸ [ Русский ]")[2]


@pytest.mark.parametrize(
    ("scene", "reason"),
    [
        (Scene("Once more.", presses="Русский", seconds=0.5), "pressing 'Русский' changes nothing"),
        (
            Scene("Back.", "", ("another word",), presses="English", seconds=0.5),
            "['another word'] does not come of pressing 'English'",
        ),
        (Scene("None.", presses="Apply"), "in it has a button 'Apply'"),
        (Scene("None.", presses="auto", under="✅ not there"), "no message of the bot with"),
    ],
)
async def test_a_press_that_leads_nowhere_is_noticed(capsys, tmp_path, scene, reason):
    scenes = [Scene("Settings.", "/settings"), Scene("Russian.", presses="Русский"), scene]

    status = await play(saved=tmp_path, scenes=lambda _: scenes)

    assert status == 1
    assert reason in capsys.readouterr().err


async def test_people_speak_and_press_in_a_group(capsys, tmp_path):
    scenes = [
        Scene("The owner asks.", "/settings", in_team=True),
        Scene("A colleague has no role.", "/stats", ("❌",), by="colleague", in_team=True),
        Scene(
            "The owner may.", "", ("Настройки",), presses="Русский", under="Settings", in_team=True
        ),
    ]

    status = await play(saved=tmp_path, scenes=lambda _: scenes)

    output = capsys.readouterr().out
    assert (status, "Ivan ▸ /stats" in output) == (0, True)
