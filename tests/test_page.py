"""The page of the demo in a real browser: a newcomer chats with the real bot."""

import asyncio
import json
import shutil
import sys
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.async_api import Page, async_playwright, expect

from sandbox.page import page as served
from sandbox.process import PROJECT
from sandbox.stage import introduce, staged

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium")
SECONDS = 20_000
STREAM = {
    "campaign_id": 1,
    "name": "Dropped here",
    "type": "regular",
    "schema": "redirect",
    "action_type": "http",
    "action_payload": "https://offer.example/",
    "position": 9,
    "collect_clicks": True,
}

# For every element with text of its own: how far its colour is from what lies behind it.
PALE = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) ?? [0, 0, 0]).map(Number);
  const channel = (value) => {
    const part = value / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const found = parse(getComputedStyle(one).backgroundColor);
      if (found.length < 4 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const pale = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim());
    if (!own || !element.checkVisibility() || element.closest(".spoiler, :disabled, script")) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) pale.push(`${element.className} ${element.textContent.slice(0, 30)} ${contrast}`);
  }
  return pale;
}"""
NAMELESS = """() => [...document.querySelectorAll("button, a, select, textarea, input:not([hidden]), img")]
  .filter((one) => one.checkVisibility())
  .filter((one) => !(one.textContent.trim() || one.ariaLabel || one.alt || one.labels?.length))
  .map((one) => one.outerHTML)"""


@asynccontextmanager
async def opened(tmp_path, **context):
    """The stage, and its page in a browser that notes every error and every way out."""
    async with staged(tmp_path) as stage, served(stage) as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM)
        context = await browser.new_context(locale="en-GB", **context)
        await context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = await context.new_page()
        page.set_default_timeout(SECONDS)
        errors, outside = [], []
        page.on("console", lambda one: errors.append(one.text) if one.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "request",
            lambda one: (
                None
                if urlsplit(one.url).hostname in {"127.0.0.1", None}
                else outside.append(one.url)
            ),
        )
        await page.goto(url)
        await expect(page.locator("#chat-title")).to_have_text("Olga")
        yield stage, page
        await browser.close()
        assert (errors, outside) == ([], [])


@pytest.fixture
async def house(tmp_path):
    async with opened(tmp_path) as (stage, page):
        yield stage, page


async def say(page: Page, text: str) -> None:
    await page.fill("#text", text)
    await page.press("#text", "Enter")


def last(page: Page):
    return page.locator("#messages .message.bot").last


async def heard(page: Page, words: str) -> None:
    await expect(last(page)).to_contain_text(words, timeout=SECONDS)


async def link(page: Page) -> None:
    await page.locator(".hello button", has_text="/link").click()
    await heard(page, "✅")


@needs_browser
async def test_the_wait_of_a_newcomer_is_measured():
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.page", "--rounds", "1"),
        cwd=PROJECT,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    lines = out.decode().splitlines()

    assert process.returncode == 0
    assert [line.split("  ")[0] for line in lines[1:4]] == [
        "address printed",
        "page shown",
        "first answer",
    ]


@needs_browser
async def test_a_newcomer_links_and_asks_in_words(house):
    _, page = house
    await expect(page.locator("#calls")).to_have_text("Nothing yet.")
    await link(page)
    await say(page, "/stats yesterday campaign top 5 by profit")

    await heard(page, "Rows 5 of ")
    calls = page.locator("#calls .call")
    await expect(calls.filter(has_text="POST /report/build").first).to_contain_text("200")
    await expect(page.locator("#messages")).not_to_contain_text("demo-key")


@needs_browser
async def test_a_chart_is_a_picture(house):
    _, page = house
    await link(page)
    await say(page, "/stats 14d day chart")
    picture = page.locator("#messages img")
    await expect(picture).to_be_visible(timeout=SECONDS)

    assert await picture.evaluate("one => one.decode().then(() => one.naturalWidth)") > 400


@needs_browser
async def test_a_file_that_is_dropped_becomes_a_stream(house):
    stage, page = house
    await link(page)
    dropped = await page.evaluate_handle(
        """(content) => {
          const data = new DataTransfer();
          data.items.add(new File([content], "stream.json", { type: "application/json" }));
          return data;
        }""",
        json.dumps(STREAM),
    )
    await page.dispatch_event("#talk", "drop", {"dataTransfer": dropped})
    await expect(page.locator(".above")).to_contain_text("stream.json")
    await say(page, "/stream")

    await heard(page, "Stream 1001 is created")
    await expect(page.locator('[data-stream="1001"].flash')).to_contain_text("Dropped here")
    change = page.locator("#calls .call", has_text="POST /streams").last
    await change.locator("summary").click()
    await expect(change.locator("pre")).to_contain_text("Dropped here")
    assert stage.keitaro.streams[1001]["name"] == "Dropped here"
    file = page.locator("#messages .document").first
    answer = await page.request.get(
        httpx.URL(page.url).join(await file.get_attribute("href")).__str__()
    )
    assert await answer.json() == STREAM
    assert answer.headers["content-disposition"] == "attachment"


@needs_browser
async def test_a_plan_is_applied_by_its_button(house):
    stage, page = house
    await link(page)
    await say(page, "/stream 26 off")
    await heard(page, "Turn stream 26 off?")
    await page.locator(".keyboard button", has_text="Apply").click()

    await heard(page, "Stream 26 is off")
    await expect(page.locator('[data-stream="26"].flash')).to_contain_text("off")
    assert stage.keitaro.streams[26]["state"] == "disabled"


@needs_browser
async def test_a_stranger_is_refused(house):
    stage, page = house
    await page.locator("#chats button", has_text="Sam").click()
    await say(page, "/stats")

    await heard(page, "I only work for people I know.")
    assert stage.keitaro.requests == []


@needs_browser
async def test_a_bot_that_is_killed_comes_back_and_answers(house):
    stage, page = house
    await link(page)
    before = stage.bot.pid
    await page.select_option("#trouble-tracker", "slow")
    await say(page, "/stream 12")
    await expect(page.locator("#calls .call", has_text="/streams/12")).to_have_count(1)
    await page.click("#kill")
    await expect(page.locator("#bot")).to_have_text("The bot is dead")
    await page.select_option("#trouble-tracker", "")

    await heard(page, "stream 12")
    await expect(page.locator("#bot")).to_have_text("The bot runs (killed 1 ×)")
    assert stage.bot.pid != before


@needs_browser
async def test_what_goes_wrong_is_answered(house):
    _, page = house
    await link(page)
    told = []
    for fault in ("401", "403", "500", "html", ""):
        await page.select_option("#trouble-tracker", fault)
        count = await page.locator("#messages .message.bot").count()
        await say(page, "/streams 1")
        await expect(page.locator("#messages .message.bot")).to_have_count(count + 1)
        await expect(last(page)).not_to_contain_text("⏳", timeout=SECONDS)
        told.append((await last(page).locator(".text").inner_text()).split(" ")[:2])

    assert [" ".join(words) for words in told] == [
        "❌ 401",
        "❌ 403",
        "❌ 500",
        "❌ 502",
        "✅ Streams",
    ]


@needs_browser
async def test_a_change_whose_answer_is_lost_is_made_once(house):
    stage, page = house
    await link(page)
    await page.select_option("#trouble-tracker", "cut")
    await say(page, f"/stream {json.dumps(STREAM)}")

    await heard(page, "so I looked: it is done")
    change = page.locator("#calls .call", has_text="POST /streams")
    await expect(change).to_contain_text("no answer")
    assert len(stage.keitaro.mutations) == 1


@needs_browser
async def test_an_answer_that_telegram_does_not_take_comes_later(house):
    _, page = house
    await link(page)
    await page.select_option("#trouble-telegram", "502")
    await say(page, "/help")
    await expect(page.locator("#trouble.on h2")).to_be_visible()
    await page.select_option("#trouble-telegram", "")

    await heard(page, "/stats")


@needs_browser
async def test_a_group_is_linked_through_the_private_chat(house):
    stage, page = house
    await introduce(stage)
    await page.locator("#chats button", has_text="Team").click()
    await heard(page, "viewer")
    await say(page, "/link")
    await page.locator(".keyboard button", has_text="↗").click()
    await expect(page.locator("#chat-title")).to_have_text("Olga")
    await heard(page, "Team")
    await say(page, f"{stage.address} {stage.keitaro.key}")
    await heard(page, "✅")

    await page.locator("#chats button", has_text="Team").click()
    await page.select_option("#speaker", label="Vera (viewer)")
    await say(page, "/stream 26 off")
    await heard(page, "❌")
    await page.select_option("#speaker", label="Ivan (operator)")
    await say(page, "/stream 26 off")
    await heard(page, "Turn stream 26 off?")
    assert stage.keitaro.streams[26]["state"] == "active"


@needs_browser
async def test_a_forum_has_topics(house):
    _, page = house
    await page.locator("#chats button", has_text="Forum").click()
    await page.locator("#topics button", has_text="Alerts").click()
    await say(page, "/help")
    await expect(page.locator("#messages .message")).to_have_count(2)
    await page.locator("#topics button", has_text="Figures").click()

    await expect(page.locator("#messages .message")).to_have_count(0)


@needs_browser
async def test_messages_are_replied_to_edited_and_forwarded(house):
    stage, page = house
    await link(page)
    await say(page, "/stats yesterday campaign")
    await heard(page, "Rows ")
    await last(page).locator(".foot .more").click()
    await page.locator("#choice button", has_text="Reply").click()
    await say(page, "by country")
    await heard(page, "by country")

    mine = page.locator("#messages .message.mine").last
    await mine.locator(".foot .more").click()
    await page.locator("#choice button", has_text="Edit").click()
    await expect(page.locator("#text")).to_have_value("by country")
    await say(page, "by offer")
    await expect(mine).to_contain_text("edited")

    await mine.locator(".foot .more").click()
    await page.locator("#choice button", has_text="Forward").click()
    await page.locator("#choice button", has_text="Team").click()
    await expect(page.locator("#chat-title")).to_have_text("Team")
    await expect(page.locator("#messages .origin")).to_have_text("Forwarded from Olga")
    assert stage.keitaro.mutations == []


@needs_browser
async def test_everything_can_be_done_with_the_keyboard_alone(house):
    stage, page = house
    await link(page)
    await page.keyboard.press("Tab")
    await page.evaluate("document.activeElement.blur()")
    for _ in range(80):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.id") == "text":
            break
    await page.keyboard.type("/he")
    await expect(page.locator(".commands")).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await heard(page, "/stats")

    await page.keyboard.type("/stream 26 off")
    await page.keyboard.press("Enter")
    await heard(page, "Turn stream 26 off?")
    for _ in range(20):
        await page.keyboard.press("Shift+Tab")
        if await page.evaluate("document.activeElement.textContent") == "Apply":
            break
    await page.keyboard.press("Enter")
    await heard(page, "Stream 26 is off")
    assert stage.keitaro.streams[26]["state"] == "disabled"


@needs_browser
async def test_a_phone_shows_one_part_at_a_time(tmp_path):
    async with opened(tmp_path, viewport={"width": 360, "height": 740}) as (_, page):
        await link(page)
        await say(page, "/stats 7d campaign")
        await heard(page, "Rows ")
        await say(page, "/stream 26")
        await heard(page, "FR main")
        widths = []
        for tab in ("chats", "talk", "tracker"):
            await page.click(f'#tabs [data-tab="{tab}"]')
            await expect(page.locator(f"#{tab}")).to_be_visible()
            widths.append(await page.evaluate("document.scrollingElement.scrollWidth"))
        visible = [
            await page.locator(part).is_visible() for part in ("#chats", "#talk", "#tracker")
        ]

        assert widths == [360, 360, 360]
        assert visible == [False, False, True]


@needs_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_what_is_written_can_be_read_and_has_a_name(tmp_path, scheme):
    """Contrast of at least 4.5, and a name for everything that can be pressed or filled in."""
    async with opened(tmp_path, color_scheme=scheme) as (_, page):
        await link(page)
        await say(page, "/stream 26 off")
        await heard(page, "Turn stream 26 off?")
        await say(page, "/stats yesterday campaign")
        await heard(page, "Rows ")
        theme = await page.evaluate("document.documentElement.dataset.theme")
        pale, nameless = await page.evaluate(PALE), await page.evaluate(NAMELESS)
        await page.click("#theme")
        await page.reload()
        other = await page.evaluate("document.documentElement.dataset.theme")

        assert (pale, nameless) == ([], [])
        assert (theme, other) == (scheme, {"light": "dark", "dark": "light"}[scheme])


@needs_browser
async def test_the_page_speaks_russian(house):
    _, page = house
    await page.click("#language")
    await expect(page.locator("#kill")).to_have_text("Убить бота")
    await page.reload()

    await expect(page.locator("h1")).to_have_text("Бот для Keitaro: попробуйте")
    await expect(page.locator("#speaker option")).to_have_text("Olga (владелец)")
    assert await page.evaluate("document.documentElement.lang") == "ru"


@needs_browser
async def test_code_is_copied_and_addresses_stay_here(house):
    _, page = house
    await link(page)
    await say(page, "see https://elsewhere.example/path")
    await page.locator("#messages button.link", has_text="elsewhere").click()

    await expect(page.locator("#toast")).to_be_visible()
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied == "https://elsewhere.example/path"
    assert len(page.context.pages) == 1


@pytest.fixture
async def door(tmp_path):
    """The stage, the page's address, and a client that is no browser."""
    async with staged(tmp_path) as stage, served(stage) as url, httpx.AsyncClient() as client:
        yield stage, url, client


