"""What is due, as an update: it only names a schedule and a time, and is trusted for no more."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from telegram import Chat as TelegramChat
from telegram import Message, Update, User
from telegram.constants import ChatType

from handlers.answer import Answer, Place
from handlers.context import Services
from handlers.roles import Role
from handlers.texts import texts_for
from handlers.turn import Sender, Turn, key_of
from storage import Schedule


@dataclass(frozen=True)
class Due:
    """A *schedule* that is due at *at*, in UTC seconds."""

    schedule: Schedule
    at: float


def due_body(update_id: int, due: Due) -> str:
    """Return the update *update_id* of Telegram's kind that stands for *due*, as JSON."""
    schedule = due.schedule
    is_private = schedule.chat_id > 0
    message = Message(
        message_id=0,
        date=datetime.fromtimestamp(due.at, UTC),
        chat=TelegramChat(
            schedule.chat_id, ChatType.PRIVATE if is_private else ChatType.SUPERGROUP
        ),
        from_user=User(schedule.user_id, str(schedule.user_id), is_bot=False),
        text=json.dumps({"schedule": schedule.schedule_id, "at": due.at}),
    )
    return Update(update_id, message=message).to_json()


async def read_due(message: Message, services: Services) -> Due | None:
    """Return what *message*, the one of `due_body`, stands for, unless it is not wanted any more.

    The group may have another id by now, and the schedule another author.
    """
    raw = json.loads(message.text or "{}")
    schedule = await services.store.schedules.get(raw["schedule"])
    return None if schedule is None or schedule.paused else Due(schedule, raw["at"])


async def turn_of_due(update_id: int, message: Message, services: Services) -> Turn | None:
    """Return the turn of what is due, in the name of its author, with the role they have now.

    There is none if it is not wanted any more; in a chat that nothing reaches, all is paused.
    """
    due = await read_due(message, services)
    if due is None:
        return None
    schedule, store = due.schedule, services.store
    stored = await store.chats.get(schedule.chat_id)
    if stored.unreachable_at is not None:
        await store.schedules.pause_all(schedule.chat_id, "unreachable")
        return None
    language = schedule.body["language"]
    texts = texts_for(stored.language or services.language or language)
    place = Place(schedule.chat_id, schedule.user_id, thread_id=schedule.thread_id, is_quiet=True)
    answer = Answer(services.outbox, place, key=key_of(update_id), texts=texts, ends=(update_id,))
    sender = Sender(
        user_id=schedule.user_id,
        name=str(schedule.user_id),
        language_code=language,
        role=await _role(schedule, services),
        is_forwarding=False,
    )
    return Turn(sender, stored, texts, answer, update_id=update_id)


async def _role(schedule: Schedule, services: Services) -> Role:
    """Return the role by which somebody may schedule: that everybody reads does not count."""
    if await services.is_owner(schedule.user_id):
        return Role.OWNER
    return Role.named(await services.store.people.role(schedule.chat_id, schedule.user_id))
