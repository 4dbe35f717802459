"""The bot is killed sixty times under load, and the counting that says so is tested first."""

import asyncio
import random
from collections import Counter
from dataclasses import replace

import pytest

from sandbox.keitaro import Keitaro, Request
from sandbox.telegram import Call, Telegram
from tests.torture.checker import Known, judge
from tests.torture.evidence import Records, gather, number_of
from tests.torture.faults import Misfortune
from tests.torture.ledger import Command, Ledger
from tests.torture.load import Load
from tests.torture.plan import ACKNOWLEDGED, APPLIED, MODES, MOMENTS, RANDOM, Job, jobs, schedule
from tests.torture.run import Report, perform
from tests.torture.stage import staged
from tests.torture.summary import complaints, failures, table
from tests.torture.workers import torture

KILLS, SEED = 60, 20261122
WORKING = "⏳ Working on it …"
CREATED, REFUSED, UNKNOWN = "✅ created", "❌ not created", "⚠️ who knows"
GOOD = Known("create 1", changes=True, sends=1, effects=1, rights=1, messages=((WORKING, CREATED),))
READ = Known("show 2", rights=0, messages=(("✅ shown",),))
NOTE = "(again)"


def test_killed_sixty_times_nothing_is_lost_doubled_or_false():
    reports = torture(kills=KILLS, seed=SEED, modes=MODES, workers=2)

    assert failures(reports) == [], "\n".join(
        (table(reports, seconds=sum(one.seconds for one in reports)), *complaints(reports))
    )


@pytest.mark.parametrize(
    ("subject", "moment", "promise"),
    [("forgetful", ACKNOWLEDGED, "lost"), ("repeating", APPLIED, "doubled")],
)
async def test_a_naive_bot_does_not_pass(tmp_path, subject, moment, promise):
    job = Job("polling", 2, SEED, subject, (moment,) * 2)
    report = await perform(job, tmp_path)

    assert report.verdict.counts[promise] > 0
    assert any(promise in line for line in failures([report]))


@pytest.mark.parametrize(
    "one",
    [
        GOOD,
        READ,
        replace(GOOD, effects=0, messages=((UNKNOWN,),)),
        replace(GOOD, messages=((UNKNOWN,),)),
        replace(GOOD, sends=0, effects=0, messages=((REFUSED,),)),
        replace(GOOD, sends=1, effects=0, messages=((WORKING, REFUSED),)),
        replace(READ, messages=(("❌ no such thing",),)),
        replace(READ, is_acknowledged=False, record=""),
    ],
)
def test_what_was_promised_is_no_complaint(one):
    verdict = judge([one])

    assert verdict.complaints == ()
    assert verdict.counts == {"commands": 1, "orphaned ⏳": 0, "repeated": 0, "given up": 0}


@pytest.mark.parametrize(
    ("one", "promises"),
    [
        (replace(READ, record=""), ["lost"]),
        (replace(READ, record="", messages=()), ["lost", "unanswered"]),
        (replace(GOOD, effects=2), ["doubled"]),
        (replace(GOOD, sends=2, rights=2), ["doubled"]),
        (replace(READ, messages=()), ["unanswered"]),
        (replace(READ, messages=((WORKING,),)), ["unanswered"]),
        (replace(READ, messages=(("✅ shown",), ("✅ shown otherwise",))), ["answered twice"]),
        (replace(READ, messages=(("✅ shown", "✅ shown otherwise"),)), ["answered twice"]),
        (replace(READ, messages=(("✅ shown",), ("❌ gone",))), ["answered twice", "false"]),
        (replace(GOOD, effects=0), ["false"]),
        (replace(GOOD, messages=((WORKING, REFUSED),)), ["false"]),
        (replace(READ, messages=(("shown",),)), ["unmarked"]),
        (replace(GOOD, rights=0), ["unwritten"]),
    ],
)
def test_every_broken_promise_is_found(one, promises):
    verdict = judge([GOOD, one])

    assert [verdict.counts[promise] for promise in promises] == [1] * len(promises)
    assert [line.partition(":")[0] for line in verdict.complaints] == promises


def test_a_working_sign_that_stays_is_counted_and_no_answer():
    verdict = judge([replace(GOOD, messages=((WORKING,), (WORKING, CREATED)))])

    assert (verdict.counts["orphaned ⏳"], verdict.complaints) == (1, ())


def test_without_a_note_the_same_words_are_a_repeat():
    verdict = judge([replace(GOOD, messages=((CREATED,), (CREATED,)))])

    assert (verdict.counts["repeated"], verdict.complaints) == (1, ())


def test_with_a_note_only_the_note_makes_a_repeat():
    marked = replace(GOOD, messages=((CREATED,), (f"{NOTE} {CREATED}",)))
    unmarked = replace(GOOD, messages=((CREATED,), (CREATED,)))

    assert judge([marked], repeat_note=NOTE).counts["repeated"] == 1
    assert judge([marked], repeat_note=NOTE).complaints == ()
    assert judge([unmarked], repeat_note=NOTE).counts["answered twice"] == 1


