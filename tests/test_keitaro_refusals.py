"""What the tracker's ways of saying no become."""

import json
import traceback

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from keitaro import (
    CAMPAIGN_DELETE,
    OFFER_DOWNLOAD,
    REPORT_BUILD,
    STREAM_CLONE,
    STREAM_CREATE,
    STREAM_DELETED,
    STREAM_DISABLE,
    STREAM_EVENTS,
    STREAM_GET,
    STREAM_UPDATE,
    BlockedError,
    ExchangeError,
    ForbiddenError,
    InvalidError,
    KeyRefusedError,
    LicenceError,
    Limits,
    Network,
    NotFoundError,
    NotKeitaroError,
    RateLimitedError,
    RedirectError,
    ResponseError,
    ServerError,
    Tracker,
    UnreadableError,
    parse_address,
)

KEY = "fake-key-of-the-tracker-1111"
PAGE = "<!DOCTYPE html><html><body>Keitaro</body></html>"
NEW_STREAM = {
    "campaign_id": 501,
    "schema": "action",
    "type": "default",
    "name": "Fallback",
    "action_type": "do_nothing",
}


@pytest.fixture
async def answering():
    """Return a function that gives a tracker with one answer for everything, asked for once."""
    trackers = []

    def connect(status, body=b"", headers=None):
        content = json.dumps(body).encode() if isinstance(body, dict | list) else body

        async def answer(request):
            connect.requests += 1
            return Response(content, status, headers=headers)

        app = Starlette(
            routes=[Route("/{path:path}", answer, methods=["GET", "POST", "PUT", "DELETE"])]
        )
        network = Network(limits=Limits(repeats=0), transport=httpx.ASGITransport(app))
        trackers.append(Tracker(parse_address("tracker.example"), KEY, network=network))
        return trackers[-1]

    connect.requests = 0
    yield connect
    for tracker in trackers:
        await tracker.close()


HTML = {"content-type": "text/html"}
JSON = {"content-type": "application/json"}
CLOUDFLARE = {
    "title": "Error 1010: Access denied",
    "status": 403,
    "error_code": 1010,
    "error_name": "browser_signature_banned",
    "cloudflare_error": True,
}
NO_RIGHT = {"error": "You have no permission to access this page to offers", "stacktrace": None}
ALIAS = {"alias": ["Alias has already used"], "name": ["Too short", "Taken"], "stacktrace": ["x"]}
FIELDS = {"alias": ("Alias has already used",), "name": ("Too short", "Taken")}

# status, headers, body -> class, detail, fields, in doubt
TABLE = {
    "200 page": (200, HTML, PAGE, NotKeitaroError, "", {}, True),
    "400 error": (400, JSON, {"error": "Column 'x' is not defined"}, InvalidError, "Column 'x' is not defined", {}, False),
    "400 fields": (400, JSON, ALIAS, InvalidError, "", FIELDS, False),
    "400 text": (400, HTML, "Unknown option group", InvalidError, "Unknown option group", {}, False),
    "400 string": (400, JSON, b'"No type given"', InvalidError, "No type given", {}, False),
    "400 other": (400, JSON, {"offers": [{"share": ["bad"]}]}, InvalidError, '{"offers": [{"share": ["bad"]}]}', {}, False),
    "400 list": (400, JSON, [], InvalidError, "[]", {}, False),
    "401": (401, JSON, {"error": "Access denied"}, KeyRefusedError, "Access denied", {}, False),
    "402": (402, JSON, {"error": "Not in this edition"}, LicenceError, "Not in this edition", {}, False),
    "403": (403, JSON, NO_RIGHT, ForbiddenError, NO_RIGHT["error"], {}, False),
    "403 cloudflare": (403, JSON, CLOUDFLARE, BlockedError, "Error 1010: Access denied", {}, False),
    "403 challenge": (403, HTML | {"server": "cloudflare"}, PAGE, BlockedError, "", {}, False),
    "403 mitigated": (403, HTML | {"cf-mitigated": "challenge"}, PAGE, BlockedError, "", {}, False),
    "403 page": (403, HTML, PAGE, ForbiddenError, "", {}, False),
    "404 text": (404, HTML, r"Traffic\Model\Stream #45 not found", NotFoundError, r"Traffic\Model\Stream #45 not found", {}, False),
    "404 json": (404, JSON, {"error": "Not found"}, NotFoundError, "Not found", {}, False),
    "404 page": (404, HTML, PAGE, NotKeitaroError, "", {}, False),
    "404 empty": (404, HTML, "", NotFoundError, "", {}, False),
    "406": (406, JSON, ALIAS, InvalidError, "", FIELDS, False),
    "422": (422, JSON, ALIAS, InvalidError, "", FIELDS, False),
    "422 both": (422, JSON, {"error": "Invalid", "name": ["Taken"]}, InvalidError, "Invalid", {"name": ("Taken",)}, False),
    "409": (409, JSON, {"message": "Feature disabled"}, ResponseError, "Feature disabled", {}, False),
    "429": (429, JSON, {}, RateLimitedError, "{}", {}, False),
    "500 json": (500, JSON, {"error": "Call to a member function"}, ServerError, "Call to a member function", {}, True),
    "500 text": (500, HTML, "x" * 400, ServerError, "x" * 300, {}, True),
    "502 page": (502, HTML, "<html><h1>Bad Gateway</h1></html>", ServerError, "", {}, True),
    "503 notice": (503, HTML, "Notice: oops\n<html></html>", ServerError, "", {}, True),
    "504": (504, HTML, PAGE, ServerError, "", {}, True),
}  # fmt: skip


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE.keys())
async def test_error_table(row, answering):
    status, headers, body, kind, detail, fields, in_doubt = row

    tracker = answering(status, body, headers)
    with pytest.raises(ExchangeError) as caught:
        await tracker.call(STREAM_CREATE, body=NEW_STREAM)

    error = caught.value
    assert type(error) is kind
    assert (error.status, error.detail, error.fields) == (status, detail, fields)
    assert error.in_doubt is in_doubt
    assert error.sent == tracker.sent(STREAM_CREATE, body=NEW_STREAM)
    assert answering.requests == 1


