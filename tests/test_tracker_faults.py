"""Every misfortune of a tracker, over real connections, before the bot as a process of its own.

A row of `tests.outages` names a fault. All rows take place at the same time, each at a tracker of
its own. What is asserted is what the person reads, how often the tracker was asked, and that
nothing is said of a change that is otherwise in truth.
"""

import asyncio
import csv
import io
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.outages import (
    COMMANDS,
    HOARDS,
    LIES,
    MIB,
    QUESTIONS,
    SEND_AGAIN,
    SLOW,
    WAITS,
    WALLS,
    Flood,
    Scene,
    scenes,
    set_scene,
)
from tests.stage import KEY, Spot, Stage, Told, most_memory
from tests.wire import answer, saying

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning"),
]

CREATED = 1001
WELL = "✅ CA direct · stream 46"
SCENES = {scene.name: scene for scene in scenes()}
ABOUT_AT_ONCE = 40
AT_ONCE_SECONDS = 5.0
REACHED_SECONDS = 15.0
HOARD_MIB = 40
FIVE = 5
CROWD = 50
PAUSE_SECONDS = 30.5


@dataclass
class Night:
    """A stage on which everything goes wrong at once; *acts* are under way or over."""

    stage: Stage
    acts: dict[str, asyncio.Task[Any]]

    def spot(self, name: str) -> Spot:
        return self.stage.spots[name]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def night(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Night]:
    async with Stage(tmp_path_factory.mktemp("night")) as stage:
        await set_stage(stage)
        await stage.start()
        acts = begun(slow_acts(stage)) | (quick := begun(quick_acts(stage)))
        acts |= begun({"crowd": crowd(stage, list(quick.values()))})
        try:
            yield Night(stage, acts)
        finally:
            for act in acts.values():
                act.cancel()
            await asyncio.gather(*acts.values(), return_exceptions=True)


async def set_stage(stage: Stage) -> None:
    for scene in SCENES.values():
        await set_scene(stage, scene)
    for number, (name, wall) in enumerate(WALLS.items()):
        await wall.staging(stage, name, stage.folder / f"wall-{number}")
    for name, (headers, _) in WAITS.items():
        for command in ("card", "create"):
            _, method, path = COMMANDS[command]
            spot = await stage.tracker(f"{command}: {name}")
            spot.keitaro.fail(method=method, path=path, status=429, headers=headers)
    for name, lie in LIES.items():
        spot = await stage.tracker(name)
        spot.keitaro.fail(method=lie.method, path=lie.path, status=lie.status, body=lie.body)
    for name, rows in REPORTS.items():
        spot = await stage.tracker(name)
        spot.keitaro.fail(path="report/build", body={"rows": rows, "total": len(rows)})
    await stage.tracker("bystander")
    neighbour = await stage.listening(saying(answer(b"{}")))
    spot = await stage.tracker("next door")
    spot.neighbour = neighbour
    location = {"location": f"http://127.0.0.1:{neighbour.port}/admin_api/v1/streams/45"}
    for method, path in (("GET", "streams/45"), ("POST", "streams")):
        spot.keitaro.fail(method=method, path=path, status=307, headers=location)
    for name, count in (("down", FIVE), ("crowd", CROWD)):
        first = await stage.tracker(f"{name} 0")
        for number in range(1, count):
            stage.beside(f"{name} {number}", first)


def slow_acts(stage: Stage) -> dict[str, Awaitable[Any]]:
    acts = {name: behind_wall(stage, name) for name in WALLS}
    slow = [scene for scene in SCENES.values() if scene.fault in SLOW]
    acts["next door"] = behind_wall(stage, "next door")
    return {"down": down(stage), **acts, **{scene.name: play(stage, scene) for scene in slow}}


def quick_acts(stage: Stage) -> dict[str, Awaitable[Any]]:
    few = asyncio.Semaphore(ABOUT_AT_ONCE)

    async def one_of_few(act: Awaitable[Any]) -> Any:
        async with few:
            return await act

    quick = [scene for scene in SCENES.values() if scene.fault not in SLOW]
    acts = {scene.name: play(stage, scene) for scene in quick}
    acts |= {
        f"{command}: {name}": twice(stage, f"{command}: {name}", command)
        for name in WAITS
        for command in ("card", "create")
    }
    acts |= {name: stage.ask(stage.spots[name], lie.command) for name, lie in LIES.items()}
    acts |= {name: report(stage, name) for name in REPORTS}
    return {name: one_of_few(act) for name, act in acts.items()}


