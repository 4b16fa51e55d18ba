"""The audit trail: durable before the bytes, sealed within a second, and every tampering found."""

import asyncio

import pytest
from psycopg_pool import AsyncConnectionPool

from banyan.access import AuditTrail, Entry, Keys, Principal
from banyan.access.audit import write
from banyan.access.ledger import merkle_root
from banyan.access.sealer import HEAD, Sealer, seal
from banyan.access.verify import Verdict, verify

WHO = Principal("wanglei", "Wang Lei", ("emergency_doctor",), institution="h2", session="s1")


def a_read(patient: str = "p1") -> Entry:
    return Entry(
        who=WHO, action="read", what=f"Patient/{patient}", entities=[f"Patient/{patient}"], patients=[patient]
    )


async def verdict_of(pool: AsyncConnectionPool, keys: Keys) -> Verdict:
    async with pool.connection() as conn:
        return await verify(conn, keys)


async def seal_now(pool: AsyncConnectionPool, sealer: Sealer) -> int:
    async with pool.connection() as conn:
        return await sealer.seal(conn)


async def test_an_entry_is_there_when_record_returns(audit: AuditTrail) -> None:
    await audit.record(a_read())
    [look] = await audit.of_patient("p1")
    assert (look.user, look.action, look.patients) == ("wanglei", "read", ("p1",))
    assert await audit.of_patient("p2") == []


async def test_reads_that_wait_share_a_commit(audit: AuditTrail, pool: AsyncConnectionPool) -> None:
    async with pool.connection() as conn:
        cursor = await conn.execute(
            "select xact_commit from pg_stat_database where datname = current_database()"
        )
        await cursor.fetchone()
    await asyncio.gather(*(audit.record(a_read(f"p{n}")) for n in range(300)))
    async with pool.connection() as conn:
        cursor = await conn.execute("select count(*), count(distinct xmin::text) from access.audit")
        rows, commits = await cursor.fetchone()
    assert rows == 300 and commits <= 3


async def test_a_trail_that_cannot_be_written_refuses_the_read(
    pool: AsyncConnectionPool, audit: AuditTrail
) -> None:
    async with pool.connection() as conn:
        await conn.execute("alter table access.audit rename to away")
    with pytest.raises(Exception, match="audit"):
        await audit.record(a_read())
    async with pool.connection() as conn:
        await conn.execute("alter table access.away rename to audit")
    await audit.record(a_read())


async def test_sealed_rows_verify(audit: AuditTrail, pool: AsyncConnectionPool, keys: Keys) -> None:
    sealer = Sealer(keys)
    for round_ in range(3):
        await asyncio.gather(*(audit.record(a_read(f"p{n}")) for n in range(round_ + 1)))
        assert await seal_now(pool, sealer) == round_ + 1
    assert await seal_now(pool, sealer) == 0
    await audit.record(a_read())
    found = await verdict_of(pool, keys)
    assert found.intact and (found.rows, found.seals, found.unsealed) == (6, 3, 1)


async def test_a_slow_transaction_is_sealed_when_it_commits(
    audit: AuditTrail, pool: AsyncConnectionPool, keys: Keys
) -> None:
    sealer = Sealer(keys)
    async with pool.connection() as slow:
        await write(slow, a_read("slow"))
        for _ in range(3):
            await audit.record(a_read("fast"))
            assert await seal_now(pool, sealer) == 1
    assert await seal_now(pool, sealer) == 1
    found = await verdict_of(pool, keys)
    assert found.intact and found.rows == 4 and found.unsealed == 0
    await seal_now(pool, sealer)
    assert sealer.above == set(), "settled numbers are not remembered for ever"


async def test_another_sealer_takes_up_the_chain(
    audit: AuditTrail, pool: AsyncConnectionPool, keys: Keys
) -> None:
    async with pool.connection() as slow:
        await write(slow, a_read("slow"))
        await audit.record(a_read("fast"))
        await seal_now(pool, Sealer(keys))
    await seal_now(pool, Sealer(keys))
    found = await verdict_of(pool, keys)
    assert found.intact and (found.rows, found.seals) == (2, 2)


@pytest.mark.parametrize(
    ("tampering", "finding"),
    [
        ("update access.audit set account = 'other' where id = 2", "Row 2 was changed"),
        ("update access.audit set patients = '{}' where id = 3", "Row 3 was changed"),
        ("update access.audit set at = at + interval '1 microsecond' where id = 3", "Row 3 was changed"),
        ("delete from access.audit where id = 2", "Row 2 was removed"),
        (
            "insert into access.audit (id, account, display, roles, purpose, action, outcome) "
            "overriding system value values (0, 'x', 'x', '{}', 'TREAT', 'read', 'done')",
            "Row 0 was inserted",
        ),
        ("delete from access.seal where number = 2", "Seals 2 to 2 are gone"),
        ("delete from access.seal where number = 3", "Seals 3 to 3 were cut off"),
        ("update access.seal set ids = array[2,9] where number = 2", "not signed"),
        ("update access.seal set hashes = sha256('x') where number = 2", "does not fit"),
        ("update access.seal set sealed_at = now() - interval '1 day' where number = 1", "not signed"),
    ],
)
async def test_tampering_is_found_and_named(
    audit: AuditTrail, pool: AsyncConnectionPool, keys: Keys, tampering: str, finding: str
) -> None:
    sealer = Sealer(keys)
    for _ in range(3):
        await audit.record(a_read())
        await seal_now(pool, sealer)
    assert (await verdict_of(pool, keys)).intact
    async with pool.connection() as conn:
        await conn.execute(tampering)
    found = await verdict_of(pool, keys)
    assert not found.intact
    assert any(finding in line for line in found.lines()), found.lines()


async def test_the_end_of_the_chain_is_noted_beside_the_key(
    audit: AuditTrail, pool: AsyncConnectionPool, keys: Keys
) -> None:
    await audit.record(a_read())
    await seal_now(pool, Sealer(keys))
    assert (keys.folder / HEAD).stat().st_mode & 0o077 == 0
    (keys.folder / HEAD).unlink()
    assert "gone" in " ".join((await verdict_of(pool, keys)).lines())


async def test_the_loop_seals_within_a_second(
    audit: AuditTrail, pool: AsyncConnectionPool, keys: Keys
) -> None:
    loop = asyncio.create_task(seal(pool, keys, every=0.2))
    await audit.record(a_read())
    await asyncio.sleep(0.9)
    loop.cancel()
    await asyncio.gather(loop, return_exceptions=True)
    found = await verdict_of(pool, keys)
    assert found.rows == 1 and found.unsealed == 0


def test_the_tree_depends_on_order_and_number() -> None:
    leaves = [bytes([n]) * 32 for n in range(5)]
    roots = {merkle_root(leaves), merkle_root(leaves[::-1]), merkle_root(leaves[:4]), merkle_root(leaves[:1])}
    assert len(roots) == 4
