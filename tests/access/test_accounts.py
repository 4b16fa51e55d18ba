"""Accounts: who gets in, who is thrown out, and what each refusal says."""

from datetime import UTC, datetime, timedelta

import pytest

from banyan.access import AccountError, Accounts, Principal, ShiftError, SignInError, throttle
from tests.access.conftest import ADMIN

PASSWORD = "correct horse"


async def a_crew(accounts: Accounts, name: str = "linyue") -> Principal:
    await accounts.add_user(name, by=ADMIN, roles=["crew"], password=PASSWORD, institution="ems")
    return await accounts.principal(name)


async def test_the_right_password_opens_a_session(accounts: Accounts) -> None:
    await a_crew(accounts)
    who = await accounts.verify_password("linyue", PASSWORD)
    cookie, life = await accounts.sessions.open(
        who, own=False, device=None, agent="test", address="::1", via="password"
    )
    found = await accounts.principal_of(cookie=cookie)
    assert found is not None and (found.user, found.roles, found.institution) == ("linyue", ("crew",), "ems")
    assert found.session and life <= timedelta(hours=12)
    await accounts.sessions.close(cookie, found)
    accounts.forget()
    assert await accounts.principal_of(cookie=cookie) is None


async def test_idle_and_absolute_expiry(accounts: Accounts) -> None:
    who = await a_crew(accounts)
    for change in ("seen_at = now() - interval '31 minutes'", "until = now()"):
        cookie, _ = await accounts.sessions.open(
            who, own=False, device=None, agent="", address="", via="password"
        )
        assert await accounts.principal_of(cookie=cookie)
        async with accounts.pool.connection() as conn:
            await conn.execute(f"update access.session set {change}")
        accounts.forget()
        assert await accounts.principal_of(cookie=cookie) is None


async def test_wrong_passwords_are_counted_then_locked(accounts: Accounts) -> None:
    await a_crew(accounts)
    for left in range(throttle.PER_ACCOUNT_AND_ADDRESS - 1, -1, -1):
        with pytest.raises(SignInError) as wrong:
            await accounts.verify_password("linyue", "guess", address="10.0.0.1")
        assert (wrong.value.kind, wrong.value.left) == ("wrong", left)
    with pytest.raises(SignInError) as locked:
        await accounts.verify_password("linyue", PASSWORD, address="10.0.0.1")
    assert locked.value.kind == "locked" and 0 < (locked.value.retry_after or 0) <= 15 * 60
    assert await accounts.verify_password("linyue", PASSWORD, address="10.0.0.2"), (
        "another place is not locked"
    )


async def test_an_unknown_account_answers_like_a_wrong_password(accounts: Accounts) -> None:
    with pytest.raises(SignInError) as wrong:
        await accounts.verify_password("nobody", PASSWORD)
    assert wrong.value.kind == "wrong"


@pytest.mark.parametrize(
    ("name", "roles", "password", "says"),
    [
        ("x y", ["crew"], PASSWORD, "cannot be"),
        ("x", ["medic"], PASSWORD, "no role"),
        ("x", [], PASSWORD, "at least one role"),
        ("x", ["crew"], "short", "at least 8"),
        ("wanglei88", ["crew"], "WangLei88", "own name"),
        ("banyan:evil", ["crew"], PASSWORD, "cannot be"),
        ("x", ["platform"], PASSWORD, "no role"),
    ],
)
async def test_bad_accounts_are_refused_in_words(accounts: Accounts, name, roles, password, says) -> None:
    with pytest.raises(AccountError, match=says):
        await accounts.add_user(name, by=ADMIN, roles=roles, password=password)


async def test_a_name_is_given_once(accounts: Accounts) -> None:
    await a_crew(accounts)
    with pytest.raises(AccountError, match="taken"):
        await a_crew(accounts)


async def test_the_one_time_link_works_once_and_ends_all_sessions(accounts: Accounts) -> None:
    who = await a_crew(accounts)
    cookie, _ = await accounts.sessions.open(who, own=True, device=None, agent="", address="", via="password")
    link = await accounts.reset_link("linyue", by=ADMIN)
    assert await accounts.reset_of(link) == "linyue"
    assert await accounts.use_reset(link, "another pass phrase") == "linyue"
    assert await accounts.principal_of(cookie=cookie) is None
    with pytest.raises(SignInError, match="used"):
        await accounts.use_reset(link, "a third pass phrase")
    assert await accounts.verify_password("linyue", "another pass phrase")


