"""A stream as a person takes it in at a glance, not as a dump."""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.render.file import json_file
from handlers.render.html import block, bold, code, folded, inert
from handlers.render.json_text import compact, indented
from handlers.render.page import File
from handlers.render.row import ROW_LISTS
from handlers.render.rows import otherwise_lines
from handlers.render.value import listed, written
from handlers.texts import Texts
from keitaro import Difference, are_rows

LIST_MOST = 12
FOLDED_SIGNS = 2400

Stream = Mapping[str, Any]


def card(stream: Stream, texts: Texts, *, campaign: str = "") -> list[str]:
    """Return the lines about *stream*; fields the tracker does not show are left out."""
    return [
        f"{bold(stream.get('name') or '–')} · {texts.stream} {code(stream.get('id', '?'))}",
        _campaign(stream, texts, campaign),
        _state(stream, texts),
        *_action(stream, texts),
        *_shares(stream, "landings", "landing_id", texts.landings),
        *_shares(stream, "offers", "offer_id", texts.offers),
        *_filters(stream, texts),
        *_comment(stream, texts),
    ]


def _campaign(stream: Stream, texts: Texts, name: str) -> str:
    known = f" {inert(name)}" if name else ""
    return f"{texts.campaign}: {code(stream.get('campaign_id', '?'))}{known}"


def _state(stream: Stream, texts: Texts) -> str:
    state = str(stream.get("state", "?"))
    parts = [texts.states.get(state) or inert(state), inert(stream.get("type", "?"))]
    parts += [
        f"{label} {inert(stream[field])}"
        for field, label in (("position", texts.position), ("weight", texts.weight))
        if stream.get(field) is not None
    ]
    return " · ".join(parts)


def _action(stream: Stream, texts: Texts) -> list[str]:
    parts = [inert(stream.get("schema", "?"))]
    if stream.get("schema") != "landings":
        parts += [inert(stream[name]) for name in ("action_type",) if stream.get(name)]
        if payload := stream.get("action_payload"):
            parts.append(code(payload if isinstance(payload, str) else compact(payload)))
    line = f"{texts.schema}: {' · '.join(parts)}"
    if stream.get("collect_clicks") is False:
        return [line, texts.no_clicks_collected]
    return [line]


def _shares(stream: Stream, field: str, id_field: str, label: str) -> list[str]:
    rows = _rows(stream, field)
    if not rows:
        return []
    lines = [_share(row, id_field) for row in rows[:LIST_MOST]]
    return [f"{label}:", *lines, *_rest(rows)]


def _share(row: Mapping[str, Any], id_field: str) -> str:
    name = row.get("name") or row.get(id_field.removesuffix("_id")) or ""
    known = f" {inert(name)}" if isinstance(name, str) and name else ""
    state = row.get("state", "active")
    mark = "" if state == "active" else f" ({inert(state)})"
    return f"  {code(row.get(id_field, '?'))}{known} · {inert(row.get('share', '?'))} %{mark}"


def _filters(stream: Stream, texts: Texts) -> list[str]:
    rows = _rows(stream, "filters")
    if not rows:
        return []
    mode = texts.filters_any if stream.get("filter_or") else texts.filters_all
    lines = [_filter(row) for row in rows[:LIST_MOST]]
    return [f"{texts.filters} ({mode}):", *lines, *_rest(rows)]


def _filter(row: Mapping[str, Any]) -> str:
    sign = "≠" if row.get("mode") == "reject" else "="
    payload = row.get("payload")
    values = "✓" if payload in (None, "", []) else code(_values(payload))
    return f"  {inert(row.get('name', '?'))} {sign} {values}"


def _values(payload: Any) -> str:
    if isinstance(payload, list):
        return listed(payload)
    return payload if isinstance(payload, str) else compact(payload)


def _comment(stream: Stream, texts: Texts) -> list[str]:
    comment = stream.get("comments")
    return [f"{texts.comments}: {inert(comment)}"] if comment else []


def _rows(stream: Stream, field: str) -> list[Mapping[str, Any]]:
    value = stream.get(field)
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _rest(rows: Sequence[object]) -> list[str]:
    return [f"  … +{len(rows) - LIST_MOST}"] if len(rows) > LIST_MOST else []


def whole(value: Any, name: str, texts: Texts) -> tuple[list[str], File | None]:
    """Return the tracker's whole answer: collapsed lines, or a JSON file when long."""
    if not value:
        return [], None
    text = indented(value, indent=1, most=FOLDED_SIGNS)
    if text is None:
        return [], json_file(name, value)
    return [folded([f"<b>{texts.whole_answer}</b>", block(text)])], None


def difference_lines(found: tuple[Difference, ...], texts: Texts) -> list[str]:
    """Return what was sent beside what the tracker shows, a field or a row a line."""
    lines = [line for difference in found for line in _otherwise(difference, texts)]
    return [*lines[:LIST_MOST], *_rest(lines)]


def _otherwise(difference: Difference, texts: Texts) -> list[str]:
    field, sent, shown = difference.field, difference.sent, difference.shown
    if field in ROW_LISTS and are_rows(sent) and are_rows(shown):
        lines = otherwise_lines(field, sent, shown, texts)
        if lines:
            return lines
    one, other = written(sent, shown)
    seen = texts.shows_not if shown is None else f"{texts.shows} {other}"
    return [f"{code(field)}: {one} → {seen}"]


def stream_list(streams: list[Any], texts: Texts) -> list[str]:
    """Return one line for each stream: a sign for its state, its id, its name."""
    rows = [row for row in streams if isinstance(row, dict)]
    return [
        f"{texts.state_signs.get(str(row.get('state')), '◌')} {code(row.get('id', '?'))} "
        f"{inert(row.get('name') or '–')} · {inert(row.get('type', '?'))}, "
        f"{inert(row.get('schema', '?'))}"
        for row in rows
    ]
