"""The editor of shares as a person sees it: a row of steps for each offer or landing page."""

from dataclasses import replace

from handlers.cards.draft import ALL, Draft, Part
from handlers.context import Context
from handlers.render.html import bold, code, inert
from handlers.render.page import Button, Page, page
from handlers.texts import Texts

SHARE = "share:"
LASTS_SECONDS = 600.0
STEPS_DOWN, STEPS_UP = (-10, -1), (1, 10)
BUTTONS = rf"^{SHARE}[A-Za-z0-9_-]{{22}}:([0-7]:(-10|-1|0|1|10)|even|offers|landings|save|back)\Z"


def editor(context: Context, draft: Draft, token: str) -> Page:
    """Return the page that shows *draft*, with the buttons that change it."""
    texts = context.texts
    lines = [
        bold(texts.shares_title.format(id=draft.stream_id)),
        inert(draft.title),
        "",
        f"{getattr(texts, draft.at)}:",
        *(_line(place, part, texts) for place, part in enumerate(draft.parts)),
        _sum(draft, texts),
        "",
        texts.shares_how.format(person=inert(context.turn.sender.name)),
    ]
    shown = page("❔", *lines, buttons=_buttons(draft, token, texts))
    return replace(shown, lasts_seconds=LASTS_SECONDS)


def _line(place: int, part: Part, texts: Texts) -> str:
    was = f" ({texts.shares_was.format(share=part.was)})" if part.share != part.was else ""
    state = "" if part.is_active else f" ({texts.shares_off})"
    name = f" {inert(part.name)}" if part.name else ""
    return f"{place + 1}. {code(part.id)}{name} · {part.share} %{was}{state}"


def _sum(draft: Draft, texts: Texts) -> str:
    missing = ALL - draft.total
    if missing > 0:
        return texts.shares_missing.format(total=draft.total, missing=missing)
    if missing < 0:
        return texts.shares_over.format(total=draft.total, over=-missing)
    return texts.shares_sum


def _buttons(draft: Draft, token: str, texts: Texts) -> tuple[tuple[Button, ...], ...]:
    def button(label: str, data: str) -> Button:
        return Button(label, data=f"{SHARE}{token}:{data}")

    rows = [
        (
            *(button(_signed(step), f"{place}:{step}") for step in STEPS_DOWN),
            button(f"{part.share} %", f"{place}:0"),
            *(button(_signed(step), f"{place}:{step}") for step in STEPS_UP),
        )
        for place, part in enumerate(draft.parts)
    ]
    turns = [button(getattr(texts, name), name) for name in draft.others]
    return (
        *rows,
        (button(texts.shares_even, "even"), *turns),
        (button(texts.shares_save, "save"), button(texts.shares_back, "back")),
    )


def _signed(step: int) -> str:
    return f"+{step}" if step > 0 else f"−{-step}"
