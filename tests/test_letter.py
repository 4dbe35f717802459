"""What an answer becomes on its way, and what is left of it after a restart."""

import json
import secrets
from dataclasses import replace

import pytest

from handlers.letter import Letter, elsewhere, fitting, read_letter
from handlers.render.html import length
from handlers.render.page import Button, File, Page, PeoplePicker
from storage import OwedAnswer

OWED = OwedAnswer("u7", -100, 5, "", thread_id=3, reply_to=70, keep_until=None)
BUTTONS = ((Button("Open", link="https://t.me/x"), Button("UTC", data="zone:utc")), (Button("A"),))
FULL = Page(
    "✅ <b>Ää 👍</b>",
    BUTTONS,
    File("a.json", b"\x00\xff{}"),
    File("answer.txt", "ж".encode()),
)
REPEAT = "<i>(repeat)</i>"
LETTER = Letter(OWED, FULL, REPEAT, "⚠️ missing", "said elsewhere")
MOST = 4096


def stored(letter: Letter, **facts) -> OwedAnswer:
    """Return what is stored of *letter*."""
    return replace(letter.owed, body=letter.body(), **facts)


@pytest.mark.parametrize(
    "page",
    [
        FULL,
        Page("✅"),
        replace(FULL, file=None),
        replace(FULL, overflow=None),
        replace(FULL, file=File("chart.png", b"\x89PNG", is_picture=True)),
        replace(FULL, file=File("report.csv", b"1,2\r\n" * 90_000)),
        Page("❔", picker=PeoplePicker("Choose people", 7)),
        Page("✅", takes_keyboard=True),
    ],
)
def test_a_letter_that_is_read_again_says_the_same(page):
    letter = replace(LETTER, page=page)
    read = read_letter(stored(letter))

    assert read == replace(letter, is_quoted=True)
    assert read.parts == letter.parts


def test_a_quiet_letter_stays_quiet():
    quiet = replace(LETTER, is_quiet=True)

    assert read_letter(stored(quiet)) == replace(quiet, is_quoted=True)


def test_a_letter_of_an_earlier_version_is_read_without_keyboards():
    body = json.loads(LETTER.body())
    del body["picker"], body["takes_keyboard"], body["is_quiet"]

    read = read_letter(replace(LETTER.owed, body=json.dumps(body)))

    assert read == replace(LETTER, is_quoted=True)


def test_a_letter_of_an_earlier_version_has_its_files():
    body = json.loads(LETTER.body())
    body["file"] = {"name": "a.json", "content": "AP97fQ=="}
    body["overflow"] = {"name": "answer.txt", "content": "0LY="}

    assert read_letter(replace(LETTER.owed, body=json.dumps(body))).page == FULL


@pytest.mark.parametrize(
    ("content", "most_signs"),
    [(b"1,2\r\n" * 90_000, 4096), (secrets.token_bytes(9000), 13_000)],
)
def test_a_file_is_stored_smaller_where_that_helps(content, most_signs):
    letter = replace(LETTER, page=replace(FULL, file=File("report", content)))

    assert len(letter.body()) < most_signs


@pytest.mark.parametrize(
    ("page", "is_edit"),
    [
        (Page("✅"), True),
        (Page("❔", picker=PeoplePicker("Choose people", 7)), False),
        (Page("✅", takes_keyboard=True), False),
    ],
)
def test_a_keyboard_comes_and_goes_with_a_message_of_its_own(page, is_edit):
    owed = replace(OWED, progress_id=81)

    assert replace(LETTER, owed=owed, page=page).is_edit is is_edit


def test_a_letter_that_is_read_again_holds_its_words_once():
    assert read_letter(stored(LETTER)).owed.body == ""


@pytest.mark.parametrize(
    ("facts", "is_repeat"),
    [
        ({}, False),
        ({"is_begun": True}, True),
        ({"is_repeat": True}, True),
        # An edit is not noted as begun; the ⏳ could not be edited, and this was a new message.
        ({"is_begun": True, "progress_id": 81}, True),
        ({"is_begun": True, "progress_id": 81, "part": 1}, True),
    ],
)
def test_a_try_that_was_under_way_may_have_arrived(facts, is_repeat):
    read = read_letter(stored(LETTER, **facts))

    assert (read.owed.is_repeat, read.owed.is_begun) == (is_repeat, False)


def test_text_then_what_is_too_long_for_it_then_the_file():
    assert LETTER.parts == (FULL, FULL.overflow, FULL.file)
    assert [replace(LETTER, owed=replace(OWED, part=part)).part for part in range(3)] == [
        *LETTER.parts
    ]


def test_only_a_first_part_takes_the_place_of_a_message():
    placed = replace(OWED, progress_id=81)

    assert replace(LETTER, owed=placed).is_edit
    assert not replace(LETTER, owed=replace(placed, part=1)).is_edit
    assert not LETTER.is_edit


def test_what_may_come_twice_says_so():
    repeated = replace(LETTER, owed=replace(OWED, is_repeat=True))

    assert repeated.parts == (
        replace(FULL, html=f"✅ <b>Ää 👍</b>\n\n{REPEAT}"),
        FULL.overflow,
        FULL.file,
    )


@pytest.mark.parametrize("signs", [MOST - 20, MOST - 3, MOST, MOST + 1, 3 * MOST])
@pytest.mark.parametrize("file", [None, File("a.json", b"{}")])
def test_an_answer_has_as_many_parts_whether_it_may_come_twice_or_not(signs, file):
    """Else one part would be left out, or sent twice, once the first has arrived."""
    page = Page("✅ first\n" + "x" * (signs - 8), file=file)
    plain = replace(LETTER, page=page)
    marked = replace(plain, owed=replace(OWED, is_repeat=True))

    assert marked.parts[1:] == plain.parts[1:]
    assert all(length(one.parts[0].html) <= MOST for one in (plain, marked))
    assert marked.parts[0].html == f"{plain.parts[0].html}\n\n{REPEAT}"
    whole = plain.parts[0].html if len(plain.parts) == 1 + bool(file) else None
    assert whole == page.html or plain.parts[1].content == page.html.encode()


def test_an_answer_that_fits_with_its_mark_is_not_cut():
    room = MOST - length(f"\n\n{REPEAT}")

    assert fitting(Page("x" * room), spare=MOST - room).overflow is None
    assert fitting(Page("x" * (room + 1)), spare=MOST - room).overflow is not None


def test_what_was_cut_into_more_parts_after_a_complaint_is_begun_again():
    """The next process knows the uncut answer only."""
    letter = replace(LETTER, page=Page("✅ short"), owed=replace(OWED, part=1))

    assert letter.part == Page("✅ short")


# Elsewhere


def test_what_must_be_told_goes_to_who_asked():
    found = elsewhere(replace(LETTER, owed=replace(OWED, progress_id=81)))

    assert found.owed == OwedAnswer("u7:private", 5, 5, "")
    assert found.page == replace(FULL, html="✅ <b>Ää 👍</b>\n\nsaid elsewhere", buttons=())
    assert found.parts[1:] == LETTER.parts[1:]


def test_what_was_turned_aside_is_not_turned_aside_again():
    assert elsewhere(elsewhere(LETTER)) is None


@pytest.mark.parametrize(
    "owed",
    [
        replace(OWED, keep_until=4600.0),
        replace(OWED, chat_id=5),
        replace(OWED, part=1),
    ],
    ids=["a read", "a private chat", "the rest of an answer"],
)
def test_nothing_else_is_told_elsewhere(owed):
    assert elsewhere(replace(LETTER, owed=owed)) is None
