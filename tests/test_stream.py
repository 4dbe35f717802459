"""`/stream` and `/streams`: what is shown, what is changed, and what is said of it."""

import json
from typing import Any

import pytest

from sandbox.keitaro import Keitaro
from sandbox.telegram import Telegram
from tests.conftest import Clock, Room

NEW = {
    "campaign_id": 12,
    "type": "regular",
    "schema": "redirect",
    "name": "Main",
    "action_type": "http",
    "action_payload": "https://landing.example/",
    "collect_clicks": True,
}
CREATE = f"/stream {json.dumps(NEW)}"
FOLD = "\nThe whole answer\n"
# What a card tells beyond the stream itself begins like this.
BEYOND = "\n\nLast 24 h: "
STATES = {"active": "🟢 active", "disabled": "🔴 off", "deleted": "🗑 archived"}


@pytest.fixture
async def linked(linked: Room) -> Room:
    """Changes of streams run at once here: what is asked before them is tested elsewhere."""
    await linked.never_ask()
    linked.keitaro.campaigns[12]["state"] = "active"
    for stream in linked.keitaro.streams.values():
        if stream["campaign_id"] == 12:
            # New streams come to stand at the first place.
            stream["position"] = 9
    return linked


def card(*, name: str = "CA/US main", state: str = "active") -> str:
    """Return the card of stream 45 as it is seeded, but for its name and state."""
    return (
        f"{name} · stream 45\n"
        "Campaign: 11 Camping CA\n"
        f"{STATES[state]} · regular · position 1 · weight 70\n"
        "Schema: landings\n"
        "Landing pages:\n"
        "  35 Which language fits you · 100 %\n"
        "Offers:\n"
        "  81 Better Sleep Pillow · 50 %\n"
        "  82 Solar Lamp Set · 50 %\n"
        "Filters (all must fit):\n"
        "  country = CA, US\n"
        "  os ≠ Linux"
    )


CREATED = (
    "Main · stream 1001\n"
    "Campaign: 12 Winter 2025\n"
    "🟢 active · regular · position 1 · weight 100\n"
    "Schema: redirect · http · https://landing.example/"
)


@pytest.fixture
def other_keitaro(clock: Clock) -> Keitaro:
    """Nobody talks to the other tracker here."""
    return Keitaro(now=clock, empty=True)


async def ask(room: Room, text: str, **how: Any) -> str:
    """Return the one answer without what is beyond the stream, and the folded whole answer."""
    return (await room.ask(text, **how)).partition(FOLD)[0].partition(BEYOND)[0]


def changes(keitaro: Keitaro) -> list[tuple[str, str]]:
    """Return the requests that the tracker got, but for those that only read."""
    return [
        (one.method, one.path)
        for one in keitaro.requests
        if one.method != "GET" and one.path != "report/build"
    ]


def let_pass(keitaro: Keitaro, path: str) -> None:
    """Have the look before a change go well, whatever is to happen to the next one."""
    keitaro.fail(method="GET", path=path)


def shown(telegram: Telegram) -> list[tuple[str, str]]:
    """Return the calls by which the bot has shown something, with the mark of each."""
    return [
        (call.method, str(call.parameters["text"]).partition(" ")[0])
        for call in telegram.calls
        if "text" in call.parameters
    ]


@pytest.mark.parametrize(
    "text",
    [
        "/stream 45",
        "/stream get 45",
        "/stream 45 GET",
        "/Stream\n45 ",
        "/stream@keitaro_test_bot 45",
    ],
)
async def test_a_stream_is_shown_as_a_card(linked: Room, text: str):
    answer = await linked.ask(text)
    head, _, whole = answer.partition(FOLD)

    assert head.partition(BEYOND)[0] == f"✅ {card()}"
    assert json.loads(whole) == linked.keitaro.streams[45]
    assert changes(linked.keitaro) == []


async def test_a_long_stream_comes_with_a_file(linked: Room):
    stream = linked.keitaro.streams[45]
    stream["action_options"] = {f"option_{number}": "ж" * 20 for number in range(100)}
    text, document = await linked.say("/stream 45")

    assert text["text"].partition(BEYOND)[0] == f"✅ {card()}"
    assert document["document"]["file_name"] == "stream-45.json"
    assert json.loads(linked.telegram.document(document)) == stream


