"""Owners, roles and the claim code."""

import asyncio

import pytest

from storage import Member, open_store


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        """Return the time it has been set to."""
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def people(tmp_path, clock):
    store = await open_store(tmp_path / "bot.db", keys=[b"k" * 32], now=clock)
    yield store.people
    await store.close()


async def test_owners_are_added_once(people):
    for user_id in (7, 8, 7):
        await people.add_owner(user_id)

    assert await people.owners() == frozenset({7, 8})


async def test_nobody_has_a_role_until_it_is_granted(people):
    assert await people.role(1, 7) is None
    assert await people.members(1) == []


async def test_a_role_is_for_one_chat_and_one_person(people):
    await people.grant(1, 7, "operator", granted_by=9)

    assert await people.role(1, 7) == "operator"
    assert await people.role(1, 8) is None
    assert await people.role(2, 7) is None


async def test_a_new_grant_replaces_the_old_one(people, clock):
    await people.grant(1, 7, "operator", granted_by=9)
    await people.grant(1, 6, "viewer", granted_by=9)
    clock.seconds += 1
    await people.grant(1, 7, "admin", granted_by=10)

    assert await people.members(1) == [
        Member(6, "viewer", 9, 1000.0),
        Member(7, "admin", 10, 1001.0),
    ]


async def test_a_name_is_kept_until_another_is_told(people):
    await people.grant(1, 7, "operator", granted_by=9, name="Ann")
    await people.grant(2, 7, "viewer", granted_by=9)
    await people.grant(1, 7, "admin", granted_by=9)
    kept = [member.name for chat in (1, 2) for member in await people.members(chat)]
    await people.grant(1, 7, "admin", granted_by=9, name="Anna")

    assert kept == ["Ann", ""]
    assert [member.name for member in await people.members(1)] == ["Anna"]


async def test_names_go_along_when_a_group_becomes_a_supergroup(tmp_path, clock):
    store = await open_store(tmp_path / "other.db", keys=[b"k" * 32], now=clock)
    await store.people.grant(-1, 7, "operator", granted_by=9, name="Ann")
    await store.chats.migrate(-1, -1001)
    moved = await store.people.members(-1001)
    await store.close()

    assert moved == [Member(7, "operator", 9, 1000.0, "Ann")]


async def test_a_role_is_revoked_once(people):
    await people.grant(1, 7, "operator", granted_by=9)
    await people.grant(2, 7, "viewer", granted_by=9)

    assert await people.revoke(1, 7) is True
    assert await people.revoke(1, 7) is False
    assert await people.role(1, 7) is None
    assert await people.role(2, 7) == "viewer"


async def test_the_claim_code_makes_one_owner(people):
    code = await people.new_claim()

    assert len(code) == 22
    assert await people.redeem_claim(code, 7) == "redeemed"
    assert await people.redeem_claim(code, 8) == "wrong"
    assert await people.owners() == frozenset({7})


async def test_two_who_race_for_the_code_do_not_both_win(people):
    code = await people.new_claim()
    outcomes = await asyncio.gather(*(people.redeem_claim(code, user_id) for user_id in (7, 8)))
    owners = await people.owners()

    assert sorted(outcomes) == ["redeemed", "wrong"]
    assert owners == frozenset({(7, 8)[outcomes.index("redeemed")]})


@pytest.mark.parametrize(("later", "redeemed"), [(899.9, True), (900, False), (10_000, False)])
async def test_the_claim_code_has_its_time(people, clock, later, redeemed):
    code = await people.new_claim()
    clock.seconds += later

    assert await people.redeem_claim(code, 7) == ("redeemed" if redeemed else "wrong")
    assert await people.owners() == (frozenset({7}) if redeemed else frozenset())


@pytest.mark.parametrize(("wrong_tries", "redeemed"), [(4, True), (5, False)])
async def test_the_claim_code_allows_five_tries_in_all(people, wrong_tries, redeemed):
    code = await people.new_claim()
    for user_id in range(wrong_tries):
        claim = await people.redeem_claim(f"wrong-{user_id}\ud800", user_id)
        assert claim == ("spent" if user_id == 4 else "wrong")

    assert await people.redeem_claim(code, 7) == ("redeemed" if redeemed else "wrong")


async def test_a_code_that_has_expired_does_not_come_back_with_the_clock(people, clock):
    code = await people.new_claim(lifetime_seconds=60)
    clock.seconds += 60
    await people.redeem_claim(code, 7)
    clock.seconds -= 60

    assert await people.redeem_claim(code, 7) == "wrong"


async def test_a_new_claim_code_replaces_the_old_one(people):
    old = await people.new_claim()
    new = await people.new_claim()

    assert await people.redeem_claim(old, 7) == "wrong"
    assert await people.redeem_claim(new, 7) == "redeemed"


async def test_without_a_claim_nothing_can_be_redeemed(people):
    assert await people.redeem_claim("", 7) == "wrong"
