"""The log: one line an event, no secret, no forged lines."""

import json
import logging

import pytest

from bot.log import set_up_log
from handlers import Redaction

SECRET = "fake-secret-7777"
TOKEN = "123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


@pytest.fixture
def log(capfd):
    """Set the log up as asked for, and put the old one back in the end."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level)

    def set_up(style: str, level: str = "INFO"):
        set_up_log(level=level, style=style, redaction=Redaction((SECRET,)))
        return lambda: capfd.readouterr().err

    yield set_up
    root.handlers, root.level = before[0], before[1]


@pytest.mark.parametrize("style", ["text", "json"])
def test_secrets_and_tokens_are_masked(log, style):
    read = log(style)

    logging.getLogger("bot.test").warning("key %s, url /bot%s/getMe", SECRET, TOKEN)

    assert "key ••••, url /bot••••/getMe" in read()


@pytest.mark.parametrize("style", ["text", "json"])
def test_secrets_in_tracebacks_are_masked(log, style):
    read = log(style)

    error = ValueError(SECRET)
    logging.getLogger("bot.test").error("failed", exc_info=error)

    output = read()
    assert "ValueError: ••••" in output
    assert SECRET not in output


def test_an_event_cannot_forge_a_second_line(log):
    read = log("text")

    logging.getLogger("bot.test").warning("one\nERROR two\rthree")

    lines = read().splitlines()
    assert len(lines) == 1
    assert lines[0].endswith("WARNING bot.test: one\\nERROR two\\rthree")


def test_json_is_one_object_a_line(log):
    read = log("json")

    logging.getLogger("bot.test").warning("one\ntwo")

    event = json.loads(read())
    assert (event["level"], event["logger"], event["message"]) == (
        "WARNING",
        "bot.test",
        "one\ntwo",
    )


def test_libraries_that_print_addresses_are_quiet_at_every_level(log):
    read = log("text", "DEBUG")

    logging.getLogger("httpx").info("POST https://api.telegram.org/bot%s/getMe", TOKEN)
    logging.getLogger("telegram.ext").debug("%s", TOKEN)

    assert not read()


def test_no_secrets_is_fine(capfd):
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    set_up_log(level="INFO", style="text", redaction=Redaction())
    logging.getLogger("bot.test").info("hello")
    root.handlers, root.level = before[0], before[1]

    assert capfd.readouterr().err.endswith("bot.test: hello\n")
