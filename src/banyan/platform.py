"""The composition root: opens the database and puts record, access, feed and clock together once."""

from __future__ import annotations

import contextlib
import select
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol, cast
from zoneinfo import ZoneInfo

import psycopg
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from banyan.access import Accounts, AuditTrail, Door, Keys
from banyan.clock import Clock
from banyan.fhir.definitions import Definitions
from banyan.fhir.definitions import load as load_definitions
from banyan.record import Feed, Record
from banyan.record.postgres.errors import DatabaseError
from banyan.record.postgres.sharing import Running, shared_database
from banyan.record.postgres.upgrade import bring_up_to_date, check_folder
from banyan.settings import OidcProvider, Settings, SettingsError, load_settings

__all__ = ["OidcProvider", "Platform", "Settings", "SettingsError", "load_settings", "open_platform"]

Pool = AsyncConnectionPool[AsyncConnection[tuple[Any, ...]]]


class Extension(Protocol):
    """What the platform needs to know of an application; its manifest tells the rest to the web."""

    name: str
    policies: Path | None
    migrations: Path | None
    watchers: tuple[Callable[[Platform], Awaitable[None]], ...]


@dataclass(frozen=True)
class Platform:
    """Everything that a verb, a page or a watcher works with."""

    settings: Settings
    dsn: str
    clock: Clock
    pool: Pool
    definitions: Definitions
    record: Record
    door: Door
    accounts: Accounts
    keys: Keys
    audit: AuditTrail
    feed: Feed


@contextlib.asynccontextmanager
async def open_platform(
    settings: Settings, *, verb: str = "banyan", tell: Callable[[str], None] | None = None
) -> AsyncIterator[Platform]:
    """Connects to the running database of `settings.data`, or runs it for the duration.

    Raises: DatabaseError.
    """
    with open_database(settings, verb=verb, tell=tell or _silent) as running:
        if running.own is not None:
            await bring_up_to_date(running.dsn, settings.data, migration_folders(), tell or _silent)
        async with compose(settings, running.dsn) as platform:
            yield platform


@contextlib.contextmanager
def open_database(settings: Settings, *, verb: str, tell: Callable[[str], None]) -> Iterator[Running]:
    """The database that the settings name, started for the duration where none runs; its schema as it is.

    Raises: DatabaseError.
    """
    if settings.database_url is not None:
        _check_served(settings.database_url)
        yield Running(settings.database_url, None)
        return
    check_folder(settings.data, migration_folders())
    with shared_database(settings.data, verb=verb, tell=tell) as running:
        yield running


@contextlib.asynccontextmanager
async def compose(settings: Settings, dsn: str) -> AsyncIterator[Platform]:
    """The platform on a database that answers and is up to date."""
    definitions, clock = load_definitions(), Clock(settings.clock)
    async with open_pool(dsn, settings.database_connections) as pool:
        record = Record(pool, zone=ZoneInfo(settings.timezone), definitions=definitions)
        audit, keys, feed = AuditTrail(pool), Keys(settings.data / "keys"), Feed(pool)
        try:
            yield Platform(
                settings=settings,
                dsn=dsn,
                clock=clock,
                pool=pool,
                definitions=definitions,
                record=record,
                door=Door(record, audit, policies=policy_files(), clock=clock),
                accounts=Accounts(pool, keys),
                keys=keys,
                audit=audit,
                feed=feed,
            )
        finally:
            await feed.close()
            await record.close()


@contextlib.asynccontextmanager
async def open_pool(dsn: str, connections: int) -> AsyncIterator[Pool]:
    """Connections to the database; one that the server has closed is replaced before anybody gets it."""
    pool: Pool = AsyncConnectionPool(
        dsn, min_size=2, max_size=max(2, connections), open=False, check=_still_open, timeout=30
    )
    async with pool:
        await pool.wait(timeout=30)
        yield pool


def extensions() -> tuple[Extension, ...]:
    """The manifests of all installed applications, by name."""
    found = sorted(entry_points(group="banyan.apps"), key=lambda point: point.name)
    return tuple(cast("Extension", point.load()) for point in found)


def migration_folders() -> tuple[Path, ...]:
    """Where the numbered SQL files of record, access and applications lie."""
    top = Path(__file__).parent
    own = (top / "record" / "migrations", top / "access" / "migrations", top / "identity" / "migrations")
    apps = (app.migrations for app in extensions() if app.migrations is not None)
    return tuple(folder for folder in (*own, *apps) if folder.is_dir())


def policy_files() -> tuple[Path, ...]:
    """The Cedar policies of the applications."""
    return tuple(app.policies for app in extensions() if app.policies is not None)


def _check_served(dsn: str) -> None:
    try:
        psycopg.connect(dsn, connect_timeout=10).close()
    except psycopg.Error as wrong:
        raise DatabaseError(f"The database that BANYAN_DATABASE_URL names does not answer: {wrong}") from None


async def _still_open(connection: AsyncConnection[tuple[Any, ...]]) -> None:
    """A closed socket is readable; asking the server itself would cost a round trip at each checkout."""
    readable = select.poll()
    readable.register(connection.fileno(), select.POLLIN)
    if readable.poll(0):
        await connection.execute("")


def _silent(_: str) -> None:
    return None
