"""`/history`: what was changed in a chat, as people read it."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from handlers.faults import UsageError
from handlers.render.history import View
from handlers.render.history_file import COLUMNS, history_file
from handlers.sought import DATA_BYTES_MOST, Asked, data_of, read_data
from handlers.texts import ENGLISH
from paper import defused
from storage import NAMES_READ_MOST, Change, Entry, Record
from tests.conftest import NOON, OTHER_TRACKER, TRACKER

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
UPDATE = Change(
    key="u1",
    chat_id=0,
    user_id=77,
    address=TRACKER,
    operation="stream.update",
    request={"id": 45, "body": {"name": "New", "offers": []}},
    before={"id": 45, "name": "Old", "offers": [], "state": "active"},
    person="Ann B. @ann",
)
HEAD = "✅ History of this chat\n"


def switched(verb="disable", stream_id=45):
    """Return what turns a stream on or off instead of updating it."""
    return {"operation": f"stream.{verb}", "request": {"id": stream_id, "body": None}}


async def write(room, key, outcome="done", *, said="", note="", chat=None, **other):
    """Have the journal hold a change, a minute after the one before."""
    room.clock.at += 60
    journal = room.bot.bot_data["services"].store.journal
    chat_id = (chat or room.home).id
    await journal.begin(replace(UPDATE, key=key, chat_id=chat_id, **other))
    if outcome:
        await journal.end(key, outcome, said, note=note)


async def undo(room, key, undone):
    def link(db):
        db.execute("UPDATE journal SET undoes = ? WHERE key = ?", (undone, key))

    await room.bot.bot_data["services"].store.connection.write(link)


def entries(text):
    """Return the lines that are entries."""
    return [line for line in text.splitlines() if line.startswith(("🟢", "🔴", "🟡"))]


def keys(text):
    return [line.rpartition(" · ")[2] for line in entries(text)]


def labels(message):
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def now(room, message):
    """Return *message* as it is now."""
    return room.telegram.chats[message["chat"]["id"]].messages[message["message_id"]]


def table(room, message):
    content = room.telegram.document(message).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline="")))


async def test_nothing_yet(linked):
    [answer] = await linked.say("/history")

    assert answer["text"] == f"{HEAD}UTC\n\nNo changes."
    assert labels(answer) == []
    assert linked.keitaro.requests == []


async def test_real_changes_of_two_people(linked):
    ann = linked.telegram.person("Ann", username="ann_b")
    group = linked.telegram.group("Team", linked.owner, ann)
    await linked.link(to=group)
    await linked.grant(ann, group, "operator")
    await linked.ask(CREATE, to=group)
    linked.clock.at += 3600 * 13
    await linked.ask(CREATE.replace("Main", "<b>Second"), by=ann, to=group)
    linked.keitaro.fail(1, method="POST", path="streams", status=422, body='{"error": "No"}')
    await linked.ask(CREATE, by=ann, to=group)

    answer = await linked.ask("/history", by=ann, to=group)

    first, second, third = keys(answer)
    assert answer == (
        f"{HEAD}UTC\n\n"
        "2026-11-23\n"
        f"🔴 01:00 Ann: new stream Main · {first}\n"
        f"🟢 01:00 Ann: new stream 1002 <b>Second · {second}\n"
        "2026-11-22\n"
        f"🟢 12:00 Olga: new stream 1001 Main · {third}\n\n"
        f"One of them whole: /history {first}"
    )
    assert keys(await linked.ask("/history")) == []
    assert keys(await linked.ask("/history @ann_b", to=group)) == [first, second]


async def test_lines_say_what_happened(linked):
    await write(linked, "u1")
    await write(linked, "u2", "refused", **switched())
    await write(linked, "u3", "unknown", **switched("delete"), person="")
    await write(linked, "u4", None, **switched("restore"), address=OTHER_TRACKER)
    await write(linked, "u5", operation="offer.update", request={"id": 7}, person="x" * 80)
    fields = {f"field_{number}": number for number in range(7)}
    await write(linked, "u6", request={"id": 45, "body": fields}, person="@all\n✅ /stop")
    await write(linked, "u7", **switched("enable"))
    await undo(linked, "u7", "u2")
    await linked.ask("/settings timezone Europe/Kyiv")

    answer = await linked.ask("/history")

    assert entries(answer) == [
        "🟢 14:07 Ann B.: stream 45 on · u7",
        "🟢 14:06 @\u2060all␊✅ /\u2060stop: stream 45: field_0, field_1, field_2, field_3, field_4, +2 · u6",
        f"🟢 14:05 {'x' * 40}…: offer.\u2060update 7 · u5",
        "🟡 14:04 Ann B.: stream 45 restored · other.\u2060example · u4",
        "🟡 14:03 id 77: stream 45 archived · u3",
        "🔴 14:02 Ann B.: stream 45 off · taken back by u7 · u2",
        "🟢 14:01 Ann B.: stream 45: name, offers · u1",
    ]


async def test_the_journal_of_another_chat_is_never_shown(linked):
    group = linked.telegram.group("Team", linked.owner)
    await linked.link(to=group)
    await write(linked, "u1", chat=group)
    await write(linked, "u2")

    assert keys(await linked.ask("/history")) == ["u2"]
    assert keys(await linked.ask("/history", to=group)) == ["u1"]
    assert await linked.ask("/history u1") == "❌ This chat has no change u1."
    assert keys(await linked.ask("/history @ann stream 45", to=group)) == ["u1"]


async def test_a_chat_without_a_link_has_its_history_still(room):
    await write(room, "u1")

    assert entries(await room.ask("/history")) == [
        "🟢 12:01 Ann B.: stream 45: name, offers · tracker.\u2060example · u1"
    ]


@pytest.mark.parametrize(
    ("words", "expected", "about"),
    [
        ("stream 46", ["u4", "u2"], "stream 46 · "),
        ("46", ["u4", "u2"], "stream 46 · "),
        ("Поток 46", ["u4", "u2"], "stream 46 · "),
        ("stream 47", [], "stream 47 · "),
        ("failed", ["u5", "u2"], "failed · "),
        ("ошибки", ["u5", "u2"], "failed · "),
        ("REFUSED", ["u5", "u2"], "failed · "),
        ("unknown", ["u4", "u3"], "unknown · "),
        ("неясно failed", ["u5", "u4", "u3", "u2"], "failed · unknown · "),
        ("failed stream 46", ["u2"], "failed · stream 46 · "),
        ("@ann", ["u4", "u3", "u1"], "Ann B. · "),
        ("@ANN failed", [], "failed · ann · "),
        ("@ann_2", ["u5"], "Ann C. · "),
        ("@an", ["u5", "u4", "u3", "u1"], "an · "),
        ("@льг", ["u2"], "Ольга · "),
        ("@79", ["u2"], "Ольга · "),
        ("@nobody", [], "nobody · "),
    ],
)
async def test_what_is_looked_for(linked, words, expected, about):
    """A username is meant exactly where somebody has it; else a part of a name."""
    await write(linked, "u1")
    await write(linked, "u2", "refused", **switched(stream_id=46), user_id=79, person="Ольга")
    await write(linked, "u3", "unknown", person="")
    await write(linked, "u4", None, **switched(stream_id=46))
    await write(linked, "u5", "refused", user_id=78, person="Ann C. @ann_2")

    answer = await linked.ask(f"/history {words}")

    assert keys(answer) == expected
    assert answer.splitlines()[1] == f"{about}UTC"


async def test_nobody_gets_a_username_by_calling_themselves_so(linked):
    boss = linked.telegram.person("Boss", username="boss")
    fake = linked.telegram.person("Mallory @boss")
    group = linked.telegram.group("Team", linked.owner, boss, fake)
    await linked.link(to=group)
    for person in (boss, fake):
        await linked.grant(person, group, "operator")
    await linked.ask(CREATE, by=boss, to=group)
    linked.clock.at += 60
    await linked.ask(CREATE.replace("Main", "Fake"), by=fake, to=group)

    assert [line.split(": ")[0] for line in entries(await linked.ask("/history", to=group))] == [
        "🟢 12:01 Mallory ＠boss",
        "🟢 12:00 Boss",
    ]
    [line] = entries(await linked.ask("/history @boss", to=group))
    assert line.startswith("🟢 12:00 Boss: ")


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("nonsense", "nonsense"),
        ("failed nonsense", "nonsense"),
        ("failed failed", "failed"),
        ("stream", "stream"),
        ("stream x", "x"),
        ("stream failed", "failed"),
        ("45 46", "46"),
        ("@", "@"),
        ("@a @b", "@b"),
        ("u1 u2", "u2"),
        ("u", "u"),
        ("u1.x", "u1.x"),
        ("u" + "1" * 17, "u" + "1" * 17),
        ('{"a": 1}', '{"a":'),
    ],
)
async def test_a_word_that_is_not_understood_is_named(linked, typed, word):
    assert await linked.ask(f"/history {typed}") == (
        f"❌ I do not understand “{word}” after /history. See /help history"
    )


async def test_turning_pages_to_the_end_and_back(linked):
    """Nothing comes twice or is missed, whatever comes in meanwhile."""
    for number in range(25):
        await write(linked, f"u9{number:02}")
    [message] = await linked.say("/history")
    pages, buttons = [keys(message["text"])], [labels(message)]
    for number in range(2):
        await write(linked, f"u99{number}")
        pages.append(keys(await linked.press(message, "Older →")))
        buttons.append(labels(now(linked, message)))

    assert [key for page in pages for key in page] == [f"u9{n:02}" for n in range(24, -1, -1)]
    assert buttons == [
        ["Older →", "CSV"],
        ["← Newer", "Older →", "CSV"],
        ["← Newer", "CSV"],
    ]
    assert keys(await linked.press(message, "← Newer")) == pages[1]
    assert keys(await linked.press(message, "← Newer")) == pages[0]
    assert keys(await linked.press(message, "← Newer")) == ["u991", "u990"]
    assert labels(now(linked, message)) == ["Older →", "CSV"]
    assert keys(await linked.press(message, "Older →")) == pages[0]
    assert len(linked.telegram.messages(linked.home)) == 2


async def test_what_is_looked_for_stays_when_the_page_is_turned(linked):
    for number in range(30):
        await write(linked, f"u{100 + number}", ("done", "refused")[number % 2])
    [message] = await linked.say("/history failed @ann 45")

    pages = [keys(message["text"]), keys(await linked.press(message, "Older →"))]

    assert pages == [
        [f"u{number}" for number in range(129, 110, -2)],
        [f"u{number}" for number in range(109, 100, -2)],
    ]
    assert now(linked, message)["text"].splitlines()[1] == "failed · stream 45 · Ann B. · UTC"


async def test_a_name_too_long_for_buttons_is_said_to_be_so(linked):
    name = "Александра-Константинопольская-Вторая"
    for number in range(12):
        await write(linked, f"u{number}", person=name, user_id=number)

    [message] = await linked.say(f"/history @{name}")

    assert len(keys(message["text"])) == 10
    assert labels(message) == []
    assert "This name is too long for buttons." in message["text"]
    [message] = await linked.say("/history @александра")
    assert labels(message) == ["Older →", "CSV"]
    assert len(keys(await linked.press(message, "Older →"))) == 2


async def test_names_that_were_not_read_are_said_to_be_so(linked):
    await write(linked, "u1")

    def copy(db):
        with db.atomic():
            for number in range(NAMES_READ_MOST):
                db.execute(
                    "INSERT INTO journal (key, begun_at, chat_id, user_id, address, operation,"
                    " request, before) SELECT ?, ?, chat_id, 78, address, operation, request,"
                    " before FROM journal WHERE key = 'u1'",
                    (f"u{100_000 + number}", NOON + 100 + number),
                )

    await linked.bot.bot_data["services"].store.connection.write(copy)

    assert await linked.ask("/history @ann") == (
        f"{HEAD}ann · UTC\n\nNo changes.\n\nI looked for the name in the newest 3000 changes only."
    )
    assert keys(await linked.ask("/history @77")) == ["u1"]


FORGED = (
    "history:",
    "history:x:",
    "history:o",
    "history:ou1:z",
    "history:ou1:f:",
    "history:ou1:uf",
    "history:ou1:s",
    "history:ou1:s45i1",
    "history:ou1:@",
    "history:ou1:@a b",
    "history:ou1 OR 1=1:",
    "history:o%:",
    "history:nu1.12345:",
    "history:n:d20261301-20261302",
    "history:n:d2026-11-01",
    "history:nu12345678901234567:",
    "history:n:\n",
)


@pytest.mark.parametrize("data", FORGED)
async def test_forged_data_is_refused(linked, data):
    await write(linked, "u1")
    [message] = await linked.say("/history")

    query = linked.telegram.press(
        linked.owner, linked.home, message["message_id"], data, forged=True
    )
    await linked.settle()

    told = linked.telegram.answered(query)["text"]
    assert told.startswith("❌ I do not understand “history:")
    assert now(linked, message)["text"] == message["text"]


@pytest.mark.parametrize(
    "data", ["history:ou5:", "history:bu5:", "history:cu5:", "history:o:", "history:n:iu5"]
)
async def test_data_that_leads_into_another_chat_leads_nowhere(linked, data):
    group = linked.telegram.group("Team", linked.owner)
    for key in ("u4", "u5", "u6"):
        await write(linked, key, chat=group)
    await write(linked, "u7")
    [message] = await linked.say("/history")

    linked.telegram.press(linked.owner, linked.home, message["message_id"], data, forged=True)
    await linked.settle()

    assert set(keys(now(linked, message)["text"])) <= {"u7"}


async def test_a_former_viewer_turns_no_page(linked):
    ann = linked.telegram.person("Ann")
    group = linked.telegram.group("Team", linked.owner, ann)
    for number in range(12):
        await write(linked, f"u{number}", chat=group)
    [message] = await linked.say("/history", to=group)

    linked.telegram.press(ann, group, message["message_id"], "Older →")
    await linked.settle()

    assert now(linked, message)["text"] == message["text"]


async def test_one_entry_whole(linked):
    await write(linked, "u1")
    await write(linked, "u2", note="I have looked again: it is done.")
    await undo(linked, "u2", "u1")

    assert await linked.ask("/history U2") == (
        "✅ u2 · 🟢 done\n"
        "2026-11-22 12:02:00 UTC\n"
        "Person: Ann B. @\u2060ann · id 77\n"
        "Change: stream 45: name, offers · stream.update\n"
        "Tracker: https://tracker.example\n"
        "takes back u1\n\n"
        "name: Old → New\n\n"
        "I have looked again: it is done.\n"
        'Request\n{\n "name": "New",\n "offers": []\n}'
    )
    assert "\ntaken back by u2\n" in await linked.ask("/history u1")


async def test_an_entry_that_failed_says_what_was_said(linked):
    linked.keitaro.fail(1, method="POST", path="streams", status=422, body='{"error": "<No>"}')
    said = await linked.ask(CREATE)
    [key] = keys(await linked.ask("/history"))

    answer = await linked.ask(f"/history {key}")

    said = said.partition("\nRequest")[0].removeprefix("❌ ")
    assert f"\n\n{said}\nRequest\n" in answer
    assert answer.startswith(f"✅ {key} · 🔴 failed: the tracker was not changed\n")
    assert answer.count("Request") == 1


async def test_an_old_entry_is_shown_as_far_as_it_is_known(linked):
    """Versions before kept no name, no object, no note."""
    await write(linked, "u1", None, **switched(), person="")

    def forget(db):
        db.execute("UPDATE journal SET person = NULL, object_id = NULL, note = NULL")

    await linked.bot.bot_data["services"].store.connection.write(forget)

    assert entries(await linked.ask("/history")) == ["🟡 12:01 id 77: stream ? off · u1"]
    assert await linked.ask("/history u1") == (
        "✅ u1 · 🟡 not ended\n"
        "2026-11-22 12:01:00 UTC\n"
        "Person: – · id 77\n"
        "Change: stream ? off · stream.disable\n"
        "Tracker: https://tracker.example\n\n"
        "state: 🟢 active → 🔴 off"
    )


async def test_a_list_is_one_line_and_its_items_are_behind_it(linked):
    for number in range(12):
        outcome = "refused" if number in {3, 4} else "done"
        await write(linked, f"u5.{number}", outcome, **switched(stream_id=60 + number))
    await write(linked, "u6")

    answer = await linked.ask("/history")
    assert entries(answer) == [
        "🟢 12:13 Ann B.: stream 45: name, offers · u6",
        "🔴 12:01 Ann B.: list of 12: 10 done, 2 failed · turn off: 12 · u5",
    ]
    [message] = await linked.say("/history u5")
    assert message["text"].splitlines()[1] == (
        "u5: list of 12: 10 done, 2 failed · turn off: 12 · UTC"
    )
    shown = [*keys(message["text"]), *keys(await linked.press(message, "Older →"))]
    assert shown == [f"u5.{number}" for number in range(11, -1, -1)]
    assert keys(await linked.ask("/history failed u5")) == ["u5.4", "u5.3"]
    assert keys(await linked.ask("/history failed")) == ["u5"]
    assert keys(await linked.ask("/history stream 63")) == ["u5.3"]
    assert (await linked.ask("/history u5.3")).startswith("✅ u5.3 · 🔴 failed")


async def test_a_list_with_something_unknown_is_yellow(linked):
    for number, outcome in enumerate(["refused", "unknown", None, "done"]):
        await write(linked, f"u5.{number}", outcome)

    [line] = entries(await linked.ask("/history"))

    assert line == (
        "🟡 12:01 Ann B.: list of 4: 1 done, 1 failed, 1 unknown, 1 not ended · change: 4 · u5"
    )


async def test_russian(linked):
    await linked.ask("/settings ru")
    await write(linked, "u1", "refused", **switched(), said="❌ Нет")
    await write(linked, "u2.0", "done")
    await write(linked, "u2.1", "refused")

    assert await linked.ask("/history") == (
        "✅ История этого чата\nUTC\n\n2026-11-22\n"
        "🔴 12:02 Ann B.: список из 2: сделано 1, ошибок 1 · изменить: 2 · u2\n"
        "🔴 12:01 Ann B.: поток 45 выключен · u1\n\n"
        "Одно из них целиком: /history u2"
    )
    assert await linked.ask("/history поток 45 ошибки") == (
        "✅ История этого чата\nошибки · поток 45 · UTC\n\n2026-11-22\n"
        "🔴 12:03 Ann B.: поток 45: name, offers · u2.1\n"
        "🔴 12:01 Ann B.: поток 45 выключен · u1\n\n"
        "Одно из них целиком: /history u2.1"
    )
    assert await linked.ask("/history u1") == (
        "✅ u1 · 🔴 ошибка: трекер не изменён\n"
        "2026-11-22 12:01:00 UTC\n"
        "Кто: Ann B. @\u2060ann · id 77\n"
        "Изменение: поток 45 выключен · stream.disable\n"
        "Трекер: https://tracker.example\n\n"
        "state: 🟢 включён → 🔴 выключен\n\n"
        "Нет"
    )


async def test_the_file_has_all_that_is_looked_for(linked):
    await linked.ask("/settings timezone Europe/Kyiv")
    for number in range(12):
        await write(
            linked, f"u{100 + number}", person="=HYPERLINK(1) @ann", note="<b>Said</b> &amp;"
        )
    await write(linked, "u200.0", "refused", said="❌ <b>No</b>")
    await write(linked, "u200.1", None, **switched())
    await undo(linked, "u100", "u101")
    [message] = await linked.say("/history @ann")

    text = await linked.press(message, "CSV")
    again = await linked.press(message, "CSV")

    assert text == again
    assert "The file has them all: 14." in text
    assert keys(text) == keys(message["text"])
    [first, second] = linked.since(linked.home, message)
    rows = table(linked, first)
    assert table(linked, second) == rows
    assert list(rows[0]) == list(COLUMNS)
    assert [row["key"] for row in rows] == [
        "u200.1",
        "u200.0",
        *(f"u{number}" for number in range(111, 99, -1)),
    ]
    assert rows[0] == {
        "key": "u200.1",
        "time_utc": "2026-11-22T12:14:00+00:00",
        "time_local": "2026-11-22T14:14:00+02:00",
        "person": "Ann B. @ann",
        "user_id": "77",
        "operation": "stream.disable",
        "object": "45",
        "fields": "",
        "outcome": "open",
        "tracker": "https://tracker.example",
        "undone_by": "",
        "note": "",
    }
    assert (rows[1]["outcome"], rows[1]["fields"], rows[1]["note"]) == (
        "refused",
        "name, offers",
        "No",
    )
    assert (rows[2]["person"], rows[2]["note"]) == ("'=HYPERLINK(1) @ann", "Said &")
    assert rows[-2]["undone_by"] == "u100"


async def test_the_file_of_an_older_page_leaves_that_page_as_it_is(linked):
    for number in range(35):
        await write(linked, f"u{100 + number}")
    [message] = await linked.say("/history")
    for label in ("Older →", "Older →", "← Newer"):
        text = await linked.press(message, label)

    assert keys(await linked.press(message, "CSV")) == keys(text)
    [file] = linked.since(linked.home, message)
    assert len(table(linked, file)) == 35


async def test_a_history_too_long_for_a_file_is_cut_and_says_so(linked):
    await write(linked, "u1")

    def copy(db):
        with db.atomic():
            for number in range(10_000):
                db.execute(
                    "INSERT INTO journal (key, begun_at, chat_id, user_id, address, operation,"
                    " request, before) SELECT ?, ?, chat_id, user_id, address, operation, request,"
                    " before FROM journal WHERE key = 'u1'",
                    (f"u{100_000 + number}", NOON + 100 + number),
                )
                # What is sealed opens in its own row only.
                db.execute(
                    "UPDATE journal SET request = ?, before = ? WHERE key = ?",
                    (*sealed(number), f"u{100_000 + number}"),
                )

    store = linked.bot.bot_data["services"].store

    def sealed(number):
        key = f"u{100_000 + number}"
        return [store.journal._seal(key, name, {"id": 45}) for name in ("request", "before")]

    await store.connection.write(copy)
    [message] = await linked.say("/history")

    text = await linked.press(message, "CSV")

    assert "The file has the newest 10000 only. Ask for less to get the rest." in text
    [file] = linked.since(linked.home, message)
    rows = table(linked, file)
    assert len(rows) == 10_000
    assert (rows[0]["key"], rows[-1]["key"]) == ("u109999", "u100000")


ODD = st.text(alphabet=st.characters(codec="utf-8"), max_size=30) | st.text(
    alphabet="=+-@;\t\r\n\0 \"',1a＝\u200b", max_size=12
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(names=["-INFINITY"])
@given(names=st.lists(ODD, min_size=1, max_size=4))
def test_whatever_people_are_called_comes_back_from_the_file(names):
    """And no spreadsheet takes a cell for a formula."""
    records = [
        Record(Entry(replace(UPDATE, key=f"u{number}", person=name), NOON, "done", None, name))
        for number, name in enumerate(names)
    ]

    content = history_file(records, View(ENGLISH, ZoneInfo("Europe/Kyiv"))).content.decode(
        "utf-8-sig"
    )
    rows = list(csv.DictReader(io.StringIO(content, newline="")))

    assert [row["person"] for row in rows] == [told(name) for name in names]
    for row in rows:
        for name in ("person", "note"):
            bare = row[name].lstrip(" \0\u200b\t\r\n")
            assert is_number(row[name]) or not bare.startswith(tuple("=+-@＝"))


def told(name):
    return name if is_number(name) else defused(name)


def is_number(text):
    """Tell whether a spreadsheet takes *text* for a number; its formulas may be words, too."""
    return bool(re.fullmatch(r"[+-]?[0-9]{1,24}(\.[0-9]{1,24})?([eE][+-]?[0-9]{1,3})?", text))


@given(
    asked=st.builds(
        Asked,
        is_failed=st.booleans(),
        is_unknown=st.booleans(),
        stream_id=st.none() | st.integers(0, 10**16 - 1),
        person=st.from_regex(r"(?:[^\s@]{1,40})?", fullmatch=True),
        items_of=st.from_regex("(?:u[0-9]{1,16})?", fullmatch=True),
    ),
    turning=st.sampled_from(["", "older", "newer", "file"]),
    key=st.from_regex(r"(?:u[0-9]{1,16}(?:\.[0-9]{1,4})?)?", fullmatch=True),
)
def test_a_button_brings_back_what_it_was_given(asked, turning, key):
    data = data_of(asked, turning, key)

    if data is not None:
        assert len(data.encode()) <= DATA_BYTES_MOST
        assert read_data(data) == (asked, turning, key)


@given(st.text(max_size=64))
def test_no_other_text_is_a_button(text):
    with pytest.raises(UsageError):
        read_data(text)


def test_all_that_has_an_id_fits_into_a_button():
    asked = Asked(is_failed=True, is_unknown=True, stream_id=2**53, person=str(2**52))

    assert data_of(asked, "older", "u9999999999.9999")


async def test_a_list_says_what_it_did_and_where_and_what_was_taken_back(linked):
    rows = [NEW | {"name": f"New {number}"} for number in (1, 2)]
    [asked] = await linked.say(f"/stream {json.dumps(rows)}")
    await linked.press(asked, "Apply")
    [line] = entries(await linked.ask("/history"))
    assert "list of 2: 2 done · create: 2 · Campaign 12 · " in line
    await linked.press(now(linked, asked), "Undo all")
    [*_, question] = [one for one in linked.telegram.messages(linked.home) if "text" in one]
    await linked.press(question, "Apply")

    later, line = entries(await linked.ask("/history"))
    key = later.rpartition(" · ")[2]
    assert "list of 2: 2 done · archive: 2 · Campaign 12 · " in later
    assert f" · taken back by {key} · " in line


async def test_of_a_list_a_part_may_be_taken_back_or_in_two_campaigns(linked):
    here = {"before": {"campaign_id": 11}}
    await write(linked, "u5.0", **switched(), **here)
    await write(linked, "u5.1", **switched("enable", 46), **here)
    await write(linked, "u6.0", **switched("enable"), before={"campaign_id": 3}, undoes="u5.0")
    await write(linked, "u6.1", **switched("enable"), before={"campaign_id": 4})
    two, one = entries(await linked.ask("/history"))

    assert "list of 2: 2 done · turn on: 2 · u6" in two
    assert "turn off: 1 · turn on: 1 · Campaign 11 · 1 of 2 taken back by u6 · u5" in one
    assert "Campaign 11 · 1 of 2 taken back by u6" in await linked.ask("/history u5")


async def test_days_are_those_of_the_chat(linked):
    await linked.ask("/settings timezone Asia/Tokyo")
    await write(linked, "u1")
    linked.clock.at += 3600 * 4
    await write(linked, "u2")
    linked.clock.at += 3600 * 24
    await write(linked, "u3")

    asked = {
        words: keys(await linked.ask(f"/history {words}"))
        for words in ("today", "вчера", "2026-11-22", "2026-11-22..2026-11-23", "2026-11-30")
    }
    assert asked == {
        "today": ["u3"],
        "вчера": ["u2"],
        "2026-11-22": ["u1"],
        "2026-11-22..2026-11-23": ["u2", "u1"],
        "2026-11-30": [],
    }
    assert "\n2026-11-22..2026-11-23 · failed · Asia/Tokyo\n" in await linked.ask(
        "/history failed 2026-11-22..2026-11-23"
    )


@pytest.mark.parametrize("word", ["2026-11-31", "2026-11-22..2026-11-21", "2026-11", "tomorrow"])
async def test_what_is_no_day_is_not_understood(linked, word):
    assert f"“{word}”" in await linked.ask(f"/history {word}")


async def test_pages_of_some_days_stay_pages_of_those_days(linked):
    for number in range(12):
        await write(linked, f"u1{number:02}")
    linked.clock.at += 3600 * 24
    await write(linked, "u200")
    [message] = await linked.say("/history yesterday")

    assert keys(message["text"]) == [f"u1{number:02}" for number in range(11, 1, -1)]
    assert keys(await linked.press(message, "Older →")) == ["u101", "u100"]
    assert keys(await linked.press(now(linked, message), "← Newer"))[0] == "u111"


@pytest.mark.parametrize("last", ["00010101-99991231", "20261101-20261115"])
async def test_days_however_far_are_days(linked, last):
    await write(linked, "u1")
    [message] = await linked.say("/history")
    linked.telegram.press(
        linked.owner, linked.home, message["message_id"], f"history:n:d{last}", forged=True
    )
    await linked.settle()

    assert keys(now(linked, message)["text"]) == (["u1"] if last[:4] == "0001" else [])


def test_a_button_carries_days_however_far():
    asked = Asked(days=(date.min, date.max))

    assert read_data(data_of(asked, "older", "u1")) == (asked, "older", "u1")
