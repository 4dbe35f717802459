"""What is said of a change: ✅ only if the tracker shows it, ❌ only if it does not."""

from handlers.changes.after import after_buttons
from handlers.changes.ending import Ending
from handlers.changes.judge import Look, Wish
from handlers.context import Context
from handlers.render.card import card, difference_lines, whole
from handlers.render.html import code, inert
from handlers.render.page import Page, check_button, page
from handlers.texts import Texts
from keitaro import Tracker

IDS_MOST = 10


async def told(context: Context, tracker: Tracker, ending: Ending) -> Page:
    """Return the answer about a change that ended so."""
    if ending.words:
        return Page(ending.words)
    match ending.outcome:
        case "done":
            return await _done(context, tracker, ending)
        case "refused":
            return undone(context.texts, ending)
        case _ if ending.is_answered:
            return await _otherwise(context, tracker, ending)
        case _:
            return _unknown(context.texts, ending)


async def _done(context: Context, tracker: Tracker, ending: Ending) -> Page:
    title = _title(ending.wish, ending.look, context.texts)
    doubt = [ending.doubt.done] if ending.doubt.done else []
    shown = await _shown(context, tracker, ending.look)
    title = f"<b>{title}</b>" if shown.html else title
    buttons = await after_buttons(context, ending)
    return page("✅", title, *doubt, *ending.notes, shown.html, buttons=buttons, file=shown.file)


def undone(texts: Texts, ending: Ending) -> Page:
    """Return the answer about a change that the tracker does not hold and will not."""
    doubt = ending.doubt
    lines = [doubt.undone if doubt.is_later else f"{doubt.undone} {_absent(ending, texts)}"]
    title = f"<b>{_no_title(ending, texts)}</b>"
    return page("❌", title, *lines, *doubt.said, texts.send_again, doubt.request)


def _no_title(ending: Ending, texts: Texts) -> str:
    # What was made may have been taken back since: then only what is there now can be told.
    is_later, stream_id = ending.doubt.is_later, ending.wish.stream_id
    if ending.wish.creates:
        return texts.stream_not_there if is_later else texts.stream_not_created
    if is_later:
        return texts.stream_as_before.format(id=stream_id)
    return texts.stream_not_changed.format(id=stream_id)


def _absent(ending: Ending, texts: Texts) -> str:
    return texts.is_not_there if ending.wish.creates else texts.is_unchanged


async def _otherwise(context: Context, tracker: Tracker, ending: Ending) -> Page:
    """Return the answer where the tracker has said yes and shows something else, or nothing."""
    texts, look = context.texts, ending.look
    buttons = check_button(ending.key, texts.check_again)
    if look.stream is None:
        failed = [texts.look_failed] if look.shows == "unread" else []
        lines = [said_yes(ending, texts), *failed, _again(ending, texts)]
        return page("⚠️", *lines, buttons=buttons)
    shown = await _shown(context, tracker, look)
    wrong = [*difference_lines(look.found, texts), *ending.notes]
    lines = [said_yes(ending, texts), *wrong, _again(ending, texts), "", shown.html]
    return page("⚠️", *lines, buttons=buttons, file=shown.file)


def said_yes(ending: Ending, texts: Texts) -> str:
    """Return what a ⚠️ begins with where the tracker has said yes."""
    if ending.look.stream is not None:
        return texts.shows_otherwise
    return texts.not_seen.format(title=_title(ending.wish, ending.look, texts))


def _unknown(texts: Texts, ending: Ending) -> Page:
    """Return the answer where nobody can tell whether the change was made."""
    lines = [ending.doubt.lead, *_seen(ending.look, texts), _again(ending, texts)]
    buttons = check_button(ending.key, texts.check_again)
    # What was sent to another tracker cannot be shown with the address of this one.
    request = "" if ending.look.shows == "elsewhere" else ending.doubt.request
    return page("⚠️", *lines, request, buttons=buttons)


async def _shown(context: Context, tracker: Tracker, look: Look) -> Page:
    """Return the stream as it is now, without a mark; an empty page if there is none."""
    if look.stream is None:
        return Page("")
    named, campaign = await context.services.names.added(tracker, look.stream)
    lines = card(named, context.texts, campaign=campaign)
    name = f"stream-{look.stream.get('id', 'answer')}.json"
    folded, file = whole(look.stream, name, context.texts)
    return Page("\n".join([*lines, *folded]), file=file)


def _title(wish: Wish, look: Look, texts: Texts) -> str:
    if wish.creates:
        known = (*look.ids[:1], "?")
        made = (look.stream or {}).get("id", known[0])
        return texts.stream_created.format(id=inert(made))
    if wish.body:
        return texts.stream_updated.format(id=wish.stream_id)
    return texts.stream_switched[wish.operation.verb].format(id=wish.stream_id)


def _seen(look: Look, texts: Texts) -> list[str]:
    """Return what a look has shown of a change that is still open."""
    ids = ", ".join(map(code, look.ids[:IDS_MOST]))
    match look.shows:
        case "wanted" | "before" | "otherwise":
            return [texts.look_otherwise, *difference_lines(look.found, texts)]
        case "gone":
            return [texts.look_nothing]
        case "several":
            return [texts.look_several.format(ids=ids)]
        case "strange":
            return [texts.look_strange.format(ids=ids)]
        case "alike":
            return [texts.look_alike.format(ids=ids)]
        case "namesake":
            return [texts.look_namesake.format(ids=ids)]
        case "nothing" | "unlike":
            return [texts.look_no_alike]
        case "elsewhere":
            return [texts.look_elsewhere]
        case "unread":
            return [texts.look_failed]


def _again(ending: Ending, texts: Texts) -> str:
    """Return how to look again by hand."""
    stream_id = ending.wish.stream_id or (ending.look.stream or {}).get("id")
    where = f"/stream {stream_id}" if stream_id else f"/streams {ending.wish.campaign_id}"
    return texts.look_again.format(command=where)