async def test_a_card_shows_what_a_person_must_know(linked: Room):
    stream = linked.keitaro.streams[12]
    stream.update(
        name="@all\n✅ /stop",
        schema="action",
        action_type="show_html",
        action_payload={"html": "<i>"},
        collect_clicks=False,
        filter_or=True,
        state="frozen",
        comments="line one\nline two",
        position=None,
    )
    stream["offers"][0]["state"] = "disabled"
    stream["filters"] = [
        {"name": "bot", "mode": "accept", "payload": None},
        {"name": "ip", "mode": "reject", "payload": [str(number) for number in range(14)]},
        {"name": "interval", "mode": "accept", "payload": "9-17"},
    ]

    assert await ask(linked, "/stream 12") == (
        "✅ @\u2060all␊✅ /\u2060stop · stream 12\n"
        "Campaign: 1 Garden DE\n"
        "frozen · regular · weight 70\n"
        'Schema: action · show_html · {"html": "<i>"}\n'
        "collect_clicks is off: no statistics\n"
        "Landing pages:\n"
        "  32 Mower quiz · 100 %\n"
        "Offers:\n"
        "  71 Garden Shears Pro · 50 % (disabled)\n"
        "  72 Robot Mower Trial · 50 %\n"
        "Filters (one must fit):\n"
        "  bot = ✓\n"
        "  ip ≠ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 … +2\n"
        "  interval = 9-17\n"
        "Note: line one␊line two"
    )


async def test_names_are_left_out_where_the_key_may_not_read_them(linked: Room):
    linked.keitaro.restricted |= {"campaigns", "offers", "landing_pages"}

    assert await ask(linked, "/stream 45") == "✅ " + card().replace(" Camping CA", "").replace(
        " Which language fits you", ""
    ).replace(" Better Sleep Pillow", "").replace(" Solar Lamp Set", "")


async def test_no_offer_is_looked_up_twice_and_eight_have_names(linked: Room):
    offers = [{"offer_id": 71 + place, "share": 8, "state": "active"} for place in range(12)]
    linked.keitaro.streams[45].update(offers=offers, landings="gone")
    answer = await ask(linked, "/stream 45")
    asked = [one.path for one in linked.keitaro.requests if one.path.startswith("offers/")]

    assert sorted(asked) == [f"offers/{number}" for number in range(71, 83)]
    assert "  71 Garden Shears Pro · 8 %\n" in answer
    assert "  82 · 8 %\n" in answer


async def test_an_id_that_is_none_is_not_looked_up(linked: Room):
    stream = linked.keitaro.streams[45]
    stream.update(offers=[{"offer_id": None, "share": 100}], landings=["x"], campaign_id="11")
    await ask(linked, "/stream 45")

    asked = [one.path for one in linked.keitaro.requests]
    assert not [path for path in asked if path.startswith(("offers", "landing_pages"))]


@pytest.mark.parametrize("body", [b"{}", b'{"error": "Oops"}', b'{"success": true}'])
async def test_an_answer_that_is_no_stream_is_not_shown_as_one(linked: Room, body: bytes):
    linked.keitaro.fail(status=200, body=body)

    assert await ask(linked, "/stream 45") == UNFITTING


@pytest.mark.parametrize("text", [CREATE, CREATE.replace("stream", "stream create", 1)])
async def test_a_stream_is_created(linked: Room, text: str):
    answer = await linked.ask(text)
    head, _, whole = answer.partition(FOLD)

    assert head == f"✅ Stream 1001 is created\n{CREATED}"
    assert json.loads(whole) == linked.keitaro.streams[1001]
    assert [one.body for one in linked.keitaro.mutations] == [NEW]
    assert changes(linked.keitaro) == [("POST", "streams")]


async def test_a_stream_is_updated(linked: Room):
    before = dict(linked.keitaro.streams[45])
    answer = await ask(linked, '/stream update 45 {"name": "New", "position": 3}')

    assert answer == "✅ Stream 45 is updated\n" + card(name="New").replace("tion 1", "tion 3")
    assert linked.keitaro.streams[45] == before | {"name": "New", "position": 3}
    assert changes(linked.keitaro) == [("PUT", "streams/45")]


# What people type, the state before and after, the request, the title.
SWITCHES = {
    "enable": (("on", "ON", "enable"), "disabled", "active", ("POST", "/enable"), "is on"),
    "disable": (("off", "Off", "disable"), "active", "disabled", ("POST", "/disable"), "is off"),
    "delete": (("delete",), "active", "deleted", ("DELETE", ""), "is archived"),
    "restore": (("restore",), "deleted", "active", ("POST", "/restore"), "is restored"),
}