async def test_nobody_comes_in_without_the_address(door):
    stage, url, client = door
    root = url.rsplit("/", 2)[0]
    guesses = [
        (await client.get(f"{root}/")).status_code,
        (await client.get(f"{root}/guess/")).status_code,
        (await client.post(f"{root}/guess/do/kill", json={})).status_code,
        (await client.get(url, headers={"Host": "elsewhere.example"})).status_code,
        (await client.get(f"{url}static/../app.py")).status_code,
        (await client.get(f"{url}files/unknown")).status_code,
    ]
    page = await client.get(url)

    assert guesses == [404, 404, 404, 421, 404, 404]
    assert (page.status_code, page.headers["referrer-policy"]) == (200, "no-referrer")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "access-control-allow-origin" not in page.headers
    assert urlsplit(url).hostname == "127.0.0.1"
    assert stage.bot.pid


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("say", {"chat": 1, "person": 1, "text": "x"}, 404),
        ("say", {"chat": "1", "person": 1, "text": "x"}, 400),
        ("say", {"chat": 1}, 400),
        ("say", [], 400),
        ("order", {"whose": "tracker", "name": "plague"}, 404),
        ("order", {"whose": "nobody", "name": ""}, 404),
        ("dance", {}, 404),
    ],
)
async def test_an_act_that_makes_no_sense_is_refused(door, name, body, status):
    stage, url, client = door
    answer = await client.post(f"{url}do/{name}", json=body)
    broken = await client.post(f"{url}do/{name}", content=b"{")
    large = await client.post(f"{url}do/{name}", content=b" " * 300_000)

    assert (answer.status_code, broken.status_code, large.status_code) == (status, 400, 413)
    assert list(answer.json()) == ["error"]
    assert stage.telegram.messages(stage.home) == []


