"""The words: complete in both languages, well-formed, and used as they are meant."""

import ast
import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from pydantic import ValidationError

import handlers
from handlers.cards import editor
from handlers.changes.plan import LIFETIME_SECONDS
from handlers.commands import COMMANDS
from handlers.faults import JsonFault, ListFault
from handlers.lists import answer, question
from handlers.lists.result import Came
from handlers.lists.stops import Stop
from handlers.members import GRANTABLE
from handlers.preferences import CONFIRMATIONS, READERS
from handlers.render.advice import FLAWS
from handlers.render.html import plain
from handlers.render.log import CLICK_SIGNS, TIMES
from handlers.render.page import Mark
from handlers.roles import Role
from handlers.stats import keyboard
from handlers.stats.faults import PaperFault, PhraseFault
from handlers.stats.repeat import RHYTHMS
from handlers.stats.rule import Rhythm
from handlers.stats.schedule_acts import ACTS
from handlers.stream import VERBS
from handlers.texts import ENGLISH, LANGUAGES, RUSSIAN, RUSSIAN_SPEAKING, Texts, texts_for
from keitaro import (
    OPERATIONS,
    AddressReason,
    FindingName,
    Step,
    UnreachableCause,
    UnreadableReason,
    find,
)
from sandbox.telegram.markup import parse
from storage import Outcome, Paused

BOTH = (ENGLISH, RUSSIAN)
NAMES = [field.name for field in fields(Texts) if field.name != "numbers"]
MAPPINGS = [name for name in NAMES if isinstance(getattr(ENGLISH, name), Mapping)]
SENTENCES = [name for name in NAMES if name not in MAPPINGS]
PLACE = re.compile(r"\{[a-z_]+\}")

# What is switched: the changes of a stream that need no JSON.
SWITCHABLE = [find("stream", verb) for verb in VERBS]
SWITCHES = {found.verb for found in SWITCHABLE if found and found.changes and not found.body}

ODD_VALUES = (
    *(None, True, -1, 1.5, 1e400, "", "x", "1.5", [], ["x"], {}, {"a": 1}),
    [{"name": 1, "mode": "x", "offer_id": "x", "share": 1.5}],
    ["x"] * 1001,
)


def problem_kinds():
    """Return the names under which pydantic tells what can be wrong with any body."""
    kinds = set()
    for model in {operation.body for operation in OPERATIONS if operation.body}:
        names = [field.alias or name for name, field in model.model_fields.items()]
        for value in ODD_VALUES:
            for body in (value, dict.fromkeys(names, value)):
                try:
                    model.model_validate(body)
                except ValidationError as error:
                    kinds |= {detail["type"] for detail in error.errors()}
    return kinds


