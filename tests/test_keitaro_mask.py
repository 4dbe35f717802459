"""The key is found in every way in which JSON can write it."""

import json

import pytest

from keitaro.mask import Mask

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