async def test_people_act_only_where_they_are(door):
    stage, url, client = door
    place = {"chat": stage.team.id, "person": stage.stranger.id}
    said = await client.post(f"{url}do/say", json={**place, "text": "/stats"})
    sent = await client.post(f"{url}attach", params={**place, "name": "x.json"}, content=b"{}")
    as_bot = await client.post(
        f"{url}do/say",
        json={"chat": stage.team.id, "person": stage.telegram.bot.id, "text": "x"},
    )

    assert [one.status_code for one in (said, sent, as_bot)] == [404, 404, 404]
    assert stage.telegram.messages(stage.team) == []


async def test_the_feed_tells_everything_and_then_what_is_new(door):
    stage, url, client = door
    async with asyncio.timeout(20), client.stream("GET", f"{url}events") as feed:
        lines = feed.aiter_lines()
        first = await _event(lines)
        stage.keitaro.edit(26, name="By hand")
        second = await _event(lines)
        stage.telegram.say(stage.owner, stage.home, "hello")
        third = await _event(lines)

    assert first["streams"]["26"]["name"] == "FR main"
    assert first[f"chat {stage.team.id}"]["title"] == "Team"
    assert second["streams"]["26"]["name"] == "By hand"
    assert list(second) == ["streams"]
    said = third[f"messages {stage.home.id}"].values()
    assert "hello" in [message["text"] for message in said]


