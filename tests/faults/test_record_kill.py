"""PostgreSQL killed while the record is written: what was acknowledged is there, whole, indexed and in the feed."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from pathlib import Path

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from banyan.record import Feed, Record
from banyan.record.migrate import OWN_FOLDER, migrate
from banyan.record.positions import give_now
from banyan.record.postgres import EmbeddedPostgres
from tests.record.build import a_patient
from tests.record.conftest import ME

ROUNDS = 2


async def write_until_killed(dsn: str, acknowledged: list[str], postgres: EmbeddedPostgres) -> None:
    async with AsyncConnectionPool(dsn, min_size=4, max_size=4, open=False, timeout=2) as pool:
        record = Record(pool)

        async def writer() -> None:
            while True:
                async with record.transaction(ME) as transaction:
                    pair = [(await transaction.create(a_patient(f"Pair {n}"))).stored.id for n in range(2)]
                acknowledged.append(",".join(pair))

        writers = [asyncio.create_task(writer()) for _ in range(4)]
        await asyncio.sleep(random.uniform(0.3, 0.9))
        assert postgres.pid is not None
        os.kill(postgres.pid, signal.SIGKILL)
        await asyncio.wait(writers, timeout=10)
        for one in writers:
            one.cancel()
        outcomes = await asyncio.gather(*writers, return_exceptions=True)
        assert all(isinstance(one, (psycopg.Error, asyncio.CancelledError)) for one in outcomes), outcomes


async def check(dsn: str, acknowledged: list[str]) -> None:
    async with AsyncConnectionPool(dsn, min_size=1, max_size=2, open=False) as pool:
        record, feed = Record(pool), Feed(pool)
        async with pool.connection() as conn:
            await conn.set_autocommit(True)
            await give_now(conn)
            await conn.set_autocommit(False)
        changes, _ = await feed.read(None, limit=100_000)
        told = {",".join(entry.id for entry in change.entries) for change in changes}
        assert set(acknowledged) <= told
        assert [change.position for change in changes] == list(range(1, len(changes) + 1))
        page = await record.search("Patient", [("name", "pair"), ("_summary", "count")])
        assert page.total == 2 * len(told)  # both of a pair or neither
        for pair in random.sample(acknowledged, min(20, len(acknowledged))):
            for one in pair.split(","):
                assert (await record.read("Patient", one)).version == 1


@pytest.mark.faults
@pytest.mark.slow
async def test_what_was_acknowledged_survives_kills_of_the_database(tmp_path: Path) -> None:
    postgres = EmbeddedPostgres(tmp_path)
    postgres.start()
    acknowledged: list[str] = []
    try:
        migrate(postgres.dsn(), [OWN_FOLDER])
        for _ in range(ROUNDS):
            await write_until_killed(postgres.dsn(), acknowledged, postgres)
            postgres.start()
            await check(postgres.dsn(), acknowledged)
    finally:
        postgres.stop()
    assert len(acknowledged) > ROUNDS
