"""JSON as people send it: typed on a phone, pasted with a fence, broken in every way."""

import json
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.faults import JsonError, JsonFault, NotTextError
from handlers.payload import (
    BLANKS,
    CURLY,
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_NAMES,
    MAX_SIGNS,
    decode,
    mend,
    parse,
)

# A machine that is busy with other things is no reason to fail.
BOUNDED = settings(
    derandomize=True,
    max_examples=60,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)

VALID = [
    ("{}", {}),
    ("[]", []),
    ("null", None),
    ("true", True),
    ("0", 0),
    ("-12.50", -12.5),
    ("1e3", 1000.0),
    ('""', ""),
    (' \t\r\n{"a": [1, 2]}\n', {"a": [1, 2]}),
    ('{"a": "“b”"}', {"a": "“b”"}),
    ('{"a": "“b”, “c”: x"}', {"a": "“b”, “c”: x"}),
    ('{"«a»": "„b‟″"}', {"«a»": "„b‟″"}),
    ('{"a": "x\u00a0y\u202fz\ufeff"}', {"a": "x\u00a0y\u202fz\ufeff"}),
    ('{"a": "```json"}', {"a": "```json"}),
    ('{"a": "\\"”\\""}', {"a": '"”"'}),
    ('{"a": "it’s"}', {"a": "it’s"}),
    ('"\\ud83d\\ude00"', "😀"),
    ('{"a": "[[[{{{"}', {"a": "[[[{{{"}),
    ("9" * MAX_DIGITS, int("9" * MAX_DIGITS)),
]

MENDED = [
    ("{“a”: “b”}", {"a": "b"}),
    ("{”a”: ”b”}", {"a": "b"}),
    ("{„a“: „b‟}", {"a": "b"}),
    ("{«a»: «b»}", {"a": "b"}),
    ("{″a″: ″b″}", {"a": "b"}),
    ('{“a": "b", "c": “d"}', {"a": "b", "c": "d"}),
    ("[“a”,“b”]", ["a", "b"]),
    ("“”", ""),
    ("{“a”: “say “hi” now”}", {"a": "say “hi” now"}),
    ("{“a”: “it’s”}", {"a": "it’s"}),
    ("{“a”: “x, y: z”}", {"a": "x, y: z"}),
    ("{“a”: “\u00a0b\u00a0”}", {"a": "\u00a0b\u00a0"}),
    ("{“a”\u00a0:\u00a0“b”\u00a0,\u202f“c”: 1}", {"a": "b", "c": 1}),
    ('{“a”: "“b”", “c”: "x”, y"}', {"a": "“b”", "c": "x”, y"}),
    ("{“a”: “x\\” y”}", {"a": 'x" y'}),
    ("{“a”: “\\“x\\”, y”}", {"a": '"x", y'}),
    ('{“a”: “x\\", y”}', {"a": 'x", y'}),
    ("{“a”: “x\\\\”}", {"a": "x\\"}),
    ("{“a”: “" + "[" * 70 + "”}", {"a": "[" * 70}),
    ('{\u00a0"a":\u20031\u200b}\u2060', {"a": 1}),
    ('\ufeff{"a": 1}', {"a": 1}),
    ('```\n{"a": 1}\n```', {"a": 1}),
    ('```json\n{"a": 1}\n```', {"a": 1}),
    ('```JSON5 {"a": 1} ``` \n', {"a": 1}),
    ('```{"a": 1}```', {"a": 1}),
    ("```[1]", [1]),
    ('```"a"```', "a"),
    ("```\n5\n```", 5),
    ("\ufeff```json\n{“a”: 1}\n```\u200b", {"a": 1}),
    ('\n\n  ```js\n{"a":\u00a01}\n```', {"a": 1}),
]