async def _event(lines):
    async for line in lines:
        if line.startswith("data: "):
            return json.loads(line.removeprefix("data: "))
    raise EOFError


async def go(page: Page, title: str) -> None:
    await page.locator("#chats button", has=page.get_by_text(title, exact=True)).click()
    await expect(page.locator("#chat-title")).to_have_text(title)


PAYLOAD = {
    "name": "stream.json",
    "mimeType": "application/json",
    "buffer": json.dumps(STREAM).encode(),
}


@needs_browser
async def test_what_is_being_written_outlives_a_tap_another_chat_and_a_reload(house):
    """A tapped command goes out by itself, without the words and the file that wait."""
    _, page = house
    await link(page)
    await page.set_input_files("input[type=file]", PAYLOAD)
    await page.fill("#text", "/stream a draft")
    await last(page).locator(".text button", has_text="/status").first.click()
    await expect(last(page)).to_contain_text("Name of the tracker")
    notes = page.locator(".above .note")
    mine = page.locator("#messages .message.mine").last

    await expect(mine).to_contain_text("/status")
    await expect(mine.locator(".document")).to_have_count(0)
    await expect(notes).to_contain_text("stream.json")
    await go(page, "Team")
    await expect(page.locator("#text")).to_have_value("")
    await expect(notes).to_have_count(0)
    await page.fill("#text", "words for the team")
    await page.select_option("#speaker", label="Ivan (operator)")
    await go(page, "Olga")
    await expect(page.locator("#text")).to_have_value("/stream a draft")
    await expect(notes).to_contain_text("stream.json")
    await go(page, "Team")
    await page.reload()
    await expect(page.locator("#chat-title")).to_have_text("Team")
    await expect(page.locator("#text")).to_have_value("words for the team")
    await expect(page.locator("#speaker option:checked")).to_have_text("Ivan (operator)")