@pytest.mark.parametrize("verb", SWITCHES)
async def test_a_stream_is_switched(linked: Room, verb: str):
    """In every spelling, with the id before the word or after it."""
    words, before, after, (method, path), title = SWITCHES[verb]
    for text in [f"/stream {a}" for word in words for a in (f"45 {word}", f"{word} 45")]:
        linked.keitaro.streams[45]["state"] = before
        del linked.keitaro.requests[:]

        assert await ask(linked, text) == f"✅ Stream 45 {title}\n{card(state=after)}"
        assert linked.keitaro.streams[45]["state"] == after
        assert changes(linked.keitaro) == [(method, f"streams/45{path}")]


async def test_events_of_a_stream(linked: Room):
    event = {"datetime": "2026-11-22 11:00:00", "message": "<b> does not respond", "id": 5}
    linked.keitaro.events[45] = [event] * 22
    answer = await ask(linked, "/stream events 45")

    assert answer == "\n".join(
        [
            "✅ Events of stream 45",
            *["• 2026-11-22 11:00:00 <b> does not respond"] * 20,
            "20 of 22",
        ]
    )


async def test_a_stream_without_events(linked: Room):
    assert await linked.ask("/stream 45 events") == "✅ Events of stream 45\nNone."


UNFITTING = (
    "❌ The answer does not match the question\nTry again in a minute; /status says where it fails."
)


@pytest.mark.parametrize("body", [{"data": []}, {"rows": [], "total": 0}, []])
async def test_a_stream_without_events_in_any_wrapping(linked: Room, body: Any):
    linked.keitaro.fail(status=200, body=json.dumps(body).encode())

    assert await ask(linked, "/stream 45 events") == "✅ Events of stream 45\nNone."


@pytest.mark.parametrize("body", [b'{"error": "Oops"}', b"{}", b"null", b'"none"', b"stream"])
async def test_what_is_no_list_of_events_is_not_taken_for_none(linked: Room, body: bytes):
    """A failure, or the stream itself with its filters, must not look like a history."""
    stream = json.dumps(linked.keitaro.streams[45]).encode()
    linked.keitaro.fail(status=200, body=stream if body == b"stream" else body)

    assert await ask(linked, "/stream 45 events") == UNFITTING


HELP = "See /help stream"
MISSING = f"❌ Something is missing. {HELP}"
NEEDS_JSON = (
    "❌ /stream needs JSON: after the command, in a file with the command as its caption, or in "
    "the message you reply to. See /help stream"
)
NO_OBJECT = "❌ The JSON must be an object: {…}"


def puzzled(word: str) -> str:
    """Return the answer to a *word* that makes no sense there."""
    return f"❌ I do not understand “{word}” after /stream. {HELP}"


USAGE = {
    "/stream": NEEDS_JSON,
    "/stream create": NEEDS_JSON,
    "/stream update 45": NEEDS_JSON,
    "/stream 45 update": NEEDS_JSON,
    "/stream 45 {}": "❌ There is no field to change in it.",
    "/stream get": MISSING,
    "/stream on": MISSING,
    "/stream events": MISSING,
    '/stream update {"name": "X"}': MISSING,
    "/stream 45 46": puzzled("46"),
    "/stream 45 on off": puzzled("off"),
    "/stream 45 on on": puzzled("on"),
    "/stream 45 <b>": puzzled("<b>"),
    "/stream 45on": puzzled("45on"),
    "/stream #45": puzzled("#45"),
    "/stream -45": puzzled("-45"),
    "/stream 0": puzzled("0"),
    "/stream 45.0": puzzled("45.0"),
    "/stream ４５": puzzled("４５"),
    "/stream 9007199254740992": puzzled("9007199254740992"),
    "/stream 00000000000000045": puzzled("00000000000000045"),
    '/stream create 45 {"name": "X"}': puzzled("45"),
    '/stream 45 on {"name": "X"}': puzzled("{"),
    '/stream 45 get {"name": "X"}': puzzled("{"),
    "/stream 45 clone": puzzled("clone"),
    "/stream [1]": "❌ Every item of the list must be an object {…}. These are not: 1",
    "/stream 45 [{}]": '❌ A list goes without an id in the command: /stream update […] with an "id" in each item.',
    '/stream "on"': NO_OBJECT,
    '/stream 45 "off"': NO_OBJECT,
}


async def test_words_that_make_no_sense_change_nothing(linked: Room):
    said = {text: await linked.ask(text) for text in USAGE}

    assert said == USAGE
    assert linked.keitaro.requests == []
    assert shown(linked.telegram) == [("sendMessage", "❌")] * len(USAGE)


async def test_an_id_may_have_noughts_before_it(linked: Room):
    assert await ask(linked, "/stream 0045") == f"✅ {card()}"


