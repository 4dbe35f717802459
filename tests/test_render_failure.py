"""What people read when something went wrong: one page for every class of error."""

import inspect
from typing import Any

import pytest

import keitaro.errors
from handlers.faults import JsonError
from handlers.render.advice import advice, duration
from handlers.render.failure import (
    broken_json,
    failed_exchange,
    headline,
    may_have_changed,
    messages,
    refused_address,
    refused_payload,
    status_name,
)
from handlers.texts import ENGLISH, RUSSIAN
from keitaro import (
    AddressError,
    BlockedError,
    ExchangeError,
    ForbiddenError,
    InvalidError,
    KeyRefusedError,
    LicenceError,
    NoAnswerError,
    NotFoundError,
    NotKeitaroError,
    PausedError,
    PayloadError,
    Problem,
    RateLimitedError,
    RedirectError,
    ResponseError,
    Sent,
    ServerError,
    UnreachableError,
    UnreadableError,
)

URL = "https://tracker.example/admin_api/v1"
READ = Sent("stream.get", "GET", f"{URL}/streams/45", None, "••••1111")
CHANGE = Sent("stream.update", "PUT", f"{URL}/streams/45", {"name": "<b>"}, "••••1111")

REQUEST = f"""\
GET <code>{URL}/streams/45</code>
Api-Key: <code>••••1111</code>
Operation: <code>stream.get</code>"""
PUT_REQUEST = f"""\
PUT <code>{URL}/streams/45</code>
Api-Key: <code>••••1111</code>
Operation: <code>stream.update</code>
<pre>{{
 "name": "&lt;b&gt;"
}}</pre>"""


def about(error, sent=READ):
    error.sent = sent
    return error


def limited(seconds):
    error = RateLimitedError(429, "Slow down", response={"error": "Slow down"})
    error.retry_after_seconds = seconds
    return about(error)


def page_of(
    title,
    *,
    said="",
    after="",
    mark="",
    request=REQUEST,
    words=("Request", "Response"),
    response="",
):
    """Return a whole page; *response* is what the tracker sent as it is shown."""
    mark = mark or ("⚠️" if request is PUT_REQUEST else "❌")
    lines = [f"{mark} <b>{title}</b>", *([said] if said else []), "", after]
    tail = f"\n<b>{words[1]}</b>\n<pre>{response}</pre>" if response else ""
    quote = f"<blockquote expandable><b>{words[0]}</b>\n{request}{tail}</blockquote>"
    return "\n".join([*lines, quote])