async def test_the_answer_is_kept_as_json_or_as_the_beginning_of_its_text(answering):
    responses = []
    for body in [ALIAS, "plain " * 100, PAGE]:
        with pytest.raises(ResponseError) as caught:
            await answering(422, body).call(STREAM_GET, id=45)
        responses.append(caught.value.response)

    assert responses == [ALIAS, ("plain " * 50).strip(), ""]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2", 2),
        ("0", 0),
        ("999999", 999999),
        ("-1", None),
        ("soon", None),
        ("", None),
        ("9" * 5000, None),
        ("Sun, 22 Nov 2026 12:00:40 GMT", 40),
        ("Sun, 22 Nov 2026 11:00:00 GMT", None),
        (f"Sun, 22 Nov {'9' * 30} 12:00:00 GMT", None),
        (f"Sun, 22 Nov 2026 12:00:00 +{'9' * 30}", None),
    ],
)
async def test_a_request_to_wait_is_understood_or_left_out(text, seconds, answering):
    headers = {"retry-after": text, "date": "Sun, 22 Nov 2026 12:00:00 GMT"}

    with pytest.raises(RateLimitedError) as caught:
        await answering(429, b"", headers).call(STREAM_GET, id=45)

    assert caught.value.retry_after_seconds == seconds


async def test_a_date_to_wait_for_needs_a_date_to_count_from(answering):
    headers = {"retry-after": "Sun, 22 Nov 2026 12:00:40 GMT"}

    with pytest.raises(RateLimitedError) as caught:
        await answering(429, b"", headers).call(STREAM_GET, id=45)

    assert caught.value.retry_after_seconds is None


@pytest.mark.parametrize("status", [301, 302, 303, 304, 307, 308])
@pytest.mark.parametrize(
    "location",
    ["https://elsewhere.example/x", "http://tracker.example/", "//[::1]/", "file:///etc", "", "/y"],
)
async def test_redirects_are_told_and_never_followed(status, location, answering):
    tracker = answering(status, b"", {"location": location})
    with pytest.raises(RedirectError) as caught:
        await tracker.call(STREAM_CREATE, body=NEW_STREAM)

    assert (caught.value.status, caught.value.location) == (status, location)
    assert not caught.value.in_doubt
    assert answering.requests == 1


async def test_a_refresh_header_is_not_followed(answering):
    tracker = answering(200, [], {"refresh": "0; url=https://elsewhere.example/"})

    assert await tracker.call(STREAM_DELETED) == []
    assert answering.requests == 1