# Names that are the same in every language.
SAME_IN_BOTH = {("status_steps", "keitaro"), ("stats_buttons", "csv"), ("stats_buttons", "xlsx")}
# The keys that a mapping must have; a mapping without a row here fails.
KEYS = {
    "roles": {role.name.lower() for role in Role} - {"stranger"},
    "addresses": set(get_args(AddressReason)),
    "status_steps": set(get_args(Step)),
    "certificates": set(FLAWS.values()),
    "json_faults": set(get_args(JsonFault)),
    "paper_faults": set(get_args(PaperFault)),
    "unreachable": set(get_args(UnreachableCause)),
    "unreadable": set(get_args(UnreadableReason)),
    "states": {"active", "disabled", "deleted"},
    "state_signs": {"active", "disabled", "deleted"},
    "stream_switched": SWITCHES,
    "history_did": {"create", "update", *SWITCHES},
    "history_counts": {*get_args(Outcome), "open"},
    "history_outcomes": {*get_args(Outcome), "open"},
    "phrase_faults": set(get_args(PhraseFault)),
    "plan_titles": {"create", "update", *SWITCHES},
    "refused_buttons": {
        *("chat", "author", "used", "undone", "draft"),
        *("closed", "unknown", "old", "forgotten", "schedule", "elsewhere"),
    },
    "stats_buttons": {
        *("period", "by", "again", "csv", "xlsx", "chart", "save", "daily", "json"),
        *("first", "previous", "next", "back"),
    },
    "stats_periods": set(keyboard.PERIODS),
    "stats_groupings": set(keyboard.GROUPINGS),
    "stats_choose": {"period", "by"},
    "stats_sheets": {"rows", "about"},
    "saved_refused": {"unknown", "which", "taken", "full", "gone", "name", "nothing", "rule"},
    "swap_refused": {"none", "gone", "there"},
    "undo_impossible": {"elsewhere", "unknown"},
    "problems": {*problem_kinds(), "masked"},
    "role_powers": {role.name.lower() for role in GRANTABLE},
    "confirmations": set(CONFIRMATIONS),
    "confirmation_buttons": set(CONFIRMATIONS),
    "readers": set(READERS),
    "reader_buttons": set(READERS),
    "findings": set(get_args(FindingName)),
    "list_faults": set(get_args(ListFault)),
    "list_verbs": {"create", "update", *SWITCHES},
    "list_columns": {*question.COLUMNS, *answer.COLUMNS} - {"id"},
    "list_left": {"seconds", "minutes"},
    "list_ends": {"done", "nothing", "partly"},
    "list_counts": set(get_args(Came)),
    "list_stopped": set(get_args(Stop)),
    "list_outcomes": set(get_args(Came)),
    "log_about": set(TIMES),
    "log_details": set(TIMES),
    "log_titles": set(TIMES),
    "log_marks": set(CLICK_SIGNS),
    "log_times": {"own", "tracker"},
    "schedule_rules": set(get_args(Rhythm)),
    "schedule_paused": set(get_args(Paused)),
    "schedule_stopped": {"role", "unlinked"},
    "schedule_buttons": {*ACTS, "list", "resume", "sure", "keep", "earlier", "later"},
    "schedule_choices": set(RHYTHMS),
}
# Formatted under another name than their own, where the parse tree does not show it.
FORMATTED_ELSEWHERE = {
    "problems": {"expected"},
    "unanswered": {"id"},
    "findings": {
        *("field", "sum", "missing", "excess", "ids", "id", "written", "schema", "action_type"),
        *("fields", "codes", "names", "modes", "name", "position"),
    },
}
# Words that are names of their own.
NAMES_OF_OTHERS = SAME_IN_BOTH
# Not HTML: labels of buttons, and lines of Telegram's own menu.
PLAIN = (
    "link_button",
    "automatic",
    "plan_apply",
    "plan_cancel",
    "undo",
    "turn_off",
    "list_retry",
    "list_undo",
    "history_newer",
    "history_older",
    "pick_button",
    "pick_people",
    "check_again",
    "other_words",
    "ask_words_placeholder",
    *("shares_even", "shares_save", "shares_back", "offers", "landings"),
    *(f"card_{name}" for name in ("turn_on", "restore", "archive", "shares", "swap", "copy")),
    *(f"card_{name}" for name in ("events", "json", "open", "refresh")),
    *(name for name in NAMES if name.startswith("about_")),
)


def texts_under(texts, name):
    """Return the sentences of one field by key; a plain field has the key ""."""
    value = getattr(texts, name)
    return dict(value) if isinstance(value, Mapping) else {"": value}


