"""What people do: write, attach, edit, press buttons, follow links."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sandbox.telegram.cast import ANONYMOUS_ADMIN, CHANNEL_BOT, SERVICE, Chat, Message, Person
from sandbox.telegram.entities import Entity, detect
from sandbox.telegram.places import Places
from sandbox.telegram.posting import post
from sandbox.telegram.sharing import chosen
from sandbox.telegram.thumbs import use, wished_reply
from sandbox.telegram.updates import CALLBACK_LIFETIME_SECONDS
from sandbox.telegram.world import Query

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


class People(Places):
    """Everything a person can do to the bot."""

    def say(  # noqa: PLR0913 - a message has this many independent sides
        self,
        person: Person,
        chat: Chat,
        text: str | None = None,
        *,
        attach: bytes | None = None,
        filename: str = "payload.json",
        mime_type: str = "application/json",
        reply_to: int | None = None,
        thread: int | None = None,
        forwarded: bool | Person | Chat = False,
        sender_chat: Chat | None = None,
        via: Person | None = None,
        declared_size: int | None = None,
        media_group_id: str | None = None,
        entities: list[Entity] | None = None,
        date: float | None = None,
    ) -> Message:
        """Send a text, or a file with *text* as its caption, and return the message.

        Commands and addresses are marked as Telegram does; code fences stay plain. A
        *sender_chat* speaks instead of the person: the group itself (an anonymous
        administrator), a channel, or the channel linked to the group (a forwarded post). *via* is
        the bot in whose list it was chosen.

        Where the bot has asked for a reply, the message is one, unless *reply_to* is 0.
        """
        content: Message = {}
        if attach is not None:
            content = self._attached(attach, filename, mime_type, declared_size)
        content |= _worded(text, entities, "text" if attach is None else "caption")
        if via is not None:
            content["via_bot"] = via.as_user()
        if media_group_id is not None:
            content["media_group_id"] = media_group_id
        content |= self._origin(person, chat, forwarded, sender_chat)
        if reply_to is None and sender_chat is None:
            reply_to = wished_reply(chat, person)
        use(chat, person, text)
        return self._deliver(
            person,
            chat,
            content,
            sender_chat=sender_chat,
            thread=thread,
            reply_to=reply_to,
            date=date,
        )

    def _attached(
        self, content: bytes, filename: str, mime_type: str, size: int | None
    ) -> dict[str, Any]:
        stored = self.files.add(content, filename=filename, mime_type=mime_type, size=size)
        return {"document": stored.as_document()}

    def edit(self, person: Person, chat: Chat, message_id: int, text: str) -> Message:
        """Change what *person* has said, and return the message as it is now."""
        message = chat.messages[message_id]
        if message.get("from", {}).get("id") not in {person.id, ANONYMOUS_ADMIN.id, None}:
            raise ValueError(f"{person.first_name} did not write message {message_id}")
        key = "caption" if "document" in message else "text"
        gone = {key, "entities", "caption_entities"}
        edited = {name: value for name, value in message.items() if name not in gone}
        edited |= {"edit_date": int(self.now()), **_worded(text, None, key)}
        chat.messages[message_id] = edited
        kind = "edited_channel_post" if chat.type == "channel" else "edited_message"
        self.publish(kind, chat, edited)
        return edited

    def press(
        self,
        person: Person,
        chat: Chat,
        message_id: int,
        label_or_data: str,
        *,
        forged: bool = False,
    ) -> str:
        """Press a button and return the id of the callback query.

        A *forged* press sends any data, as a changed client can.

        Raises:
            LookupError: the message has no such button, or the person does not see it.
        """
        if not chat.has(person):
            raise LookupError(f"{person.first_name} is not in {chat.title}")
        message = chat.messages[message_id]
        data = label_or_data if forged else _button_data(message, label_or_data)
        query_id = str(self.random.randrange(10**17, 10**18))
        self.queries[query_id] = Query(self.now())
        query = {
            "id": query_id,
            "from": person.as_user(),
            "message": message,
            "chat_instance": str(-chat.id * 7919),
            "data": data,
        }
        self.updates.publish("callback_query", query, lifetime_seconds=CALLBACK_LIFETIME_SECONDS)
        self.pulse.beat()
        return query_id

    def start_link(self, person: Person, url: str, *, chat: Chat | None = None) -> Message:
        """Follow a link to the bot and press *Start*, or add the bot to *chat*.

        Raises:
            ValueError: Telegram would not open this bot by this link, or drop its payload.
        """
        parts = urlsplit(url)
        if parts.hostname != "t.me" or parts.path.strip("/") != self.bot.username:
            raise ValueError(f"not a link to @{self.bot.username}: {url}")
        wanted = "start" if chat is None else "startgroup"
        payload = parse_qs(parts.query).get(wanted, [""])[0]
        if not _PAYLOAD.fullmatch(payload):
            raise ValueError(f"not a payload that Telegram passes on: {payload!r}")
        if chat is None:
            return self.say(person, self.private(person), f"/start {payload}")
        self.add_bot(person, chat)
        return self.say(person, chat, f"/start@{self.bot.username} {payload}")

    def share_chat(self, person: Person, chat: Chat, *, request_id: int) -> Message:
        """Choose *chat* when the bot has asked for one with a button."""
        content = {"chat_shared": {"request_id": request_id, "chat_id": chat.id}}
        return self._deliver(person, self.private(person), content)

    def share_users(
        self, person: Person, chat: Chat, people: Sequence[Person], *, request_id: int
    ) -> Message:
        """Choose *people* with the button of the keyboard below *chat* that asks for them.

        Raises:
            LookupError: *person* has no such button there.
            ValueError: the button does not let them choose these people.
        """
        content = chosen(chat, person, people, request_id=request_id)
        use(chat, person)
        return self._deliver(person, chat, content)

    def _deliver(
        self,
        person: Person,
        chat: Chat,
        content: Message,
        *,
        sender_chat: Chat | None = None,
        **place: Any,
    ) -> Message:
        if chat.is_private and chat.bot_status != "member":
            self._begin(person, chat)
        is_channel = chat.type == "channel"
        message = post(
            self,
            chat,
            content,
            sender=None if is_channel else self._shown(person, chat, sender_chat),
            sender_chat=chat if is_channel else sender_chat,
            **place,
        )
        self.publish("channel_post" if is_channel else "message", chat, message)
        return message

    def _begin(self, person: Person, chat: Chat) -> None:
        """Let the bot in: a first message, or *Restart* after a block."""
        if chat.bot_status == "kicked":
            self.unblock(person)
        chat.bot_status = "member"

    def _shown(self, person: Person, chat: Chat, sender_chat: Chat | None) -> Person:
        if sender_chat is None:
            if not chat.is_private:
                chat.members.setdefault(person.id, "member")
            return person
        if sender_chat is chat:
            return ANONYMOUS_ADMIN
        return SERVICE if sender_chat.id == chat.linked_chat_id else CHANNEL_BOT

    def _origin(
        self,
        person: Person,
        chat: Chat,
        forwarded: bool | Person | Chat,  # noqa: FBT001 - who is quoted, or simply that somebody is
        sender_chat: Chat | None,
    ) -> dict[str, Any]:
        date = int(self.now()) - 60
        if sender_chat is not None and sender_chat.id == chat.linked_chat_id:
            origin = self._channel_origin(sender_chat, date)
            return {"is_automatic_forward": True, "forward_origin": origin}
        if isinstance(forwarded, Chat):
            return {"forward_origin": self._channel_origin(forwarded, date)}
        if not forwarded:
            return {}
        author = forwarded if isinstance(forwarded, Person) else person
        return {"forward_origin": {"type": "user", "sender_user": author.as_user(), "date": date}}

    def _channel_origin(self, channel: Chat, date: int) -> dict[str, Any]:
        message_id = channel.last_message_id or 1
        place = {"chat": channel.as_chat(), "message_id": message_id}
        return {"type": "channel", **place, "date": date}


def _worded(text: str | None, entities: list[Entity] | None, key: str) -> dict[str, Any]:
    if text is None:
        return {}
    found = detect(text, entities or [])
    marks = "entities" if key == "text" else "caption_entities"
    return {key: text, **({marks: found} if found else {})}


def _button_data(message: Message, label_or_data: str) -> str:
    for row in message.get("reply_markup", {}).get("inline_keyboard", []):
        for button in row:
            data = button.get("callback_data")
            if data is not None and label_or_data in {button["text"], data}:
                return str(data)
    raise LookupError(f"no button {label_or_data!r} in message {message['message_id']}")
