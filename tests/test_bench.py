"""The benchmark: it runs from end to end, counts what it should, and takes no failure for speed."""

import asyncio
import dataclasses
import json
import sys
from pathlib import Path

import pytest

from bench.document import BEGIN, DOCUMENT, END, replace_figures
from bench.ears import Ears
from bench.figures import Body, Cell, cell
from bench.kinds import KINDS
from bench.load import Sample
from bench.machine import Cores
from bench.stage import BenchError, Network, staged
from bench.tables import Table, judged, markdown, plain
from sandbox.telegram import Call

FILES = ("seconds", "size_mib", "parent_mib", "child_mib", "longest_ms", "slow_ms")
HERE = Network("here", 0.0, 0.0)
CELL = Cell(0.01, 0.02, 100.0, 0.005, 1.0, 1.0, 0.5)
BODY = Body(0.5, 0.5, 1000.0, 1000.0)


async def test_a_short_run_measures_both_bots_and_writes_nothing():
    before = DOCUMENT.read_bytes()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench", "--quick", "--commands", "2"),
        cwd=Path(__file__).resolve().parent.parent,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(150):
        output, errors = await process.communicate()
    tables = output.decode().split("\n\n")
    in_flight = [line.split()[:2] for line in tables[0].splitlines()[2:]]

    assert (process.returncode, "Traceback" in errors.decode()) == (0, False), errors.decode()
    assert [table.splitlines()[0] for table in tables[:5]] == [
        "Commands, loopback",
        "Commands, as on a network",
        "What is asked for one command",
        "The processes",
        "Aims",
    ]
    assert in_flight == [[kind.name, count] for kind in KINDS for count in ("1", "8")]
    assert DOCUMENT.read_bytes() == before


async def test_an_answer_that_says_no_is_no_figure():
    async with staged("this", HERE, 1, Cores(), asks_names=False) as stage:
        with pytest.raises(BenchError, match="404"):
            await stage.ask(stage.people[0], "/stream 999")


async def test_both_bots_do_the_work_that_is_measured():
    """A creation that never reached the tracker would be fast.

    Both look at the tracker before a creation and after it. This bot also looks around a creation,
    at its campaign twice, asks once for what the tracker knows of actions and filters, and shows
    a stream with what surrounds it.
    """
    for name, requests in (("this", 1 + 5 + 4 + 2 * 2 + 2 + 2), ("minimal", 1 + 5 + 4)):
        async with staged(name, HERE, 1, Cores(), asks_names=True) as stage:
            before = await stage.tracker_requests()
            for kind in KINDS:
                await stage.ask(stage.people[0], kind.says(1))

            assert await stage.tracker_requests() - before == requests


async def test_an_hourglass_is_not_the_answer():
    ears = Ears()
    heard = ears.listen(7)
    for method, text in (
        ("getUpdates", ""),
        ("sendMessage", "⏳ Working"),
        ("editMessageText", "✅ Done"),
    ):
        result = [] if method == "getUpdates" else {"chat": {"id": 7}, "text": text}
        ears.append(Call(method, {}, 0.0, result))

    assert (await heard)[1] == "✅ Done"
    assert (ears.heard, list(ears)) == (2, [])


def test_rounds_are_put_together():
    fast = Sample((0.1, 0.1, 0.1), 1.0, 0.3, 0.5, 0.2, 3, 6)
    slow = Sample((0.3,), 2.0, 0.5, 0.2, 0.8, 2, 2)

    found = dataclasses.astuple(cell([fast, slow]))

    assert found == pytest.approx((0.1, 0.27, 1.75, 0.2, 1.25, 2.0, 0.5))


def test_an_aim_is_met_or_missed_by_the_ratio():
    slow = dataclasses.replace(CELL, p50_seconds=0.02, throughput=60.0)
    world = ({("card", 1): slow, ("card", 8): CELL}, {("card", 1): CELL, ("card", 8): CELL})
    heavy = dataclasses.replace(BODY, warm_bytes=1500.0)

    assert judged([world], (heavy, BODY)).rows == (
        ("p50", "≤ 1.7", "1 of 2", "2.00"),
        ("throughput", "≥ 0.6", "2 of 2", "0.60"),
        ("memory", "≤ 1.4", "0 of 1", "1.50"),
    )


def test_a_table_is_written_for_a_terminal_and_for_a_document():
    table = Table("Title", ("name", "figure"), (("a", "1.5"), ("long name", "10")))

    assert plain(table) == "Title\nname       figure\na             1.5\nlong name      10"
    assert markdown(table) == (
        "### Title\n\n| name | figure |\n| --- | ---: |\n| a | 1.5 |\n| long name | 10 |"
    )


def test_only_the_figures_in_the_document_are_replaced(tmp_path):
    document = tmp_path / "performance.md"
    document.write_text(f"before\n{BEGIN}old\n{END}\nafter\n", encoding="utf-8")
    for figures in ("new", "newer"):
        replace_figures(figures, document)

    assert document.read_text(encoding="utf-8") == f"before\n{BEGIN}\nnewer\n\n{END}\nafter\n"


async def test_a_list_is_measured_beside_a_bare_loop():
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.lists", "--items", "12"),
        cwd=Path(__file__).resolve().parent.parent,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        output, errors = await process.communicate()
    lines = output.decode().splitlines()

    assert process.returncode == 0, errors.decode()
    assert [line.split("  ")[0] for line in lines[1:5]] == [
        "ideal",
        "bare HTTP loop",
        "the list",
        "its plan",
    ]
    assert lines[5].startswith("requests: 14 for the list")


async def test_every_attack_is_measured_beside_none():
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.hostile", "--scale", "0.05"),
        cwd=Path(__file__).resolve().parent.parent,
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(120):
        out, _ = await process.communicate()
    lines = out.decode().splitlines()

    assert process.returncode == 0
    assert lines[2].startswith("nothing")
    assert "8 refused, 0 fetched" in lines[3]
    assert "8 refused, 8 fetched" in lines[4]
    assert [line for line in lines[5:8] if "The answer is too large" in line] == lines[5:8]
    assert "The answer is packed in a way I do not read" in lines[8]
    assert [line for line in lines[9:14] if "8 refused" in line] == lines[9:14]
    assert lines[16].startswith("aims: ")


async def test_files_are_measured_with_the_memory_of_both_processes():
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.files", "--only", "xlsx", "--rows", "6000"),
        cwd=Path(__file__).resolve().parent.parent,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    found = json.loads(out)

    assert tuple(found) == FILES
    assert [name for name in FILES if name != "parent_mib" and found[name] <= 0] == []
