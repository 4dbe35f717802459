"""Every sentence the bot can say, one field each; a language without one fails the type check.

Values are HTML. Names in braces are filled in with text that has been escaped. No sentence
begins with a mark: the mark in front of an answer is chosen where the answer is made.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.render.number import Style


@dataclass(frozen=True, kw_only=True)
class Texts:
    """The words of one language."""

    numbers: Style
    roles: Mapping[str, str]

    # Who may come in, and what they may do
    stranger: str
    anonymous: str
    refused_role: str
    refused_forwarded: str
    owner_now: str

    # Help
    help_title: str
    help_more: str
    linked_to: str
    about_stats: str
    about_stream: str
    about_streams: str
    about_status: str
    about_link: str
    about_unlink: str
    about_settings: str
    about_help: str
    about_start: str
    about_cancel: str
    details_stats: str
    details_stream: str
    details_streams: str
    details_status: str
    details_link: str
    details_unlink: str
    details_settings: str
    details_help: str
    details_cancel: str
    usage: str
    usage_word: str
    unknown_command: str
    not_a_command: str
    file_alone: str
    working: str
    busy: str
    cancelled: str
    file_refused: str
    nothing_to_cancel: str
    cancelled_plans: str
    late_title: str
    late_line: str
    given_up: str
    check_resting: str
    repeat: str
    answered_elsewhere: str
    linked_both: str
    unforeseen: str
    unforeseen_after_change: str
    unanswered: str
    either: str

    # Links
    not_linked: str
    not_linked_private: str
    link_button: str
    link_in_private: str
    link_ask_both: str
    link_ask_key: str
    link_expired: str
    link_no_tracker: str
    link_other_key: str
    linked: str
    linked_group: str
    linked_next: str
    linked_paused: str
    unlinked: str
    unlinked_shared: str
    this_chat: str
    that_group: str
    key_leaked: str
    key_leaked_stays: str
    key_removed: str
    key_stays: str
    key_malformed: str
    addresses: Mapping[str, str]
    address_example: str

    # Status and settings
    status_key: str
    status_steps: Mapping[str, str]
    status_not_reached: str
    settings_title: str
    settings_language: str
    settings_time_zone: str
    settings_how: str
    automatic: str

    # Payloads
    payload_missing: str
    payload_no_object: str
    payload_no_fields: str
    payload_empty: str
    payload_too_large: str
    payload_ambiguous: str
    payload_album: str
    payload_not_text: str
    payload_lost: str
    payload_refused: str
    problems: Mapping[str, str]
    json_invalid: str
    json_place: str
    json_faults: Mapping[str, str]

    # What the tracker answered
    request: str
    response: str
    paused: str
    unreachable: Mapping[str, str]
    certificates: Mapping[str, str]
    unreadable: Mapping[str, str]
    no_answer_timeout: str
    no_answer_cut: str
    no_answer_restart: str
    redirects: str
    key_refused: str
    licence: str
    forbidden: str
    blocked: str
    not_keitaro: str
    server_error: str
    advice_paused: str
    advice_try_later: str
    advice_unreachable: str
    advice_certificate: str
    advice_elsewhere: str
    advice_smaller: str
    advice_new_key: str
    advice_licence: str
    advice_rights: str
    advice_blocked: str
    advice_address: str
    advice_id: str
    advice_wait: str
    advice_wait_for: str
    seconds: str
    minutes: str
    hours: str
    advice_fix: str
    advice_look: str

    # Streams
    stream: str
    campaign: str
    schema: str
    position: str
    weight: str
    landings: str
    offers: str
    filters: str
    filters_all: str
    filters_any: str
    comments: str
    states: Mapping[str, str]
    state_signs: Mapping[str, str]
    no_clicks_collected: str
    whole_answer: str
    streams_of: str
    streams_found: str
    no_streams: str
    rows_shown: str
    events_of: str
    no_events: str

    # Changes
    stream_created: str
    stream_updated: str
    stream_switched: Mapping[str, str]
    shows: str
    shows_not: str
    shows_otherwise: str
    not_seen: str
    change_unknown: str
    stream_not_created: str
    stream_not_changed: str
    stream_not_there: str
    stream_as_before: str
    is_not_there: str
    is_unchanged: str
    send_again: str
    looked_and_done: str
    looked_until: str
    looked_again_and_done: str
    looked_again_and_undone: str
    look_failed: str
    look_elsewhere: str
    look_nothing: str
    look_otherwise: str
    look_alike: str
    look_namesake: str
    look_no_alike: str
    look_several: str
    look_strange: str
    look_again: str
    check_again: str

    # Reports
    tracker: str
    total: str
    report_empty: str
    report_dropped: str
    report_rows: str
    report_columns: str
    report_too_wide: str
    report_file: str
    report_as_of: str
    period_default: str
    zone_of_tracker: str

    # Plans and undoing
    plan_titles: Mapping[str, str]
    plan_who: str
    plan_apply: str
    plan_cancel: str
    plan_nothing: str
    plan_cancelled: str
    plan_expired: str
    plan_elsewhere: str
    plan_stale: str
    plan_refused: str
    plan_late: str
    refused_buttons: Mapping[str, str]
    undo: str
    turn_off: str
    undo_nothing: str
    undo_impossible: Mapping[str, str]
    undo_fields: str
    undo_comes_back_on: str
    undo_changed_since: str
    about_undo: str
    details_undo: str
    # Differences in words
    offer: str
    landing: str
    filter: str
    trigger: str
    row_new: str
    row_gone: str
    share_gone: str
    offers_in_all: str
    landings_in_all: str
    yes: str
    no: str
    not_sent: str
    # History
    about_history: str
    details_history: str
    history_title: str
    history_empty: str
    history_no_entry: str
    history_whole: str
    history_names_cut: str
    history_no_buttons: str
    history_failed: str
    history_unknown: str
    history_newer: str
    history_older: str
    history_in_file: str
    history_in_file_cut: str
    history_did: Mapping[str, str]
    history_list: str
    history_counts: Mapping[str, str]
    history_outcomes: Mapping[str, str]
    history_person: str
    history_change: str
    history_undone_by: str
    history_undoes: str
    # Roles: who may do what in a group
    about_grant: str
    about_revoke: str
    about_members: str
    details_grant: str
    details_revoke: str
    details_members: str
    role_powers: Mapping[str, str]
    roles_in_groups: str
    granted: str
    grant_not_here: str
    grant_nameless: str
    grant_bot: str
    grant_self: str
    grant_owner: str
    revoked: str
    revoke_nothing: str
    members_title: str
    members_line: str
    members_none: str
    members_owners: str
    pick_button: str
    pick_offer: str
    pick_ask: str
    pick_people: str
    pick_expired: str
    pick_no_admin: str
    pick_nobody: str
    pick_done: str
    pick_done_group: str
    settings_confirm: str
    confirmations: Mapping[str, str]
    confirmation_buttons: Mapping[str, str]
    settings_readers: str
    readers: Mapping[str, str]
    reader_buttons: Mapping[str, str]
    readers_in_groups: str
    # What checks have found, and what a stream carries
    findings: Mapping[str, str]
    traffic: str
    traffic_clicks: str
    traffic_none: str
    traffic_unknown: str
    # The card: its buttons, shares, swaps, copies
    card_turn_on: str
    card_restore: str
    card_archive: str
    card_shares: str
    card_swap: str
    card_copy: str
    card_events: str
    card_json: str
    card_open: str
    card_refresh: str
    card_only_active: str
    card_json_how: str
    shares_title: str
    shares_was: str
    shares_off: str
    shares_sum: str
    shares_missing: str
    shares_over: str
    shares_how: str
    shares_even: str
    shares_save: str
    shares_back: str
    shares_many: str
    shares_none: str
    shares_moved: str
    shares_expired: str
    ask_words: str
    ask_words_placeholder: str
    other_words: str
    found_nothing: str
    found_more: str
    swap_which: str
    swap_ask: str
    swap_found: str
    swap_refused: Mapping[str, str]
    copy_ask: str
    copy_found: str
    copy_note: str
    copy_no_triggers: str
    other_stream: str
    # Lists of changes
    list_faults: Mapping[str, str]
    list_item: str
    list_items: str
    list_title: str
    list_verbs: Mapping[str, str]
    list_same: str
    list_twins: str
    list_positions: str
    list_more: str
    list_columns: Mapping[str, str]
    list_progress: str
    list_progress_failed: str
    list_left: Mapping[str, str]
    list_settling: str
    list_ends: Mapping[str, str]
    list_counts: Mapping[str, str]
    list_stopped: Mapping[str, str]
    list_moved: str
    list_lost: str
    list_retry: str
    list_undo: str
    list_outcomes: Mapping[str, str]
    # Shares that cannot be edited
    shares_odd: str
    # Statistics
    stats_buttons: Mapping[str, str]
    stats_periods: Mapping[str, str]
    stats_groupings: Mapping[str, str]
    stats_which_period: str
    stats_which_grouping: str
    stats_choose: Mapping[str, str]
    stats_as_words: str
    stats_as_json: str
    stats_file: str
    stats_file_cut: str
    stats_file_moved: str
    stats_file_columns: str
    stats_reading: str
    stats_no_chart: str
    stats_chart_left: str
    stats_sheets: Mapping[str, str]
    # Totals of reports, and pages of rows
    figures_language: str
    figures_sum: str
    figures_sum_part: str
    figures_new: str
    figures_points: str
    figures_trend: str
    figures_compared: str
    figures_not_compared: str
    figures_rows: str
    figures_page: str
    figures_held: str
    # Saved reports
    about_reports: str
    details_reports: str
    saved_title: str
    saved_none: str
    saved_how: str
    saved_as: str
    saved_already: str
    saved_unnamed: str
    saved_rename: str
    saved_remove: str
    saved_ask_name: str
    saved_send_name: str
    saved_new_name: str
    saved_ask_remove: str
    saved_removed: str
    saved_share: str
    saved_elsewhere: str
    saved_refused: Mapping[str, str]
    saved_near: str
    # Words that ask for figures
    phrase_faults: Mapping[str, str]
    phrase_fits: str
    # Logs of clicks and conversions
    log_about: Mapping[str, str]
    log_details: Mapping[str, str]
    log_titles: Mapping[str, str]
    log_marks: Mapping[str, str]
    log_times: Mapping[str, str]
    log_empty: str
    log_rows: str
    log_more_found: str
    log_kept: str
    log_as_of: str
    log_failed: str
    log_stuck: str
    log_missing: str
    log_repeated: str
    log_timeless: str
    log_half: str
    log_hidden: str
    log_columns_cut: str
    log_many: str
    log_progress: str
    log_file: str
    # Files and charts that could not be made
    paper_faults: Mapping[str, str]
    # What is done again and again
    about_schedules: str
    details_schedules: str
    schedule_rules: Mapping[str, str]
    schedule_nameless: str
    schedule_next: str
    schedule_late: str
    schedule_twice: str
    schedule_full: str
    schedule_no_rule: str
    schedule_list: str
    schedule_none: str
    schedule_paused: Mapping[str, str]
    schedule_stopped: Mapping[str, str]
    schedule_buttons: Mapping[str, str]
    schedule_how_often: str
    schedule_which_hour: str
    schedule_choices: Mapping[str, str]
    schedule_remove: str
    schedule_removed: str
    # Changes, said more plainly
    undo_of: str
    undo_passed: str
    unlink_ask: str
    list_absent: str
    moves: str
    history_undone_part: str

    # What is dialled
    dial_tries: str
    dial_private: str
    # Secrets that were seen.
    seen_in_payload: str
    # Who is let in, and how fast
    door_hello: str
    door_left: str
    door_stays: str
    door_slow: str
