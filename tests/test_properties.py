"""What holds for whatever is put in: parsers give a value or their own error, renderers defuse."""

import csv
import io
import json
import math
import re
from contextlib import suppress
from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from handlers.faults import HandlerError, JsonError
from handlers.keys import read_typed
from handlers.lists.read import parse_payload
from handlers.payload import decode, parse
from handlers.render.html import block, bold, brief, code, folded, inert, plain, shown
from handlers.sought import read_data, read_words
from handlers.stats.faults import PhraseError
from handlers.stats.phrase import Phrase, read_phrase
from keitaro.reading import parse_json
from paper.csv import FORMULA, write_csv
from sandbox.telegram.entities import detect
from sandbox.telegram.markup import parse as parse_markup
from tests.nasty import DOCUMENTS, STRINGS
from tests.properties import CASES

TODAY = date(2026, 11, 23)
WHOLE = st.integers(-(2**63), 2**63 - 1)
SOUND = st.text(st.characters(codec="utf-8"))
VALUES = st.recursive(
    st.none() | st.booleans() | WHOLE | st.floats(allow_nan=False, allow_infinity=False) | SOUND,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(SOUND, inner, max_size=5),
    max_leaves=20,
)
# Letters of JSON more often than others, so that what comes out is nearly JSON.
NEARLY = st.text(st.sampled_from('{}[]",:0123456789eE+-.tfnulrasd\\/ \n“”\u00a0`\ufeff'))
SHORT = [one for one in (*STRINGS, *DOCUMENTS) if len(one) < 1000]
ANYTHING = st.text() | NEARLY | st.sampled_from(SHORT)
PHRASES = st.lists(
    st.sampled_from(
        [
            "today",
            "вчера",
            "7d",
            "campaign",
            "по",
            "странам",
            "top",
            "5",
            "worst",
            "by",
            "roi",
            "where",
            "clicks",
            ">",
            "100",
            "-1",
            "=",
            "!=",
            "~",
            "not",
            "in",
            "DE",
            ",",
            ";",
            "(",
            ")",
            "csv",
            "chart",
            "every",
            "day",
            "9:00",
            "monday",
            "november",
            "1-15",
            "25:99",
            "limit",
            "sort",
            "asc",
            "’",
            "“",
            "«",
            '"',
            "'",
        ]
    )
    | st.text(max_size=6),
    max_size=14,
).map(" ".join)


def examples(values):
    """Try each of *values* whatever comes by chance."""

    def decorate(test):
        for value in values:
            test = example(value)(test)
        return test

    return decorate


@CASES
@given(ANYTHING)
@examples([*STRINGS, *DOCUMENTS])
def test_a_payload_is_a_value_that_can_be_sent_or_an_error_with_words(text):
    """No other error, and nothing that JSON, SQLite or UTF-8 cannot hold."""
    for parser in (parse, parse_payload):
        try:
            value = parser(text)
        except JsonError:
            continue
        written = json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
        assert json.loads(written) == value
        assert all(map(math.isfinite, _floats(value)))


def _floats(value):
    if isinstance(value, float):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _floats(one)
    elif isinstance(value, list):
        for one in value:
            yield from _floats(one)


@CASES
@given(VALUES, st.sampled_from([None, 1, 4]))
def test_whatever_is_json_is_read_as_it_is(value, indent):
    for ascii_only in (True, False):
        text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
        assert parse(text) == value


@CASES
@given(st.binary() | ANYTHING.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_bytes_are_text_or_an_error_with_words(content):
    try:
        text = decode(content)
    except HandlerError:
        return
    assert text.encode() == content.removeprefix(b"\xef\xbb\xbf")


@CASES
@given(st.binary() | ANYTHING.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_an_answer_of_a_tracker_is_a_value_or_a_value_error(content):
    try:
        value = parse_json(content)
    except ValueError:
        return
    assert all(map(math.isfinite, _floats(value)))


@CASES
@given(ANYTHING | PHRASES, st.sampled_from(["report", "clicks", "conversions"]))
def test_words_for_figures_are_a_request_or_an_error_with_words(text, kind):
    try:
        phrase = read_phrase(text, kind=kind, today=TODAY)
    except PhraseError:
        return
    assert isinstance(phrase, Phrase)
    json.dumps(phrase.query.packed(), allow_nan=False)


@CASES
@given(ANYTHING)
def test_what_is_typed_to_link_a_chat_is_taken_apart_whatever_it_is(text):
    typed = read_typed(text)

    assert typed.address in text
    assert typed.key.get_secret_value() in text
    assert " " not in typed.address + typed.key.get_secret_value()


@CASES
@given(st.lists(ANYTHING, max_size=6), ANYTHING)
def test_the_history_takes_words_or_refuses_them(words, data):
    with suppress(HandlerError):
        read_words(words, today=TODAY)
    # Whoever changes the data of a button is told nothing but that it is not there.
    with suppress(HandlerError, ValueError, LookupError):
        read_data(data)


@CASES
@given(ANYTHING)
@examples(STRINGS)
def test_a_name_cannot_be_more_than_a_name(text):
    """One line, no markup of its own, nothing that Telegram makes a link of, nothing hidden."""
    for render in (shown, brief, inert, bold, code):
        parsed, entities = parse_markup(render(text))
        assert "\n" not in parsed
        assert parsed == plain(render(text))
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\ufeff\u0000-\u001f]", parsed)
        own = {"bold": bold, "code": code}
        assert [one["type"] for one in entities] == [
            name for name, function in own.items() if function is render and parsed
        ]
    for render in (inert, bold):
        parsed, _ = parse_markup(render(text))
        assert detect(parsed) == []


@CASES
@given(st.lists(ANYTHING, max_size=4))
def test_blocks_and_quotes_hold_whatever_is_in_them(lines):
    text = "\n".join(lines)
    for markup in (block(text), block(text, language="json"), folded(map(shown, lines))):
        parsed, entities = parse_markup(markup)
        assert {one["type"] for one in entities} <= {"pre", "expandable_blockquote", "code"}
        assert parsed == plain(markup)


@CASES
@given(st.lists(st.lists(ANYTHING | WHOLE, min_size=2, max_size=2), max_size=5))
def test_a_table_is_read_back_and_has_no_formula(rows):
    content = write_csv([dict(zip("ab", row, strict=True)) for row in rows], ["a", "b"])
    text = content.decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(text, newline="")))

    assert len(read) == len(rows) + 1
    for cells, row in zip(read[1:], rows, strict=True):
        for cell, value in zip(cells, row, strict=True):
            is_number = bool(re.fullmatch(r"[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?", cell))
            assert is_number or not FORMULA.match(cell)
            assert not isinstance(value, int) or cell == str(value)