def begun(acts: dict[str, Awaitable[Any]]) -> dict[str, asyncio.Task[Any]]:
    return {name: asyncio.ensure_future(act) for name, act in acts.items()}


async def play(stage: Stage, scene: Scene) -> tuple[Told, Told]:
    """Return what is said of the fault, and of the next question, which nothing befalls."""
    spot = stage.spots[scene.name]
    told = await stage.ask(spot, COMMANDS[scene.command][0])
    spot.heal()
    return told, await stage.ask(spot, "/stream 46")


async def behind_wall(stage: Stage, name: str) -> tuple[Told, Told]:
    spot = stage.spots[name]
    return await stage.ask(spot, "/stream 45"), await stage.ask(spot, COMMANDS["create"][0])


async def twice(stage: Stage, name: str, command: str) -> tuple[Told, int, Told]:
    """Return both answers, and how many requests had come before the second command."""
    spot = stage.spots[name]
    first = await stage.ask(spot, COMMANDS[command][0])
    calls = spot.calls()
    return first, calls, await stage.ask(spot, "/stream 46")


async def down(stage: Stage) -> tuple[list[Told], list[int], list[Told]]:
    """Have five people ask a tracker that is down, and others when it is up again.

    Returns what the five are told; how many requests had come by then and in the pause; what is
    said in the pause, and after it.
    """
    spots = [stage.spots[f"down {number}"] for number in range(FIVE)]
    first = spots[0]
    first.keitaro.fail(100, status=502)
    five = await asyncio.gather(*(stage.ask(spot, "/stream 45") for spot in spots))
    calls = [first.calls()]
    first.heal()
    later = [await stage.ask(first, "/stream 46"), await stage.ask(first, COMMANDS["create"][0])]
    calls.append(first.calls())
    await asyncio.sleep(PAUSE_SECONDS)
    return list(five), calls, [*later, await stage.ask(first, "/stream 46")]


async def crowd(
    stage: Stage, quick: list[asyncio.Task[Any]]
) -> tuple[list[Told], Counter[str], list[Told]]:
    """Have fifty people ask one tracker that is slow, while others are slow, too.

    Returns what they are told in the end, every ⏳, and what a bystander is told meanwhile.
    """
    await asyncio.wait(quick)
    spots = [stage.spots[f"crowd {number}"] for number in range(CROWD)]
    go = asyncio.Event()
    spots[0].keitaro.fail(CROWD, path="streams/45", until=go)
    asking = [asyncio.create_task(stage.ask(spot, "/stream 45")) for spot in spots]
    beside = [await stage.ask(stage.spots["bystander"], "/stream 46") for _ in range(CROWD)]
    await stage.telegram.settled(
        lambda telegram: all(any(map(is_working, telegram.messages(spot.chat))) for spot in spots),
        timeout_seconds=20,
    )
    chats = [stage.telegram.messages(spot.chat) for spot in spots]
    working = [message["text"] for chat in chats for message in chat if is_working(message)]
    go.set()
    return await asyncio.gather(*asking), Counter(working), beside


def is_working(message: dict[str, Any]) -> bool:
    return message.get("text", "").startswith("⏳")


async def report(stage: Stage, name: str) -> tuple[Told, list[dict[str, Any]]]:
    """Return the answer, and all messages once the file has come if one is to come."""
    spot = stage.spots[name]
    told = await stage.ask(spot, REPORT)
    if "are in the file" in told.text:
        await stage.telegram.settled(
            lambda telegram: "document" in telegram.messages(spot.chat)[-1], timeout_seconds=30
        )
    return told, stage.telegram.messages(spot.chat)[1:]


REPORT = '/stats {"dimensions": ["campaign"], "measures": ["clicks"]}'
NASTY = [
    "=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(1)", "<b>✅ done</b>", "</pre>", "/link https://a.example",
    "\u202eevil\u202c", "\u200b", "a\nb\tc", "👩‍👩‍👧", "ﷺ" * 20, "'; DROP TABLE links--", "{0}%s", "NULL", "@owner",
    "x" * 500, "Ω≈ç√∫", "&amp;", "\x00\x1b[31m",
]  # fmt: skip
REPORTS: dict[str, list[dict[str, Any]]] = {
    "a hundred thousand rows": [{"campaign": f"c{n}", "clicks": n} for n in range(100_000)],
    "no rows": [],
    "nasty names": [{"campaign": name, "clicks": n} for n, name in enumerate(NASTY, 1)],
}


