"""Choosing people for the bot: what a button on the keyboard asks for, and what is sent."""

from collections.abc import Sequence
from typing import Any

from sandbox.telegram.cast import Chat, Message, Person
from sandbox.telegram.thumbs import keys_of


def chosen(
    chat: Chat, person: Person, people: Sequence[Person], *, request_id: int
) -> dict[str, Any]:
    """Return the content of the message by which *person* shares *people* in *chat*.

    Raises:
        LookupError: no such button is under the thumb of *person*.
        ValueError: the button does not let them choose these people.
    """
    request = _request(chat, person, request_id)
    if not 1 <= len(people) <= int(request.get("max_quantity", 1)):
        raise ValueError(f"{len(people)} people cannot be chosen")
    is_bot = request.get("user_is_bot")
    if is_bot is not None and any(one.is_bot != is_bot for one in people):
        raise ValueError("not the kind of people that can be chosen")
    users = [_described(one, request) for one in people]
    return {"users_shared": {"request_id": request_id, "users": users}}


def _request(chat: Chat, person: Person, request_id: int) -> dict[str, Any]:
    for key in keys_of(chat.keyboards.get(person.id)):
        request: dict[str, Any] = key.get("request_users") or {}
        if request and int(request["request_id"]) == request_id:
            return request
    raise LookupError(f"no button asks {person.first_name} for people with id {request_id}")


def _described(person: Person, request: dict[str, Any]) -> Message:
    user: Message = {"user_id": person.id}
    if request.get("request_name"):
        user["first_name"] = person.first_name
    if request.get("request_username") and person.username is not None:
        user["username"] = person.username
    return user
