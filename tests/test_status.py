"""The link doctor, as people read it."""

from typing import Any, get_args

import pytest

from handlers.texts import ENGLISH, RUSSIAN
from keitaro.doctor import Step

WELL = """✅ https://tracker.example
Key ••••2222

🟢 The connection is secure
🟢 Keitaro answers
🟢 The key is accepted
🟢 The edition has the Admin API
🟢 Campaigns can be read (11)
🟢 Offers can be read (14)
🟢 Landing pages can be read (7)
🟢 Reports can be built (1)"""
REST = """▫️ Campaigns can be read: not reached
▫️ Offers can be read: not reached
▫️ Landing pages can be read: not reached
▫️ Reports can be built: not reached"""


async def test_a_link_that_works(linked):
    assert await linked.ask("/status") == WELL


async def test_a_chat_without_a_link(room):
    assert await room.ask("/status") == (
        "❌ This chat is not linked to a tracker. An owner can link it with /link"
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

🟢 The connection is secure
🟢 Keitaro answers
🔴 The key is accepted: 401 Unauthorized: the tracker refuses the key
Access denied
→ An owner or admin can link the chat again with a new key: /link
▫️ The edition has the Admin API: not reached
{REST}"""
    )


async def test_a_licence_without_the_admin_api(linked):
    linked.keitaro.license_missing = True

    assert (
        await linked.ask("/status")
        == f"""❌ https://tracker.example
Key ••••2222

🟢 The connection is secure
🟢 Keitaro answers
▫️ The key is accepted: not reached
🔴 The edition has the Admin API: 402 Payment Required: the licence of the tracker has no Admin API
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
        "🟢 The connection is secure",
        "🟢 Keitaro answers",
        "🟢 The key is accepted",
        "🟢 The edition has the Admin API",
        "🔴 Campaigns can be read: 403 Forbidden: the user of this key has no right to this",
        advice,
        "🔴 Offers can be read: 403 Forbidden: the user of this key has no right to this",
        advice,
        "🟢 Landing pages can be read (7)",
        "🟢 Reports can be built (1)",
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
    linked.keitaro.fail(**fault)

    answer = await linked.ask("/status")

    assert answer.startswith(
        "❌ https://tracker.example\nKey ••••2222\n\n🟢 The connection is secure\n"
        f"🔴 Keitaro answers: {line}\n→ "
    )
    assert answer.endswith(REST)


async def test_a_host_that_cannot_be_reached(room):
    await room.link(tracker="https://nowhere.example")

    assert (
        await room.ask("/status")
        == f"""❌ https://nowhere.example
Key ••••2222

🔴 The connection is secure: The tracker cannot be reached
→ Try again in a minute; /status says where it fails.
▫️ Keitaro answers: not reached
▫️ The key is accepted: not reached
▫️ The edition has the Admin API: not reached
{REST}"""
    )


@pytest.mark.parametrize("texts", [ENGLISH, RUSSIAN], ids=["English", "Russian"])
def test_every_step_has_its_words(texts):
    assert set(texts.status_steps) == set(get_args(Step))