# error, its page in English, its page in Russian: title, what the tracker said, what to do
RU = ("Запрос", "Ответ")
LATER = "Try again in a minute; /status says where it fails."
LATER_RU = "Попробуйте через минуту; /status скажет, где сбой."
UNREACHED = "Try again in a minute. If that does not help, check the address: /status"
UNREACHED_RU = "Попробуйте через минуту. Если не поможет, проверьте адрес: /status"
PAGES = [
    (
        about(UnreachableError("dns", "secret detail")),
        page_of("The name of the tracker is not found", after=UNREACHED),
        page_of("Имя трекера не найдено", after=UNREACHED_RU, words=RU),
    ),
    (
        about(PausedError(30, 5), CHANGE),
        page_of(
            "The tracker failed 5 times in a row, so I let it rest for a moment",
            after="I sent nothing. Please try again in 30 s.",
            mark="❌",
            request=PUT_REQUEST,
        ),
        page_of(
            "Сбоев трекера подряд: 5. Даю ему передышку",
            after="Я ничего не отправлял. Попробуйте через 30 с.",
            mark="❌",
            request=PUT_REQUEST,
            words=RU,
        ),
    ),
    (
        about(NoAnswerError("timeout")),
        page_of("The tracker did not answer in time", after=LATER),
        page_of("Трекер не ответил вовремя", after=LATER_RU, words=RU),
    ),
    (
        about(NoAnswerError("cut"), CHANGE),
        page_of(
            "The tracker broke off the connection",
            after="I do not know whether the change was made. I did not send it again.",
            request=PUT_REQUEST,
        ),
        page_of(
            "Трекер оборвал соединение",
            after="Неизвестно, произошло ли изменение. Повторно я его не отправлял.",
            request=PUT_REQUEST,
            words=RU,
        ),
    ),
    (
        about(UnreadableError("not_json", 200, "secret detail")),
        page_of("The answer is not what the Admin API sends", after=LATER),
        page_of("Ответ не такой, какой даёт Admin API", after=LATER_RU, words=RU),
    ),
    (
        about(RedirectError(302, "https://a.example/?b&c")),
        page_of(
            "302 Found: it redirects to <code>https://a.example/?b&amp;c</code>, I did not follow",
            after="Check the address of the tracker and link it again: /link",
        ),
        page_of(
            "302 Found: перенаправляет на <code>https://a.example/?b&amp;c</code>, туда я не пошёл",
            after="Проверьте адрес трекера и подключите снова: /link",
            words=RU,
        ),
    ),
    (
        about(ResponseError(409, "Is <busy>", {}, "Is <busy>\nnow")),
        page_of(
            "409 Conflict",
            said="Is &lt;busy&gt;",
            after="Look at the message of the tracker.",
            response="Is &lt;busy&gt;\nnow",
        ),
        page_of(
            "409 Conflict",
            said="Is &lt;busy&gt;",
            after="Смотрите сообщение трекера.",
            words=RU,
            response="Is &lt;busy&gt;\nnow",
        ),
    ),
    (
        about(KeyRefusedError(401, "Invalid Api-Key", response={"error": "Invalid Api-Key"})),
        page_of(
            "401 Unauthorized: the tracker refuses the key",
            said="Invalid Api-Key",
            after="An owner or admin can link the chat again with a new key: /link",
            response='{\n "error": "Invalid Api-Key"\n}',
        ),
        page_of(
            "401 Unauthorized: трекер не принимает ключ",
            said="Invalid Api-Key",
            after="Владелец или админ может подключить чат с новым ключом: /link",
            words=RU,
            response='{\n "error": "Invalid Api-Key"\n}',
        ),
    ),
    (
        about(LicenceError(402)),
        page_of(
            "402 Payment Required: the licence of the tracker has no Admin API",
            after="Check edition and licence in the tracker's panel.",
        ),
        page_of(
            "402 Payment Required: в лицензии трекера нет Admin API",
            after="Проверьте редакцию и лицензию в панели трекера.",
            words=RU,
        ),
    ),
    (
        about(ForbiddenError(403)),
        page_of(
            "403 Forbidden: the user of this key has no right to this",
            after="Give the user of this key the right in the tracker: Maintenance → Users.",
        ),
        page_of(
            "403 Forbidden: у пользователя этого ключа нет права на это",
            after="Дайте пользователю ключа это право в трекере: Обслуживание → Пользователи.",
            words=RU,
        ),
    ),
    (
        about(BlockedError(403)),
        page_of(
            "403 Forbidden: Cloudflare in front of the tracker blocked me",
            after="Allow the path /admin_api/ in Cloudflare for the server of this bot.",
        ),
        page_of(
            "403 Forbidden: Cloudflare перед трекером меня не пускает",
            after="Разрешите в Cloudflare путь /admin_api/ для сервера этого бота.",
            words=RU,
        ),
    ),
    (
        about(NotFoundError(404, r"Traffic\Model\Stream #45 not found")),
        page_of(
            "404 Not Found",
            said=r"Traffic\Model\Stream #45 not found",
            after="Check the id; what is in another tracker is not found here.",
        ),
        page_of(
            "404 Not Found",
            said=r"Traffic\Model\Stream #45 not found",
            after="Проверьте id; что есть в другом трекере, здесь не найдётся.",
            words=RU,
        ),
    ),
    (
        about(NotKeitaroError(404)),
        page_of(
            "404 Not Found: this host does not answer as the Admin API",
            after="Check the address of the tracker and link it again: /link",
        ),
        page_of(
            "404 Not Found: этот хост не отвечает как Admin API",
            after="Проверьте адрес трекера и подключите снова: /link",
            words=RU,
        ),
    ),
    (
        about(InvalidError(400, "", {"name": ("is empty", "is <odd>"), "<f>": ("no",)})),
        page_of(
            "400 Bad Request",
            said="<code>name</code>: is empty\n<code>name</code>: is &lt;odd&gt;\n"
            "<code>&lt;f&gt;</code>: no",
            after="Correct it and send it again.",
        ),
        page_of(
            "400 Bad Request",
            said="<code>name</code>: is empty\n<code>name</code>: is &lt;odd&gt;\n"
            "<code>&lt;f&gt;</code>: no",
            after="Исправьте и отправьте снова.",
            words=RU,
        ),
    ),
    (
        limited(17),
        page_of(
            "429 Too Many Requests",
            said="Slow down",
            after="The tracker asks for a break. Please try again in 17 s.",
            response='{\n "error": "Slow down"\n}',
        ),
        page_of(
            "429 Too Many Requests",
            said="Slow down",
            after="Трекер просит паузу. Попробуйте через 17 с.",
            words=RU,
            response='{\n "error": "Slow down"\n}',
        ),
    ),
    (
        about(ServerError(502)),
        page_of("502 Bad Gateway: the tracker failed", after=LATER),
        page_of("502 Bad Gateway: сбой в трекере", after=LATER_RU, words=RU),
    ),
    (
        about(ServerError(500, "Oops"), CHANGE),
        page_of(
            "500 Internal Server Error: the tracker failed",
            said="Oops",
            after="I do not know whether the change was made. I did not send it again.",
            request=PUT_REQUEST,
        ),
        page_of(
            "500 Internal Server Error: сбой в трекере",
            said="Oops",
            after="Неизвестно, произошло ли изменение. Повторно я его не отправлял.",
            request=PUT_REQUEST,
            words=RU,
        ),
    ),
]


