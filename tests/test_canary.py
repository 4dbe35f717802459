"""No secret leaves the process but to where it belongs, whatever befalls it.

`make canary` asks more questions of every tracker that means ill.
"""

import base64
import os
import zipfile

import pytest

from tests.canary.play import COMMANDS, CREATE, played, staged
from tests.canary.scanner import SIGNS, WRITINGS, Scanner
from tests.canary.seeds import bot_token, made, master_key

SEEDS = (bot_token(), made("a key"), made("another key"), master_key())
IS_LONG = bool(os.environ.get("CANARY"))
ASKED = (*COMMANDS, CREATE, "/streams 12", "/clicks", "/undo") if IS_LONG else COMMANDS


@pytest.mark.parametrize("writing", WRITINGS)
@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_six_signs_in_a_row_are_found_in_any_writing(seed, writing):
    part = seed.part.encode()
    for start in range(len(part) - SIGNS + 1):
        planted = b"x\xff " + WRITINGS[writing](part[start : start + SIGNS]) + b" \x00"

        finds = list(Scanner(SEEDS).search(planted, "here"))

        assert {(find.seed, find.place) for find in finds} == {(seed.name, "here")}


@pytest.mark.parametrize("offset", range(3))
def test_a_secret_is_found_inside_of_what_is_written_in_base64(offset):
    whole = base64.b64encode(b"?" * offset + b"key=" + SEEDS[1].part.encode() + b"!")

    assert {find.seed for find in Scanner(SEEDS).search(whole, "")} == {"a key"}


def test_a_secret_is_found_in_any_file_and_in_its_name(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "bot.db-wal").write_bytes(bytes(5000) + SEEDS[2].value.encode())
    (tmp_path / f"export-{SEEDS[1].value[:9]}.csv").write_bytes(b"")

    finds = Scanner(SEEDS).search_folder(tmp_path)

    assert {(find.seed, find.place) for find in finds} == {
        ("another key", "data/bot.db-wal"),
        ("a key", f"name of export-{SEEDS[1].value[:9]}.csv"),
    }


def test_a_secret_is_found_inside_of_a_workbook(tmp_path):
    with zipfile.ZipFile(tmp_path / "report.xlsx", "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/sharedStrings.xml", f"<t>{SEEDS[1].value}</t>" * 100)

    finds = Scanner(SEEDS).search_folder(tmp_path)

    assert [find.place for find in finds] == ["report.xlsx: xl/sharedStrings.xml"]


def test_five_signs_and_other_secrets_are_not_taken_for_one():
    quiet = SEEDS[1].part[:5] + " " + made("a third").value + " ••••" + SEEDS[1].part[-4:]

    assert list(Scanner(SEEDS).search(quiet.encode(), "")) == []


@pytest.mark.parametrize(
    ("language", "has_webhook"), [("en", False), ("ru", True)] if IS_LONG else [("en", False)]
)
async def test_nothing_that_leaves_the_process_holds_a_secret(tmp_path, language, has_webhook):
    async with staged(tmp_path, language=language, has_webhook=has_webhook) as play:
        assert play.bot.ready_line.endswith("webhook" if has_webhook else "polling")
        await played(play, commands=ASKED)

        finds = list(play.finds())

    assert finds == []
