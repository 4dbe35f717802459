"""A query that is asked again and again, in the chat and topic where that was wanted."""

from collections.abc import Mapping

from handlers.context import Context
from handlers.render.html import bold
from handlers.render.page import Button, Page, page
from handlers.roles import Role
from handlers.stats.query import Query
from handlers.stats.rule import Rule, pack_rule
from handlers.stats.said import Output
from handlers.stats.schedule_words import entry, moment_words, rule_words, title_of
from handlers.stats.timetable import next_due
from storage import Schedule

# What the buttons of schedules send, before what they do and to which.
SCHEDULES = "sched:"


async def schedule(context: Context, query: Query, output: Output, rule: Rule) -> Page:
    """Have *query* run here as *rule* says, by the clock of this chat as it is now.

    Raises:
        RefusedError: Only operators may have that done.
        NotLinkedError: The chat has no tracker.
        LateError: This is too old to be acted on.
    """
    context.require(Role.OPERATOR)
    await context.link()
    thread_id = context.answer.place.thread_id
    body = {"query": query.packed(), "output": output, "language": context.language}
    schedules, zone = context.services.store.schedules, context.time_zone
    same = _same(await schedules.of_chat(context.chat_id), body, rule, zone, thread_id)
    if same:
        lines = entry(same, context.texts)
        return page("❌", context.texts.schedule_twice, "", *lines, buttons=list_button(context))
    next_at = next_due(rule, zone, context.services.now())
    schedule_id = await schedules.add(
        context.chat_id,
        context.turn.sender.user_id,
        thread_id=thread_id,
        rule=pack_rule(rule),
        time_zone=zone,
        body=body,
        next_at=next_at,
    )
    if schedule_id is None:
        return page("❌", context.texts.schedule_full, buttons=list_button(context))
    return page(
        "✅",
        bold(title_of(body, context.texts)),
        rule_words(rule, zone, context.texts),
        context.texts.schedule_next.format(when=moment_words(next_at, zone)),
        buttons=list_button(context),
    )


def list_button(context: Context) -> tuple[tuple[Button, ...], ...]:
    """Return the button that shows the schedules of the chat."""
    return ((Button(context.texts.schedule_buttons["list"], data=f"{SCHEDULES}list:0"),),)


def _same(
    schedules: list[Schedule],
    body: Mapping[str, object],
    rule: Rule,
    zone: str,
    thread_id: int | None,
) -> Schedule | None:
    """Return the one that would bring the same to the same place at the same time."""
    wanted = (body["query"], body["output"], pack_rule(rule), zone, thread_id)
    for one in schedules:
        known = (one.body["query"], one.body["output"], one.rule, one.time_zone, one.thread_id)
        if known == wanted:
            return one
    return None
