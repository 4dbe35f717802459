"""What a tracker would accept without a word, and a person would regret.

Each check is a small function that looks at one thing and says nothing unless it is sure.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from keitaro.catalogue_checks import unknown_actions, unknown_filters, unknown_modes
from keitaro.facts import Case, Facts, Finding, FindingName, Traffic
from keitaro.payload_checks import (
    action_without_payload,
    countries,
    no_clicks_collected,
    other_id,
    read_only,
    redirect_without_url,
)
from keitaro.place_checks import (
    campaign_absent,
    campaign_archived,
    comes_back_on,
    default_taken,
    last_active,
    last_default,
    namesake,
    position_taken,
    weight_negative,
    weight_zero,
)
from keitaro.share_checks import (
    absent_items,
    archived_items,
    disabled_shares,
    negative_shares,
    no_offers,
    nothing_to_show,
    share_sums,
    twice,
    unused_lists,
)
from keitaro.spelling_checks import misspelt

Check = Callable[[Case], Iterable[Finding]]

PAYLOAD_CHECKS: tuple[Check, ...] = (
    redirect_without_url,
    other_id,
    share_sums,
    negative_shares,
    disabled_shares,
    no_offers,
    nothing_to_show,
    twice,
    unused_lists,
    action_without_payload,
    no_clicks_collected,
    countries,
    read_only,
    misspelt,
    weight_negative,
    comes_back_on,
)
CHECKS: tuple[Check, ...] = (
    *PAYLOAD_CHECKS,
    campaign_absent,
    campaign_archived,
    absent_items,
    archived_items,
    unknown_actions,
    unknown_filters,
    unknown_modes,
    last_active,
    last_default,
    default_taken,
    position_taken,
    namesake,
    weight_zero,
)


def check(
    operation_verb: str,
    after: Mapping[str, Any],
    written: Mapping[str, Any],
    facts: Facts,
    before: Mapping[str, Any] | None = None,
) -> tuple[Finding, ...]:
    """Return what all checks find in a change of a stream.

    Args:
        operation_verb: create, update, enable, disable, delete or restore.
        after: The stream as it would be.
        written: The fields that somebody wrote; the same as *after* for a creation.
        before: The stream as it is, where that is known.
    """
    return _found(CHECKS, Case(operation_verb, after, written, facts, before))


def check_payload(
    verb: str, written: Mapping[str, Any], before: Mapping[str, Any] | None = None
) -> tuple[Finding, ...]:
    """Return what can be found without any question to the tracker; see `check`."""
    after = {**(before or {}), **written}
    return _found(PAYLOAD_CHECKS, Case(verb, after, written, Facts(), before))


def _found(checks: Iterable[Check], case: Case) -> tuple[Finding, ...]:
    findings = tuple(finding for one in checks for finding in one(case))
    if case.verb in {"create", "update"}:
        return findings
    # Switching writes none of it: what stands in the stream already must not hold it up.
    return tuple(replace(finding, level="warning") for finding in findings)


__all__ = [
    "CHECKS",
    "PAYLOAD_CHECKS",
    "Case",
    "Check",
    "Facts",
    "Finding",
    "FindingName",
    "Traffic",
    "check",
    "check_payload",
]