@needs_browser
async def test_an_edit_that_was_begun_does_not_become_a_message_elsewhere(house):
    stage, page = house
    await link(page)
    await say(page, "/status")
    await heard(page, "Name of the tracker")
    await page.locator("#messages .message.mine .more").last.click()
    await page.locator("#choice button", has_text="Edit").click()
    await expect(page.locator(".above .note")).to_contain_text("Editing")
    await go(page, "Team")

    await expect(page.locator("#text")).to_have_value("")
    await expect(page.locator(".above .note")).to_have_count(0)
    assert not [one for one in stage.team.messages.values() if "/status" in one.get("text", "")]


@needs_browser
async def test_what_cannot_be_sent_stays_in_the_box(house):
    stage, page = house
    await link(page)
    long = "/help " + "x" * 5000
    await say(page, long)
    await expect(page.locator("#toast")).to_contain_text("Too long: 5006 of 4096 signs")
    await expect(page.locator("#text")).to_have_value(long)
    await page.set_input_files("input[type=file]", PAYLOAD)
    await say(page, "/stream " + "x" * 1100)
    await expect(page.locator("#toast")).to_contain_text("1108 of 1024")
    await expect(page.locator(".above .note")).to_contain_text("stream.json")
    await page.keyboard.press("Escape")
    before = len(stage.home.messages)
    await page.evaluate(
        "() => { keptFetch = fetch; fetch = () => Promise.reject(new TypeError()); }"
    )
    await say(page, "/help stats")

    await expect(page.locator("#toast")).to_contain_text("Not sent")
    await expect(page.locator("#text")).to_have_value("/help stats")
    assert len(stage.home.messages) == before
    await page.evaluate("() => { fetch = keptFetch; }")
    await page.press("#text", "Enter")
    await heard(page, "/stats today campaign")
    await expect(page.locator("#text")).to_have_value("")


