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
    refused_chat="This button works only in the chat where the change was asked for.",
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
    about_settings="language and time zone",
    about_help="what you can do here",
    about_start="begin; open a link",
    about_cancel="stop what is being asked",
    details_stats=(
        "The JSON goes to <code>POST /report/build</code> as you write it. For example:\n"
        '<pre><code class="language-json">/stats {"range": {"interval": "today", '
        '"timezone": "UTC"},\n "dimensions": ["campaign"],\n "measures": ["clicks", "cost", '
        '"revenue"],\n "summary": true}</code></pre>\n'
        "The JSON may stand after the command, in a file with the command as its caption, "
        "or in the message or file you reply to."
    ),
    details_stream=(
        "A new stream needs <code>campaign_id</code>, <code>type</code>, <code>schema</code>, "
        "<code>name</code> and <code>action_type</code>. For example:\n"
        '<pre><code class="language-json">/stream {"campaign_id": 12, "type": "regular",\n '
        '"schema": "redirect", "name": "Main",\n "action_type": "http",\n "action_payload": '
        '"https://offer.example/",\n "collect_clicks": true}</code></pre>\n'
        "An update changes exactly the fields you write. <i>delete</i> moves the stream to the "
        "archive, <i>restore</i> brings it back.\n"
        "The JSON may stand after the command, in a file with the command as its caption, "
        "or in the message or file you reply to."
    ),
    details_streams="Give the id of a campaign, or <i>find</i> and words to look for.",
    details_status="Checks the way to the tracker step by step and says what the key may read.",
    details_link=(
        "In private: address and key of the tracker, in one message or in two. In a group you "
        "get a button that leads to the private chat; never type a key in a group."
    ),
    details_unlink="The key is deleted too, unless another chat uses it.",
    details_settings="<i>auto</i> instead of a value goes back to the default.",
    details_help="Only what you may use in this chat is listed.",
    details_cancel="Ends the question I have asked you.",
    usage="Something is missing. See /help {command}",
    usage_word="I do not understand {word} after /{command}. See /help {command}",
    unknown_command="I do not know this command. See /help",
    not_a_command="I understand commands. See /help",
    working="Working on it …",
    busy="The tracker is busy. Requests waiting: {count} …",
    file_refused="Telegram did not take the file that belongs to this answer.",
    cancelled="I have stopped asking.",
    nothing_to_cancel="I was not asking anything.",
    late_title="Not run, because I was away when it came. Send again what you still want:",
    late_line="• {minutes} min ago, {person}: {command}",
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
    "Check the address, or start again with /link",
    link_other_key="Send another key, or stop with /cancel",
    linked="{tracker} is linked to {chat}.",
    linked_group="{person} has linked this chat to {tracker}. See /help",
    linked_next="Try /status, then /stats",
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
    payload_no_list="One stream at a time: the JSON must be an object <code>{…}</code>, "
    "not a list.",
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
        "surrogate": "A \\ud… escape stands alone.",
    },
    request="Request",
    response="Response",
    paused="The tracker failed {failures} times in a row, so I let it rest for a moment",
    unreachable={
        "dns": "The name of the tracker is not found",
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
    report_columns="Columns of figures {shown} of {found}: all of them are in the file.",
    report_too_wide="A report takes at most {most} names of columns. Nothing was sent to the "
    "tracker.",
    report_file="All rows that came are in the file.",
    report_as_of="As of {at} {zone}",
    period_default="Period: the tracker's own default",
    zone_of_tracker="time zone of the tracker",
    # History
    about_history="what was changed, and by whom",
    details_history=(
        "Only changes asked for in this chat are shown, the newest first. The words can be "
        "combined: <code>/history failed stream 45</code>. <i>failed</i>: the tracker was not "
        "changed; <i>unknown</i>: nobody knows yet.\n"
        "<code>@name</code> is a username; if nobody here has it, a part of a name. Whoever is "
        "found is shown under every name they have had.\n"
        "The short sign at the end of a line shows that change whole, or the items of a list: "
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
    history_before="Before",
    history_undone_by="taken back by {key}",
    history_undoes="takes back {key}",
)
