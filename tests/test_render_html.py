"""Whatever comes from outside is shown as what it is, and does nothing."""

import unicodedata

import pytest

from handlers.render.html import (
    block,
    bold,
    code,
    folded,
    inert,
    length,
    plain,
    shown,
    visible,
)
from sandbox.telegram.entities import detect, utf16_length
from sandbox.telegram.markup import parse

# Joiners belong to Persian, Indic scripts and emoji; the others have a shape of their own.
HARMLESS_FORMATS = {
    *"\u200c\u200d\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd",
    *map(chr, range(0x600, 0x606)),
    *map(chr, range(0x13430, 0x13440)),
}


def test_every_sign_without_a_shape_is_shown():
    """Control, format and line separating characters, and halves of a pair."""
    shapeless = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    signs = [sign for sign in map(chr, range(0x110000)) if unicodedata.category(sign) in shapeless]
    silent = {sign for sign in signs if visible(sign) == sign}

    assert silent - HARMLESS_FORMATS == set()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\tb\nc\rd\0", "a␉b␊c␍d␀"),
        ("\x7f\x85\x9f", "⟨U+007F⟩⟨U+0085⟩⟨U+009F⟩"),
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("\u2066x\u2069", "⟨U+2066⟩x⟨U+2069⟩"),
        ("\u200e\u200f\u061c", "⟨U+200E⟩⟨U+200F⟩⟨U+061C⟩"),
        ("a\u2028b\u2029c", "a⟨U+2028⟩b⟨U+2029⟩c"),
        ("\u200b\u2060\ufeff\u00ad", "⟨U+200B⟩⟨U+2060⟩⟨U+FEFF⟩⟨U+00AD⟩"),
        ("\u034f\u115f\u3164\uffa0", "⟨U+034F⟩⟨U+115F⟩⟨U+3164⟩⟨U+FFA0⟩"),
        ("\u17b4\u180e\ufff9", "⟨U+17B4⟩⟨U+180E⟩⟨U+FFF9⟩"),
        ("\U000e0041\U0001d173", "⟨U+E0041⟩⟨U+1D173⟩"),
        ("\ud800", "⟨U+D800⟩"),
        ("a\u00a0b", "a\u00a0b"),
        ("👩\u200d👧 ❤\ufe0f é 東 ש", "👩\u200d👧 ❤\ufe0f é 東 ש"),
        (None, "None"),
        (12, "12"),
    ],
)
def test_hidden_characters_become_signs(value, text):
    assert visible(value) == text


@pytest.mark.parametrize(
    ("value", "markup"),
    [
        ("<b>&amp;</b>", "&lt;b&gt;&amp;amp;&lt;/b&gt;"),
        ('"it\'s"', '"it\'s"'),
        ("a\n✅ Stream 7 is on", "a␊✅ Stream 7 is on"),
    ],
)
def test_markup_is_escaped_and_lines_cannot_be_forged(value, markup):
    assert shown(value) == markup
    assert plain(markup) == visible(value)


@pytest.mark.parametrize(
    "name",
    [
        "@durov_team",
        "/start",
        "#sale",
        "(@some_bot)",
        "<@some_bot>",
        "a /stream@keitaro_bot 7",
        "&#sale",
        "#7up",
        "https://evil.example/x",
        "me@evil.example",
        "Main /unlink @evil_admin #tag $USD https://evil.example/x evil.example a@evil.example",
    ],
)
def test_mentions_commands_hashtags_and_links_cannot_be_tapped(name):
    assert detect(name)
    text, entities = parse(inert(name))

    assert entities == []
    assert detect(text) == []
    assert text.replace("\u2060", "") == name


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("evil.example", "evil.\u2060example"),
        ("10.0.0.1", "10.\u20600.\u20600.\u20601"),
        ("$USD", "$\u2060USD"),
        ("tg:resolve", "tg:\u2060resolve"),
        ("ton://x", "ton:\u2060//x"),
        ("#\u200cтег", "#\u2060\u200cтег"),
        ("#45\u00b7", "#\u206045\u00b7"),
        ("я@some_bot", "я@\u2060some_bot"),
        ("я/start", "я/\u2060start"),
        ("x" * 400, "x" * 300 + "…"),
    ],
)
def test_what_the_real_telegram_finds_beyond_the_sandbox_is_broken_too(name, text):
    """Bare domains, tags of shares, addresses of apps; a letter it may not know comes before."""
    assert plain(inert(name)) == text


@pytest.mark.parametrize(
    "name",
    [
        *("a/b", "me@host", "1/2", "/ @ # $ .", "50 % & more", "10:30", "</b>", "A. B", "Mo: x"),
        "Stream #45 not found",
        "Summer #1",
    ],
)
def test_other_names_stay_as_they_are(name):
    assert plain(inert(name)) == name


def test_pieces_are_wrapped_and_escaped():
    assert bold("<@ab>") == "<b>&lt;@\u2060ab&gt;</b>"
    assert code("a<b\n") == "<code>a&lt;b␊</code>"
    assert block("a<\nb\t") == "<pre>a&lt;\nb␉</pre>"
    assert block("{}", language="json") == '<pre><code class="language-json">{}</code></pre>'
    assert folded(["<b>a</b>", "b"]) == "<blockquote expandable><b>a</b>\nb</blockquote>"


@pytest.mark.parametrize(
    ("markup", "units"),
    [
        ("", 0),
        ("abc", 3),
        ("<b>a&lt;b</b>", 3),
        ("😀", 2),
        ("<code>👩\u200d👧</code>", 5),
        (block("a\nb"), 3),
        (shown("\ud800"), 8),
    ],
)
def test_length_is_counted_as_telegram_counts(markup, units):
    assert length(markup) == units
    assert utf16_length(parse(markup)[0]) == units