WRONG = {
    "campaign_id": "twelve",
    "schema": "offers",
    "type": None,
    "name": "",
    "position": True,
    "weight": "heavy",
    "collect_clicks": "maybe",
    "comments": 5,
    "offers": [{"offer_id": 71, "share": 33.3}, 72],
    "filters": {"name": "country"},
}
PROBLEMS = {
    "en": [
        "❌ The JSON does not fit. Nothing was sent to the tracker.",
        "campaign_id: must be a whole number",
        "schema: must be 'landings', 'redirect' or 'action'",
        "type: must be 'forced', 'regular' or 'default'",
        "name: must not be empty",
        "action_type: is missing",
        "position: must be a whole number",
        "weight: must be a number",
        "comments: must be text in quotes",
        "collect_clicks: must be true or false",
        "filters: must be a list",
        "… +2",
        "",
        "Correct it and send it again.",
    ],
    "ru": [
        "❌ JSON не подходит. В трекер ничего не отправлено.",
        "campaign_id: должно быть целым числом",
        "schema: должно быть 'landings', 'redirect' или 'action'",
        "type: должно быть 'forced', 'regular' или 'default'",
        "name: не должно быть пустым",
        "action_type: отсутствует",
        "position: должно быть целым числом",
        "weight: должно быть числом",
        "comments: должно быть текстом в кавычках",
        "collect_clicks: должно быть true или false",
        "filters: должно быть списком",
        "… +2",
        "",
        "Исправьте и отправьте снова.",
    ],
}


@pytest.mark.parametrize("language", PROBLEMS)
async def test_a_stream_that_does_not_fit_is_not_sent(linked: Room, language: str):
    """Problem by problem, and without a ⏳."""
    await linked.say(f"/settings language {language}")
    del linked.telegram.calls[:]

    assert (await linked.ask(f"/stream {json.dumps(WRONG)}")).splitlines() == PROBLEMS[language]
    assert linked.keitaro.requests == []
    assert [call.method for call in linked.telegram.calls] == ["sendMessage"]


@pytest.mark.parametrize("text", [CREATE, '/stream 45 {"name": "X"}', "/stream 45 off"])
async def test_a_change_says_that_it_works_and_then_edits_that(linked: Room, text: str):
    await linked.ask(text)

    assert shown(linked.telegram) == [("sendMessage", "⏳"), ("editMessageText", "✅")]


async def test_the_change_is_announced_before_it_is_sent(linked: Room):
    """Where Telegram does not take the ⏳, the tracker is not asked."""
    linked.telegram.fail("sendMessage", status=403, description="Forbidden: bot was blocked")

    assert await linked.say("/stream 45 off") == []
    assert linked.keitaro.mutations == []


@pytest.mark.parametrize("text", ["/stream 45", "/stream 45 events", "/streams 12"])
async def test_a_quick_answer_comes_at_once(linked: Room, text: str):
    await linked.ask(text)

    assert shown(linked.telegram) == [("sendMessage", "✅")]


AGAIN = "Look again: /stream 45\n\n"
OTHERWISE = "⚠️ The tracker said yes, but shows something else\n"
LOOK_AGAIN = "Look again: /stream 45"
UNFIT_DONE = (
    "No clear answer came (The answer does not match the question), so I looked: it is done."
)
UNFIT = (
    "No clear answer came (The answer does not match the question), so I looked until 0.05 s "
    "had passed."
)
AS_BEFORE = "It is as it was before."
IN_DOUBT = (
    "⚠️ The answer does not match the question\n\n"
    "I do not know whether the change was made. I did not send it again.\n"
)
LOOK_FAILED = "I could not look either: the tracker cannot be read now.\n"


async def test_an_offer_named_twice_is_collapsed_and_that_is_said(linked: Room):
    offers = [{"offer_id": 71, "share": 50}, {"offer_id": 71, "share": 50}]
    answer = await ask(linked, f"/stream {json.dumps(NEW | {'offers': offers})}")
    head, _, rest = answer.partition("\n\n")

    assert head == (
        f"{OTHERWISE}offer 71: 50 % → not shown\n"
        "❗ Named more than once: offers 71. The tracker keeps one.\n"
        "❗ offers do nothing while the schema is redirect.\n"
        "Look again: /stream 1001"
    )
    assert rest == f"{CREATED}\nOffers:\n  71 Garden Shears Pro · 50 %"
    assert changes(linked.keitaro) == [("POST", "streams")]


async def test_a_field_the_tracker_does_not_keep_is_not_called_done(linked: Room):
    """A slip such as "nmae" is taken by the tracker without a word."""
    text = '/stream 45 {"nmae": "X", "weight": 71, "nothing": "", "none": null}'

    assert await ask(linked, text) == (
        f"{OTHERWISE}nmae: X → not shown\n"
        f"❗ Fields that I do not know. Probably meant: nmae → name\n{AGAIN}"
        + card().replace("weight 70", "weight 71")
    )
    assert linked.keitaro.streams[45]["name"] == "CA/US main"


