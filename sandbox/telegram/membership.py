"""The methods about chats and who is in them."""

from typing import Any

from sandbox.telegram.access import find_chat
from sandbox.telegram.refusal import bad_request
from sandbox.telegram.wire import Parameters
from sandbox.telegram.world import World, described

_GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)


def get_chat(world: World, parameters: Parameters) -> dict[str, Any]:
    """Return everything about a chat."""
    chat = find_chat(world, parameters)
    details: dict[str, Any] = {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(_GIFTS, False),
    }
    if chat.linked_chat_id is not None:
        details["linked_chat_id"] = chat.linked_chat_id
    if not chat.is_private:
        details["permissions"] = {"can_send_messages": not chat.is_muted}
    return {**chat.as_chat(), **details}


def get_chat_member(world: World, parameters: Parameters) -> dict[str, Any]:
    """Return what somebody is in a chat."""
    user_id = parameters.get("user_id", 0)
    if isinstance(user_id, bool) or not isinstance(user_id, int) or user_id <= 0:
        raise bad_request("invalid user_id specified")
    chat = find_chat(world, parameters)
    person = world.people.get(user_id)
    if chat.is_private:
        if person is None or user_id not in {chat.id, world.bot.id}:
            raise bad_request("member not found")
        return described(person, "member")
    if person is None:
        raise bad_request("user not found" if chat.type == "group" else "PARTICIPANT_ID_INVALID")
    return world.member(chat, person)


def get_chat_administrators(world: World, parameters: Parameters) -> list[dict[str, Any]]:
    """Return those who run a group, other bots left out."""
    chat = find_chat(world, parameters)
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    people = [world.people[one] for one in chat.members]
    if chat.bot_status == "administrator":
        people.append(world.bot)
    members = [world.member(chat, person) for person in people]
    return [member for member in members if member["status"] in {"creator", "administrator"}]


def get_chat_member_count(world: World, parameters: Parameters) -> int:
    """Return how many are in a chat, the bot included."""
    return len(find_chat(world, parameters).members) + 1


def leave_chat(world: World, parameters: Parameters) -> bool:
    """Leave a group."""
    chat = find_chat(world, parameters)
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    world.set_bot_status(chat, "left", by=world.bot)
    return True
