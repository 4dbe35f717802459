"""The link doctor, as people read it."""

from typing import Any, get_args

import pytest

from handlers.texts import ENGLISH, RUSSIAN
from keitaro.doctor import Step

WELL = """✅ https://tracker.example
Key ••••2222

🟢 Secure connection
🟢 Keitaro
🟢 Key
🟢 Admin API in the edition
🟢 Reading campaigns (11)
🟢 Reading offers (14)
🟢 Reading landing pages (7)
🟢 Building reports (1)"""
REST = """▫️ Reading campaigns: not reached
▫️ Reading offers: not reached
▫️ Reading landing pages: not reached
▫️ Building reports: not reached"""


async def test_a_link_that_works(linked):
    assert await linked.ask("/status") == WELL


async def test_a_chat_without_a_link(room):
    assert await room.ask("/status") == (
        "❌ This chat is not linked to a tracker. An owner or admin can link it: /link"
    )


async def test_the_key_is_never_shown(linked):
    [answer] = await linked.say("/status")

    source = linked.telegram.source(linked.home.id, answer["message_id"])
    assert linked.keitaro.key not in source


async def test_a_refused_key(linked):
    linked.keitaro.key = "fake-key-changed"

    assert (
        await linked.ask("/status")
        == f"""❌ https://tracker.example
Key ••••2222

🟢 Secure connection
🟢 Keitaro
🔴 Key: 401 Unauthorized: the tracker refuses the key
Access denied
→ An owner or admin can link the chat again with a new key: /link
▫️ Admin API in the edition: not reached
{REST}"""
    )


async def test_a_licence_without_the_admin_api(linked):
    linked.keitaro.license_missing = True

    assert (
        await linked.ask("/status")
        == f"""❌ https://tracker.example
Key ••••2222

🟢 Secure connection
🟢 Keitaro
▫️ Key: not reached
🔴 Admin API in the edition: 402 Payment Required: the licence of the tracker has no Admin API
Admin API is not available in your edition
→ Check edition and licence in the tracker's panel.
{REST}"""
    )


async def test_a_key_that_may_not_read_everything(linked):
    linked.keitaro.restricted = {"campaigns", "offers"}

    answer = await linked.ask("/status")

    advice = "→ Give the user of this key the right in the tracker: Maintenance → Users."
    head, *lines = answer.split("\n")
    assert head == "❌ https://tracker.example"
    assert [line for line in lines if line.startswith(("🟢", "🔴", "→"))] == [
        "🟢 Secure connection",
        "🟢 Keitaro",
        "🟢 Key",
        "🟢 Admin API in the edition",
        "🔴 Reading campaigns: 403 Forbidden: the user of this key has no right to this",
        advice,
        "🔴 Reading offers: 403 Forbidden: the user of this key has no right to this",
        advice,
        "🟢 Reading landing pages (7)",
        "🟢 Building reports (1)",
    ]


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        (
            {"status": 502, "body": "<html>Bad gateway</html>"},
            "502 Bad Gateway: the tracker failed",
        ),
        (
            {"status": 200, "body": "<html>Shop</html>"},
            "200 OK: this host does not answer as the Admin API",
        ),
        (
            {"status": 301, "headers": {"location": "https://new.example/"}},
            "301 Moved Permanently: it redirects to https://new.example/, I did not follow",
        ),
    ],
    ids=["a gateway", "a shop", "a redirect"],
)
async def test_a_host_that_does_not_answer_as_keitaro(linked, fault: dict[str, Any], line: str):
    linked.keitaro.fail(3, **fault)

    answer = await linked.ask("/status")

    assert answer.startswith(
        f"❌ https://tracker.example\nKey ••••2222\n\n🟢 Secure connection\n🔴 Keitaro: {line}\n→ "
    )
    assert answer.endswith(REST)


async def test_a_host_that_cannot_be_reached(room):
    await room.link(tracker="https://nowhere.example")

    assert (
        await room.ask("/status")
        == f"""❌ https://nowhere.example
Key ••••2222

🔴 Secure connection: The tracker cannot be reached
→ Try again in a minute; /status says where it fails.
▫️ Keitaro: not reached
▫️ Key: not reached
▫️ Admin API in the edition: not reached
{REST}"""
    )


@pytest.mark.parametrize("texts", [ENGLISH, RUSSIAN], ids=["English", "Russian"])
def test_every_step_has_its_words(texts):
    assert set(texts.status_steps) == set(get_args(Step))