async def test_a_new_stream_that_lacks_a_field_is_shown_with_what_it_lacks(linked: Room):
    text = CREATE.replace("collect_clicks", "collect_click")

    assert await ask(linked, text) == (
        f"{OTHERWISE}collect_click: true → not shown\n"
        "❗ No statistics are recorded: collect_clicks is not true.\n"
        "❗ Fields that I do not know. Probably meant: collect_click → collect_clicks\n"
        "Look again: /stream 1001\n\n"
        f"{CREATED}\ncollect_clicks is off: no statistics"
    )


@pytest.mark.parametrize("verb", SWITCHES)
async def test_a_yes_without_the_deed_is_not_believed(linked: Room, verb: str):
    """The tracker says yes and shows the stream as it was."""
    words, before, after, (method, _), _ = SWITCHES[verb]
    stream = linked.keitaro.streams[45]
    stream["state"] = before
    linked.keitaro.fail(status=200, body=stream, method=method, path="streams")

    assert await ask(linked, f"/stream 45 {words[0]}") == (
        f"{OTHERWISE}state: {after} → shown {before}\n{AGAIN}{card(state=before)}"
    )


@pytest.mark.parametrize("verb", SWITCHES)
async def test_what_a_yes_shows_need_not_be_so(linked: Room, verb: str):
    """The tracker shows the deed in its answer, and the stream as it was when looked at."""
    words, before, after, (method, _), _ = SWITCHES[verb]
    stream = linked.keitaro.streams[45]
    stream["state"] = before
    linked.keitaro.fail(status=200, body={**stream, "state": after}, method=method, path="streams")

    assert await ask(linked, f"/stream 45 {words[0]}") == (
        f"{OTHERWISE}state: {after} → shown {before}\n{AGAIN}{card(state=before)}"
    )


async def test_a_creation_that_only_the_answer_shows_is_not_believed(linked: Room):
    body = {**NEW, "id": 1001, "state": "active"}
    linked.keitaro.fail(status=200, body=body, method="POST", path="streams")

    assert await ask(linked, CREATE) == (
        "⚠️ The tracker said yes, but does not show it: Stream 1001 is created\n"
        "Look again: /streams 12"
    )


async def test_where_it_cannot_be_read_the_answer_of_the_tracker_counts(linked: Room):
    let_pass(linked.keitaro, "streams")
    linked.keitaro.fail(method="GET", path="streams", status=403)

    assert await ask(linked, "/stream 45 off") == f"✅ Stream 45 is off\n{card(state='disabled')}"


async def test_an_update_without_the_deed_is_not_believed(linked: Room):
    linked.keitaro.fail(status=200, body=linked.keitaro.streams[45], method="PUT")

    assert await ask(linked, '/stream 45 {"name": "X", "weight": 70}') == (
        f"{OTHERWISE}name: X → shown CA/US main\n{AGAIN}{card()}"
    )


@pytest.mark.parametrize("verb", SWITCHES)
async def test_a_yes_that_shows_nothing_is_looked_after(linked: Room, verb: str):
    """An empty or bare answer proves nothing, whatever its status."""
    words, before, after, (method, _), title = SWITCHES[verb]
    bare = (b"", b"{}", b'{"success": true}', b'{"state": "active"}', b'{"state": "deleted"}')
    cases = [(201, b""), (204, b""), *((200, body) for body in bare)]
    said = {}
    for after_effect in (True, False):
        for status, body in cases:
            linked.keitaro.streams[45]["state"] = before
            how = {"status": status, "body": body, "after_effect": after_effect}
            linked.keitaro.fail(method=method, path="streams", **how)
            said[status, body, after_effect] = await ask(linked, f"/stream 45 {words[0]}")

    done = f"✅ Stream 45 {title}\n{card(state=after)}"
    not_done = f"{OTHERWISE}state: {after} → shown {before}\n{AGAIN}{card(state=before)}"
    assert said == dict.fromkeys([(*case, True) for case in cases], done) | dict.fromkeys(
        [(*case, False) for case in cases], not_done
    )


async def test_an_update_that_shows_nothing_is_looked_after(linked: Room):
    said = {}
    for body in (b"", b"{}", b"[]", b'{"id": 45}', b'{"id": 45, "name": "Old"}'):
        for after_effect in (False, True):
            linked.keitaro.streams[45]["name"] = "CA/US main"
            linked.keitaro.fail(status=200, body=body, method="PUT", after_effect=after_effect)
            answer = await ask(linked, '/stream 45 {"name": "New"}')
            said[body, after_effect] = answer.partition(" ")[0]

    undone = {b"[]": "❌"}
    assert said == {(body, done): "✅" if done else undone.get(body, "⚠️") for body, done in said}


