"""What was typed as the answer to a question of the bot: whose turn it is, decided once.

In private the next text is the answer; in a group only a reply to the question itself is, and
everything else stays talk.
"""

from collections.abc import Awaitable, Callable

from telegram import Message

from handlers import link
from handlers.cards import duplicate, swap
from handlers.cards.choices import WORDS_SIGNS
from handlers.context import Context
from handlers.render.html import code
from handlers.render.page import Page, page
from handlers.roles import Role
from handlers.stats import reply as report_reply
from handlers.stats import saving
from storage import Question

# In the body of a question: what was answered last, in vain.
TRIED = "tried"
# What becomes of the words: by the kind of the question.
ANSWERS: dict[str, Callable[[Context, Question, str], Awaitable[Page]]] = {
    swap.KIND: swap.answered,
    swap.WHICH: swap.named,
    duplicate.KIND: duplicate.answered,
    saving.KIND: saving.answered,
}


async def reply(message: Message, context: Context) -> Page:
    """Answer what was typed in private: to a report, to the request for a link, to a question."""
    changing = await report_reply.change(message, context)
    if changing:
        return await changing
    if await context.services.store.link_tokens.pending(context.turn.sender.user_id):
        return await link.reply(message, context)
    question = await _asked(context)
    if question is None:
        return _hint(message, context)
    return await _answered(message, context, question)


def _hint(message: Message, context: Context) -> Page:
    """Return what somebody could have meant who sent no command."""
    texts, words = context.texts, (message.text or "").strip()
    if message.document:
        return page("❔", texts.file_alone)
    if words and len(words) <= WORDS_SIGNS and report_reply.makes_sense(words):
        return page("❔", texts.not_a_command, code(f"/stats {words}"))
    return page("❔", texts.not_a_command)


async def reply_in_group(message: Message, context: Context) -> Awaitable[Page] | None:
    """Return the way to the answer, if *message* replies to a report, or to what is asked."""
    changing = await report_reply.change(message, context)
    if changing:
        return changing
    question = await _asked(context)
    replied = message.reply_to_message
    if question is None or replied is None:
        return None
    if replied.from_user is None or replied.from_user.id != context.bot.id:
        return None
    if not await _is_shown_in(context, question, replied.message_id):
        return None
    return _answered(message, context, question)


async def _is_shown_in(context: Context, question: Question, message_id: int) -> bool:
    """Tell whether a message asks *question*, or tells that the last answer led to nothing."""
    keys = (question.asked_by, question.body.get(TRIED, question.asked_by))
    places = [await context.services.store.outbox.message_id(key) for key in keys]
    return message_id in places or None in places


async def _asked(context: Context) -> Question | None:
    question = await context.services.store.questions.asked(
        context.chat_id, context.turn.sender.user_id
    )
    return question if question and question.kind in ANSWERS else None


async def _answered(message: Message, context: Context, question: Question) -> Page:
    """Hand the words to whoever has asked.

    Raises:
        RefusedError: The sender may not change anything here, or has forwarded it.
    """
    context.require(Role.OPERATOR)
    words = (message.text or "").strip()
    if not words or len(words) > WORDS_SIGNS:
        return page("❔", context.texts.ask_words)
    questions = context.services.store.questions
    await questions.ask(
        question.chat_id,
        question.user_id,
        question.kind,
        {**question.body, TRIED: context.turn.key},
        asked_by=question.asked_by,
    )
    answer = await ANSWERS[question.kind](context, question, words)
    asked = await questions.asked(context.chat_id, question.user_id)
    # What the answer asks in its turn stays asked.
    is_same = asked is not None and asked.asked_by == question.asked_by
    if is_same and answer.html.startswith("❔"):
        await questions.close(context.chat_id, question.user_id)
    return answer