TREES = [
    ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(Path(handlers.__file__).parent.rglob("*.py"))
    if path.parent.name != "texts"
]
READ = {node.attr for tree in TREES for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def fields_of(node):
    """Return the names of the texts that *node* may be: texts.name, or texts.name[key]."""
    match node:
        case ast.IfExp(body=body, orelse=orelse):
            return [*fields_of(body), *fields_of(orelse)]
        case ast.Subscript(value=value):
            return fields_of(value)
        case ast.Attribute(attr=name) if name in NAMES:
            return [name]
        case _:
            return []


def formatted():
    """Return the names that every call of .format fills in, by text."""
    found = {name: [names] for name, names in FORMATTED_ELSEWHERE.items()}
    for node in (node for tree in TREES for node in ast.walk(tree)):
        match node:
            case ast.Call(func=ast.Attribute(value=text, attr="format"), keywords=words):
                for name in fields_of(text):
                    found.setdefault(name, []).append({word.arg for word in words})
    return found


FORMATTED = formatted()


def places(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def filled(name, text):
    return text.format(**dict.fromkeys(FORMATTED[name][0], "x")) if name in FORMATTED else text


@pytest.mark.parametrize("name", MAPPINGS)
def test_mappings_have_the_keys_they_stand_for(name):
    assert getattr(ENGLISH, name).keys() == getattr(RUSSIAN, name).keys()
    assert getattr(ENGLISH, name).keys() == KEYS[name]


@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_empty_or_has_blanks_around_it(name):
    for texts in BOTH:
        for text in texts_under(texts, name).values():
            assert text
            assert text == text.strip()
            assert "  " not in text.replace("\n ", "\n")


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_have_the_same_places_and_every_call_fills_them(name):
    for key, english in texts_under(ENGLISH, name).items():
        russian = texts_under(RUSSIAN, name)[key]
        if name not in FORMATTED:
            assert PLACE.findall(english + russian) == []
            continue
        assert places(english) == places(russian)
        for given in FORMATTED[name]:
            assert places(english) <= given


@pytest.mark.parametrize("name", sorted(FORMATTED))
def test_every_call_gives_only_what_some_sentence_wants(name):
    wanted = {place for text in texts_under(ENGLISH, name).values() for place in places(text)}

    assert all(given == wanted for given in FORMATTED[name])


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_said_somewhere(name):
    assert name in READ


@pytest.mark.parametrize("name", NAMES)
def test_no_text_begins_with_a_mark(name):
    for texts in BOTH:
        for text in texts_under(texts, name).values():
            assert not text.startswith(get_args(Mark))


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_html_of_telegram(name):
    for texts in BOTH:
        for text in texts_under(texts, name).values():
            shown, _ = parse(filled(name, text))
            assert shown.strip() == plain(filled(name, text))


@pytest.mark.parametrize("name", PLAIN)
def test_menus_and_buttons_have_no_markup(name):
    for texts in BOTH:
        text = getattr(texts, name)
        assert plain(text) == text
        assert len(text) <= 40


@pytest.mark.parametrize("name", NAMES)
def test_russian_is_written_in_russian(name):
    """Only signs and a name that both languages write alike are the same in both."""
    for key, text in texts_under(RUSSIAN, name).items():
        english = texts_under(ENGLISH, name)[key]
        assert (name == "state_signs" or text != english) is ((name, key) not in NAMES_OF_OTHERS)
        assert not re.search("[а-яё]", english, re.IGNORECASE)


@pytest.mark.parametrize(
    "name", ["details_stats", "details_stream", "not_linked_private", "link_ask_both"]
)
def test_examples_are_the_same_in_both_languages(name):
    examples = [
        re.findall(r"<pre>.*?</pre>|<code>.*?</code>", getattr(texts, name), re.DOTALL)
        for texts in BOTH
    ]

    assert [example.replace("КЛЮЧ", "KEY") for example in examples[1]] == examples[0]


@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        ("plan_who", LIFETIME_SECONDS),
        ("plan_expired", LIFETIME_SECONDS),
        ("shares_how", editor.LASTS_SECONDS),
        ("shares_expired", editor.LASTS_SECONDS),
    ],
)
def test_texts_say_how_long_a_question_waits(name, seconds):
    for texts in BOTH:
        assert re.findall("[0-9]+", getattr(texts, name)) == [f"{seconds / 60:.0f}"]


def test_commands_named_in_texts_exist():
    known = {command.name for command in COMMANDS}
    for texts in BOTH:
        for name in NAMES:
            for text in texts_under(texts, name).values():
                assert set(re.findall(r"(?<![\w/<>}.-])/([a-z]+)\b(?!/)", text)) <= known


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("", ENGLISH),
        ("en", ENGLISH),
        ("de", ENGLISH),
        ("pt-br", ENGLISH),
        ("rut", ENGLISH),
        ("ru", RUSSIAN),
        ("RU", RUSSIAN),
        ("ru-RU", RUSSIAN),
        *((language, RUSSIAN) for language in RUSSIAN_SPEAKING if language != "ru"),
    ],
)
def test_a_language_code_picks_the_words(language, texts):
    assert texts_for(language) is texts


def test_every_language_on_offer_has_its_words():
    assert [texts_for(language) for language in LANGUAGES] == [RUSSIAN, ENGLISH]