async def test_an_old_answer_is_not_believed_either(linked: Room):
    """A tracker may answer with what it had in its cache."""
    old = dict(linked.keitaro.streams[45])
    linked.keitaro.fail(status=200, body=old, method="PUT", after_effect=True)

    assert await ask(linked, '/stream 45 {"name": "New"}') == (
        f"✅ Stream 45 is updated\n{card(name='New')}"
    )


@pytest.mark.parametrize("verb", SWITCHES)
async def test_the_answer_about_another_stream_is_no_proof(linked: Room, verb: str):
    words, before, after, (method, _), title = SWITCHES[verb]
    linked.keitaro.streams[45]["state"] = before
    other = linked.keitaro.streams[46] | {"state": after}
    linked.keitaro.fail(2, status=200, body=other, method=method, path="streams")
    answer = await ask(linked, f"/stream 45 {words[0]}")

    assert answer.startswith(f"❌ Stream 45 was not changed\n{UNFIT} {AS_BEFORE}\n")
    assert f"Stream 45 {title}" not in answer


async def test_a_deletion_answered_with_another_stream_may_still_be_done(linked: Room):
    other = linked.keitaro.streams[46] | {"state": "deleted"}
    linked.keitaro.fail(status=200, body=other, method="DELETE", after_effect=True)

    assert await ask(linked, "/stream 45 delete") == (
        "✅ Stream 45 is archived\n"
        "No clear answer came (The answer does not match the question), so I looked: it is done.\n"
        f"{card(state='deleted')}"
    )


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("/stream 45 delete", "Stream 45 is archived"),
        ("/stream 45 off", "Stream 45 is off"),
        ('/stream 45 {"name": "New"}', "Stream 45 is updated"),
    ],
)
async def test_where_a_bare_yes_cannot_be_checked_that_is_said(linked: Room, text: str, title: str):
    let_pass(linked.keitaro, "streams")
    linked.keitaro.fail(status=403, body={"error": "No"}, method="GET", path="streams")
    linked.keitaro.fail(status=200, body=b"", path="streams", after_effect=True)

    assert await ask(linked, text) == (
        f"⚠️ The tracker said yes, but does not show it: {title}\n{LOOK_FAILED}{LOOK_AGAIN}"
    )


async def test_a_look_that_shows_no_stream_is_no_look(linked: Room):
    let_pass(linked.keitaro, "streams")
    linked.keitaro.fail(status=200, body={"state": "deleted"}, method="GET", path="streams")
    linked.keitaro.fail(status=200, body=b"", path="streams", after_effect=True)

    assert await ask(linked, "/stream 45 delete") == (
        "⚠️ The tracker said yes, but does not show it: Stream 45 is archived\n"
        f"{LOOK_FAILED}{LOOK_AGAIN}"
    )


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/stream 45 delete", "✅ Stream 45 is archived"),
        (
            "/stream 45 off",
            f"⚠️ The tracker said yes, but does not show it: Stream 45 is off\n{LOOK_AGAIN}",
        ),
    ],
)
async def test_a_stream_that_is_gone_after_a_yes(linked: Room, text: str, answer: str):
    """Gone is what a deletion asks for, and nothing else does."""
    let_pass(linked.keitaro, "streams")
    missing = "Traffic\\Model\\Stream #45 not found"
    gone = {"status": 404, "body": missing, "content_type": "text/plain"}
    linked.keitaro.fail(**gone, method="GET", path="streams/45")
    linked.keitaro.fail(status=200, body=b"", path="streams/45")

    assert await ask(linked, text) == answer


async def test_a_stream_sent_back_as_it_came_is_the_same_stream(linked: Room):
    """Its times move when it is written, and that is no difference."""
    await linked.ask("/stream 12")
    sent = json.dumps(linked.keitaro.streams[12] | {"name": "New"})
    linked.clock.at += 60
    answer = await ask(linked, "/stream 12", attach=sent.encode())

    assert answer.startswith("✅ Stream 12 is updated\nNew · stream 12\n")
    assert changes(linked.keitaro) == [("PUT", "streams/12")]


async def test_a_new_stream_may_be_numbered_in_writing(linked: Room):
    body = NEW | {"id": "1001", "state": "active", "position": 1, "weight": 100}
    linked.keitaro.fail(status=201, body=body, path="streams", after_effect=True)

    assert await ask(linked, CREATE) == f"✅ Stream 1001 is created\n{CREATED}"


