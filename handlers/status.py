"""`/status`: the link doctor."""

from telegram import Message

from handlers.context import Context
from handlers.render.advice import advice
from handlers.render.failure import headline, messages
from handlers.render.html import code
from handlers.render.page import Page, page
from handlers.texts import Texts
from keitaro import StepFinding, examine


async def status(message: Message, context: Context) -> Page:
    """Examine the link of this chat, step by step; each failure comes with one next step."""
    del message
    link = await context.link()
    tracker = context.services.trackers.of(link)
    findings = await examine(tracker)
    lines = [line for finding in findings for line in _lines(finding, context.texts)]
    is_well = all(finding.ok is not False for finding in findings)
    hint = context.texts.status_key.format(hint=tracker.key_hint)
    return page("✅" if is_well else "❌", code(link.address), hint, "", *lines)


def _lines(finding: StepFinding, texts: Texts) -> list[str]:
    name = texts.status_steps[finding.step]
    if finding.ok is None:
        return [f"▫️ {name}: {texts.status_not_reached}"]
    if finding.error is None:
        count = f" ({finding.count})" if finding.count is not None else ""
        return [f"🟢 {name}{count}"]
    lines = [f"🔴 {name}: {headline(finding.error, texts)}", *messages(finding.error)]
    return [*lines, f"→ {advice(finding.error, texts)}"]
