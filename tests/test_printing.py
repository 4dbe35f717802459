"""Files made by the real child process: what it is told, and what becomes of it."""

import asyncio
import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from handlers.stats.faults import NotPrintedError
from handlers.stats.printing import Printer
from paper import Chart, Column, Series, write_csv
from paper.__main__ import main

ROOT = Path(__file__).resolve().parent.parent
COLUMNS = (Column("name", "name"), Column("clicks", "clicks", "count"))
ROWS = [{"name": f"=Лето {n}", "clicks": n, "other": "x"} for n in range(1000)]
CHART = Chart("lines", "Клики", ("1", "2"), (Series("Клики", (1.0, None)),))
SECRET = "fake-secret-1111-2222"


async def pages(*batches):
    """Yield pages of rows."""
    for batch in batches:
        yield batch


class Slow:
    """Pages that come only once they are let go; *taken* is how many were asked for."""

    def __init__(self, *batches) -> None:
        self.gate = asyncio.Event()
        self.taken = 0
        self._batches = batches

    async def __aiter__(self):
        yield ROWS
        await self.gate.wait()
        for batch in self._batches:
            self.taken += 1
            yield batch


def children(parent: int | None = None) -> list[int]:
    """Return the ids of the children that make files, those that are done left out."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text().rpartition(")")[2].split()
            words = (path / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if int(fields[1]) == (parent or os.getpid()) and b"paper" in words:
            found.append(int(path.name))
    return found


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


async def until(holds, *, seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.01)


async def begun(work):
    """Begin to make a file; return the task, the child and its directory."""
    task = asyncio.create_task(work)
    # It has read what it is told once it has a name for nothing but itself.
    await until(lambda: task.done() or any(map(directory_of, children())))
    [child] = children()
    return task, child, directory_of(child)


def directory_of(child: int) -> Path | None:
    words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
    return Path(words[-2].decode()) if words[-2].startswith(b"/") else None


async def test_csv_is_the_same_as_made_here():
    content = await Printer().printed("csv", COLUMNS, pages(ROWS[:300], [], ROWS[300:]), chat_id=1)

    assert content == write_csv(ROWS, ["name", "clicks"])
    assert children() == []


async def test_a_workbook_comes_whole():
    content = await Printer().printed(
        "xlsx",
        COLUMNS,
        pages(ROWS),
        chat_id=1,
        about=[("Трекер", "tracker.example")],
        sheets=("Отчёт", "О нём"),
    )
    book = zipfile.ZipFile(io.BytesIO(content))

    assert book.testzip() is None
    assert book.read("xl/worksheets/sheet1.xml").count(b"<row ") == 1001
    assert "О нём" in book.read("xl/workbook.xml").decode()
    assert "tracker.example" in book.read("xl/worksheets/sheet2.xml").decode()


async def test_a_chart_comes_whole():
    shown = Image.open(io.BytesIO(await Printer().drawn(CHART, chat_id=1)))

    assert (shown.format, shown.width) == ("PNG", 1080)


async def test_odd_values_arrive_as_they_are():
    rows = [{"name": name} for name in ("\ud83d", "a\nb", None, ["x"], {"a": 1}, 1.5, True, 10**30)]

    content = await Printer().printed("csv", (Column("name", "name"),), pages(rows), chat_id=1)

    assert content == write_csv(rows, ["name"])


def opened_by(pid: int) -> Iterator[str]:
    """Yield what the process has open; it may close some of it meanwhile."""
    for path in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            yield str(path.readlink())


async def test_the_child_is_told_none_of_the_settings(monkeypatch):
    for name in ("BOT_TOKEN", "BOT_SECRET_KEY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, SECRET)
    slow = Slow()
    task, child, directory = await begun(Printer().printed("csv", COLUMNS, aiter(slow), chat_id=1))
    told = dict(
        line.split(b"=", 1)
        for line in Path(f"/proc/{child}/environ").read_bytes().split(b"\0")
        if line
    )
    words = Path(f"/proc/{child}/cmdline").read_bytes()
    opened = set(opened_by(child))
    slow.gate.set()
    await task

    assert SECRET.encode() not in words + b"".join(told.values())
    assert {name for name in told if name.startswith(b"BOT_")} == set()
    assert told[b"HOME"] == told[b"TMPDIR"] == os.fsencode(directory)
    assert [name for name in opened if name.startswith(("socket:", "anon_inode:"))] == []


async def test_a_child_is_ended_with_the_work_it_is_for():
    task, child, directory = await begun(
        Printer().printed("xlsx", COLUMNS, aiter(Slow()), chat_id=1)
    )
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert not is_there(child)
    assert not directory.exists()


async def test_what_keeps_rows_from_coming_ends_the_child():
    async def failing():
        yield ROWS
        raise LookupError("tracker")

    with pytest.raises(LookupError, match="tracker"):
        await Printer().printed("csv", COLUMNS, failing(), chat_id=1)

    assert children() == []


async def test_a_child_that_stands_still_is_ended():
    slow = Slow(ROWS)
    work = Printer(seconds=0.3).printed("csv", COLUMNS, aiter(slow), chat_id=1)
    task, child, directory = await begun(work)
    os.kill(child, signal.SIGSTOP)
    slow.gate.set()
    with pytest.raises(NotPrintedError) as error:
        await task

    assert error.value.reason == "slow"
    assert not is_there(child)
    assert not directory.exists()


async def test_no_more_is_taken_than_the_child_can_hold():
    slow = Slow(*[ROWS] * 500)
    task, child, _ = await begun(
        Printer(seconds=0.3).printed("csv", COLUMNS, aiter(slow), chat_id=1)
    )
    os.kill(child, signal.SIGSTOP)
    slow.gate.set()
    with pytest.raises(NotPrintedError) as error:
        await task

    assert error.value.reason == "slow"
    assert slow.taken < 50


@pytest.mark.parametrize("more", [0, 200])
async def test_a_child_that_is_killed_is_a_failure(more, caplog):
    slow = Slow(*[ROWS] * more)
    task, child, directory = await begun(Printer().printed("csv", COLUMNS, aiter(slow), chat_id=1))
    os.kill(child, signal.SIGKILL)
    await until(lambda: not children())
    slow.gate.set()
    with pytest.raises(NotPrintedError) as error:
        await task

    assert error.value.reason == "failed"
    assert [record.getMessage() for record in caplog.records] == [
        "a file was not made, status -9: "
    ]
    assert not directory.exists()


async def test_a_place_that_has_no_room_is_a_failure(monkeypatch, caplog):
    monkeypatch.setattr(tempfile, "tempdir", "/nonexistent")
    with pytest.raises(NotPrintedError) as error:
        await Printer().drawn(CHART, chat_id=1)

    assert error.value.reason == "failed"
    assert len(caplog.records) == 1


async def test_two_are_made_at_once_and_no_more():
    printer = Printer()
    slow = Slow()
    tasks = [
        asyncio.create_task(printer.printed("csv", COLUMNS, aiter(slow), chat_id=1)),
        asyncio.create_task(printer.printed("csv", COLUMNS, aiter(slow), chat_id=2)),
        asyncio.create_task(printer.printed("csv", COLUMNS, aiter(slow), chat_id=3)),
    ]
    await until(lambda: len(children()) == 2)
    await asyncio.sleep(0)
    most = len(children())
    slow.gate.set()
    files = await asyncio.gather(*tasks)

    assert most == 2
    assert files == [write_csv(ROWS, ["name", "clicks"])] * 3


async def test_a_chat_that_asks_for_many_holds_up_no_other():
    printer = Printer()
    slow, quick = Slow(), pages(ROWS)
    held = [
        asyncio.create_task(printer.printed("csv", COLUMNS, aiter(slow), chat_id=1))
        for _ in range(3)
    ]
    await until(lambda: len(children()) == 1)
    other = await printer.printed("csv", COLUMNS, quick, chat_id=2)
    slow.gate.set()
    files = await asyncio.gather(*held)

    assert [other, *files] == [write_csv(ROWS, ["name", "clicks"])] * 4


PARENT = """
import asyncio
import contextlib
from handlers.stats.printing import Printer
from paper import Column