@pytest.mark.parametrize(
    ("error", "english", "russian"),
    PAGES,
    ids=[type(error).__name__ + str(place) for place, (error, _, _) in enumerate(PAGES)],
)
def test_a_failed_exchange_is_explained(error, english, russian):
    assert failed_exchange(error, ENGLISH).html == english
    assert failed_exchange(error, RUSSIAN).html == russian


def classes(base):
    named = (kind for _, kind in inspect.getmembers(keitaro.errors, inspect.isclass))
    return [kind for kind in named if issubclass(kind, base)]


@pytest.mark.parametrize("kind", classes(ExchangeError))
def test_every_kind_of_failed_exchange_has_a_page(kind):
    assert kind is ExchangeError or kind in {type(error) for error, _, _ in PAGES}


@pytest.mark.parametrize("kind", classes(keitaro.KeitaroError))
def test_every_other_error_of_the_client_is_known_here(kind):
    """KeyFormatError has one sentence and no page of its own."""
    known = {keitaro.KeitaroError, AddressError, keitaro.KeyFormatError, PayloadError}

    assert kind in known or issubclass(kind, ExchangeError)


def test_an_error_of_no_kind_is_a_bug():
    with pytest.raises(TypeError, match="ExchangeError"):
        headline(ExchangeError(), ENGLISH)


