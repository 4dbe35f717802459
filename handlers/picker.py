"""The people picker: a role for people who are chosen in Telegram's own list.

Telegram shows that list in private chats alone, so the group gets a button that leads there.
"""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from telegram import Message, SharedUser, UsersShared
from telegram.helpers import create_deep_linked_url

from handlers.answer import Answer, Place
from handlers.command import Command
from handlers.context import Context
from handlers.faults import RefusedError
from handlers.granting import Candidate, give, obstacle, role_in
from handlers.render.html import bold
from handlers.render.page import Button, Page, PeoplePicker, page
from handlers.roles import Role

KIND = "grant"
# What Telegram lets a request for people be numbered with.
REQUEST_BITS = 31


async def offer(message: Message, context: Context, role: Role) -> Page:
    """Return the button that leads to the private chat, where people are chosen."""
    texts = context.texts
    name = role.name.lower()
    body = {
        "chat_id": context.chat_id,
        "thread_id": context.answer.place.thread_id,
        "title": message.chat.title or "",
        "role": name,
        "request_id": secrets.randbits(REQUEST_BITS),
    }
    user_id = context.turn.sender.user_id
    token = await context.services.store.questions.offer(context.chat_id, user_id, KIND, body)
    url = create_deep_linked_url(context.bot.username, token)
    button = Button(texts.pick_button, link=url)
    words = texts.pick_offer.format(role=texts.roles[name])
    return page("❔", words, buttons=((button,),))


async def open_picker(token: str, context: Context) -> Page | None:
    """Ask in private for the people whom a role in a group was offered for."""
    user_id, texts = context.turn.sender.user_id, context.texts
    question = await context.services.store.questions.follow(token, user_id)
    if question is None or question.kind != KIND:
        return None
    if not await _is_admin(context, question.body["chat_id"]):
        return page("❌", texts.pick_no_admin)
    words = texts.pick_ask.format(
        role=texts.roles[question.body["role"]], chat=bold(question.body["title"])
    )
    picker = PeoplePicker(texts.pick_people, question.body["request_id"])
    return replace(page("❔", words), picker=picker)


async def shared(message: Message, context: Context, commands: Sequence[Command]) -> Page:
    """Give the role to the people who were chosen, and tell their group."""
    user_id, questions = context.turn.sender.user_id, context.services.store.questions
    question = await questions.asked(context.chat_id, user_id)
    chosen = message.users_shared
    is_answer = question and chosen and question.body.get("request_id") == chosen.request_id
    if question is None or chosen is None or question.kind != KIND or not is_answer:
        return _bare(page("❌", context.texts.pick_expired))
    if context.turn.sender.is_forwarding:
        raise RefusedError("forwarded")
    if not await _is_admin(context, question.body["chat_id"]):
        return _bare(page("❌", context.texts.pick_no_admin))
    given, refused = await _sorted(context, chosen)
    role = Role.named(question.body["role"])
    await asyncio.gather(
        *(give(context, question.body["chat_id"], one, role, commands) for one in given)
    )
    await questions.close(context.chat_id, user_id)
    if given:
        await _tell_group(context, question.body, given)
    return _bare(_outcome(context, question.body, given, refused))


async def _is_admin(context: Context, chat_id: int) -> bool:
    """Tell whether the sender is an admin of the group now: rights may have gone meanwhile."""
    return await role_in(context, chat_id) >= Role.ADMIN


async def _sorted(
    context: Context, chosen: UsersShared
) -> tuple[list[Candidate], list[tuple[Candidate, str]]]:
    """Return those who can be given a role, and the others with the reason."""
    given, refused = [], []
    for candidate in {user.user_id: _candidate(user) for user in chosen.users}.values():
        trouble = await obstacle(context, candidate)
        if trouble:
            refused.append((candidate, trouble))
        else:
            given.append(candidate)
    return given, refused


def _candidate(user: SharedUser) -> Candidate:
    return Candidate(user.user_id, " ".join(filter(None, [user.first_name, user.last_name])))


def _outcome(
    context: Context,
    body: dict[str, Any],
    given: list[Candidate],
    refused: list[tuple[Candidate, str]],
) -> Page:
    texts = context.texts
    lines = [f"• {candidate.shown}: {trouble}" for candidate, trouble in refused]
    if not given:
        return page("❌", texts.pick_nobody, *lines)
    role = texts.roles[body["role"]]
    done = texts.pick_done.format(role=role, chat=bold(body["title"]), people=_listed(given))
    return page("✅", done, texts.role_powers[body["role"]], "", *lines)


async def _tell_group(context: Context, body: dict[str, Any], given: list[Candidate]) -> None:
    """Tell the group who has a role now, where it was asked for."""
    text = context.texts.pick_done_group.format(
        person=bold(context.turn.sender.name),
        role=context.texts.roles[body["role"]],
        people=_listed(given),
    )
    answer = Answer(
        context.services.outbox,
        Place(body["chat_id"], context.turn.sender.user_id, thread_id=body["thread_id"]),
        key=f"{context.turn.key}:group",
        texts=context.texts,
    )
    await answer.give(page("✅", text))


def _listed(people: list[Candidate]) -> str:
    return ", ".join(candidate.shown for candidate in people)


def _bare(answer: Page) -> Page:
    """Return *answer* as one that takes the keyboard away."""
    return replace(answer, takes_keyboard=True)