async def test_a_bare_id_is_looked_after(linked: Room):
    linked.keitaro.fail(status=200, body={"id": 1001}, path="streams", after_effect=True)

    assert await ask(linked, CREATE) == f"✅ Stream 1001 is created\n{CREATED}"


async def test_the_answer_about_an_old_stream_is_no_new_one(linked: Room):
    linked.keitaro.fail(status=200, body=linked.keitaro.streams[45], path="streams")
    answer = await ask(linked, CREATE)

    assert answer.startswith(f"{OTHERWISE}campaign_id: 12 → shown 11\n")


async def test_the_answer_about_a_stream_that_was_there_is_no_new_one(linked: Room):
    """Of the campaign itself, this time: its id says nothing about what was made."""
    linked.keitaro.fail(status=200, body=linked.keitaro.streams[48], method="POST")
    answer = await ask(linked, CREATE)

    assert answer.startswith(f"❌ The stream was not created\n{UNFIT} It is not there.\n")


BARE = (b"", b"{}", b'{"success": true}', b'{"id": null}', b'{"id": "new"}', b'{"id": [1]}')


@pytest.mark.parametrize("body", BARE)
async def test_a_creation_without_an_id_is_looked_for(linked: Room, body: bytes):
    linked.keitaro.fail(status=200, body=body, path="streams")
    not_made = await ask(linked, CREATE)
    linked.keitaro.fail(status=200, body=body, path="streams", after_effect=True)
    made = await ask(linked, CREATE)

    assert not_made.startswith(f"❌ The stream was not created\n{UNFIT} It is not there.\n")
    assert made == f"✅ Stream 1001 is created\n{UNFIT_DONE}\n{CREATED}"
    assert changes(linked.keitaro) == [("POST", "streams")] * 2


async def test_something_new_that_differs_is_named(linked: Room):
    """What was made may not be quite what was sent: who repeats it makes a second one."""
    offers = [{"offer_id": 71, "share": 50}, {"offer_id": 71, "share": 50}]
    linked.keitaro.fail(status=200, body=b"", path="streams", after_effect=True)
    answer = await ask(linked, f"/stream {json.dumps(NEW | {'offers': offers})}")

    assert answer.startswith(
        f"{IN_DOUBT}I looked: the campaign has something new, but it is not as sent: 1001. "
        "Look at it before you repeat.\nLook again: /streams 12\nRequest\n"
    )


async def test_a_campaign_that_cannot_be_read_is_no_answer(linked: Room):
    let_pass(linked.keitaro, "campaigns")
    linked.keitaro.fail(9, status=403, body={"error": "No"}, path="campaigns")
    linked.keitaro.fail(status=200, body=b"", path="streams", after_effect=True)
    answer = await ask(linked, CREATE)

    assert answer.startswith(f"{IN_DOUBT}{LOOK_FAILED}Look again: /streams 12\nRequest\n")


@pytest.mark.parametrize("campaign_id", ["12", "12.00", 12.0, " +12 "])
async def test_the_campaign_may_be_written_in_any_way(linked: Room, campaign_id: Any):
    linked.keitaro.fail(status=200, body=b"", path="streams")
    answer = await ask(linked, f"/stream {json.dumps(NEW | {'campaign_id': campaign_id})}")

    assert answer.startswith(f"❌ The stream was not created\n{UNFIT} It is not there.\n")
    looks = [one.path for one in linked.keitaro.requests if one.path.endswith("/streams")]
    assert set(looks) == {"campaigns/12/streams"}


async def test_a_viewer_may_look_but_not_change(room: Room):
    vera = room.telegram.person("Vera")
    group = room.telegram.group("Traffic", vera)
    await room.link(to=group)
    await room.grant(vera, group, "viewer")
    how = {"by": vera, "to": group}
    refused = "❌ You need the role operator in this chat. Ask an owner of the bot."

    assert await ask(room, "/stream 45", **how) == f"✅ {card()}"
    assert [await ask(room, text, **how) for text in (CREATE, "/stream 45 off")] == [refused] * 2
    assert changes(room.keitaro) == []


async def test_a_forwarded_command_shows_but_does_not_change(linked: Room):
    refused = "❌ A forwarded command changes nothing. Type it yourself."
    changing = (CREATE, "/stream 45 off", '/stream 45 {"name": "X"}')

    assert await ask(linked, "/stream 45", forwarded=True) == f"✅ {card()}"
    assert [await ask(linked, text, forwarded=True) for text in changing] == [refused] * 3
    assert changes(linked.keitaro) == []


