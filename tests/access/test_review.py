"""What the trail and the grants say for people: relationships, reviews, patterns, keys."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from psycopg_pool import AsyncConnectionPool

from banyan.access import AccessError, AuditTrail, Entry, Keys, Principal
from banyan.access.grants import Grant, add
from banyan.access.relationships import Relationships
from banyan.access.suspicion import DENIALS, PATIENTS, patterns
from tests.access.conftest import ADMIN

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
NURSE = Principal("liumin", "Liu Min", ("emergency_nurse",), institution="h2")
OFFICER = Principal("dengkai", "Deng Kai", ("auditor",))


async def grant(pool: AsyncConnectionPool, **given) -> int:
    wanted = {"patient": "p1", "starts": NOW, "because": "Notice, case 0047"} | given
    async with pool.connection() as conn:
        return await add(conn, Grant(**wanted), made_by="wangmin")


async def test_relationships_are_those_that_reach_this_person_now(pool: AsyncConnectionPool) -> None:
    await grant(pool, institution="h2")
    await grant(pool, institution="h6", patient="p2")
    await grant(pool, institution="h2", patient="p3", until=NOW - timedelta(minutes=1))
    await grant(pool, institution="h2", patient="p4", role="cardiologist")
    [held] = await Relationships(pool).of(NURSE, NOW)
    assert (held.patient, held.because, held.to, held.made_by) == ("p1", "Notice, case 0047", "h2", "wangmin")


async def test_an_equal_grant_is_not_written_twice(pool: AsyncConnectionPool) -> None:
    assert await grant(pool, institution="h2") > 0
    assert await grant(pool, institution="h2") == 0
    assert await grant(pool, institution="h2", purpose="ETREAT") > 0


async def test_a_broken_glass_waits_for_somebody_elses_review(
    pool: AsyncConnectionPool, audit: AuditTrail
) -> None:
    number = await grant(pool, user="liumin", purpose="BTG", because="Unconscious", until=NOW)
    reviews = Relationships(pool)
    [waiting] = await reviews.broken_glasses()
    assert (waiting.user, waiting.reason, waiting.verdict) == ("liumin", "Unconscious", None)
    with pytest.raises(AccessError, match="somebody else"):
        await reviews.review(number, "justified", by=NURSE)
    with pytest.raises(AccessError, match="no such"):
        await reviews.review(number + 1, "justified", by=OFFICER)
    await reviews.review(number, "unjustified", by=OFFICER, note="no case fits")
    assert await reviews.broken_glasses() == []
    [done] = await reviews.broken_glasses(reviewed=True)
    assert (done.verdict, done.reviewed_by) == ("unjustified", "dengkai")
    assert (await audit.of_patient("p1"))[0].action == "access.review"


async def test_repeated_refusals_and_unusual_volumes_show(
    pool: AsyncConnectionPool, audit: AuditTrail
) -> None:
    assert await patterns(pool) == []
    for _ in range(DENIALS):
        await audit.record(Entry(who=NURSE, action="read", outcome="denied", patients=["p1"]))
    curious = Principal("xuwen", "Xu Wen", ("emergency_doctor",), institution="h6")
    for name in ("a", "b", "c"):
        colleague = Principal(name, name, ("emergency_doctor",))
        await audit.record(Entry(who=colleague, action="read", patients=["p1", "p2"]))
    await audit.record(Entry(who=curious, action="search", patients=[f"p{n}" for n in range(PATIENTS)]))
    found = {one.kind: one for one in await patterns(pool)}
    assert (found["denied"].user, found["denied"].count, found["denied"].patients) == ("liumin", 3, ("p1",))
    assert (found["volume"].user, found["volume"].count, found["volume"].usual) == ("xuwen", PATIENTS, 2)


async def test_the_trail_pages_backwards(audit: AuditTrail) -> None:
    for number in range(5):
        await audit.record(Entry(who=ADMIN, action="read", what=str(number), patients=["p1"]))
    first = await audit.of_patient("p1", count=2)
    second = await audit.of_patient("p1", before=first[-1].id, count=2)
    assert [look.what for look in (*first, *second)] == ["4", "3", "2", "1"]
    assert [look.what for look in await audit.recent(outcome="done", count=1)] == ["4"]


def test_keys_are_private_and_stay(tmp_path: Path) -> None:
    first = Keys(tmp_path / "keys")
    assert first.audit.public_key() == Keys(tmp_path / "keys").audit.public_key()
    assert first.audit.public_key() != first.shift.public_key()
    file = tmp_path / "keys" / "audit.pem"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.glob(".*")] == []
    file.chmod(0o644)
    with pytest.raises(AccessError, match="chmod 600"):
        _ = Keys(tmp_path / "keys").audit
