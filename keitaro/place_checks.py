"""Checks of a stream's place in its campaign, among the other streams."""

from collections.abc import Iterator, Mapping

from keitaro.facts import Case, Finding, Object, error, is_active, warning
from keitaro.loose import number, rows, whole, word


def campaign_absent(case: Case) -> Iterator[Finding]:
    """Find a campaign that the tracker does not have."""
    if case.facts.is_campaign_absent and case.touches("campaign_id"):
        yield error("campaign_absent", id=whole(case.after.get("campaign_id")))


def campaign_archived(case: Case) -> Iterator[Finding]:
    """Find a campaign that is in the archive, so that nobody comes to its streams."""
    campaign = _campaign(case)
    if word(campaign.get("state")) == "deleted" and case.verb not in {"disable", "delete"}:
        yield warning("campaign_archived", id=whole(case.after.get("campaign_id")))


def last_active(case: Case) -> Iterator[Finding]:
    """Find the last active stream of a campaign, about to be turned off."""
    if case.facts.streams is None or not _ends(case) or not _was_active(case):
        return
    if not any(map(is_active, case.others)):
        yield warning("last_active", id=whole(case.after.get("campaign_id")))


def last_default(case: Case) -> Iterator[Finding]:
    """Find the only default stream of a campaign, about to be turned off while others run."""
    if case.facts.streams is None or not _ends(case) or not _was_active(case):
        return
    kind = word((case.before or case.after).get("type"))
    running = [row for row in case.others if is_active(row)]
    if kind == "default" and running and not any(word(row.get("type")) == kind for row in running):
        yield warning("last_default", id=whole(case.after.get("campaign_id")))


def comes_back_on(case: Case) -> Iterator[Finding]:
    """Find a stream that leaves the archive: whatever it was before, it is on then."""
    if case.verb == "restore" and word((case.before or {}).get("state")) == "deleted":
        yield warning("comes_back_on")


def default_taken(case: Case) -> Iterator[Finding]:
    """Find a second default stream, while a campaign has use for one."""
    if case.word("type") != "default" or not case.runs or not case.touches("type", "campaign_id"):
        return
    for row in case.others:
        if is_active(row) and word(row.get("type")) == "default":
            yield warning("default_taken", id=whole(row.get("id")))
            return


def position_taken(case: Case) -> Iterator[Finding]:
    """Find another active stream of the same type at the same position."""
    position, kind = whole(case.after.get("position")), case.word("type")
    is_by_weight = word(_campaign(case).get("type")) == "weight" and kind == "regular"
    if position is None or not kind or is_by_weight or not case.runs:
        return
    if not case.touches("position", "type", "campaign_id"):
        return
    for row in case.others:
        if is_active(row) and word(row.get("type")) == kind and _position(row) == position:
            yield warning("position_taken", position=position, id=whole(row.get("id")))
            return


def namesake(case: Case) -> Iterator[Finding]:
    """Find a stream of the same name, which may be the same stream sent before."""
    name = case.word("name")
    for row in case.others if case.creates and name else ():
        if word(row.get("name")) == name:
            yield warning("namesake", name=name, id=whole(row.get("id")))
            return


def weight_zero(case: Case) -> Iterator[Finding]:
    """Find a weight of zero where it counts: those bound to the stream still come."""
    is_by_weight = word(_campaign(case).get("type")) == "weight"
    weight = number(case.after.get("weight"))
    if is_by_weight and weight == 0 and case.touches("weight", "campaign_id"):
        yield warning("weight_zero")


def weight_negative(case: Case) -> Iterator[Finding]:
    """Find a weight below zero."""
    weight = number(case.after.get("weight"))
    if weight is not None and weight < 0 and case.touches("weight"):
        yield warning("weight_negative")


def _campaign(case: Case) -> Object:
    return case.facts.campaign if isinstance(case.facts.campaign, Mapping) else {}


def _position(row: Object) -> int | None:
    return whole(row.get("position"))


def _ends(case: Case) -> bool:
    is_switched = "state" in case.changed and case.word("state") in {"disabled", "deleted"}
    return case.verb in {"disable", "delete"} or (case.verb == "update" and is_switched)


def _was_active(case: Case) -> bool:
    if case.before is not None:
        return is_active(case.before)
    own = whole(case.after.get("id"))
    shown = (row for row in rows(case.facts.streams) if own and whole(row.get("id")) == own)
    return all(map(is_active, shown))