async def pages():
    yield [{"name": "x"}] * 10_000
    await asyncio.Event().wait()

asyncio.run(Printer().printed("FORM", [Column("name", "name")], pages(), chat_id=1))
"""


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_a_child_whose_bot_was_killed_leaves_nothing_behind(form, tmp_path):
    """Its input ends, and so does it."""
    words = [sys.executable, "-c", PARENT.replace("FORM", form)]
    env = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, env=env, cwd=tmp_path) as bot:  # noqa: ASYNC220, S603 - it takes no time, and is ours
        await until(lambda: any(map(directory_of, children(bot.pid))))
        [child] = children(bot.pid)
        bot.kill()
    await until(lambda: not is_there(child) or not Path(f"/proc/{child}/cmdline").read_bytes())

    assert list(tmp_path.iterdir()) == []


# What the child says


JOB = {"form": "csv", "columns": [{"name": "n", "heading": "n", "kind": "text"}], "about": []}


def lines(*values) -> io.BytesIO:
    return io.BytesIO("".join(f"{json.dumps(value)}\n" for value in values).encode())


def test_a_job_is_done_and_its_directory_gone(tmp_path):
    target, place = io.BytesIO(), tmp_path / "job"
    place.mkdir()
    (place / "left").touch()

    assert main([str(place)], lines(JOB, [["=a"], [5]], None), target) == 0
    assert target.getvalue().decode("utf-8-sig") == '"n"\r\n"\'=a"\r\n5\r\n'
    assert not place.exists()


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        (io.BytesIO(), "EOFError at "),
        (lines(JOB), "EOFError at "),
        (lines(JOB, [[SECRET]]), "EOFError at "),
        (io.BytesIO(json.dumps(JOB).encode() + b'\n[["' + SECRET.encode()), "JSONDecodeError at "),
        (lines({**JOB, "form": "xlsx", "sheets": ["a", "b"]}, [[SECRET]]), "EOFError at "),
        (lines({"form": "png", "chart": {"title": SECRET}}, None), "KeyError at "),
    ],
    ids=["nothing", "no rows", "no end", "half a line", "half a workbook", "no chart"],
)
def test_a_failure_is_told_in_one_line_that_shows_no_row(source, complaint, tmp_path, capsys):
    place = tmp_path / "job"
    place.mkdir()

    assert main([str(place)], source, io.BytesIO()) == 1
    said = capsys.readouterr().err
    assert said.startswith(complaint)
    assert said.count("\n") == 1
    assert SECRET not in said
    assert not place.exists()


def test_other_kinds_of_files_are_made_of_the_same_lines(tmp_path):
    target = io.BytesIO()
    job = {**JOB, "form": "xlsx", "about": [["a", "b"]], "sheets": ["Report", "About"]}

    assert main([str(tmp_path / "a")], lines(job, [["a"]], None), target) == 0
    assert zipfile.ZipFile(target).testzip() is None


async def test_a_tracker_that_is_slow_for_too_long_gives_up_its_place():
    printer = Printer(at_once=1, job_seconds=0.5)
    task, child, directory = await begun(printer.printed("csv", COLUMNS, aiter(Slow()), chat_id=1))
    with pytest.raises(NotPrintedError) as error:
        await task

    assert error.value.reason == "slow"
    assert not is_there(child)
    assert not directory.exists()