async def test_the_streams_of_a_campaign(linked: Room):
    linked.keitaro.streams[48]["state"] = "disabled"
    linked.keitaro.streams[49].update(name="@all <b>", state="odd")

    assert await linked.ask("/streams 12") == (
        "✅ Streams of campaign 12 Winter 2025\n"
        "🔴 48 AT main · regular, landings\n"
        "◌ 49 @\u2060all <b> · regular, redirect\n"
        "🟢 50 Fallback · default, action\n"
        "3 of 3"
    )


async def test_a_campaign_without_streams(linked: Room):
    for number in (48, 49, 50):
        linked.keitaro.streams[number]["state"] = "deleted"

    assert await linked.ask("/streams 12") == "✅ Streams of campaign 12 Winter 2025\nNone."


async def test_many_streams_come_with_a_file(linked: Room):
    original = linked.keitaro.streams[50]
    for number in range(2000, 2050):
        linked.keitaro.streams[number] = original | {"id": number}
    text, document = await linked.say("/streams 12")
    found = json.loads(linked.telegram.document(document))

    assert text["text"].splitlines()[-1] == "50 of 53"
    assert len(text["text"].splitlines()) == 52
    assert sorted(row["id"] for row in found) == [48, 49, 50, *range(2000, 2050)]


@pytest.mark.parametrize("text", ["/streams find AT  m{}", "/streams Find AT  m{}"])
async def test_streams_are_found_by_words_as_they_are_typed(linked: Room, text: str):
    linked.keitaro.streams[48]["name"] = "At  M{}"
    answer = await linked.ask(text)

    assert answer == "✅ Streams with “AT  m{}”\n🟢 48 At  M{} · regular, landings\n1 of 1"
    assert [one.query for one in linked.keitaro.requests] == [{"query": "AT  m{}"}]


async def test_no_stream_is_found(linked: Room):
    assert await linked.ask("/streams find <b>&") == "✅ Streams with “<b>&”\nNone."


STREAMS_USAGE = {
    "/streams": "❌ Something is missing. See /help streams",
    "/streams find": "❌ Something is missing. See /help streams",
    "/streams Find ": "❌ Something is missing. See /help streams",
    "/streams twelve": "❌ I do not understand “twelve” after /streams. See /help streams",
    "/streams 12 active": "❌ I do not understand “active” after /streams. See /help streams",
    "/streams bots 12": "❌ I do not understand “bots” after /streams. See /help streams",
    "/streams -12": "❌ I do not understand “-12” after /streams. See /help streams",
    "/streams {}": "❌ I do not understand “{}” after /streams. See /help streams",
}


async def test_what_is_no_campaign_and_no_search(linked: Room):
    said = {text: await linked.ask(text) for text in STREAMS_USAGE}

    assert said == STREAMS_USAGE
    assert linked.keitaro.requests == []


BARE = {
    "campaign_id": 1,
    "type": "regular",
    "schema": "landings",
    "name": "Bare",
    "action_type": "http",
    "collect_clicks": True,
}


async def test_a_new_stream_with_nothing_to_show_is_not_sent(linked):
    answer = await linked.ask(f"/stream {json.dumps(BARE)}")

    assert answer.startswith("❌ Not sent. This cannot be meant:\n⛔ Neither offers nor landing")
    assert linked.keitaro.mutations == []


async def test_off_it_may_have_nothing_to_show_yet(linked):
    answer = await linked.ask(f"/stream {json.dumps({**BARE, 'state': 'disabled'})}")

    assert answer.startswith("✅ Stream ")
    assert "❗ Neither offers nor landing pages: visitors would get nothing." in answer


async def test_the_plan_of_a_restore_says_that_the_stream_comes_back_on(linked):
    linked.keitaro.streams[45]["state"] = "deleted"
    await linked.ask("/settings confirm changes")
    answer = await linked.ask("/stream 45 restore")

    assert "❗ It comes back on, even if it was off before.\n" in answer


@pytest.mark.parametrize(
    ("campaign_type", "others", "said"),
    [("position", "active", True), ("position", "disabled", False), ("weight", "active", False)],
)
async def test_a_place_that_the_tracker_has_chosen_may_be_taken(
    linked, campaign_type, others, said
):
    linked.keitaro.campaigns[12]["type"] = campaign_type
    [first] = await linked.say(CREATE)
    linked.keitaro.streams[1001]["state"] = others
    answer = await linked.ask(CREATE.replace("Main", "Second"))

    assert first["text"].startswith("✅ Stream 1001 is created\nMain")
    assert ("\n❗ Position 1 is taken by stream 1001.\n" in answer) == said
