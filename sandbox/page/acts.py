"""What people do on the page: write, attach, edit, forward, press, share, and order trouble."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from sandbox.page.room import Room
from sandbox.telegram import Chat, Person

TEXT_MOST = 4096
CAPTION_MOST = 1024


class _Act(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Placed(_Act):
    """Something that a person does in a chat."""

    chat: int
    person: int


class Say(_Placed):
    """A message of somebody, perhaps in a topic, perhaps in reply to another."""

    text: Annotated[str, Field(min_length=1, max_length=TEXT_MOST)]
    reply_to: int | None = None
    thread: int | None = None


class Edit(_Placed):
    """Other words in a message of one's own."""

    message: int
    text: Annotated[str, Field(min_length=1, max_length=TEXT_MOST)]


class Forward(_Placed):
    """A message of this chat sent to another one."""

    message: int
    to: int


class Press(_Placed):
    """A button under a message, by its data."""

    message: int
    data: str


class Follow(_Placed):
    """A link to the bot, opened from this chat."""

    url: str


class Share(_Placed):
    """People that were chosen with a button of the keyboard below the chat."""

    request: int
    people: list[int]


class Order(_Act):
    """A misfortune for the tracker or for Telegram; an empty name ends it."""

    whose: str
    name: str


class Kill(_Act):
    """The end of the bot's process."""


def carry_out(room: Room, name: str, raw: Any) -> dict[str, Any]:
    """Do what the page asks for, and return what it should know.

    Raises:
        LookupError: There is no such act, chat, person, message or button.
        ValueError: It makes no sense (pydantic's, too).
    """
    model, act = _ACTS[name]
    return act(room, model.model_validate(raw)) or {}


def attach(room: Room, place: Mapping[str, str], content: bytes) -> None:
    """Send a file with *place* saying who, where, its name and its caption.

    Raises:
        LookupError: There is no such chat or person.
        ValueError: The place makes no sense.
    """
    chat = _chat(room, int(place["chat"]))
    reply_to, thread = place.get("reply_to"), place.get("thread")
    room.stage.telegram.say(
        _person(room, chat, int(place["person"])),
        chat,
        place.get("caption", "")[:CAPTION_MOST] or None,
        attach=content,
        filename=place["name"],
        mime_type=place.get("type") or "application/octet-stream",
        reply_to=int(reply_to) if reply_to else None,
        thread=int(thread) if thread else None,
    )


def _say(room: Room, act: Any) -> dict[str, Any]:
    chat = _chat(room, act.chat)
    person = _person(room, chat, act.person)
    said = room.stage.telegram.say(person, chat, act.text, reply_to=act.reply_to, thread=act.thread)
    return {"message": said["message_id"]}


def _edit(room: Room, act: Any) -> None:
    chat = _chat(room, act.chat)
    room.stage.telegram.edit(_person(room, chat, act.person), chat, act.message, act.text)


def _forward(room: Room, act: Any) -> None:
    stage = room.stage
    source, target = _chat(room, act.chat), _chat(room, act.to)
    person = _person(room, source, act.person)
    message = source.messages[act.message]
    author = stage.telegram.people.get(message.get("from", {}).get("id"), person)
    document = message.get("document")
    stored = stage.telegram.files.get(document["file_id"]) if document else None
    stage.telegram.say(
        person,
        target,
        message.get("text") or message.get("caption"),
        attach=stored.content if stored else None,
        filename=stored.filename if stored else "",
        forwarded=author,
    )


def _press(room: Room, act: Any) -> dict[str, Any]:
    chat = _chat(room, act.chat)
    telegram = room.stage.telegram
    return {"query": telegram.press(_person(room, chat, act.person), chat, act.message, act.data)}


def _follow(room: Room, act: Any) -> dict[str, Any]:
    stage = room.stage
    person = _person(room, _chat(room, act.chat), act.person)
    stage.telegram.start_link(person, act.url)
    return {"chat": stage.telegram.private(person).id}


def _share(room: Room, act: Any) -> None:
    stage, chat = room.stage, _chat(room, act.chat)
    chosen = [stage.telegram.people[one] for one in act.people]
    person = _person(room, chat, act.person)
    stage.telegram.share_users(person, chat, chosen, request_id=act.request)


def _order(room: Room, act: Any) -> None:
    orders = {"tracker": room.trouble.set_tracker, "telegram": room.trouble.set_telegram}
    orders[act.whose](act.name)


def _kill(room: Room, _act: Any) -> None:
    room.engine.kill()


_ACTS: dict[str, tuple[type[_Act], Callable[[Room, Any], dict[str, Any] | None]]] = {
    "say": (Say, _say),
    "edit": (Edit, _edit),
    "forward": (Forward, _forward),
    "press": (Press, _press),
    "follow": (Follow, _follow),
    "share": (Share, _share),
    "order": (Order, _order),
    "kill": (Kill, _kill),
}


def _chat(room: Room, chat_id: int) -> Chat:
    return room.stage.telegram.chats[chat_id]


def _person(room: Room, chat: Chat, person_id: int) -> Person:
    person = room.stage.telegram.people[person_id]
    if person.is_bot or not chat.has(person):
        raise LookupError(f"{person.first_name} is not in {chat.title}")
    return person