async def test_a_newer_link_ends_the_older(accounts: Accounts) -> None:
    await a_crew(accounts)
    old = await accounts.reset_link("linyue", by=ADMIN)
    await accounts.reset_link("linyue", by=ADMIN)
    assert await accounts.reset_of(old) is None


async def test_tokens_carry_their_account_until_revoked(accounts: Accounts) -> None:
    await accounts.add_user("lis", by=ADMIN, roles=["integrator"], institution="h2", kind="system")
    token = await accounts.tokens.create("lis", by=ADMIN)
    who = await accounts.principal_of(bearer=token)
    assert who is not None and who.kind == "system" and who.institution == "h2"
    [kept] = await accounts.tokens.of("lis")
    await accounts.tokens.revoke("lis", kept.id, by=ADMIN)
    accounts.forget()
    assert await accounts.principal_of(bearer=token) is None
    with pytest.raises(AccountError, match="banyan user add"):
        await accounts.tokens.create("nobody", by=ADMIN)


async def test_a_closed_account_loses_everything(accounts: Accounts) -> None:
    who = await a_crew(accounts)
    cookie, _ = await accounts.sessions.open(who, own=True, device=None, agent="", address="", via="password")
    token = await accounts.tokens.create("linyue", by=ADMIN)
    await accounts.disable("linyue", by=ADMIN)
    assert await accounts.principal_of(cookie=cookie) is None
    assert await accounts.principal_of(bearer=token) is None
    with pytest.raises(SignInError, match="closed"):
        await accounts.verify_password("linyue", PASSWORD)


async def test_changed_roles_hold_at_once_in_live_sessions(accounts: Accounts) -> None:
    who = await a_crew(accounts)
    cookie, _ = await accounts.sessions.open(who, own=True, device=None, agent="", address="", via="password")
    await accounts.principal_of(cookie=cookie)
    await accounts.change_user("linyue", by=ADMIN, roles=["dispatcher"], institution="")
    found = await accounts.principal_of(cookie=cookie)
    assert found is not None and found.roles == ("dispatcher",) and found.institution is None


NOW = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)


async def test_a_lost_device_loses_its_sessions_and_shifts(accounts: Accounts) -> None:
    who = await a_crew(accounts)
    await accounts.devices.seen("d1", "linyue", "Tablet 03")
    cookie, _ = await accounts.sessions.open(who, own=True, device="d1", agent="", address="", via="password")
    found = await accounts.principal_of(cookie=cookie)
    assert found is not None and found.device == "d1"
    shift = await accounts.shifts.begin(found, "unit-03", starts=NOW, until=NOW + timedelta(hours=12))
    assert (await accounts.shifts.judge(shift, NOW + timedelta(hours=1))).unit == "unit-03"
    assert await accounts.devices.lost("d1", by=ADMIN) == 1
    accounts.forget()
    assert await accounts.principal_of(cookie=cookie) is None
    with pytest.raises(ShiftError, match="lost"):
        await accounts.shifts.judge(shift, NOW + timedelta(hours=1))


async def test_a_shift_token_judges_by_the_recorded_time(accounts: Accounts) -> None:
    who = await a_crew(accounts)
    shift = await accounts.shifts.begin(who, "unit-03", starts=NOW, until=NOW + timedelta(hours=12))
    judged = await accounts.shifts.judge(shift, NOW + timedelta(hours=12))
    assert (judged.user, judged.roles, judged.institution) == ("linyue", ("crew",), "ems")
    for at in (NOW - timedelta(seconds=1), NOW + timedelta(hours=13)):
        with pytest.raises(ShiftError, match="outside the shift"):
            await accounts.shifts.judge(shift, at)
    head, body, signature = shift.split(".")
    for forged in (f"{head}.{body}.{signature[:-4]}AAAA", "x.y.z", ""):
        with pytest.raises(ShiftError, match="not one that this installation signed"):
            await accounts.shifts.judge(forged, NOW)


async def test_the_unit_of_the_open_shift_is_the_principals(accounts: Accounts) -> None:
    who = await a_crew(accounts)
    await accounts.shifts.begin(who, "unit-03", starts=NOW, until=NOW + timedelta(hours=12))
    assert (await accounts.principal("linyue")).unit == "unit-03"
    await accounts.shifts.end(who, at=NOW)
    assert (await accounts.principal("linyue")).unit is None
