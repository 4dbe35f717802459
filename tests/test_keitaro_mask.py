"""The key is found in every way in which JSON can write it."""

import json

import pytest

from keitaro.errors import PayloadError
from keitaro.mask import Mask
from keitaro.payload import check_unmasked

KEY = 'fake/key-1111"2222\\3333'


@pytest.mark.parametrize(
    "written",
    [
        json.dumps(KEY),
        json.dumps(KEY.upper()),
        json.dumps(KEY).replace("/", "\\/"),
        '"' + "".join(f"\\u{ord(sign):04x}" for sign in KEY) + '"',
        '"' + json.dumps(KEY)[1:-1].replace("f", "\\u0066") + '"',
        json.dumps(f"see {KEY} here"),
    ],
)
def test_the_key_is_suspected_wherever_it_stands(written):
    mask = Mask(KEY)
    content = f'{{"name": {written}}}'.encode()

    assert KEY.lower() in json.loads(content)["name"].lower()
    assert mask.may_be_in(content)
    assert KEY.lower() not in mask.value(json.loads(content))["name"].lower()


def test_other_answers_need_not_be_searched_word_by_word():
    mask = Mask(KEY)

    assert not mask.may_be_in(json.dumps({"name": "Зима", "url": "https://a.example/"}).encode())
    assert not mask.may_be_in(b'{"url": "https:\\/\\/a.example\\/"}')
    assert mask.may_be_in('{"name": "x"}'.encode("utf-16-le"))


@pytest.mark.parametrize(
    "name",
    [
        *("token", "click_api_token", "accessToken", "secret", "client_secret", "password"),
        *("api_key", "apiKey", "API_KEY", "private_key", "Authorization", "postback_url", "tokens"),
    ],
)
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("fake-1", "••••"),
        (17, "••••"),
        (["fake-1", ""], ["••••", ""]),
        ({"a": "fake-1", "b": True}, {"a": "••••", "b": True}),
        ("", ""),
        (None, None),
        (False, False),
    ],
)
def test_fields_that_are_secret_by_their_names_are_masked_at_any_depth(name, value, shown):
    mask = Mask(KEY)
    answer = {"id": 5, "rows": [{"inner": {name: value, "name": "Main"}}]}

    assert mask.may_be_in(json.dumps(answer).encode())
    assert mask.value(answer) == {"id": 5, "rows": [{"inner": {name: shown, "name": "Main"}}]}


@pytest.mark.parametrize(
    "name", ["token_type", "cookies_ttl", "name", "keyword", "sub_id_1", "has_api_key_set", "url"]
)
def test_other_fields_are_left_alone(name):
    assert Mask(KEY).value({name: "fake-1"}) == {name: "fake-1"}


def test_the_address_of_a_postback_is_masked_and_no_other_address():
    row = {"method": "GET", "url": "https://a.example/?k=fake-1", "statuses": ["lead"]}

    assert Mask(KEY).value({"postbacks": [row], "links": [row]}) == {
        "postbacks": [{**row, "url": "••••"}],
        "links": [row],
    }


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ('{"token": "fake-1', '{"token": "••••'),
        ("api_key=fake-1&x=2", "api_key=••••&x=2"),
        ("Authorization: Basic ZmFrZQ==", "Authorization: Basic ••••"),
        ("see bot123456789:" + "A" * 35 + "/getMe", "see bot••••/getMe"),
        ("the token is wrong", "the token is wrong"),
    ],
)
def test_words_that_are_no_json_lose_what_looks_like_a_secret(said, shown):
    assert Mask(KEY).words(said) == shown


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "••••2222"}, "name"),
        ({"filters": [{"name": "a"}, {"payload": {"token": "••••"}}]}, "filters.1.payload.token"),
        (["x", "••••"], "1"),
    ],
)
def test_a_body_with_a_mask_is_not_sent(body, field):
    with pytest.raises(PayloadError) as caught:
        check_unmasked(body)

    assert [(one.field, one.kind) for one in caught.value.problems] == [(field, "masked")]


def test_a_body_without_one_is():
    check_unmasked({"name": "•••", "offers": [{"share": 1, "state": None}]})


def test_the_columns_of_reports_and_logs_are_not_searched_field_by_field():
    row = {"keyword": "shoes", "postback_datetime": "2026-11-22", "sub_id_1": "a", "campaign": "A"}

    assert not Mask(KEY).may_be_in(json.dumps({"rows": [row] * 1000}).encode())
