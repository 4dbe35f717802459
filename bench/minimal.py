"""The bot to compare with: the same commands, and nothing that keeps anything from being lost.

It is what one would write after an evening with the documentation of the two libraries: no
database, no roles, no second look at the tracker. With MINIMAL_NAMES it asks the tracker for the
names in a card, as this project's bot does.
"""

import asyncio
import json
import os
from html import escape
from typing import Any, cast

import httpx
from telegram import Message, Update
from telegram.ext import Application, CommandHandler, ContextTypes

Rows = list[dict[str, Any]]
Context = ContextTypes.DEFAULT_TYPE
App = Application[Any, Any, Any, Any, Any, Any]

TRACKER, NAMES = "tracker", "names"
TIMEOUT_SECONDS = 30.0
SIGNS_MOST = 4000


async def stats(update: Update, context: Context) -> None:
    """Send the JSON behind the command as a report, and answer with its rows."""
    message = cast("Message", update.message)
    report = await _ask(context, "POST", "report/build", _payload(message))
    await _answer(message, "Report", _table(report["rows"]))


async def stream(update: Update, context: Context) -> None:
    """Show the stream with the number behind the command, or create one of the JSON there."""
    message = cast("Message", update.message)
    if context.args and context.args[0].isdigit():
        found = await _ask(context, "GET", f"streams/{context.args[0]}")
        await _answer(message, f"Stream {found['id']}", await _card(context, found))
        return
    made = await _ask(context, "POST", "streams", _payload(message))
    await _answer(message, f"Stream {made['id']} is created", await _card(context, made))


async def _ask(context: Context, method: str, path: str, body: Any = None) -> Any:
    tracker: httpx.AsyncClient = context.bot_data[TRACKER]
    response = await tracker.request(method, path, json=body)
    response.raise_for_status()
    return response.json()


def _payload(message: Message) -> Any:
    return json.loads((message.text or "").partition(" ")[2])


async def _answer(message: Message, title: str, lines: str) -> None:
    await message.reply_html(f"<b>{title}</b>\n<pre>{escape(lines[:SIGNS_MOST])}</pre>")


def _table(rows: Rows) -> str:
    head = " ".join(rows[0]) if rows else "no rows"
    return "\n".join([head, *(" ".join(str(value) for value in row.values()) for row in rows)])


async def _card(context: Context, found: dict[str, Any]) -> str:
    lines = [f"{name}: {found[name]}" for name in ("name", "type", "schema", "state", "weight")]
    lines += [f"campaign: {found['campaign_id']}", f"filters: {len(found['filters'])}"]
    if context.bot_data[NAMES]:
        lines += await _named(context, found)
    return "\n".join(lines)


async def _named(context: Context, found: dict[str, Any]) -> list[str]:
    paths = [
        f"campaigns/{found['campaign_id']}",
        *(f"landing_pages/{row['landing_id']}" for row in found["landings"]),
        *(f"offers/{row['offer_id']}" for row in found["offers"]),
    ]
    things = await asyncio.gather(*(_ask(context, "GET", path) for path in paths))
    return [str(thing["name"]) for thing in things]


async def _open(app: App) -> None:
    app.bot_data[NAMES] = bool(os.environ.get("MINIMAL_NAMES"))
    app.bot_data[TRACKER] = httpx.AsyncClient(
        base_url=f"{os.environ['MINIMAL_TRACKER']}/admin_api/v1/",
        headers={"Api-Key": os.environ["MINIMAL_KEY"]},
        timeout=TIMEOUT_SECONDS,
    )
    print("ready: soon", flush=True)


async def _close(app: App) -> None:
    await app.bot_data[TRACKER].aclose()


def main() -> None:
    """Run until a signal."""
    url = os.environ["MINIMAL_API_URL"]
    builder: Any = Application.builder()
    app: App = (
        builder.token(os.environ["MINIMAL_TOKEN"])
        .base_url(f"{url}/bot")
        .concurrent_updates(True)
        .post_init(_open)
        .post_shutdown(_close)
        .build()
    )
    app.add_handler(CommandHandler("stats", stats))
    app.add_handler(CommandHandler("stream", stream))
    app.run_polling(allowed_updates=[Update.MESSAGE])


if __name__ == "__main__":
    main()
