"""The stage: people, chats, and who comes, goes and is let in."""

from sandbox.telegram.cast import ANONYMOUS_ADMIN, Chat, Message, Person
from sandbox.telegram.posting import open_topic, post
from sandbox.telegram.world import World

_FIRST_PERSON_ID = 5_000_000_001
_GROUP_BASE = -4_000_000_000
_SUPERGROUP_BASE = -1_002_000_000_000


class Places(World):
    """Sets the stage; what the bot can see of it, it is told."""

    def person(
        self,
        first_name: str,
        *,
        language_code: str | None = "en",
        id: int | None = None,  # noqa: A002 - Telegram's own word
        username: str | None = None,
    ) -> Person:
        """Return somebody new, under *id* or the next free one."""
        number = _FIRST_PERSON_ID + len(self.people) if id is None else id
        self.people[number] = Person(number, first_name, language_code, username)
        return self.people[number]

    def private(self, person: Person) -> Chat:
        """Return the chat of *person* with the bot; the bot may write once the person has."""
        if person.id not in self.chats:
            self._add(Chat(person.id, "private", person.first_name, self._open, person=person))
        return self.chats[person.id]

    def group(
        self,
        title: str,
        *people: Person,
        forum: bool = False,
        supergroup: bool = False,
        bot: bool = True,
    ) -> Chat:
        """Return a new group of *people*, the first of them its creator.

        A forum is always a supergroup. With *bot* it is a member already, without any news of
        it; else `add_bot` brings it in.
        """
        kind = "supergroup" if forum or supergroup else "group"
        chat = Chat(self._new_id(kind), kind, title, self._open, is_forum=forum)
        chat.bot_status = "member" if bot else "absent"
        chat.members = {one.id: "member" for one in people}
        if people:
            chat.members[people[0].id] = "creator"
        return self._add(chat)

    def channel(self, title: str, *people: Person, discussion: Chat | None = None) -> Chat:
        """Return a new channel run by *people* and the bot, linked to a *discussion* group."""
        chat = Chat(self._new_id("channel"), "channel", title, self._open)
        chat.bot_status = "administrator"
        chat.members = {one.id: "creator" for one in people}
        if discussion is not None:
            chat.linked_chat_id = discussion.id
            discussion.linked_chat_id = chat.id
        return self._add(chat)

    def add_bot(self, person: Person, chat: Chat) -> None:
        """Let *person* bring the bot into a group."""
        self.set_bot_status(chat, "member", by=person)
        content = {"new_chat_members": [self.bot.as_user()]}
        self._announce(chat, person, content)

    def remove_bot(self, person: Person, chat: Chat) -> None:
        """Let *person* throw the bot out of a group."""
        message = post(self, chat, {"left_chat_member": self.bot.as_user()}, sender=person)
        self.publish("message", chat, message)
        self.set_bot_status(chat, "kicked", by=person)

    def promote(self, chat: Chat, who: Person, *, status: str = "administrator") -> None:
        """Give *who* (perhaps the bot) another *status* in *chat*, by its creator's hand."""
        if who.id == self.bot.id:
            self.set_bot_status(chat, status, by=self._creator(chat))
        else:
            chat.members[who.id] = status

    def block(self, person: Person) -> None:
        """Let *person* block the bot."""
        self.set_bot_status(self.private(person), "kicked", by=person)

    def unblock(self, person: Person) -> None:
        """Let *person* hear from the bot again."""
        self.set_bot_status(self.private(person), "member", by=person)

    def deactivate(self, person: Person) -> None:
        """Let the account of *person* end."""
        self.deactivated.add(person.id)

    def close_topic(self, chat: Chat, thread: int) -> None:
        """Close a topic; only administrators write there now."""
        chat.topics[thread].is_closed = True
        self._announce(chat, self._creator(chat), {"forum_topic_closed": {}}, thread)

    def delete_topic(self, chat: Chat, thread: int) -> None:
        """Delete a topic with everything in it."""
        del chat.topics[thread]
        chat.messages = {
            message_id: message
            for message_id, message in chat.messages.items()
            if message.get("message_thread_id") != thread
        }

    def migrate(self, chat: Chat, *, announce: tuple[str, ...] = ("to", "from")) -> Chat:
        """Turn a group into a supergroup and return that; the old one answers no more.

        *announce* says which service messages the bot gets, and in which order; "in" is the news
        that it is in the new one.
        """
        new = self.group(chat.title, supergroup=True, bot=False)
        new.members = dict(chat.members)
        by = self._creator(chat)
        news = self.set_bot_status(new, chat.bot_status, by=by, is_told=False)
        old_note = post(self, chat, {"migrate_to_chat_id": new.id}, sender=by)
        new_note = post(
            self, new, {"migrate_from_chat_id": chat.id}, sender=ANONYMOUS_ADMIN, sender_chat=new
        )
        notes = {"to": (chat, old_note), "from": (new, new_note), "in": (new, news)}
        for name in announce:
            self.publish("my_chat_member" if name == "in" else "message", *notes[name])
        chat.upgraded_to = new.id
        return new

    def _announce(
        self, chat: Chat, sender: Person, content: Message, thread: int | None = None
    ) -> None:
        self.publish("message", chat, post(self, chat, content, sender=sender, thread=thread))

    def _creator(self, chat: Chat) -> Person:
        return next((self.people[one] for one in chat.members), ANONYMOUS_ADMIN)

    def _open(self, chat: Chat, name: str) -> int:
        return open_topic(self, chat, name)

    def _new_id(self, kind: str) -> int:
        base = _GROUP_BASE if kind == "group" else _SUPERGROUP_BASE
        return base - len(self.chats) - 1

    def _add(self, chat: Chat) -> Chat:
        self.chats[chat.id] = chat
        return chat
