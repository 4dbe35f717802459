"""JSON files that go with an answer, to be sent back."""

import json

import pytest

from handlers.render.file import json_file


@pytest.mark.parametrize("value", [{"имя": "Лето", "weight": 0}, [], ["\ud800", "ж"]])
def test_json_can_be_sent_back(value):
    file = json_file("stream-7.json", value)

    assert file.name == "stream-7.json"
    assert json.loads(file.content) == value


def test_large_json_has_one_line():
    value = [{"имя": "Лето"}] * 20_000

    content = json_file("a.json", value).content.decode()
    assert "\n" not in content
    assert json.loads(content) == value


def test_json_is_readable():
    assert json_file("a.json", {"имя": ["Лето"]}).content.decode() == (
        '{\n  "имя": [\n    "Лето"\n  ]\n}'
    )