@pytest.mark.parametrize("name", [name for name in SCENES if SCENES[name].command in QUESTIONS])
async def test_a_question_that_meets_a_fault(name: str, night: Night):
    """Status, the tracker's words, what to do; asked again only where that may help."""
    scene, spot = SCENES[name], night.spot(name)
    row = scene.row
    told, after = await night.acts[name]

    assert told.text.startswith(
        "\n".join([f"❌ {row.headline}", *row.said, "", row.advice, "Request"])
    )
    assert len(told.messages) == 1
    # The card that is asked for afterwards asks for a report of its own.
    of_card = scene.command == "report"
    assert spot.calls(*COMMANDS[scene.command][1:]) == row.tries + of_card
    assert spot.changes_sent == 0
    assert after.lines[0] == WELL


@pytest.mark.parametrize("name", [name for name in SCENES if SCENES[name].command not in QUESTIONS])
async def test_a_change_that_meets_a_fault(name: str, night: Night):
    """✅ if the tracker holds it, ❌ if not; it is sent once."""
    scene, spot = SCENES[name], night.spot(name)
    told, after = await night.acts[name]

    assert told.text.startswith("\n".join(said_of(scene)))
    assert len(told.messages) == 1
    assert spot.calls(*COMMANDS[scene.command][1:]) == 1
    assert spot.changes_sent == 1
    assert holds(spot, scene.command) == scene.is_done
    assert after.lines[0] == WELL


def said_of(scene: Scene) -> list[str]:
    row, is_new = scene.row, scene.command == "create"
    if not row.doubt:
        return [f"❌ {row.headline}", *row.said, "", row.advice, "Request"]
    trouble = f"No clear answer came ({row.headline}), so I looked"
    if scene.is_done:
        done = f"Stream {CREATED} is created" if is_new else "Stream 45 is off"
        return [f"✅ {done}", f"{trouble}: it is done.", ""]
    undone = "The stream was not created" if is_new else "Stream 45 was not changed"
    seen = "It is not there." if is_new else "It is as it was before."
    looked = f"{trouble} until 1 s had passed. {seen}"
    return [f"❌ {undone}", looked, *row.said, SEND_AGAIN, "Request"]


def holds(spot: Spot, command: str) -> bool:
    """Tell whether the tracker holds the change of *command*, once."""
    streams = spot.keitaro.streams
    if command == "create":
        return [stream["name"] for stream in streams.values()].count("Main") == 1
    return streams[45]["state"] == "disabled"


@pytest.mark.parametrize("name", WALLS)
async def test_a_tracker_that_cannot_be_reached(name: str, night: Night):
    """Not one byte of the request gets out, so nothing was changed."""
    wall, spot = WALLS[name], night.spot(name)

    for told in await night.acts[name]:
        assert told.text.startswith(f"❌ {wall.headline}\n\n{wall.advice}\nRequest\n")
        assert told.seconds < REACHED_SECONDS
    assert spot.calls() == 0


async def test_who_does_not_encrypt_is_not_spoken_to(night: Night):
    """What comes is the beginning of a handshake, and nothing of a request."""
    await asyncio.gather(*(night.acts[name] for name in WALLS))

    assert night.stage.heard
    assert {first[:2] for first in night.stage.heard} == {b"\x16\x03"}


async def test_a_redirect_is_not_followed(night: Night):
    """Not even next door, and nothing of it is dialled."""
    spot = night.spot("next door")
    for told in await night.acts["next door"]:
        assert told.text.startswith("❌ 307 Temporary Redirect: it redirects to http://127.0.0.1:")
    assert spot.keitaro.mutations == []
    assert spot.neighbour.connections == 0


@pytest.mark.parametrize("name", WAITS)
@pytest.mark.parametrize("command", ["card", "create"])
async def test_a_tracker_that_asks_for_a_break(name: str, command: str, night: Night):
    """A short one is made; after a longer one nobody calls before it is over."""
    advice = WAITS[name][1]
    spot = night.spot(f"{command}: {name}")
    first, calls, second = await night.acts[f"{command}: {name}"]
    is_remembered = advice.startswith("The tracker asks")

    if advice:
        assert first.text.startswith(f"❌ 429 Too Many Requests\n\n{advice}\nRequest\n")
    else:
        assert first.text[0] == "✅"
    assert spot.calls(*COMMANDS[command][1:]) == (1 if advice else 2)
    assert holds(spot, "create") == (command == "create" and not advice)
    assert second.text.startswith(
        "❌ 429 Too Many Requests\n\nThe tracker asks" if is_remembered else WELL
    )
    assert (spot.calls() == calls) == is_remembered


