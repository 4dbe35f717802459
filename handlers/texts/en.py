"""The words in English."""

from handlers.render.number import Style
from handlers.texts.base import Texts

ENGLISH = Texts(
    numbers=Style(group=",", point="."),
    roles={"viewer": "viewer", "operator": "operator", "admin": "admin", "owner": "owner"},
    stranger="I only work for people I know.",
    anonymous="I cannot tell who you are. Write as yourself, not as the group or a channel.",
    refused_role="You need the role <b>{role}</b> in this chat. Ask an owner of the bot.",
    refused_forwarded="A forwarded command changes nothing. Type it yourself.",
    owner_now="You are an owner of this bot now.",
    help_title="What you can do here",
    help_more="More about one: /help stats",
    linked_to="Linked to {tracker}",
    about_stats="figures: clicks, cost, revenue",
    about_stream="show, create, change a stream",
    about_streams="streams of a campaign, or search",
    about_status="does the link work?",
    about_link="link this chat to a tracker",
    about_unlink="forget the link and its key",
    about_settings="language, time zone, rights",
    about_help="what you can do here",
    about_start="begin; open a link",
    about_cancel="stop what is being asked",
    details_stats=(
        "<b>When</b>: today, yesterday, 24h, 7d, week, last month, "
        "october, since monday, 1-15 november\n"
        "<b>By what</b>: campaign, stream, offer, source, country, day, hour, device …\n"
        "<b>Of whom</b>: campaign 12, country DE AT, offer ~ sweeps\n"
        "<b>Figures</b>: clicks, cost, revenue, profit, roi, cr, epc … or none of them\n"
        "<b>Only if</b>: where clicks &gt; 100 and roi &lt; 0; losing\n"
        "<b>Order</b>: top 20 by profit, worst 10 by roi\n"
        "<b>As</b>: csv, xlsx, chart; <b>again</b>: every day 9:00\n"
        "In any order. Reply to a report with such words, or with JSON, to change it.\n"
        "Alone, /stats asks with buttons. – is no value, ? not sent, ▲ against the period before.\n"
        "JSON goes to <code>POST /report/build</code> as you write it; <i>Request</i> shows it."
    ),
    details_stream=(
        "A new stream needs <code>campaign_id</code>, <code>type</code>, <code>schema</code>, "
        "<code>name</code> and <code>action_type</code>. For example:\n"
        '<pre><code class="language-json">/stream {"campaign_id": 1, "type": "regular",\n '
        '"schema": "redirect", "name": "Main",\n "action_type": "http",\n "action_payload": '
        '"https://offer.example/",\n "collect_clicks": true}</code></pre>\n'
        "An update changes exactly the fields you write. <i>delete</i> moves the stream to the "
        "archive, <i>restore</i> brings it back. <i>swap</i> puts another offer in the place of "
        "one, <i>copy</i> copies the stream into another campaign, off.\n"
        "A list <code>[…]</code> of such objects, or a file with one in each line, creates all of "
        "them; <i>/stream update</i> with a list changes them, if each item has the "
        "<code>id</code> of its stream.\n"
        "The JSON may stand after the command, in a file with the command as its caption, "
        "or in the message or file you reply to."
    ),
    details_streams="Give the id of a campaign, or <i>find</i> and words to look for.",
    details_status="Checks the way to the tracker step by step and says what the key may read.",
    details_link=(
        "In private: address and key of the tracker, in one message or in two. In a group you "
        "get a button that leads to the private chat; never type a key in a group."
    ),
    details_unlink="The key is deleted too, unless another chat uses it. Then I ask first; "
    "<i>yes</i> is the answer in advance.",
    details_settings="<i>auto</i> instead of a value goes back to the default.",
    details_help="Only what you may use in this chat is listed.",
    details_cancel="Ends the question I have asked you.",
    usage="Something is missing. See /help {command}",
    usage_word="I do not understand “{word}” after /{command}. See /help {command}",
    unknown_command="I do not know this command. See /help",
    not_a_command="I understand commands. See /help",
    file_alone="What is it for? Send the file again with /stream or /stats as its caption, or "
    "reply to it with one of them.",
    working="Working on it …",
    busy="The tracker is busy. Requests waiting: {count} …",
    file_refused="Telegram did not take the file that belongs to this answer.",
    cancelled="I have stopped asking.",
    nothing_to_cancel="I was not asking anything.",
    cancelled_plans="Withdrawn: {count}. Nothing was changed.",
    late_title="Not run, because I was away when it came. Send again what you still want:",
    late_line="• {minutes} min ago, {person}: {command}",
    check_resting="The tracker was down a moment ago. Press again in {seconds} s.",
    given_up="I was stopped every time I worked on this, so I have given it up.",
    repeat="(repeat: I could not tell whether this had arrived)",
    answered_elsewhere="I could not say this in the chat where you asked.",
    linked_both="Telegram has made a supergroup of this group. The group was linked to {old}, the "
    "supergroup is linked to {new}, and that is what counts here. Link another tracker: /link",
    unforeseen="That is a fault of mine, number <code>{id}</code>. The tracker was not changed. "
    "Tell the number to whoever runs the bot: it stands in the log.",
    unforeseen_after_change="That is a fault of mine, number <code>{id}</code>, and the change "
    "was on its way: look at the tracker before you repeat it. "
    "Tell the number to whoever runs the bot: it stands in the log.",
    unanswered="That is a fault of mine, number <code>{id}</code>. If you asked for a change, look "
    "at the tracker before you repeat it. Tell the number to whoever runs the bot: it stands in "
    "the log.",
    either="or",
    not_linked="This chat is not linked to a tracker. An owner or admin can link it: /link",
    not_linked_private="Not linked to a tracker yet. Send:\n"
    "<code>/link https://tracker.example KEY</code>",
    link_button="Link in private",
    link_in_private="The key of a tracker belongs in a private chat. Tap the button within "
    "15 minutes; it works for you alone.",
    link_ask_both="Send the address of the tracker and its API key to link {chat}. For example:\n"
    "<code>https://tracker.example KEY</code>\n"
    "The key: Maintenance → Users → API keys. Stop with /cancel",
    link_ask_key="Now the API key of {tracker}. Stop with /cancel",
    link_expired="This link or code is wrong, used up, or older than 15 minutes. Begin again where "
    "you got it.",
    link_no_tracker="{tracker} does not answer as a Keitaro tracker. Nothing was linked. "
    "Check the address and its certificate, or start again with /link. An address that is not "
    "public must be allowed by whoever runs the bot.",
    link_other_key="Send another key, or stop with /cancel",
    linked="{tracker} is linked to {chat}.",
    linked_group="{person} has linked this chat to {tracker}. See /help",
    linked_next="Try /status, then /stats",
    linked_paused="Schedules here are paused: {count}. See whether they fit this tracker, and "
    "resume them: /schedules",
    unlinked="The link to {tracker} is gone, and so is its key.",
    unlinked_shared="The link to {tracker} is gone. The key stays: another chat uses it.",
    this_chat="this chat",
    that_group="the group",
    key_leaked="You typed that in a group, so I deleted the message and stored nothing. If it "
    "held a key, that key has leaked: delete it in the tracker and make a new one.",
    key_leaked_stays="You typed that in a group. I stored nothing, but I may not delete your "
    "message: <b>delete it yourself</b>. If it held a key, that key has leaked: delete it in the "
    "tracker and make a new one.",
    key_removed="I deleted your message with the key.",
    key_stays="I could not delete your message with the key: delete it yourself.",
    key_malformed="This cannot be an API key: it has blanks or other signs that no key has.",
    addresses={
        "empty": "The address is missing.",
        "not_an_address": "This is not the address of a tracker.",
        "scheme": "The address must begin with https://",
        "plain_http": "The tracker must answer over https. Whoever runs the bot can allow plain "
        "http for one address.",
        "port": "This port is not allowed. Whoever runs the bot can allow it for one address.",
        "user_info": "The address must not hold a user name or a password.",
        "path": "The address must end after the name of the host.",
    },
    address_example="For example: <code>https://tracker.example</code>",
    status_key="Key {hint}",
    status_steps={
        "dns": "Name of the tracker",
        "tls": "Secure connection",
        "keitaro": "Keitaro",
        "key": "Key",
        "edition": "Admin API in the edition",
        "campaigns": "Reading campaigns",
        "offers": "Reading offers",
        "landing_pages": "Reading landing pages",
        "report": "Building reports",
    },
    status_not_reached="not reached",
    settings_title="Settings of this chat",
    settings_language="Language",
    settings_time_zone="Time zone",
    settings_how="Tap, or type <code>/settings timezone Europe/Kyiv</code>",
    automatic="auto",
    payload_missing="/{command} needs JSON: after the command, in a file with the command as its "
    "caption, or in the message you reply to. See /help {command}",
    payload_no_object="The JSON must be an object: <code>{…}</code>",
    payload_no_fields="There is no field to change in it.",
    payload_empty="The file is empty.",
    payload_too_large="The file is larger than {limit} KiB. I did not read it.",
    payload_ambiguous="There is JSON in the caption and in the file. Which one? Send only one.",
    payload_album="This file is part of an album. Send it alone.",
    payload_not_text="The file is not text in UTF-8. Save it as UTF-8 and send it again.",
    payload_lost="Telegram does not hand over the file. Send it again.",
    payload_refused="The JSON does not fit. Nothing was sent to the tracker.",
    problems={
        "missing": "is missing",
        "int_type": "must be a whole number",
        "int_parsing": "must be a whole number",
        "int_from_float": "must be a whole number",
        "float_type": "must be a number",
        "float_parsing": "must be a number",
        "finite_number": "must be a number",
        "bool_type": "must be true or false",
        "bool_parsing": "must be true or false",
        "string_type": "must be text in quotes",
        "string_too_short": "must not be empty",
        "list_type": "must be a list",
        "too_long": "may have at most {expected} entries",
        "dict_type": "must be an object",
        "model_type": "must be an object",
        "literal_error": "must be {expected}",
        "masked": "shows ••••, which hides a secret: leave it out, or write the real value",
    },
    json_invalid="This is not valid JSON",
    json_place="line {line}, column {column}",
    json_faults={
        "value": "A value must stand here: text in double quotes, a number, true, false, null, a "
        "list or an object.",
        "name": "Here a name in double quotes must follow; is a comma left over?",
        "colon": "A colon is missing here.",
        "comma": "A comma is missing here, or there is one quote too many.",
        "trailing_comma": "This comma is left over.",
        "string": "The text that begins here is not closed with a quote.",
        "extra": "The JSON ends before this; is a bracket left over?",
        "control": "A line break or a tab must not stand inside quotes; write \\n or \\t.",
        "escape": "A backslash must not stand alone; write \\\\.",
        "duplicate": "{name} stands there twice.",
        "number": "{name} is not a number that a tracker can read.",
        "depth": "It is nested too deeply.",
        "crowded": "It has too many values; split it up.",
        "surrogate": "A \\ud… escape stands alone.",
    },
    request="Request",
    response="Response",
    paused="The tracker failed {failures} times in a row, so I let it rest for a moment",
    unreachable={
        "dns": "The name of the tracker is not found",
        "private": "The name of the tracker leads to an address that is not public",
        "refused": "The tracker refuses the connection",
        "tls": "No secure connection: the certificate or the encryption of the tracker is wrong",
        "timeout": "The tracker cannot be reached in time",
        "other": "The tracker cannot be reached",
    },
    certificates={
        "expired": "The certificate of the tracker has expired",
        "early": "The certificate of the tracker is not valid yet",
        "name": "The certificate of the tracker is for another address",
        "issuer": "The certificate of the tracker was issued by nobody I trust",
    },
    unreadable={
        "not_json": "The answer is not what the Admin API sends",
        "too_large": "The answer is too large",
        "encoding": "The answer is packed in a way I do not read",
        "shape": "The answer does not match the question",
    },
    no_answer_timeout="The tracker did not answer in time",
    no_answer_cut="The tracker broke off the connection",
    no_answer_restart="I was restarted while the tracker was at work",
    redirects="it redirects to {to}, I did not follow",
    key_refused="the tracker refuses the key",
    licence="the licence of the tracker has no Admin API",
    forbidden="the user of this key has no right to this",
    blocked="Cloudflare in front of the tracker blocked me",
    not_keitaro="this host does not answer as the Admin API",
    server_error="the tracker failed",
    advice_paused="I sent nothing. Please try again in {seconds} s.",
    advice_try_later="Try again in a minute; /status says where it fails.",
    advice_unreachable="Try again in a minute. If that does not help, check the address: /status",
    advice_certificate="I sent nothing. Tell whoever runs the tracker: its server needs a valid "
    "certificate.",
    advice_elsewhere="Look at it in the tracker: it has more in it than I can handle.",
    advice_smaller="Ask for less: a shorter period, fewer columns, fewer rows.",
    advice_new_key="An owner or admin can link the chat again with a new key: /link",
    advice_licence="Check edition and licence in the tracker's panel.",
    advice_rights="Give the user of this key the right in the tracker: Maintenance → Users.",
    advice_blocked="Allow the path /admin_api/ in Cloudflare for the server of this bot.",
    advice_address="Check the address of the tracker and link it again: /link",
    advice_id="Check the id; what is in another tracker is not found here.",
    advice_wait="Too many requests. Wait a minute.",
    advice_wait_for="The tracker asks for a break. Please try again in {time}.",
    seconds="{count} s",
    minutes="{count} min",
    hours="{count} h",
    advice_fix="Correct it and send it again.",
    advice_look="Look at the message of the tracker.",
    stream="stream",
    campaign="Campaign",
    schema="Schema",
    position="position",
    weight="weight",
    landings="Landing pages",
    offers="Offers",
    filters="Filters",
    filters_all="all must fit",
    filters_any="one must fit",
    comments="Note",
    states={"active": "🟢 active", "disabled": "🔴 off", "deleted": "🗑 archived"},
    state_signs={"active": "🟢", "disabled": "🔴", "deleted": "🗑"},
    no_clicks_collected="<b>collect_clicks is off: no statistics</b>",
    whole_answer="The whole answer",
    streams_of="Streams of campaign {campaign}",
    streams_found="Streams with “{words}”",
    no_streams="None.",
    rows_shown="{shown} of {found}",
    events_of="Events of stream {id}",
    no_events="None.",
    stream_created="Stream {id} is created",
    stream_updated="Stream {id} is updated",
    stream_switched={
        "enable": "Stream {id} is on",
        "disable": "Stream {id} is off",
        "delete": "Stream {id} is archived",
        "restore": "Stream {id} is restored",
    },
    shows="shown",
    shows_not="not shown",
    shows_otherwise="<b>The tracker said yes, but shows something else</b>",
    not_seen="The tracker said yes, but does not show it: {title}",
    change_unknown="I do not know whether the change was made. I did not send it again.",
    stream_not_created="The stream was not created",
    stream_not_changed="Stream {id} was not changed",
    stream_not_there="The stream is not there",
    stream_as_before="Stream {id} is as it was before",
    is_not_there="It is not there.",
    is_unchanged="It is as it was before.",
    send_again="Send it again if you still want it.",
    looked_and_done="No clear answer came ({trouble}), so I looked: it is done.",
    looked_until="No clear answer came ({trouble}), so I looked until {seconds} s had passed.",
    looked_again_and_done="I have looked again: it is done.",
    looked_again_and_undone="I have looked again: the tracker does not hold the change.",
    look_failed="I could not look either: the tracker cannot be read now.",
    look_elsewhere="I could not look: this chat is linked to another tracker now.",
    look_nothing="I looked: the tracker does not show this stream.",
    look_otherwise="I looked: the tracker does not show the change so far.",
    look_alike="I looked: the campaign has a stream just like it: {ids}. It may be this one or "
    "an older one.",
    look_namesake="I looked: the campaign has a stream of this name, but it is "
    "not as sent: {ids}. Look at it before you repeat.",
    look_no_alike="I looked: the campaign has no such stream so far.",
    look_several="I looked: the campaign has several new streams just like it: {ids}. One of them "
    "may be this one.",
    look_strange="I looked: the campaign has something new, but it is not as sent: {ids}. "
    "Look at it before you repeat.",
    look_again="Look again: {command}",
    check_again="Check again",
    tracker="Tracker",
    total="Total",
    report_empty="No rows: the tracker found nothing for this.",
    report_dropped="The tracker left out:",
    report_rows="Rows {shown} of {found}",
    report_columns="Columns of figures {shown} of {found}: a file has all of them.",
    report_too_wide="A report takes at most {most} names of columns. Nothing was sent to the "
    "tracker.",
    report_file="All rows that came are in the file.",
    report_as_of="As of {at} {zone}",
    period_default="Period: the tracker's own default",
    zone_of_tracker="time zone of the tracker",
    plan_titles={
        "create": "Create this stream?",
        "update": "Change stream {id}?",
        "enable": "Turn stream {id} on?",
        "disable": "Turn stream {id} off?",
        "delete": "Archive stream {id}?",
        "restore": "Bring stream {id} back from the archive?",
    },
    plan_who="Only {person} can confirm this, within 10 minutes.",
    plan_apply="Apply",
    plan_cancel="Cancel",
    plan_nothing="Nothing to change: it is like that already.",
    plan_cancelled="Cancelled. Nothing was changed.",
    plan_expired="Nobody has confirmed this within 10 minutes, so nothing was changed. "
    "Send the command again if you still want it.",
    plan_elsewhere="This chat is linked to another tracker now, so nothing was changed. "
    "Send the command again.",
    plan_stale="<b>The stream has changed since you were asked.</b> Nothing was sent. "
    "What has changed meanwhile:",
    plan_refused="Not sent. This cannot be meant:",
    plan_late="I was away when you tapped, and it is too late now. Nothing was changed. "
    "Send the command again if you still want it.",
    refused_buttons={
        "chat": "This button works only in the chat where the change was asked for.",
        "author": "Only the one who asked for this can confirm it.",
        "used": "This was confirmed or cancelled already.",
        "undone": "This was taken back already.",
        "draft": "Somebody else is editing here. Open a card of your own.",
        "closed": "This editor is closed. Open the card again.",
        "elsewhere": "This is about another tracker: the chat has been linked anew since. "
        "Send the command again.",
        "unknown": "I do not know this button.",
        "old": "This button is too old. Send again what failed.",
        "forgotten": "I keep a report for 30 days, and this one is not there any more. Ask anew.",
        "schedule": "There is no such schedule here any more. See /schedules",
    },
    undo="Undo",
    turn_off="Turn off",
    undo_nothing="Nothing that you have changed in this chat is left to take back.",
    undo_impossible={
        "elsewhere": "This was changed in another tracker than the one this chat is linked to now.",
        "unknown": "I do not know how it was before, so I cannot take it back.",
    },
    undo_fields="The tracker did not show these fields before, so they stay: {fields}",
    undo_comes_back_on="❗ It was off before it was archived.",
    undo_changed_since="<b>It has changed again since.</b> That is taken back, too:",
    about_undo="take back your last change",
    details_undo="Your last change in this chat becomes a plan that brings back what was there "
    "before. What was created is archived, what was archived comes back.",
    # Differences in words
    offer="offer",
    landing="landing",
    filter="filter",
    trigger="trigger",
    row_new="new",
    row_gone="gone",
    share_gone="gone (was {share} %)",
    offers_in_all="offers: {share} % in all",
    landings_in_all="landings: {share} % in all",
    yes="yes",
    no="no",
    not_sent="not sent",
    # History
    about_history="what was changed, and by whom",
    details_history=(
        "Only changes asked for in this chat are shown, the newest first. The words can be "
        "combined: <code>/history failed stream 45</code>. <i>failed</i>: the tracker was not "
        "changed; <i>unknown</i>: nobody knows yet.\n"
        "Days: <i>today</i>, <i>yesterday</i>, <code>2026-11-22</code>, "
        "<code>2026-11-01..2026-11-15</code>.\n"
        "<code>@name</code> is a username; if nobody here has it, a part of a name. Whoever is "
        "found is shown under every name they have had.\n"
        "The code at the end of a line shows that change whole, or the items of a list: "
        "<code>/history u123</code>"
    ),
    history_title="History of this chat",
    history_empty="No changes.",
    history_no_entry="This chat has no change {key}.",
    history_whole="One of them whole: {command}",
    history_names_cut="I looked for the name in the newest {count} changes only.",
    history_no_buttons="This name is too long for buttons. Type a part of it to turn pages.",
    history_failed="failed",
    history_unknown="unknown",
    history_newer="← Newer",
    history_older="Older →",
    history_in_file="The file has them all: {count}.",
    history_in_file_cut="The file has the newest {count} only. Ask for less to get the rest.",
    history_did={
        "create": "new stream {what}",
        "update": "stream {what}",
        "enable": "stream {what} on",
        "disable": "stream {what} off",
        "delete": "stream {what} archived",
        "restore": "stream {what} restored",
    },
    history_list="list of {count}: {outcomes}",
    history_counts={
        "done": "{count} done",
        "refused": "{count} failed",
        "unknown": "{count} unknown",
        "open": "{count} not ended",
    },
    history_outcomes={
        "done": "done",
        "refused": "failed: the tracker was not changed",
        "unknown": "unknown",
        "open": "not ended",
    },
    history_person="Person",
    history_change="Change",
    history_undone_by="taken back by {key}",
    history_undoes="takes back {key}",
    # Roles: who may do what in a group
    about_grant="give somebody a role",
    about_revoke="take somebody's role away",
    about_members="who has which role here",
    details_grant=(
        "Reply to a message of the person, or give their id. Without either you get a button to "
        "choose people in private.\n"
        "<i>viewer</i> reads, <i>operator</i> also changes streams, <i>admin</i> also grants, "
        "links and sets. A role counts in this group alone."
    ),
    details_revoke="Reply to a message of the person, or give their id. It counts at once.",
    details_members="Shows role, id, and who granted it when.",
    role_powers={
        "viewer": "May read figures and streams.",
        "operator": "May read figures and streams, and change streams.",
        "admin": "May read and change, link this group, set it up, and grant roles.",
    },
    roles_in_groups="Roles belong to groups. In private I work for my owners alone.",
    granted="{person} has the role <b>{role}</b> here now.",
    grant_not_here="Telegram does not find this person in this group. The role counts as soon as "
    "they are here.",
    grant_nameless="This is no person: a role cannot go to an anonymous admin, a channel or "
    "Telegram itself.",
    grant_bot="This is a bot. Roles are for people.",
    grant_self="You cannot grant yourself a role. Ask another admin.",
    grant_owner="This is an owner of the bot. Nobody changes what an owner may do.",
    revoked="{person} has no role here any more.",
    revoke_nothing="{person} has no role here.",
    members_title="<b>People with a role here</b> (times: {zone})",
    members_line="{person} – {role}\n  by {by}, {at}",
    members_none="Nobody has been granted a role yet: /grant",
    members_owners="Owners of the bot may do everything in every chat.",
    pick_button="Choose people",
    pick_offer="Who is to have the role <b>{role}</b>? Reply with the command to a message of "
    "theirs, or tap the button within 15 minutes; it works for you alone.",
    pick_ask="Who is to have the role <b>{role}</b> in {chat}? Choose up to ten people with the "
    "button below. Stop with /cancel",
    pick_people="Choose people",
    pick_expired="I am not asking for people, or no longer. Start again in the group with /grant",
    pick_no_admin="You are not an admin in that group any more. Nothing was granted.",
    pick_nobody="Nobody was given a role:",
    pick_done="The role <b>{role}</b> in {chat} is given to: {people}",
    pick_done_group="{person} has given the role <b>{role}</b> to: {people}",
    settings_confirm="Asks first",
    confirmations={
        "always": "before every change",
        "changes": "before changing what exists, and before lists",
        "never": "never",
    },
    confirmation_buttons={
        "always": "Ask always",
        "changes": "Ask on change",
        "never": "Never ask",
    },
    settings_readers="Who may read",
    readers={"everyone": "everyone in this group", "roles": "people with a role"},
    reader_buttons={"everyone": "Everyone reads", "roles": "Roles only"},
    readers_in_groups="Who may read is set in groups. In private I work for my owners alone.",
    # What checks have found, and what a stream carries
    findings={
        "share_sum": "{field}: the shares make {sum} %, {missing} % are missing.",
        "share_negative": "{field}: a share cannot be below 0.",
        "share_excess": "{field}: the shares make {sum} %, {excess} % too many.",
        "disabled_share": "Off, but holding {sum} %: {field} {ids}.",
        "no_offers": "{field}: the stream would have none.",
        "twice": "Named more than once: {field} {ids}. The tracker keeps one.",
        "unused_list": "{field} do nothing while the schema is {schema}.",
        "redirect_without_url": "A redirect ({action_type}) without a URL. Put it in "
        "<code>action_payload</code>.",
        "action_without_payload": "{action_type} has nothing to show: "
        "<code>action_payload</code> is empty.",
        "no_clicks_collected": "No statistics are recorded: <code>collect_clicks</code> "
        "is not true.",
        "read_only": "The tracker ignores {fields} and makes a new stream.",
        "other_id": "This was written for stream {written}, but goes to stream {id}.",
        "country_slip": "Country codes that never match. Probably meant: {codes}",
        "country_unknown": "Country codes that never match: {codes}",
        "absent": "Not in the tracker: {field} {ids}.",
        "archived": "In the archive: {field} {ids}.",
        "campaign_absent": "The tracker has no campaign {id}.",
        "campaign_archived": "Campaign {id} is in the archive.",
        "last_active": "This is the last active stream of campaign {id}.",
        "default_taken": "The campaign already has a default stream: {id}.",
        "position_taken": "Position {position} is taken by stream {id}.",
        "namesake": "The campaign already has a stream named {name}: {id}.",
        "weight_zero": "Weight 0: no new visitors, but those bound to the stream still come.",
        "weight_negative": "A weight below 0 makes no sense.",
        "last_default": "This is the only default stream of campaign {id}: visitors whom no other "
        "stream takes would get nothing.",
        "comes_back_on": "It comes back <b>on</b>, even if it was off before.",
        "nothing_to_show": "Neither offers nor landing pages: visitors would get nothing. Without "
        'them it can only be created off: <code>"state": "disabled"</code>',
        "misspelt": "Fields that I do not know. Probably meant: {names}",
        "unknown_action": "The tracker knows no action type {names}.",
        "unknown_action_like": "The tracker knows no such action type. Probably meant: {names}",
        "unknown_filter": "The tracker knows no filter {names}.",
        "unknown_filter_like": "The tracker knows no such filter. Probably meant: {names}",
        "unknown_mode": "Modes that these filters do not have: {modes}",
    },
    traffic="Last 24 h: clicks {clicks}, cost {cost}",
    traffic_clicks="Last 24 h: clicks {clicks}",
    traffic_none="Last 24 h: no clicks",
    traffic_unknown="Last 24 h: traffic unknown",
    # The card: its buttons, shares, swaps, copies
    card_turn_on="Turn on",
    card_restore="Restore",
    card_archive="Archive",
    card_shares="Shares",
    card_swap="Swap offer",
    card_copy="Duplicate",
    card_events="Events",
    card_json="JSON file",
    card_open="Open",
    card_refresh="Refresh",
    card_only_active="The only active stream of its campaign.",
    card_json_how="The stream as JSON. Edit the file and send it back with the caption {command}: "
    "what you changed becomes a plan.",
    shares_title="Shares of stream {id}",
    shares_was="was {share}",
    shares_off="off",
    shares_sum="Sum: <b>100 %</b>",
    shares_missing="Sum: <b>{total} %</b>, {missing} missing to 100",
    shares_over="Sum: <b>{total} %</b>, {over} too many",
    shares_how="Only {person} can edit this, for 10 minutes. Tap a share to give it what is "
    "missing. Nothing is sent before you confirm the plan.",
    shares_even="Even out",
    shares_save="Save",
    shares_back="Back",
    shares_many="More than 8 rows do not fit here. Send the whole list as JSON: {command} "
    '{{"offers": […]}}',
    shares_none="This stream has no shares to edit. Its JSON changes everything else: {command}",
    shares_moved="The list has changed in the tracker since you opened it. Nothing was sent. Tap "
    "<i>Back</i>, then <i>Shares</i>.",
    shares_expired="The 10 minutes of this editor are over; what was not saved is gone. "
    "Open the card again for another one.",
    ask_words="Send a part of the name, or the id. Stop with /cancel",
    ask_words_placeholder="part of the name, or the id",
    other_words="Other words",
    found_nothing="Nothing found. Try other words.",
    found_more="… and {count} more: use more words.",
    swap_which="Which offer is to go?",
    swap_ask="Which offer takes the place of <b>{id}</b> in stream {stream}?",
    swap_found="In the place of offer {id}:",
    swap_refused={
        "none": "This stream has no offers.",
        "gone": "Offer {id} is not in this stream.",
        "there": "Offer {id} is in this stream already. Change its share instead.",
    },
    copy_ask="Into which campaign shall I copy stream {id}?",
    copy_found="Copy stream {id} into:",
    copy_note="A copy of stream {id}. It is made <b>off</b>, and the tracker chooses its "
    "position: no traffic goes there before you turn it on.",
    copy_no_triggers="Its triggers are not copied: they belong to the stream they were made for.",
    other_stream="This is the JSON of stream {shown}, not of {id}. Nothing was changed.",
    # Lists of changes
    list_faults={
        "empty": "The list is empty.",
        "many": "The list has {items} items. At most {most} go at a time.",
        "large": "These streams are too large to be changed together. Send fewer at a time.",
        "objects": "Every item of the list must be an object <code>{{…}}</code>. "
        "These are not: {items}",
        "id": 'Every item must say which stream it changes: <code>"id": 45</code>. '
        "These do not: {items}",
        "twice": "A stream comes more than once in the list. See the items {items}",
        "fields": "These items have no field to change: {items}",
        "with_id": "A list goes without an id in the command: /stream update <code>[…]</code> "
        'with an <code>"id"</code> in each item.',
    },
    list_item="item",
    list_items="items",
    list_title="Carry out this list?",
    list_verbs={
        "create": "create: {count}",
        "update": "change: {count}",
        "enable": "turn on: {count}",
        "disable": "turn off: {count}",
        "delete": "archive: {count}",
        "restore": "bring back: {count}",
    },
    list_same="like that already, left out: {count}",
    list_twins="❗ The same name twice in one campaign",
    list_positions="❗ The same position twice in one campaign",
    list_more="All items are in the file.",
    list_columns={
        "number": "number",
        "what": "what",
        "campaign": "campaign",
        "name": "name",
        "changes": "changes",
        "warnings": "warnings",
        "outcome": "outcome",
        "status": "status",
        "message": "message",
    },
    list_progress="{bar} {count} of {all}",
    list_progress_failed="{count} failed",
    list_left={
        "seconds": "about {count} s left",
        "minutes": "about {count} min left",
    },
    list_settling="looking what became of {count}",
    list_ends={
        "done": "All of the list is done",
        "nothing": "Nothing of the list was done",
        "partly": "The list is not done as a whole",
    },
    list_counts={
        "done": "done: {count}",
        "failed": "failed: {count}",
        "unknown": "not known: {count}",
        "untried": "not tried: {count}",
    },
    list_stopped={
        "refused": "I stopped: the tracker lets me do nothing more.",
        "failing": "I stopped: the tracker failed too often in a row.",
        "away": "I stopped: the tracker cannot be reached now.",
        "quiet": "I stopped: the tracker asks for a break.",
    },
    list_moved="Changed since you were asked, so not sent. Send these again to see what is new",
    list_lost="I do not know how these were before, so they stay: {count}",
    list_retry="Retry failed",
    list_undo="Undo all",
    list_outcomes={
        "done": "done",
        "failed": "failed",
        "unknown": "not known",
        "untried": "not tried",
    },
    # Shares that cannot be edited
    shares_odd="A share here is no whole number from 0 to 100, or an id stands there twice. Send "
    'the whole list as JSON: {command} {{"offers": […]}}',
    # Statistics
    stats_buttons={
        "period": "Period",
        "by": "Group by",
        "again": "Refresh",
        "csv": "CSV",
        "xlsx": "XLSX",
        "chart": "Chart",
        "save": "Save",
        "daily": "Every day",
        "json": "Request",
        "first": "« First",
        "previous": "‹ Previous",
        "next": "Next ›",
        "back": "« Back",
    },
    stats_periods={
        "today": "Today",
        "yesterday": "Yesterday",
        "7d": "7 days",
        "30d": "30 days",
        "week": "This week",
        "last week": "Last week",
        "month": "This month",
        "last month": "Last month",
    },
    stats_groupings={
        "campaign": "Campaigns",
        "stream": "Streams",
        "offer": "Offers",
        "landing": "Landings",
        "source": "Sources",
        "country": "Countries",
        "day": "Days",
        "hour": "Hours",
        "device": "Devices",
        "os": "OS",
    },
    stats_which_period="<b>Figures for when?</b>\nOr in words: "
    "<code>/stats yesterday country top 20</code>",
    stats_which_grouping="<b>{period}</b>, by what?",
    stats_choose={"period": "Which period?", "by": "By what?"},
    stats_as_words="In words:",
    stats_as_json="As JSON, just as it goes to the tracker:",
    stats_file="Rows in the file: {count}",
    stats_file_cut="The tracker has {found} rows, and a file holds {most} at most.",
    stats_file_moved="The tracker went on counting while I read. Rows that came twice: {count}. "
    "They stand in the file once; as many others may be missing.",
    stats_file_columns="Columns in the file: {most} of {found}",
    stats_reading="Reading rows: {count} of {of}",
    stats_no_chart="There is nothing to draw: no rows, or no figures in them.",
    # Totals of reports, and pages of rows
    figures_language="en",
    figures_sum="Sum of the rows",
    figures_sum_part="Sum of {held} rows of {found}",
    figures_new="from 0",
    figures_points="pp",
    figures_trend="{figure} over time",
    figures_compared="▲▼ against {span}",
    figures_not_compared="No change shown: {span} did not come.",
    figures_rows="Rows {first}–{last} of {found}",
    figures_page="page {page} of {pages}",
    figures_held="The first {held} rows are here.",
    stats_chart_left="{count} more are not drawn",
    stats_sheets={"rows": "Report", "about": "About"},
    # Saved reports
    about_reports="saved reports",
    details_reports=(
        "A report is saved with the button <i>Save</i> under it, or with words or JSON after a "
        "name. Its name, or the beginning of it, runs it. <i>json</i> shows it so that it can be "
        "saved in another chat."
    ),
    saved_title="Saved reports",
    saved_none="None yet.",
    saved_how="<code>/reports save morning = yesterday country top 20</code>",
    saved_as="Saved as {name}. It is in /reports",
    saved_already="It is saved already, as {name}.",
    saved_unnamed="Report",
    saved_rename="Rename",
    saved_remove="Remove",
    saved_ask_name="What is {name} to be called?",
    saved_send_name="Send the new name. Stop with /cancel",
    saved_new_name="new name",
    saved_ask_remove="Remove {name} from the saved reports?",
    saved_removed="{name} is no longer saved.",
    saved_share="To save it in another chat, send this there:",
    saved_elsewhere="Saved for {tracker}: the ids in it are of that tracker.",
    saved_refused={
        "unknown": "There is no saved report called {name}. See /reports",
        "which": "Which report? Write its name. See /reports",
        "taken": "Another report is called {name}. Choose another name, or remove that one.",
        "full": "100 reports are saved here, which is as many as there may be. Remove some first.",
        "gone": "This report is not saved any more.",
        "name": "A name has 1 to 60 visible characters.",
        "nothing": "What is to be saved? For example: "
        "<code>/reports save morning = yesterday country</code>",
        "rule": "A saved report does not come by itself. What does is a schedule: "
        "<code>/schedules add yesterday campaign every day 9:00</code>",
    },
    saved_near="Did you mean {names}?",
    # Words that ask for figures
    phrase_faults={
        "unknown": "I do not know the word {word}.",
        "place": "{word} makes no sense at this place.",
        "value": "After {word} something is missing.",
        "number": "After {word} there has to be a number.",
        "amount": "{word} may be thousands, or decimals.",
        "values": "What is {word}? Write several values with commas, and words with spaces in "
        "quotes.",
        "near": "Is {word} a value? Then write it in quotes.",
        "name": "A name is written in quotes, and {word} is not.",
        "country": "There is no country with the code {word}.",
        "operator": "{word} does not go with this column.",
        "or": "{word} cannot be said: all conditions hold together. Values of one column go "
        "with commas.",
        "by": "By what? After {word} a column is missing.",
        "sort": "Sort by what? After {word} a column is missing.",
        "twice": "{word}: there is one of these already, and there can be only one.",
        "date": "There is no date {word}.",
        "dates": "{word}: the last day comes before the first.",
        "length": "{word} is too long, or nothing. The most is {fits}.",
        "limit": "{word}: from 1 to {fits} rows can be shown.",
        "every": "{word}: how often is this to be done?",
        "time": "{word} is no time of a day.",
        "quote": "This quote is not closed: {word}",
        "long": "That is too long: {fits} characters are the most.",
        "many": "These are too many conditions: {fits} are the most.",
        "log": "{word} is a figure of reports; a log has lines and columns. Figures come with "
        "/stats.",
        "json": "Here JSON begins: {word}. Send it alone, or after the words.",
    },
    phrase_fits="What fits: {fits}",
    # Logs of clicks and conversions
    log_about={"clicks": "single clicks", "conversions": "single conversions"},
    log_details={
        "clicks": (
            "Without words: the last 50 of today. Say a period, columns, filters and how many:\n"
            "<code>/clicks yesterday campaign 12 country os top 100</code>\n"
            "JSON goes to <code>POST /clicks/log</code> as you write it, page after page if its "
            "<code>limit</code> is over 1,000; at most 10,000. IP addresses are "
            "for operators; in a group they see the first half."
        ),
        "conversions": (
            "Without words: the last 50 of today. Say a period, columns, filters and how many:\n"
            "<code>/conversions 7d campaign 12 offer sub_id top 100</code>\n"
            "In words the time of the conversion counts, not of its click. JSON goes to "
            "<code>POST /conversions/log</code> as you write it, page after page if its "
            "<code>limit</code> is over 1,000; at most 10,000."
        ),
    },
    log_titles={"clicks": "Clicks", "conversions": "Conversions"},
    log_marks={"is_bot": "bot", "is_sale": "sale", "is_lead": "lead", "is_rejected": "rejected"},
    log_times={
        "own": "By the time of the conversion, not of its click",
        "tracker": "By the time of conversion or click, as the tracker takes the range",
    },
    log_empty="Nothing in this period",
    log_rows="Lines {first}–{last} of {count} · found: {found}",
    log_more_found="more",
    log_kept="The first {count} can be turned through here, all are in the file.",
    log_as_of="As of {at} {zone}",
    log_failed="<b>Only {count} lines have come.</b> Then it failed:",
    log_stuck="The tracker went on sending the same lines, so the rest did not come.",
    log_missing="The tracker did not send:",
    log_repeated="Came twice, left out: {count}",
    log_timeless="Without a readable time, so perhaps of another day: {count}",
    log_half="In a group only the first half of IP addresses is shown.",
    log_hidden="IP addresses are shown to operators only.",
    log_columns_cut="More columns in the file.",
    log_many="A log takes at most {most} lines. Nothing was sent to the tracker.",
    log_progress="{count} lines have come…",
    log_file="Lines: {count}",
    # Files and charts that could not be made
    paper_faults={
        "slow": "It took too long to make the file. Ask for fewer rows, or try again later.",
        "failed": "The file could not be made. Try again later.",
    },
    # What is done again and again
    about_schedules="reports that come by themselves",
    details_schedules=(
        "A report comes to the chat and topic where it was asked for, without a sound. After the "
        "words of <code>/stats</code> say how often: <i>every day 9:00</i>, <i>every weekday "
        "8:30</i>, <i>every monday 9:00</i>, <i>every hour</i>.\n"
        "The time is that of the chat when it was asked for; another time zone moves nothing. "
        "What was missed while I was away comes once, marked late."
    ),
    schedule_rules={
        "hour": "every hour at {time}",
        "day": "every day at {time}",
        "weekday": "every weekday at {time}",
        "monday": "every Monday at {time}",
        "tuesday": "every Tuesday at {time}",
        "wednesday": "every Wednesday at {time}",
        "thursday": "every Thursday at {time}",
        "friday": "every Friday at {time}",
        "saturday": "every Saturday at {time}",
        "sunday": "every Sunday at {time}",
    },
    schedule_nameless="Request in JSON",
    schedule_next="next: {when}",
    schedule_late="late: due at {when}",
    schedule_twice="This comes here already:",
    schedule_full="50 schedules are as many as a chat may have. Remove one first.",
    schedule_no_rule="How often? End with it, for example: <code>every day 9:00</code>",
    schedule_list="Schedules of this chat",
    schedule_none="Nothing is scheduled here. For example:\n"
    "<code>/schedules add yesterday campaign every day 9:00</code>",
    schedule_paused={
        "person": "paused",
        "unreachable": "paused: I could not write here",
        "role": "paused: its author is no operator now",
        "unlinked": "paused: the chat was not linked",
        "elsewhere": "paused: the chat was linked to another tracker",
        "altered": "stopped: somebody has altered it in the database",
    },
    schedule_stopped={
        "role": "Paused: whoever scheduled this may not any more. An operator can resume it in "
        "/schedules, and it is theirs then.",
        "unlinked": "All schedules here are paused: this chat is not linked to a tracker. Link it, "
        "then resume them in /schedules.",
    },
    schedule_buttons={
        "list": "Schedules",
        "pause": "Pause",
        "resume": "Resume",
        "now": "Run",
        "remove": "Remove",
        "sure": "Yes, remove",
        "keep": "Keep",
        "earlier": "‹ Back",
        "later": "More ›",
    },
    schedule_how_often="How often is this to come?",
    schedule_which_hour="{often}, at which hour? ({zone})",
    schedule_choices={
        "day": "Every day",
        "weekday": "Weekdays",
        "monday": "Mondays",
        "hour": "Every hour",
    },
    schedule_remove="Remove this schedule?",
    schedule_removed="Removed:",
    # Changes, said more plainly
    undo_of="Undo: this takes back {key}.",
    unlink_ask="Unlink this chat from {tracker}? No other chat uses this tracker, so its key is "
    "deleted, too: to link again you need a key.",
    list_absent="The tracker has no stream {id}.",
    moves="It moves from campaign {old} to campaign {new}: visitors of the first one go to its "
    "other streams.",
    history_undone_part="{count} of {of} taken back by {keys}",
    undo_passed="Your last change is as it was before already, so this is the one before it.",
    # What is dialled
    dial_tries="You tried {most} times to link a tracker, and each time it failed. "
    "Try again in an hour.",
    dial_private="I sent nothing. Whoever runs the bot can allow this address: "
    "<code>BOT_PRIVATE_TRACKERS</code>",
    # Secrets that were seen.
    seen_in_payload="There is a secret in this: the key of a tracker, or the token of a bot. "
    "I sent nothing to the tracker.",
    # Who is let in, and how fast
    door_hello="I am here, and this group is not linked to a tracker yet.",
    door_left="I have left {chat}: {person} ({id}) had added me there, who is neither an owner nor "
    "an admin of mine.",
    door_stays="{person} ({id}) has added me to {chat}, who is neither an owner nor an admin of "
    "mine, and I could not leave. I answer nobody there.",
    door_slow="Too fast: one command a second, ten at once. What came on top was not run.",
)
