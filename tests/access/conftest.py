"""A database with the tables of access, and what stands on it."""

import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

import banyan.access
from banyan.access import Accounts, AuditTrail, Keys, Principal
from banyan.record.migrate import migrate
from banyan.record.postgres import EmbeddedPostgres

ADMIN = Principal(user="admin", name="Admin", roles=("administrator",))


@pytest.fixture
def access_database(postgres: EmbeddedPostgres) -> Iterator[str]:
    """The DSN of a fresh database that holds only the tables of access."""
    name = f"access_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres.dsn("postgres"), autocommit=True) as conn:
        conn.execute(f"create database {name}")
    migrate(postgres.dsn(name), [Path(banyan.access.__file__).parent / "migrations"])
    yield postgres.dsn(name)
    with psycopg.connect(postgres.dsn("postgres"), autocommit=True) as conn:
        conn.execute(f"drop database {name} with (force)")


@pytest.fixture
async def pool(access_database: str) -> AsyncIterator[AsyncConnectionPool]:
    async with AsyncConnectionPool(access_database, min_size=1, max_size=6, open=False) as opened:
        yield opened


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "keys")


@pytest.fixture
def accounts(pool: AsyncConnectionPool, keys: Keys) -> Accounts:
    return Accounts(pool, keys)


@pytest.fixture
def audit(pool: AsyncConnectionPool) -> AuditTrail:
    return AuditTrail(pool)


@pytest.fixture
def access_conn(access_database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(access_database, autocommit=True) as conn:
        yield conn
