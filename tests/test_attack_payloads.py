"""JSON and files that are made to break who reads them, through the door of the chat."""

import contextlib
import gzip
import io
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from handlers.faults import JsonError
from handlers.payload import parse
from tests.conftest import Room
from tests.nasty import DOCUMENTS
from tests.tracing import needs_strace, traced
from tests.world import World, world_in

MIB = 1024 * 1024
TYPED_SIGNS = 3500
SOUND = b'{"measures": ["clicks"], "range": {"interval": "today"}}'
# Each holds the word, so that whatever is opened by it can be found.
WORD = "zq7x"
# Calls that open, make or move a file.
OPENING = "open,openat,openat2,creat,rename,unlink"
FILE_NAMES = [
    f"{WORD}.json",
    f"../../../../../../tmp/{WORD}.json",
    f"..\\..\\{WORD}.json",
    f"/etc/{WORD}.json",
    f"C:\\{WORD}.json",
    f"~/{WORD}.json",
    f"{WORD}\x00.json",
    f"{WORD}\n✅ done.json",
    f"\u202enosj.{WORD}",
    f"CON.{WORD}.json",
    f"$({WORD}).json",
    f"`{WORD}`.json",
    f"; {WORD} #.json",
    f"file:///{WORD}.json",
    f"http://127.0.0.1/{WORD}.json",
    f"{WORD * 75}.json",
    f"{'я' * 120}{WORD}.json",
    f".{WORD}",
    f"<b>{WORD}</b>.json",
]


def archive(*, link: str = "") -> bytes:
    """Return a zip with the payload, or with a symbolic link to *link*."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        member = zipfile.ZipInfo("payload.json")
        member.external_attr = (0o120777 if link else 0o100644) << 16
        parts.writestr(member, link or SOUND)
    return out.getvalue()


CONTENTS = {
    "zip": archive(),
    "zip with a link": archive(link="/etc/passwd"),
    "gzip": gzip.compress(SOUND),
    "gzip bomb": gzip.compress(bytes(50 * MIB)),
    "program": b"MZ\x90\x00" + bytes(1000),
    "elf": b"\x7fELF" + bytes(1000),
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "page": b"<!doctype html><title>x</title>",
    "UTF-16": SOUND.decode().encode("utf-16"),
    "UTF-32": SOUND.decode().encode("utf-32"),
    "Latin": '{"measures": ["é"]}'.encode("latin-1"),
    "overlong UTF-8": b'{"a": "\xc0\xaf"}',
    "surrogates in UTF-8": b'{"a": "\xed\xa0\x80"}',
    "nothing": b"",
    "spaces": b" " * 1000,
    "zeros": bytes(1000),
}
SHAPES = {
    "depth": "[" * 200_000,
    "objects": "[" + "{}," * 330_000 + "{}]",
    "numbers": "[" + "1," * 500_000 + "1]",
    "names": json.dumps({f"n{number}": 1 for number in range(70_000)}),
    "digits": "9" * (MIB - 10),
    "quotes": '{"a": "' + "“" * 340_000,
    "backslashes": '"' + "\\" * (MIB - 10),
    "commas": "[" + "," * (MIB - 10),
    "fences": "`" * (MIB - 10),
    "lines": "\n" * (MIB - 10),
    "strings": "[" + '"",' * 190_000 + '""]',
}


def is_sound(text: str) -> bool:
    """Tell whether *text* can be sent to a tracker."""
    try:
        parse(text)
    except JsonError:
        return False
    return True


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("command", ["/stats", "/stream"])
async def test_a_document_is_run_as_it_is_or_refused(
    unasked: Room, command: str, document: str, caplog
):
    """Typed, in a fence, and in a file; nothing of one that is refused reaches the tracker."""
    ways: list[dict[str, Any]] = []
    if document.strip() and len(document) < TYPED_SIGNS:
        ways = [{"text": f"{command} {document}"}, {"text": f"{command}\n```\n{document}\n```"}]
    with contextlib.suppress(UnicodeEncodeError):
        ways.append({"text": command, "attach": document.encode()})
    for way in ways:
        if "\ud800" in way["text"]:
            continue
        unasked.keitaro.requests.clear()
        messages = await unasked.say(**way)

        assert len(messages) >= 1
        if "attach" in way and not is_sound(document):
            assert messages[0]["text"].startswith("❌ ")
            assert unasked.keitaro.requests == []

    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
async def test_a_file_that_is_no_text_is_refused_whatever_it_is_called(linked: Room, content):
    for filename, mime_type in (
        ("payload.json", "application/json"),
        ("payload.txt", "text/plain"),
        ("payload", "application/octet-stream"),
    ):
        answer = await linked.ask(
            "/stats", attach=content[:1024], filename=filename, mime_type=mime_type
        )

        assert answer.startswith("❌ ")
        assert linked.keitaro.requests == []


class Patient(World):
    """A bot whose person waits for long answers."""

    ANSWER_SECONDS = 60.0


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
async def test_a_megabyte_of_nonsense_is_refused_by_the_process(world_of_files, shape: str):
    world = world_of_files
    before = len(world.keitaro.requests)
    answer = await world.ask("/stream", attach=shape.encode()[: MIB - 1])

    assert answer.startswith("❌ ")
    assert len(world.keitaro.requests) == before


async def test_no_file_is_fetched_that_is_too_long_and_none_beyond_the_limit(world_of_files):
    world = world_of_files
    said = [world.say("/stream", attach=b"{}", declared_size=20 * MIB) for _ in range(8)]
    answers = [await world.answer_to(one) for one in said]
    asked = [call.method for call in world.telegram.calls]
    lie = await world.ask("/stream", attach=b" " * (20 * MIB), declared_size=100)

    assert {answer[0] for answer in answers} == {"❌"}
    assert "getFile" not in asked
    assert lie == answers[0]


@pytest.fixture
async def world_of_files(tmp_path: Path) -> AsyncIterator[World]:
    async with world_in(tmp_path, Patient) as world:
        await world.bot.start()
        await world.link()
        yield world


@needs_strace
async def test_the_name_of_a_file_is_never_a_path(world_of_files, tmp_path):
    world, log = world_of_files, tmp_path / "strace.log"
    async with traced(world.bot.pid, "-e", f"trace={OPENING}", out=log):
        answers = [
            await world.ask("/stats", attach=SOUND, filename=name, mime_type="text/plain")
            for name in FILE_NAMES
        ]
        await world.ask("/stats today by campaign")
    trace = log.read_text(errors="replace")

    assert {answer[0] for answer in answers} == {"✅"}
    assert WORD not in trace
    assert not any(WORD in name for name in map(str, tmp_path.rglob("*")))


@pytest.mark.parametrize(
    "place", ["documents/file_0.json", "{}/file_0.json", "file://{}/file_0.json"]
)
async def test_a_file_of_this_machine_is_not_read_in_place_of_one_of_telegram(
    linked: Room, tmp_path: Path, monkeypatch, place: str
):
    """Whatever lies where Telegram says that a file is."""
    monkeypatch.chdir(tmp_path)
    for folder in (tmp_path / "documents", tmp_path):
        folder.mkdir(exist_ok=True)
        (folder / "file_0.json").write_bytes(SOUND)
    said = {"file_id": "x", "file_unique_id": "x", "file_path": place.format(tmp_path)}
    linked.telegram.fail(
        "getFile", times=9, status=200, raw=json.dumps({"ok": True, "result": said}).encode()
    )
    answer = await linked.ask("/stats", attach=SOUND)

    assert answer.startswith("❌ ")
    assert linked.keitaro.requests == []
