"""Whom a list of commands is for, and what is wrong with it."""

import json
from typing import Any

from sandbox.telegram.access import find_chat
from sandbox.telegram.refusal import RefusalError, bad_request
from sandbox.telegram.wire import Parameters
from sandbox.telegram.world import World

_DEFAULT = {"type": "default"}
_WIDE = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
_NARROW = {"chat", "chat_administrators", "chat_member"}
_LANGUAGE_LENGTH = 2


def read_scope(world: World, parameters: Parameters) -> tuple[str, str, str]:
    """Return where the commands of the scope and language in *parameters* are kept."""
    scope = parameters.get("scope") or _DEFAULT
    if not isinstance(scope, dict):
        raise _misread("BotCommandScope must be an Object")
    kind = scope.get("type")
    if kind is None:
        raise _misread('Can\'t find field "type"')
    if kind not in _WIDE | _NARROW:
        raise _misread("Unsupported type specified")
    if kind in _NARROW:
        _check_narrow(world, scope)
    language = str(parameters.get("language_code") or "")
    if language and not (len(language) == _LANGUAGE_LENGTH and language.islower()):
        raise bad_request("invalid language code specified")
    return menu_key(scope, language)


def menu_key(scope: dict[str, Any], language: str) -> tuple[str, str, str]:
    """Return where the commands of *scope* in *language* are kept."""
    return ("commands", json.dumps(scope, sort_keys=True), language)


def _check_narrow(world: World, scope: dict[str, Any]) -> None:
    if "chat_id" not in scope:
        raise _misread('Can\'t find field "chat_id"')
    if scope["type"] == "chat_member":
        _check_user_id(scope)
    chat = find_chat(world, scope)
    if chat.is_private and scope["type"] != "chat":
        raise bad_request("can't use specified scope in private chats")
    if chat.type == "channel":
        raise bad_request("can't change commands in channel chats")
    if scope["type"] == "chat_member" and scope["user_id"] not in world.people:
        raise bad_request("user not found")


def _check_user_id(scope: dict[str, Any]) -> None:
    if "user_id" not in scope:
        raise _misread('Can\'t find field "user_id"')
    if isinstance(scope["user_id"], bool) or not isinstance(scope["user_id"], int):
        raise _misread('Field "user_id" must be a valid Number')
    if scope["user_id"] <= 0:
        raise _misread("Invalid user_id specified")


def _misread(reason: str) -> RefusalError:
    return bad_request(f"can't parse BotCommandScope: {reason}")