BROKEN = [
    # text, fault, line, column, spot, caret
    ("", "value", 1, 1, "", 0),
    ("   ", "value", 1, 4, "   ", 3),
    ("hello", "value", 1, 1, "hello", 0),
    ("{'a': 1}", "name", 1, 2, "{'a': 1}", 1),
    ("{‘a’: 1}", "name", 1, 2, "{‘a’: 1}", 1),
    ("{a: 1}", "name", 1, 2, "{a: 1}", 1),
    ("{", "name", 1, 2, "{", 1),
    ('{"a": True}', "value", 1, 7, '{"a": True}', 6),
    ('{"a":}', "value", 1, 6, '{"a":}', 5),
    ("[,]", "value", 1, 2, "[,]", 1),
    ("```", "value", 1, 4, "```", 3),
    ("``````", "value", 1, 4, "``````", 3),
    ("```json", "value", 1, 4, "```json", 3),
    ('{"a" 1}', "colon", 1, 6, '{"a" 1}', 5),
    ('{"a": 1 "b": 2}', "comma", 1, 9, '{"a": 1 "b": 2}', 8),
    ("[1 2]", "comma", 1, 4, "[1 2]", 3),
    ("[1, 2", "comma", 1, 6, "[1, 2", 5),
    ('{“a”: “say "hi" now”}', "comma", 1, 13, '{“a”: “say "hi" now”}', 12),
    ("[1, 2,]", "trailing_comma", 1, 6, "[1, 2,]", 5),
    ('{"a": 1, }', "trailing_comma", 1, 8, '{"a": 1, }', 7),
    ('{\n "a": 1,\n}', "trailing_comma", 2, 8, ' "a": 1,', 7),
    ("{“a”: 1,\u00a0}", "trailing_comma", 1, 8, "{“a”: 1,\u00a0}", 7),
    ('{"a": "b', "string", 1, 7, '{"a": "b', 6),
    ('{"a”: 1}', "string", 1, 2, '{"a”: 1}', 1),
    ("{} x", "extra", 1, 4, "{} x", 3),
    ("{}}", "extra", 1, 3, "{}}", 2),
    ("01", "extra", 1, 2, "01", 1),
    ('{"a": "x\ny"}', "control", 1, 9, '{"a": "x', 8),
    ('["x\ty"]', "control", 1, 4, '["x\ty"]', 3),
    ('"\0"', "control", 1, 2, '"\0"', 1),
    ('"\\q"', "escape", 1, 2, '"\\q"', 1),
    ('"\\u12"', "escape", 1, 3, '"\\u12"', 2),
    ('["a\\”"]', "escape", 1, 4, '["a\\”"]', 3),
    ('{\r\n"a": 1\r\n"b": 2\r\n}', "comma", 3, 1, '"b": 2', 0),
    ('\n\n```json\n{"a": tru}\n```', "value", 4, 7, '{"a": tru}', 6),
    ("{\n “a”: “b”,\n\u00a0“c”: tru\n}", "value", 3, 7, "\u00a0“c”: tru", 6),
    ("[" + "1," * 40 + "x" + ",2" * 40 + "]", "value", 1, 82, "1," * 8 + "x" + ",2" * 7 + ",", 16),
]

PLACELESS = [
    # text, fault, name
    ('{"a": 1, "b": 2, "b": 3, "a": 4}', "duplicate", "a"),
    ('[{"x": {"“": 1, "“": 2}}]', "duplicate", "“"),
    ('{"' + "n" * 99 + '": 1, "' + "n" * 99 + '": 2}', "duplicate", "n" * 40 + "…"),
    ("NaN", "number", "NaN"),
    ('{"a": -Infinity}', "number", "-Infinity"),
    ("[1e999]", "number", "1e999"),
    ("1." + "0" * 50 + "e999", "number", "1." + "0" * 38 + "…"),
    ("9" * (MAX_DIGITS + 1), "number", "9" * 40 + "…"),
    ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "depth", ""),
    ("[" * 200_000, "depth", ""),
    ('{"a":' * 100_000, "depth", ""),
    (f"[{'{},' * MAX_SIGNS}{{}}]", "crowded", ""),
    ('{"a":"' + "," * (MAX_SIGNS + 1) + '"', "crowded", ""),
    (json.dumps(dict.fromkeys(map(str, range(MAX_NAMES + 1)))), "crowded", ""),
    ('["\\ud800"]', "surrogate", ""),
    ('{"\\udc00": 1}', "surrogate", ""),
]


@pytest.mark.parametrize(("text", "value"), VALID)
def test_valid_json_is_taken_as_it_is(text, value):
    assert parse(text) == value
    assert mend(text) == text


@pytest.mark.parametrize(("text", "value"), MENDED)
def test_what_a_phone_does_to_json_is_undone(text, value):
    assert parse(text) == value


@pytest.mark.parametrize("quote", CURLY)
def test_every_curly_quote_delimits_a_string(quote):
    assert parse(f"{{{quote}a{quote}: {quote}b{quote}}}") == {"a": "b"}


@pytest.mark.parametrize("blank", BLANKS, ids=ascii)
def test_every_odd_blank_separates_and_stays_inside_a_string(blank):
    assert parse(f'{{{blank}"a"{blank}:{blank}"x{blank}y"{blank}}}{blank}') == {"a": f"x{blank}y"}


