"""The methods about the bot itself: its name, its files, its commands and descriptions."""

import re
from typing import Any

from sandbox.telegram.refusal import bad_request
from sandbox.telegram.scopes import read_scope
from sandbox.telegram.wire import Parameters
from sandbox.telegram.world import World

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
COMMAND_LIMIT = 100
COMMAND_TEXT_LIMIT = 256
DESCRIPTION_LIMIT = 512
SHORT_DESCRIPTION_LIMIT = 120


def get_me(world: World, _parameters: Parameters) -> dict[str, Any]:
    """Return who the bot is."""
    return {
        **world.bot.as_user(),
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_file(world: World, parameters: Parameters) -> dict[str, Any]:
    """Say where a file can be fetched."""
    return world.files.link(parameters.get("file_id"))


def log_out(world: World, _parameters: Parameters) -> bool:
    """Leave this server; everything after is unauthorized."""
    world.profile.is_logged_out = True
    return True


def close(_world: World, _parameters: Parameters) -> bool:
    """Close the bot before it moves to another server."""
    return True


def set_my_commands(world: World, parameters: Parameters) -> bool:
    """Set the menu of one scope and language."""
    commands = parameters.get("commands") or []
    if len(commands) > COMMAND_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(str(command.get("command", "")).removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= COMMAND_TEXT_LIMIT:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.profile.values[read_scope(world, parameters)] = commands
    return True


def get_my_commands(world: World, parameters: Parameters) -> Any:
    """Return the menu of exactly this scope and language."""
    return world.profile.values.get(read_scope(world, parameters), [])


def delete_my_commands(world: World, parameters: Parameters) -> bool:
    """Forget the menu of this scope and language."""
    world.profile.values.pop(read_scope(world, parameters), None)
    return True


def set_my_description(world: World, parameters: Parameters) -> bool:
    """Set what an empty chat with the bot shows."""
    return _set_text(world, parameters, "description", DESCRIPTION_LIMIT)


def set_my_short_description(world: World, parameters: Parameters) -> bool:
    """Set what the bot's profile shows."""
    return _set_text(world, parameters, "short_description", SHORT_DESCRIPTION_LIMIT)


def _set_text(world: World, parameters: Parameters, name: str, limit: int) -> bool:
    text = str(parameters.get(name) or "")
    if len(text) > limit:
        raise bad_request(f"bot {name.replace('_', ' ')} is too long")
    world.profile.values[name, "", str(parameters.get("language_code") or "")] = text
    return True


def get_my_description(world: World, parameters: Parameters) -> dict[str, str]:
    """Return what an empty chat with the bot shows."""
    return _get_text(world, parameters, "description")


def get_my_short_description(world: World, parameters: Parameters) -> dict[str, str]:
    """Return what the bot's profile shows."""
    return _get_text(world, parameters, "short_description")


def _get_text(world: World, parameters: Parameters, name: str) -> dict[str, str]:
    language = str(parameters.get("language_code") or "")
    values = world.profile.values
    return {name: values.get((name, "", language), values.get((name, "", ""), ""))}


def set_chat_menu_button(world: World, parameters: Parameters) -> bool:
    """Set the button beside the input field of one private chat, or of all."""
    button = parameters.get("menu_button") or {"type": "default"}
    world.profile.values["menu_button", str(parameters.get("chat_id") or ""), ""] = button
    return True


def get_chat_menu_button(world: World, parameters: Parameters) -> Any:
    """Return the button beside the input field."""
    values = world.profile.values
    own = ("menu_button", str(parameters.get("chat_id") or ""), "")
    return values.get(own, values.get(("menu_button", "", ""), {"type": "commands"}))