@pytest.mark.parametrize(
    ("error", "sent", "expected"),
    [
        (ServerError(500), CHANGE, True),
        (ServerError(500), READ, False),
        (NoAnswerError("timeout"), CHANGE, True),
        (UnreadableError("shape", 200), CHANGE, True),
        (UnreadableError("shape", 200), READ, False),
        (UnreachableError("refused"), CHANGE, False),
        (PausedError(30, 5), CHANGE, False),
        (NotKeitaroError(200), CHANGE, True),
        (NotKeitaroError(404), CHANGE, False),
        (InvalidError(422), CHANGE, False),
        (ServerError(500), Sent("odd.verb", "PUT", URL, None, ""), False),
    ],
)
def test_only_a_change_without_a_clear_answer_is_in_doubt(error, sent, expected):
    assert may_have_changed(about(error, sent)) is expected


def test_a_limit_without_a_time_asks_for_a_minute():
    assert advice(limited(None), ENGLISH) == "Too many requests. Wait a minute."
    assert advice(limited(None), RUSSIAN) == "Слишком много запросов. Подождите минуту."
    assert advice(limited(0), ENGLISH) == ("The tracker asks for a break. Please try again in 0 s.")


@pytest.mark.parametrize(
    ("status", "name"), [(404, "404 Not Found"), (200, "200 OK"), (522, "522"), (999, "999")]
)
def test_a_status_is_named_where_it_has_a_name(status, name):
    assert status_name(status) == name


def test_messages_are_cut_in_number_and_in_length():
    fields = {f"f{number}": ("x" * 400,) for number in range(12)}

    lines = messages(about(InvalidError(400, "d" * 400, fields)))
    assert lines[0] == "d" * 300
    assert lines[1] == f"<code>f0</code>: {'x' * 300}"
    assert lines[10:] == ["… +3"]


def test_bodies_are_cut():
    sent = Sent("stream.create", "POST", URL, {"name": "x" * 2000}, "••••1111")

    html = failed_exchange(about(InvalidError(400, response="y" * 2000), sent), ENGLISH).html
    assert (
        "x" * 1488 + "…</pre>\n<b>Response</b>\n<pre>" + "y" * 1500 + "…</pre></blockquote>" in html
    )


def test_a_deep_body_is_never_written_with_its_blanks():
    """On one line, since the lines of it would be blanks for the most part."""
    body: list[Any] = [1] * 700
    for _ in range(200):
        body = [body]
    sent = Sent("stream.create", "POST", URL, body, "••••1111")

    html = failed_exchange(about(InvalidError(400), sent), ENGLISH).html
    assert f"<pre>{'[' * 201}{'1, ' * 433}…</pre>" in html


def test_of_many_messages_ten_are_told_and_no_other_is_read():
    fields = {"f": ("&" * 100,) * 100_000}

    lines = messages(about(InvalidError(422, "Wrong @admin", fields)))
    assert lines == [
        "Wrong @\u2060admin",
        *[f"<code>f</code>: {'&amp;' * 100}"] * 9,
        "… +99991",
    ]


def problem(kind, field="offers.0.share", expected=None):
    return Problem(field, kind, expected, "Input <odd>")


def test_a_refused_payload_names_its_fields():
    error = PayloadError(
        (
            problem("missing", "name"),
            problem("literal_error", "type", "'forced' or '<regular>'"),
            problem("int_type"),
            problem("unheard_of", ""),
        )
    )

    assert (
        refused_payload(error, ENGLISH).html
        == """\
❌ <b>The JSON does not fit. Nothing was sent to the tracker.</b>
<code>name</code>: is missing
<code>type</code>: must be 'forced' or '&lt;regular&gt;'
<code>offers.0.share</code>: must be a whole number
<code>JSON</code>: Input &lt;odd&gt;

Correct it and send it again."""
    )
    assert (
        refused_payload(error, RUSSIAN).html
        == """\
❌ <b>JSON не подходит. В трекер ничего не отправлено.</b>
<code>name</code>: отсутствует
<code>type</code>: должно быть 'forced' или '&lt;regular&gt;'
<code>offers.0.share</code>: должно быть целым числом
<code>JSON</code>: Input &lt;odd&gt;

Исправьте и отправьте снова."""
    )