@pytest.mark.parametrize(("text", "fault", "line", "column", "spot", "caret"), BROKEN)
def test_broken_json_is_told_with_its_place(text, fault, line, column, spot, caret):
    with pytest.raises(JsonError) as caught:
        parse(text)

    assert caught.value == JsonError(fault, line=line, column=column, spot=spot, caret=caret)


@pytest.mark.parametrize(("text", "fault", "name"), PLACELESS)
def test_json_that_no_tracker_could_read_is_refused_by_name(text, fault, name):
    with pytest.raises(JsonError) as caught:
        parse(text)

    assert caught.value == JsonError(fault, name=name)


@pytest.mark.parametrize("fault", get_args(JsonFault))
def test_every_fault_has_a_case(fault):
    assert fault in {row[1] for row in BROKEN + PLACELESS}


def test_depth_is_taken_up_to_the_limit():
    text = "[" * MAX_DEPTH + "]" * MAX_DEPTH

    assert json.dumps(parse(text)) == text


def test_an_object_may_have_many_names_and_none_twice():
    members = [f'"{number}":0' for number in range(MAX_NAMES - 1)]
    with pytest.raises(JsonError) as caught:
        parse("{" + ",".join([*members, '"998":1']) + "}")

    assert caught.value == JsonError("duplicate", name="998")
    assert len(parse("{" + ",".join([*members, '"last":1']) + "}")) == MAX_NAMES


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", ""),
        ("ж".encode(), "ж"),
        (b"\xef\xbb\xbf{}", "{}"),
        ("{“a”: 1}\r\n".encode(), "{“a”: 1}\r\n"),
    ],
)
def test_a_file_is_read_as_utf8_with_or_without_a_mark(content, text):
    assert decode(content) == text


@pytest.mark.parametrize(
    "content", ["{}".encode("utf-16"), b"\xff", "ж".encode("cp1251"), b"{\xc3"]
)
def test_a_file_in_another_encoding_is_refused(content):
    with pytest.raises(NotTextError):
        decode(content)


# Inside a string a curly quote before a comma cannot be told from the end of the string.
strings = st.text(
    st.characters(exclude_characters=CURLY, exclude_categories=["Cs"]) | st.sampled_from('"\\,:]}'),
    max_size=8,
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | strings,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(strings, inner, max_size=4),
    max_leaves=12,
)
hostile = st.lists(
    st.sampled_from([*'{}[]:,"\\/`\n\r\t 10-.eE', *CURLY, "\u00a0", "\ufeff", "```", "json", "a"])
    | st.sampled_from(["true", "null", "NaN", "1e999", '"a":', "\\u", "\\ud800", "\0", "😀"]),
    max_size=30,
).map("".join)


def typed_on_a_phone(value, pair, blank, fence):
    """Write *value* as a keyboard with smart punctuation would have it."""
    text = json.dumps(
        value, ensure_ascii=False, separators=(f"{blank},{blank}", f"{blank}:{blank}")
    )
    typed = []
    is_open = False
    for sign in text:
        if sign == '"':
            typed.append(pair[is_open])
            is_open = not is_open
        else:
            typed.append(sign)
    return fence.format("".join(typed))


@BOUNDED
@given(
    values,
    st.sampled_from(["“”", "””", "„“", "«»", "″″"]),
    st.sampled_from(["", " ", "\u00a0", "\u202f", "\u3000 "]),
    st.sampled_from(["{}", "```json\n{}\n```", "```\n{}```", "\ufeff{}\u00a0", "\n{}\n"]),
)
def test_any_value_survives_a_phone_keyboard(value, pair, blank, fence):
    assert parse(typed_on_a_phone(value, pair, blank, fence)) == value


@BOUNDED
@given(values)
def test_any_value_survives_as_it_is(value):
    text = json.dumps(value, ensure_ascii=False)

    assert parse(text) == value
    assert mend(text) == text


def fault_in(text):
    """Return what is wrong with *text*; any other exception is a bug."""
    try:
        parse(text)
    except JsonError as error:
        return error
    return None


@BOUNDED
@given(st.text(max_size=40) | hostile)
def test_any_text_is_json_or_has_a_fault_with_a_place_inside_it(text):
    fault = fault_in(text)
    if fault is None or not fault.line:
        return
    line = text.split("\n")[fault.line - 1]

    assert 1 <= fault.column <= len(line) + 1
    assert fault.spot in line
    assert 0 <= fault.caret <= len(fault.spot) + 1


@BOUNDED
@given(st.binary(max_size=40))
def test_any_bytes_are_text_or_refused(content):
    try:
        text = decode(content)
    except NotTextError:
        return

    assert text.encode() == content.removeprefix(b"\xef\xbb\xbf")
