"""The change feed: every committed transaction once, in order, without gaps, whatever else happens."""

from __future__ import annotations

import asyncio
import time

import psycopg
import pytest

from banyan.record import Change, Feed, Record
from banyan.record.errors import BadRequest, EpochChanged
from banyan.record.feed import follow, new_epoch
from tests.record.build import a_patient, stored
from tests.record.conftest import ME


async def changes_after(feed: Feed, cursor: str, count: int) -> list[Change]:
    found: list[Change] = []
    async with asyncio.timeout(10):
        async for change in follow(feed, cursor):
            found.append(change)
            if len(found) == count:
                break
    return found


async def settled(feed: Feed) -> str:
    """The cursor once everything committed has its position."""
    cursor = await feed.latest()
    while True:
        await asyncio.sleep(0.1)
        if (now := await feed.latest()) == cursor:
            return cursor
        cursor = now


async def test_a_transaction_is_one_change_with_its_events(record: Record, feed: Feed) -> None:
    start = await feed.latest()
    async with record.transaction(ME) as transaction:
        made = (await transaction.create(a_patient())).stored
        await transaction.create(a_patient())
        transaction.tell("desk", "call", {"case": 1})
    [change] = await changes_after(feed, start, 1)
    assert [(e.type, e.op, e.version) for e in change.entries] == [("Patient", "create", 1)] * 2
    assert change.entries[0].patient == made.id
    assert [(e.topic, e.kind, e.data) for e in change.events] == [("desk", "call", b'{"case":1}')]
    assert change.author == ME


async def test_an_aborted_transaction_leaves_nothing(record: Record, feed: Feed) -> None:
    start = await settled(feed)
    with pytest.raises(RuntimeError):
        async with record.transaction(ME) as transaction:
            await transaction.create(a_patient())
            transaction.tell("desk", "call", {})
            await transaction.flush()
            raise RuntimeError
    [made] = await stored(record, a_patient())
    [change] = await changes_after(feed, start, 1)
    assert [entry.id for entry in change.entries] == [made.id]


async def test_a_slow_transaction_stalls_nobody_and_is_not_missed(record: Record, feed: Feed) -> None:
    start = await settled(feed)
    async with record.transaction(ME) as slow:
        late = (await slow.create(a_patient("late"))).stored
        await slow.finish()  # its row is there, its transaction number is old, it is not committed
        slow.finish = _nothing  # type: ignore[method-assign]
        quick = [(await stored(record, a_patient()))[0] for _ in range(5)]
        seen = await changes_after(feed, start, 5)
        assert [change.entries[0].id for change in seen] == [one.id for one in quick]
    [last] = await changes_after(feed, seen[-1].cursor, 1)
    assert last.entries[0].id == late.id
    assert last.position == seen[-1].position + 1


async def _nothing() -> None:
    return None


async def test_a_killed_session_leaves_no_gap(record: Record, feed: Feed, database: str) -> None:
    start = await settled(feed)
    with pytest.raises(psycopg.OperationalError):
        async with record.transaction(ME) as doomed:
            await doomed.create(a_patient())
            await doomed.flush()
            with psycopg.connect(database, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", (doomed.conn.info.backend_pid,))
            await doomed.conn.execute("SELECT 1")
    made = [(await stored(record, a_patient()))[0] for _ in range(3)]
    seen = await changes_after(feed, start, 3)
    assert [change.entries[0].id for change in seen] == [one.id for one in made]
    assert [change.position - seen[0].position for change in seen] == [0, 1, 2]


async def test_many_writers_every_change_once(record: Record, feed: Feed) -> None:
    start = await settled(feed)

    async def write(number: int) -> str:
        async def work(transaction):  # type: ignore[no-untyped-def]
            made = await transaction.create(a_patient(f"W{number}"))
            await asyncio.sleep(0.002 * (number % 5))
            return made.stored.id

        return await record.run(ME, work)

    written = await asyncio.gather(*(write(number) for number in range(60)))
    seen = await changes_after(feed, start, 60)
    assert sorted(entry.id for change in seen for entry in change.entries) == sorted(written)
    positions = [change.position for change in seen]
    assert positions == list(range(positions[0], positions[0] + 60))


async def test_a_follower_resumes_where_it_stopped(record: Record, feed: Feed) -> None:
    start = await settled(feed)
    made = [(await stored(record, a_patient()))[0].id for _ in range(4)]
    first = await changes_after(feed, start, 2)
    rest = await changes_after(feed, first[-1].cursor, 2)
    assert [change.entries[0].id for change in (*first, *rest)] == made


async def test_news_wakes_a_waiting_follower_soon(record: Record, feed: Feed) -> None:
    delays = []
    await settled(feed)
    for _ in range(9):
        waiting = asyncio.create_task(feed.wait(5))
        await asyncio.sleep(0.06)
        await stored(record, a_patient())
        begun = time.perf_counter()
        await waiting
        delays.append(time.perf_counter() - begun)
    assert sorted(delays)[4] < 0.1


async def test_a_restore_begins_a_new_epoch(record: Record, feed: Feed, database: str) -> None:
    [made] = await stored(record, a_patient())
    old = await settled(feed)
    async with await psycopg.AsyncConnection.connect(database) as conn:
        await new_epoch(conn)
    with pytest.raises(EpochChanged, match="restored"):
        await feed.read(old)
    fresh = await feed.latest()
    assert fresh.split(".")[2] == old.split(".")[2]
    [made] = await stored(record, a_patient())
    [change] = await changes_after(feed, fresh, 1)
    assert change.entries[0].id == made.id


async def test_a_strange_cursor_is_refused(feed: Feed) -> None:
    with pytest.raises(BadRequest, match="not a cursor"):
        await feed.read("yesterday")
