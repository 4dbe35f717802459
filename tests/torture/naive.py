"""Two bots that must not pass: plain python-telegram-bot, as most are written.

The forgetful one handles updates as the library hands them out, which has acknowledged them by
then: what waits in its memory dies with it. The repeating one writes them to a file first, and
after a restart runs again whatever it has not noted as finished, sent or not.
"""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import httpx
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

FILE = Path("updates.txt")
FORGETFUL, REPEATING = "forgetful", "repeating"


class Filed(asyncio.Queue[Any]):
    """The library's queue, with a copy of every update in a file before it is acknowledged."""

    async def put(self, item: Any) -> None:
        """Write *item* down and pass it on."""
        write({"todo": json.loads(item.to_json())})
        await super().put(item)


def write(line: dict[str, Any]) -> None:
    """Add a line to the file."""
    with FILE.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def unfinished() -> list[dict[str, Any]]:
    """Return the updates in the file that were not noted as finished."""
    lines = FILE.read_text(encoding="utf-8").splitlines() if FILE.exists() else []
    rows = [json.loads(line) for line in lines]
    done = {row["done"] for row in rows if "done" in row}
    found = {row["todo"]["update_id"]: row["todo"] for row in rows if "todo" in row}
    return [update for number, update in found.items() if number not in done]


async def create(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Create a stream and say so."""
    message = update.effective_message
    if message is None:
        return
    body = json.loads((message.text or "").partition(" ")[2])
    working = await message.reply_text("⏳")
    async with httpx.AsyncClient(trust_env=False) as client:
        try:
            answer = await client.post(
                f"{os.environ['NAIVE_TRACKER']}/admin_api/v1/streams",
                json=body,
                headers={"Api-Key": os.environ["NAIVE_KEY"]},
            )
            mark = "✅" if answer.is_success else "❌"
        except httpx.HTTPError:
            mark = "❌"
    await working.edit_text(f"{mark} {body['name']}")
    write({"done": update.update_id})


async def start(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Take up what is unfinished, and say that all is set."""
    if os.environ["NAIVE"] == REPEATING:
        for raw in unfinished():
            application.update_queue.put_nowait(Update.de_json(raw, application.bot))
    print("ready: naive", flush=True)  # noqa: T201 - what the process that started it waits for


def main() -> None:
    """Run until killed."""
    queue = Filed() if os.environ["NAIVE"] == REPEATING else asyncio.Queue()
    builder: Any = Application.builder().token(os.environ["BOT_TOKEN"])
    url = os.environ["BOT_API_URL"]
    builder = builder.base_url(f"{url}/bot").base_file_url(f"{url}/file/bot")
    application = builder.update_queue(queue).post_init(start).build()
    application.add_handler(MessageHandler(filters.COMMAND, create))
    application.run_polling()


if __name__ == "__main__":
    main()
