"""Checks of what a stream does and what it keeps, decided by what was written alone."""

from collections.abc import Iterator

from keitaro.countries import COUNTRIES, likely_country
from keitaro.facts import Case, Finding, error, warning
from keitaro.loose import number, rows, whole, word

_GO_TO_URL = frozenset(
    {
        *("http", "meta", "double_meta", "js", "js_for_script", "js_for_iframe"),
        *("blank_referrer", "formsubmit", "iframe", "frame", "remote", "curl"),
    }
)
_SHOW_PAYLOAD = _GO_TO_URL | {"show_text", "show_html", "campaign"}
# What the tracker writes by itself.
_READ_ONLY = ("id", "stream_id", "created_at", "updated_at")


def redirect_without_url(case: Case) -> Iterator[Finding]:
    """Find a redirect that leads nowhere."""
    action = case.word("action_type")
    if _acts(case, "redirect") and action in _GO_TO_URL and case.lacks("action_payload"):
        yield error("redirect_without_url", action_type=action)


def action_without_payload(case: Case) -> Iterator[Finding]:
    """Find an action that has nothing to show or to lead to."""
    action = case.word("action_type")
    if _acts(case, "action") and action in _SHOW_PAYLOAD and case.lacks("action_payload"):
        yield warning("action_without_payload", action_type=action)


def no_clicks_collected(case: Case) -> Iterator[Finding]:
    """Find a new stream that would record no statistics, as is the default."""
    value = case.after.get("collect_clicks")
    is_on = value is True or (number(value) or 0) != 0 or word(value).lower() == "true"
    if case.creates and not is_on:
        yield warning("no_clicks_collected")


def read_only(case: Case) -> Iterator[Finding]:
    """Find fields in a creation that only the tracker writes: it makes a new stream anyway."""
    fields = [name for name in _READ_ONLY if case.written.get(name) is not None]
    if case.creates and fields:
        yield warning("read_only", fields=fields)


def other_id(case: Case) -> Iterator[Finding]:
    """Find an update that was written for another stream."""
    written, own = whole(case.written.get("id")), whole((case.before or {}).get("id"))
    if case.verb == "update" and None not in {written, own} and written != own:
        yield warning("other_id", written=written, id=own)


def countries(case: Case) -> Iterator[Finding]:
    """Find codes in country filters that no visitor ever has."""
    if not case.touches("filters"):
        return
    wrong = [code for code in dict.fromkeys(_codes(case)) if code not in COUNTRIES]
    likely = {code: likely_country(code) for code in wrong}
    if slips := {code: meant for code, meant in likely.items() if meant}:
        yield warning("country_slip", codes=slips)
    if unknown := [code for code, meant in likely.items() if not meant]:
        yield warning("country_unknown", codes=unknown)


def _codes(case: Case) -> Iterator[str]:
    for row in rows(case.after.get("filters")):
        payload = row.get("payload") if word(row.get("name")) == "country" else None
        items = payload.split(",") if isinstance(payload, str) else payload
        if isinstance(items, list):
            yield from (item for item in items if isinstance(item, str) and item)


def _acts(case: Case, schema: str) -> bool:
    is_touched = case.touches("schema", "action_type", "action_payload")
    return is_touched and case.word("schema") == schema