def test_a_repeat_that_contradicts_is_false():
    one = replace(GOOD, messages=((CREATED,), (f"{NOTE} {REFUSED}",)))

    assert judge([one], repeat_note=NOTE).counts["false"] == 1


def test_what_was_given_up_is_counted():
    assert judge([GOOD, replace(GOOD, record="given_up")]).counts["given up"] == 1


def test_the_last_words_are_counted_by_their_mark():
    assert judge([GOOD, replace(GOOD, messages=((UNKNOWN,),))]).marks == {"✅": 1, "⚠️": 1}


CHAT, GROUP = 5, -5


def said(number: int, *, chat: int = CHAT, message: int = 1) -> Command:
    return Command(number, "create", True, (chat, message), number)


def told(text: str, message: int, *, chat: int = CHAT, reply: int | None = None) -> Call:
    result = {"chat": {"id": chat}, "message_id": message, "text": text}
    if reply is not None:
        result["reply_to_message"] = {"message_id": reply}
    return Call("sendMessage", {}, 0.0, result)


def read(ledger: Ledger, *calls: Call) -> dict[int, list[list[str]]]:
    ledger.read(list(calls))
    return ledger.by_command()


def test_a_reply_belongs_to_what_it_replies_to():
    ledger = Ledger()
    ledger.expect(said(1_000_001, chat=GROUP, message=1))
    ledger.expect(said(1_000_002, chat=GROUP, message=2))
    found = read(ledger, told("✅ 1000001", 3, chat=GROUP, reply=2))

    assert found == {1_000_001: [], 1_000_002: [["✅ 1000001"]]}


def test_an_answer_belongs_to_the_command_that_it_names():
    """Even when it is the second one, and the next command has been given meanwhile."""
    ledger = Ledger()
    ledger.expect(said(1_000_001))
    calls = [told("✅ t1000001", 2)]
    ledger.read(calls)
    ledger.expect(said(1_000_002, message=3))
    found = read(ledger, *calls, told("✅ t1000001", 4), told("✅ t1000002", 5))

    assert found == {1_000_001: [["✅ t1000001"], ["✅ t1000001"]], 1_000_002: [["✅ t1000002"]]}
    assert ledger.open() == []


def test_an_answer_that_names_nothing_belongs_to_the_command_that_waits():
    ledger = Ledger()
    ledger.expect(said(1_000_001))
    found = read(ledger, told(WORKING, 2), told(UNKNOWN, 2), told(UNKNOWN, 3))

    assert found == {1_000_001: [[WORKING, UNKNOWN], [UNKNOWN]]}


def test_a_number_of_another_chat_names_nothing():
    ledger = Ledger()
    ledger.expect(said(1_000_001))
    ledger.expect(said(1_000_002, chat=7, message=1))
    found = read(ledger, told("✅ t1000001 t1000002", 2, chat=7))

    assert found == {1_000_001: [], 1_000_002: [["✅ t1000001 t1000002"]]}


PLAN = Command(1_000_001, "planned switch", False, (CHAT, 1), 11, asks=True)
QUESTION, APPLY = "❔ Turn stream 1000001 off?\nmore", "plan:apply:x"
OFF, USED = "✅ Stream 1000001 is off", "❌ 1000001"


def asked(text: str, message: int) -> Call:
    call = told(text, message)
    row = [{"text": "Apply", "callback_data": APPLY}]
    call.result["reply_markup"] = {"inline_keyboard": [row]}
    return call


def planned(*calls: Call, presses: tuple[int, ...], writes: int, keys: tuple[int, ...]):
    """Return what is known of a plan that was answered and pressed so."""
    ledger, telegram, keitaro = Ledger(), Telegram(), Keitaro()
    ledger.expect(PLAN)
    ledger.read(list(calls))
    ledger.presses[PLAN.number] += presses
    path = "streams/1000001/disable"
    for _ in range(writes):
        request = Request(
            method="POST", path=path, query={}, headers={}, body=None, raw=b"", at=0.0
        )
        keitaro.requests.append(request)
        keitaro.mutations.append(request)
    records = Records(dict.fromkeys((11, *presses), "done"), frozenset(f"u{key}" for key in keys))
    return ledger, gather(ledger, telegram, keitaro, records)


def test_a_question_and_what_came_of_its_presses_are_two_things():
    calls = (told(WORKING, 2), asked(QUESTION, 2), told(WORKING, 2), told(OFF, 2))
    ledger, known = planned(*calls, presses=(12, 13), writes=1, keys=(12,))

    assert [one.messages for one in known] == [((WORKING, QUESTION),), ((WORKING, OFF),)]
    assert (known[0].changes, known[1].changes) == (False, True)
    assert judge(known).complaints == ()
    assert (ledger.questions(), len(ledger.pressed())) == ([], 1)


