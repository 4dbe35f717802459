"""Telegram's HTML, as the sandbox reads it."""

import pytest

from sandbox.telegram.markup import MarkupError, parse


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain & > &lt;&gt;&amp;&quot;&nbsp;&#9989;", 'plain & > <>&"&nbsp;✅', []),
        ("<b>a</b>", "a", [("bold", 0, 1)]),
        (
            "<strong>a</strong><em>b</em><ins>c</ins><del>d</del>",
            "abcd",
            [("bold", 0, 1), ("italic", 1, 1), ("underline", 2, 1), ("strikethrough", 3, 1)],
        ),
        ("🟢 <i>a</i>", "🟢 a", [("italic", 3, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<b></b>x", "x", []),
        ("<pre>{\n}</pre>", "{\n}", [("pre", 0, 3)]),
        ("<pre>a<b>b</b></pre>", "ab", [("pre", 0, 2)]),
        ("<pre><code>a</code></pre>", "a", [("pre", 0, 1)]),
        ("<blockquote>a</blockquote>", "a", [("blockquote", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
        (
            '<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler>',
            "ab",
            [("spoiler", 0, 1), ("spoiler", 1, 1)],
        ),
        ("<B>a</>", "a", [("bold", 0, 1)]),
    ],
)
def test_known_tags_become_entities(source, text, entities):
    found, marks = parse(source)

    assert found == text
    assert [(mark["type"], mark["offset"], mark["length"]) for mark in marks] == entities


@pytest.mark.parametrize(
    ("source", "extra"),
    [
        (
            '<pre><code class="language-json">{}</code></pre>',
            {"type": "pre", "offset": 0, "length": 2, "language": "json"},
        ),
        (
            '<a href="https://tracker.example/?a=1&amp;b=2">go</a>',
            {
                "type": "text_link",
                "offset": 0,
                "length": 2,
                "url": "https://tracker.example/?a=1&b=2",
            },
        ),
        (
            '<tg-time unix="1700000000" format="wDT">then</tg-time>',
            {
                "type": "date_time",
                "offset": 0,
                "length": 4,
                "unix_time": 1700000000,
                "date_time_format": "wDT",
            },
        ),
        (
            '<tg-emoji emoji-id="5368">👍</tg-emoji>',
            {"type": "custom_emoji", "offset": 0, "length": 2, "custom_emoji_id": "5368"},
        ),
    ],
)
def test_attributes_are_kept(source, extra):
    assert parse(source)[1] == [extra]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("🏟 🏟&lt;<abac aba>", 'Unsupported start tag "abac" at byte offset 13'),
        ("🏟 🏟&lt;<abacaba", "Unclosed start tag at byte offset 13"),
        ('<a href="x"', "Unclosed start tag at byte offset 0"),
        ("<i aba = ", 'Unclosed start tag "i" at byte offset 0'),
        ('<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/>y</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ],
)
def test_other_tags_are_refused_in_telegrams_words(source, reason):
    with pytest.raises(MarkupError) as caught:
        parse(source)

    assert str(caught.value) == reason