def test_of_many_problems_ten_are_named():
    error = PayloadError(tuple(problem("missing", f"f{number}") for number in range(13)))

    lines = refused_payload(error, ENGLISH).html.split("\n")
    assert lines[10:] == [
        "<code>f9</code>: is missing",
        "… +3",
        "",
        "Correct it and send it again.",
    ]


def test_a_refused_address_comes_with_an_example():
    assert refused_address(AddressError("scheme"), ENGLISH).html == (
        "❌ The address must begin with https://\nFor example: <code>https://tracker.example</code>"
    )
    assert refused_address(AddressError("scheme"), RUSSIAN).html == (
        "❌ Адрес должен начинаться с https://\nНапример: <code>https://tracker.example</code>"
    )


@pytest.mark.parametrize(
    ("spot", "caret", "shown"),
    [
        ('{"a": tru}', 6, '{"a": tru}\n      ^'),
        ("<&>", 3, "&lt;&amp;&gt;\n   ^"),
        ("", 0, "\n^"),
        ("\u200b\t1", 2, "⟨U+200B⟩␉1\n         ^"),
        ("“東京”: x", 6, "“東京”: x\n        ^"),
    ],
)
def test_broken_json_shows_the_spot_with_a_caret_under_it(spot, caret, shown):
    error = JsonError("comma", line=2, column=7, spot=spot, caret=caret)

    assert broken_json(error, ENGLISH).html == (
        "❌ This is not valid JSON: line 2, column 7.\n"
        f"<pre>{shown}</pre>\nA comma is missing here, or there is one quote too many."
    )
    assert broken_json(error, RUSSIAN).html == (
        "❌ Это не JSON: строка 2, столбец 7.\n"
        f"<pre>{shown}</pre>\nЗдесь не хватает запятой или есть лишняя кавычка."
    )


def test_broken_json_without_a_place_names_the_member():
    error = JsonError("duplicate", name="<a>")

    assert broken_json(error, ENGLISH).html == (
        "❌ This is not valid JSON. <code>&lt;a&gt;</code> stands there twice."
    )
    assert (
        broken_json(error, RUSSIAN).html == "❌ Это не JSON. <code>&lt;a&gt;</code> стоит дважды."
    )


@pytest.mark.parametrize(
    ("seconds", "english", "russian"),
    [
        (0, "0 s", "0 с"),
        (120, "120 s", "120 с"),
        (121, "3 min", "3 мин"),
        (7200, "120 min", "120 мин"),
        (7201, "3 h", "3 ч"),
        (999_999, "278 h", "278 ч"),
    ],
)
def test_a_break_is_told_in_a_unit_that_people_count_in(seconds, english, russian):
    assert duration(seconds, ENGLISH) == english
    assert duration(seconds, RUSSIAN) == russian


@pytest.mark.parametrize(
    ("detail", "flaw"),
    [
        ("certificate has expired", "expired"),
        ("certificate is not yet valid", "early"),
        ("Hostname mismatch, certificate is not valid for 'a.example'.", "name"),
        ("IP address mismatch, certificate is not valid for '127.0.0.1'.", "name"),
        ("self-signed certificate", "issuer"),
        ("self signed certificate in certificate chain", "issuer"),
        ("unable to get local issuer certificate", "issuer"),
    ],
)
def test_a_bad_certificate_is_named(detail, flaw):
    error = UnreachableError("tls", detail)

    for texts in (ENGLISH, RUSSIAN):
        assert headline(error, texts) == texts.certificates[flaw]
        assert advice(error, texts) == texts.advice_certificate


@pytest.mark.parametrize("error", [UnreachableError("tls", "x"), UnreachableError("dns", "self")])
def test_what_is_wrong_with_no_certificate_is_not_called_so(error):
    assert headline(error, ENGLISH) == ENGLISH.unreachable[error.cause]
    assert advice(error, ENGLISH) == UNREACHED
