"""A record on the module's fresh database, with a position giver running as in the worker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from banyan.record import Author, Feed, Record
from banyan.record.feed import give_positions
from banyan.record.migrate import OWN_FOLDER, migrate
from banyan.record.postgres import EmbeddedPostgres

ME = Author("tester", "first-hospital")


@pytest.fixture(scope="session")
def template(postgres: EmbeddedPostgres) -> str:
    """The record's own schema and nothing else: these tests know no other package."""
    with psycopg.connect(postgres.dsn("postgres"), autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'record_template'").fetchone()
        if found is None:
            connection.execute("CREATE DATABASE record_template")
    migrate(postgres.dsn("record_template"), [OWN_FOLDER])
    return "record_template"


@pytest.fixture(scope="module")
async def pool(database: str) -> AsyncIterator[AsyncConnectionPool]:
    async with AsyncConnectionPool(database, min_size=2, max_size=12, open=False) as opened:
        yield opened


@pytest.fixture(scope="module")
async def record(pool: AsyncConnectionPool) -> AsyncIterator[Record]:
    record = Record(pool)
    yield record
    await record.close()


@pytest.fixture(scope="module")
async def feed(pool: AsyncConnectionPool, database: str) -> AsyncIterator[Feed]:
    giver = asyncio.create_task(give_positions(database))
    feed = Feed(pool)
    yield feed
    await feed.close()
    giver.cancel()
    await asyncio.gather(giver, return_exceptions=True)