ECHOES = {
    "text": (404, f"Api-Key: {KEY}\n"),
    "upper case": (404, f"API-KEY: {KEY.upper()}\n"),
    "json": (400, {"error": f"bad {KEY}", KEY: [f"{KEY}{KEY}"], "nested": {"a": [KEY, 1, None]}}),
    "escaped json": (400, '{"error": "' + "".join(f"\\u{ord(c):04x}" for c in KEY) + '"}'),
    "at the cut": (500, "x" * 290 + KEY),
    "many": (500, f"{KEY} " * 3000),
    "redirect": (302, ""),
    "debug page": (502, f"<html><pre>Api-Key: {KEY}</pre></html>"),
    "2xx page": (200, f"<html><pre>Api-Key: {KEY}</pre></html>"),
    "2xx text": (200, f"Api-Key: {KEY}"),
    "2xx broken": (200, f'{{"key": "{KEY}"'),
}


@pytest.mark.parametrize(("status", "body"), ECHOES.values(), ids=ECHOES.keys())
async def test_an_echoed_key_is_shown_nowhere(status, body, answering):
    headers = {"location": f"https://tracker.example/?key={KEY}", "content-encoding": "identity"}
    with pytest.raises(ExchangeError) as caught:
        await answering(status, body, headers).call(STREAM_GET, id=45)

    error = caught.value
    shown = "".join(traceback.format_exception(error)) + repr(error) + str(vars(error))
    for length in (len(KEY), 6):
        assert KEY[:length].lower() not in shown.lower()


async def test_an_unknown_encoding_that_echoes_the_key_is_not_quoted(answering):
    tracker = answering(200, b"x", {"content-encoding": KEY})
    with pytest.raises(UnreadableError) as caught:
        await tracker.call(STREAM_GET, id=45)

    assert KEY not in "".join(traceback.format_exception(caught.value))