def test_a_question_that_nobody_has_answered_stands():
    ledger, known = planned(asked(QUESTION, 2), presses=(), writes=0, keys=())

    assert ledger.questions() == [(PLAN, (CHAT, 2), APPLY)]
    assert (len(known), judge(known).complaints) == (1, ())


@pytest.mark.parametrize(
    ("calls", "presses", "writes", "promise"),
    [
        ((asked(QUESTION, 2), told(OFF, 2)), (12, 13), 2, "doubled"),
        ((asked(QUESTION, 2),), (12,), 0, "unanswered"),
        ((asked(QUESTION, 2), told(WORKING, 2)), (12,), 1, "unanswered"),
        ((asked(QUESTION, 2), told(OFF, 2)), (12,), 0, "false"),
        ((asked(QUESTION, 2), told(USED, 2)), (12,), 1, "false"),
        ((asked(QUESTION, 2),), (), 1, "unanswered"),
    ],
)
def test_a_promise_that_is_broken_under_a_question_is_found(calls, presses, writes, promise):
    _, known = planned(*calls, presses=presses, writes=writes, keys=(12, 13))

    assert judge(known).counts[promise] == 1


def test_what_answers_nobody_is_kept_apart():
    ledger = Ledger()
    ledger.read([told("✅ hello", 1)])

    assert (ledger.strays, ledger.by_command()) == (["✅ hello"], {})


@pytest.mark.parametrize(
    ("path", "body", "number"),
    [
        ("streams", {"name": "t1000007"}, 1_000_007),
        ("streams/1000007", {"name": "t1000007"}, 1_000_007),
        ("streams/1000007/disable", None, 1_000_007),
        ("streams/12", None, 0),
    ],
)
def test_a_request_names_its_command(path, body, number):
    request = Request(method="POST", path=path, query={}, headers={}, body=body, raw=b"", at=0.0)

    assert number_of(request) == number


@pytest.mark.parametrize("workers", [1, 2, 3, 4])
@pytest.mark.parametrize("modes", [MODES, ("polling",)])
def test_kills_are_shared_out_evenly(workers, modes):
    shares = jobs(kills=61, seed=1, modes=modes, workers=workers)
    found = [job for share in shares for job in share]
    by_mode = Counter()
    for job in found:
        by_mode[job.mode] += job.kills

    assert len(shares) == workers
    assert by_mode.total() == 61
    assert max(by_mode.values()) - min(by_mode.values()) <= 1
    assert len({job.seed for job in found}) == len(found)


def test_a_short_run_comes_to_every_moment():
    planned = schedule(Job("polling", KILLS // 2, SEED), random.Random(SEED))  # noqa: S311 - a plan

    assert len(planned) == KILLS // 2
    assert min(Counter(planned)[moment] for moment in (*MOMENTS, RANDOM)) >= 2


HIT = Report(Job("polling", 10, 1), judge([GOOD]), Counter((*MOMENTS, RANDOM)))


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (replace(HIT, verdict=judge([replace(GOOD, effects=2)])), "1 doubled"),
        (replace(HIT, verdict=judge([replace(GOOD, messages=((WORKING,), (CREATED,)))])), "⏳"),
        (replace(HIT, is_settled=False), "not done in time"),
        (replace(HIT, ends=(1,)), "ended by itself with status 1"),
        (replace(HIT, kills=HIT.kills - Counter([APPLIED])), "never killed: call applied"),
    ],
)
def test_a_run_fails_for_good_reason(report, words):
    found = failures([report])

    assert len(found) == 1
    assert words in found[0]


def test_a_run_passes_that_kept_its_promises():
    left = replace(HIT, verdict=judge([replace(GOOD, messages=((WORKING,), (CREATED,)))]))

    assert failures([HIT]) == []
    assert failures([replace(left, in_flight=1)]) == []


def test_the_table_shows_modes_and_total():
    lines = table([HIT, replace(HIT, job=Job("webhook", 10, 2))], seconds=60).splitlines()

    assert lines[0].split() == ["polling", "webhook", "total"]
    assert lines[1].split() == ["kills", "10", "10", "20"]
    assert lines[-1] == "60 s, 20 kills a minute"


async def test_the_same_seed_says_the_same(tmp_path):
    """As long as nobody answers, what is said depends on nothing but the seed."""
    texts = []
    for _ in range(2):
        async with staged(Job("polling", 1, 7), tmp_path) as stage:
            dice = random.Random(7)  # noqa: S311 - chatter
            misfortune = Misfortune(stage.telegram, stage.keitaro, dice, is_polling=True)
            load = Load(stage, Ledger(), misfortune, dice)
            talking = asyncio.create_task(load.run())
            await stage.telegram.settled(lambda telegram: len(telegram.updates.all) >= 20)
            talking.cancel()
            texts.append([one["message"]["text"] for one in stage.telegram.updates.all[:20]])

    assert texts[0] == texts[1]