@needs_browser
async def test_nobody_can_tell_what_became_of_a_change_until_the_tracker_is_back(house):
    stage, page = house
    await link(page)
    await say(page, "/stream 26 off")
    await heard(page, "Turn stream 26 off?")
    await page.select_option("#trouble-tracker", "gone")
    await page.locator(".keyboard button", has_text="Apply").click()
    await heard(page, "⚠️")
    assert stage.keitaro.streams[26]["state"] == "disabled"
    await page.select_option("#trouble-tracker", "")
    await page.locator(".keyboard button", has_text="Check again").click()

    await expect(page.locator("#toast")).to_contain_text("The tracker was down a moment ago")
    assert len(stage.keitaro.mutations) == 1


@needs_browser
async def test_people_are_chosen_from_everybody_but_oneself(house):
    stage, page = house
    await introduce(stage)
    await go(page, "Team")
    await say(page, "/grant operator")
    await page.locator(".keyboard button", has_text="↗").last.click()
    await expect(page.locator("#chat-title")).to_have_text("Olga")
    await page.locator(".keys button").first.click()
    names = await page.locator("#choice label").all_inner_texts()
    done = page.locator("#choice button", has_text="OK")

    assert sorted(name.strip() for name in names) == ["Ivan", "Sam", "Vera"]
    await expect(done).to_be_disabled()
    await page.locator("#choice label", has_text="Vera").click()
    await done.click()
    await heard(page, "Vera")


@needs_browser
async def test_a_forum_says_where_something_was_said(house):
    _, page = house
    await go(page, "Forum")
    await page.locator("#topics button", has_text="Alerts").click()
    await say(page, "/help")
    await heard(page, "/stats")
    await page.locator("#topics button", has_text="General").click()
    await expect(page.locator("#messages .message.bot")).to_have_count(0)
    await page.locator("#topics button", has_text="All").click()

    await expect(last(page).locator(".foot .topic")).to_have_text("Alerts")


@needs_browser
async def test_ones_own_message_is_in_sight_and_a_command_can_be_completed(house):
    _, page = house
    await link(page)
    await page.evaluate("for (let i = 0; i < 9; i++) document.querySelector('#key').after('')")
    for _ in range(3):
        await say(page, "/help")
        await heard(page, "/stats")
    await page.locator("#messages").evaluate("one => one.scrollTo(0, 0)")
    await page.focus("#text")
    await page.keyboard.type("/sta")
    await expect(page.locator(".commands")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.locator("#text")).to_have_value("/stats ")
    await page.keyboard.type("today")
    await page.keyboard.press("Enter")
    await heard(page, "Rows 1 of 1")

    await expect(last(page)).to_be_in_viewport()
    await expect(page.locator(".newer")).to_be_hidden()