@pytest.mark.parametrize("name", LIES)
async def test_a_yes_that_nothing_came_of(name: str, night: Night):
    """✅ is said for what the tracker holds, not for what it says."""
    lie, spot = LIES[name], night.spot(name)
    told = await night.acts[name]

    assert tuple(told.lines[: len(lie.says)]) == lie.says
    assert spot.changes_sent == 1
    assert spot.keitaro.mutations == []


async def test_a_report_of_a_hundred_thousand_rows(night: Night):
    """The first ones are shown, all of them are in the file."""
    told, messages = await night.acts["a hundred thousand rows"]
    file = night.stage.telegram.document(messages[-1]).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(file)))

    assert told.text.startswith("✅ 127.0.0.1")
    assert "of 100,000 · page 1 of 33\nThe first 1,000 rows are here.\n" in told.text
    assert "\nAll rows that came are in the file.\n" in told.text
    assert len(messages) == 2
    assert len(rows) == 100_001
    assert sum(int(clicks) for _, clicks in rows[1:]) == sum(range(100_000))


async def test_a_report_without_rows(night: Night):
    told, messages = await night.acts["no rows"]

    assert told.lines[0] == "✅ No rows: the tracker found nothing for this."
    assert len(messages) == 1


async def test_names_that_are_up_to_something(night: Night):
    """They are text and nothing else."""
    told, messages = await night.acts["nasty names"]

    assert told.text.startswith("✅ 127.0.0.1")
    assert {entity["type"] for entity in told.messages[0]["entities"]} <= {"code", "pre", "bold"}
    assert not {"\u202e", "\x00", "\x1b"} & set(told.text)
    assert len(messages) <= 2


async def test_a_tracker_that_is_down_is_left_in_peace(night: Night):
    """It is asked again, and believed, half a minute later."""
    five, calls, (question, change, after) = await night.acts["down"]

    assert {one.lines[0] for one in five} == {"❌ 502 Bad Gateway: the tracker failed"}
    for one in (question, change):
        assert one.lines[0] == (
            "❌ The tracker failed 5 times in a row, so I let it rest for a moment"
        )
        assert one.lines[2].startswith("I sent nothing. Please try again in ")
        assert one.seconds < AT_ONCE_SECONDS
    assert calls == [3 * FIVE, 3 * FIVE]
    assert after.lines[0] == WELL


async def test_fifty_people_at_one_slow_tracker(night: Night):
    """Four are served at a time, and all are told that others wait, too."""
    told, working, _ = await night.acts["crowd"]

    assert {one.lines[0] for one in told} == {"✅ CA/US main · stream 45"}
    assert night.spot("crowd 0").keitaro.most_in_flight <= 4
    assert working == {f"⏳ The tracker is busy. Requests waiting: {CROWD - 4} …": CROWD}


async def test_a_bystander_notices_nothing(night: Night):
    """Nineteen of twenty answers come within a second, however slow other trackers are."""
    _, _, told = await night.acts["crowd"]
    seconds = sorted(one.seconds for one in told)

    assert {one.lines[0] for one in told} == {WELL}
    assert seconds[len(seconds) * 95 // 100] < AT_ONCE_SECONDS


async def test_the_log_is_short_and_has_no_pages_in_it(night: Night):
    await asyncio.gather(*night.acts.values())
    output = night.stage.bot.output

    assert max(map(len, output.splitlines())) <= 500
    assert "secret of the proxy" not in output
    assert KEY not in output


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lean(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """A bot that has nothing else to do, so that its memory can be watched."""
    async with Stage(tmp_path_factory.mktemp("lean")) as stage:
        for name, (behave, _) in HOARDS.items():
            await stage.wired(name, behave)
        well = await stage.tracker("well")
        await stage.start()
        await stage.ask(well, "/stream 46")
        yield stage


@pytest.mark.parametrize("name", HOARDS)
async def test_an_answer_meant_to_fill_the_memory(name: str, lean: Stage):
    """It is dropped soon, and the connection with it."""
    behave, headline = HOARDS[name]
    spot, pid = lean.spots[name], lean.bot.pid
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    before = most_memory(pid)
    told = await lean.ask(spot, "/stream 45")
    grown = most_memory(pid) - before
    spot.heal()
    after = await lean.ask(spot, "/stream 46")

    assert told.lines[0] == f"❌ {headline}"
    assert grown <= HOARD_MIB
    assert spot.calls("GET", "streams/45") == 1
    assert after.lines[0] == WELL
    if isinstance(behave, Flood):
        assert behave.written < 20 * MIB