UNREADABLE = {
    "text": (STREAM_GET, b"OK", "not_json"),
    "truncated": (STREAM_GET, b'{"id": 45, "na', "not_json"),
    "trailing": (STREAM_GET, b'{"id": 45} {}', "not_json"),
    "nan": (STREAM_GET, b'{"id": NaN}', "not_json"),
    "infinite": (REPORT_BUILD, b'{"rows": [{"clicks": 1e999}]}', "not_json"),
    "deep": (STREAM_GET, b"[" * 100_000, "not_json"),
    "too deep": (STREAM_EVENTS, b"[" * 65 + b"]" * 65, "not_json"),
    "too deep between texts": (STREAM_EVENTS, rb'["]]", "\"]", ' + b'{"]": [' * 32 + b"]}" * 32 + b"]", "not_json"),
    "too deep in a text without end": (STREAM_EVENTS, b"[" * 65 + b'"' + b'\\"' * 2_000_000, "not_json"),
    "not balanced": (STREAM_EVENTS, b"[{" * 40 + b"]}" * 40, "not_json"),
    "many lists": (STREAM_EVENTS, b"[" + b"[]," * 200_000 + b"[]]", "too_large"),
    "many items": (STREAM_EVENTS, b"[" + b"0," * 400_000 + b"0]", "too_large"),
    "a page of rows in one": (STREAM_GET, b'{"id": 45, "filters": [' + b"{}," * 2000 + b"{}]}", "too_large"),
    "many items in one": (STREAM_GET, b'{"id": 45, "payload": [' + b"0," * 30_000 + b"0]}", "too_large"),
    "a long text in one": (STREAM_GET, b'{"id": 45, "comments": "' + b"x" * 2**20 + b'"}', "too_large"),
    "surrogate": (STREAM_GET, rb'{"name": "\ud800"}', "not_json"),
    "utf-16": (STREAM_GET, '{"id": 45}'.encode("utf-16"), "not_json"),
    "empty": (STREAM_GET, b"", "not_json"),
    "blank": (STREAM_DELETED, b" \n", "not_json"),
    "list for object": (STREAM_GET, [{"id": 45}], "shape"),
    "text for object": (STREAM_GET, b'"done"', "shape"),
    "null for object": (STREAM_DISABLE, b"null", "shape"),
    "object for list": (STREAM_DELETED, {"data": []}, "shape"),
    "numbers in list": (STREAM_DELETED, [1, 2], "shape"),
    "another object": (STREAM_GET, {"id": 46}, "shape"),
    "another object changed": (STREAM_DISABLE, {"id": 46}, "shape"),
    "another object archived": (CAMPAIGN_DELETE, {"id": 46}, "shape"),
    "two clones": (STREAM_CLONE, [{"id": 46}, {"id": 47}], "shape"),
    "no rows": (REPORT_BUILD, {"total": 1}, "shape"),
    "odd rows": (REPORT_BUILD, {"rows": [1]}, "shape"),
    "bare rows": (REPORT_BUILD, [{"clicks": 1}], "shape"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("operation", "body", "reason"), UNREADABLE.values(), ids=UNREADABLE.keys()
)
async def test_a_success_that_is_no_answer_is_in_doubt(operation, body, reason, answering):
    path = {"id": 45} if "{id}" in operation.path else {}
    needed = {} if operation.body else None

    with pytest.raises(UnreadableError) as caught:
        await answering(200, body, JSON).call(operation, body=needed, **path)

    assert caught.value.reason == reason
    assert caught.value.status == 200
    assert caught.value.in_doubt


async def test_a_page_with_scripts_in_a_stream_is_no_crowd_of_values(answering):
    script = "[{a,b}]," * 20_000
    stream = await answering(200, {"id": 45, "action_payload": script}).call(STREAM_GET, id=45)

    assert stream["action_payload"] == script


async def test_a_change_may_answer_without_a_body(answering):
    assert await answering(201, b"").call(CAMPAIGN_DELETE, id=45) is None
    assert await answering(204, b"").call(STREAM_DISABLE, id=45) is None


async def test_odd_but_right_answers_are_read(answering):
    assert await answering(200, b'\xef\xbb\xbf{"id": "45"}').call(STREAM_GET, id=45) == {"id": "45"}
    assert await answering(200, b'{"a": 1e300}').call(STREAM_GET, id=45) == {"a": 1e300}
    assert await answering(200, b'"done"').call(STREAM_EVENTS, id=45) == "done"
    assert await answering(200, {"name": "<html>"}, HTML).call(STREAM_GET, id=45) == {
        "name": "<html>"
    }


async def test_an_answer_may_be_deep_and_long_within_bounds(answering):
    deep = b'{"[": [' * 31 + rb'["[[[\"[[["]' + b"]}" * 31
    wide = b"[" + b"0," * 399_999 + b"0]"
    limits = b"[" * 64 + b"]" * 64

    assert await answering(200, deep).call(STREAM_EVENTS, id=45) == json.loads(deep)
    assert await answering(200, wide).call(STREAM_EVENTS, id=45) == [0] * 400_000
    assert await answering(200, limits).call(STREAM_EVENTS, id=45) == json.loads(limits)


async def test_a_refusal_too_deep_to_read_is_text(answering):
    with pytest.raises(InvalidError) as caught:
        await answering(400, b"[" * 65 + b"]" * 65).call(STREAM_GET, id=45)

    assert caught.value.detail == "[" * 65 + "]" * 65


async def test_a_key_in_a_good_answer_is_masked(answering):
    """Whatever the operation, and however the key is written in JSON."""
    hint = "••••1111"
    escaped = "".join(f"\\u{ord(sign):04x}" for sign in KEY)
    stream = {
        "id": 45,
        "action_payload": f"https://a.example/?k={KEY.upper()}",
        KEY: [KEY, 1, None],
    }
    masked = {"id": 45, "action_payload": f"https://a.example/?k={hint}", hint: [hint, 1, None]}
    body = {"action_payload": KEY}

    assert await answering(200, stream).call(STREAM_GET, id=45) == masked
    assert await answering(200, stream).call(STREAM_UPDATE, id=45, body=body) == masked
    assert await answering(200, [stream]).call(STREAM_CLONE, id=45) == masked
    assert await answering(200, [stream]).call(STREAM_DELETED) == [masked]
    assert await answering(200, f'"{escaped}"').call(STREAM_EVENTS, id=45) == hint
    assert await answering(200, {"rows": [{KEY: KEY}]}).call(REPORT_BUILD, body={}) == {
        "rows": [{hint: hint}]
    }


async def test_a_file_is_handed_over_byte_for_byte(answering):
    assert await answering(200, KEY.encode()).call(OFFER_DOWNLOAD, id=45) == KEY.encode()


async def test_large_numbers_in_long_answers_are_looked_at_one_by_one(answering):
    value = {"rows": [{"a": 1e300, "b": None, "c": [1, "x"]}], "total": 1}

    assert await answering(200, value).call(REPORT_BUILD, body={}) == value


async def test_a_file_is_bytes_and_a_page_is_no_file(answering):
    assert await answering(200, b"<PK\x03").call(OFFER_DOWNLOAD, id=45) == b"<PK\x03"

    with pytest.raises(NotKeitaroError):
        await answering(200, PAGE, HTML).call(OFFER_DOWNLOAD, id=45)
