"""The chats as the page shows them."""

from typing import Any

from sandbox.stage import Stage
from sandbox.telegram import Chat, Person


def shown_chats(stage: Stage) -> dict[str, dict[str, Any]]:
    """Return every chat by its id: who speaks there, its topics, its messages by their ids."""
    return {str(chat.id): _shown(stage, chat) for chat in _chats(stage)}


def _chats(stage: Stage) -> list[Chat]:
    """Return the chats in the order of the page; a private chat of nobody yet is there, too."""
    return [stage.home, stage.team, stage.forum, stage.telegram.private(stage.stranger)]


def _shown(stage: Stage, chat: Chat) -> dict[str, Any]:
    telegram = stage.telegram
    people = [person for person in stage.people if chat.has(person)]
    return {
        "id": chat.id,
        "type": "forum" if chat.is_forum else chat.type,
        "title": chat.title,
        "people": [_person(stage, person, chat) for person in people],
        "topics": {str(number): topic.name for number, topic in chat.topics.items()},
        "messages": {
            str(number): {**message, "reactions": telegram.reactions(chat, number)}
            for number, message in chat.messages.items()
        },
    }


def _person(stage: Stage, person: Person, chat: Chat) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.first_name,
        "role": _roles(stage)[person.id],
        "menu": stage.telegram.menu(person, chat),
        "keyboard": stage.telegram.keyboard(person, chat),
    }


def _roles(stage: Stage) -> dict[int, str]:
    people = ("owner", "colleague", "viewer", "stranger")
    names = ("owner", "operator", "viewer", "stranger")
    return {getattr(stage, one).id: name for one, name in zip(people, names, strict=True)}
