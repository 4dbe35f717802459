"""What a Bot API server may answer, and what the library gets to see of it."""

import json

import pytest

from bot.telegram_answers import fit_call, fit_poll, is_about_webhook, refused


def answer(**fields) -> bytes:
    return json.dumps({"ok": False, **fields}).encode()


def asked(status: int, body: bytes, *, fit=fit_call) -> object:
    """Return the pause that the library is told of."""
    found, said = fit(status, body)
    assert found == 429
    return json.loads(said)["parameters"]["retry_after"]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b'{"ok": true, "result": []}'),
        (400, answer(description="Bad Request: chat not found")),
        (429, answer(parameters={"retry_after": 3})),
        (500, answer(description="Internal Server Error: restart")),
    ],
)
def test_what_the_library_can_read_is_left_alone(status, body):
    assert fit_call(status, body) == (status, body)
    assert fit_poll(status, body) == (status, body)


@pytest.mark.parametrize("body", [b"<html>secret</html>", b"", b"[]", b'{"ok": tr', b"[" * 100_000])
def test_a_page_is_not_shown_to_the_library(body):
    """It would write all of it into the log."""
    status, said = fit_call(502, body)

    assert (status, json.loads(said)["description"]) == (502, "Bad Gateway (502)")


def test_a_status_nobody_knows_has_no_name():
    assert json.loads(fit_call(599, b"")[1])["description"] == "Unknown (599)"


def test_an_answer_that_is_none_may_have_been_carried_out():
    """Success is not believed, and refusal is not either."""
    status, said = fit_call(200, b"<html>Sign in to this network</html>")

    assert status == 502
    assert json.loads(said)["description"] == "an answer that is none"


@pytest.mark.parametrize(
    "body",
    [
        answer(parameters={"retry_after": 0}),
        answer(parameters={"retry_after": -1}),
        answer(parameters={"retry_after": "x"}),
        answer(parameters=[]),
        answer(),
        b"<html>slow down</html>",
    ],
)
def test_a_pause_that_cannot_be_kept_is_a_second(body):
    assert asked(429, body) == 1
    assert asked(429, body, fit=fit_poll) == 1


@pytest.mark.parametrize(("seconds", "granted"), [(3, 3), (60, 60), (31_536_000, 60)])
def test_polling_keeps_no_pause_of_a_year(seconds, granted):
    body = answer(parameters={"retry_after": seconds})

    assert asked(429, body, fit=fit_poll) == granted
    assert asked(429, body) == seconds


def test_what_is_too_large_was_not_taken():
    status, said = fit_call(413, b"<html>Request Entity Too Large</html>")

    assert (status, json.loads(said)["description"]) == (
        400,
        "Bad Request: the request is too large",
    )


@pytest.mark.parametrize(
    ("description", "is_webhook"),
    [
        ("Conflict: can't use getUpdates method while webhook is active; use deleteWebhook", True),
        ("Conflict: terminated by other getUpdates request; make sure that only one bot", False),
        ("Conflict: terminated by setWebhook request", True),
    ],
)
def test_a_conflict_is_with_a_webhook_or_with_another_process(description, is_webhook):
    assert is_about_webhook(answer(description=description)) is is_webhook
    assert not is_about_webhook(b"<html>")


def test_a_refused_token_looks_like_a_fault_of_the_server():
    assert refused(401) == (500, answer(error_code=500, description="refused with 401"))
