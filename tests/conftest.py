"""What all tests share: PostgreSQL, fresh databases, the platform, a served Banyan, Chromium, data."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from banyan.record.postgres import EmbeddedPostgres
from banyan.settings import Settings
from tests.seeded import filled_once
from tests.served import Served, serve

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from banyan.platform import Platform

DATA_VARIABLE = "BANYAN_TEST_DATA"
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NO_DATA = "the test data (../shared/data) is not here"


def data_folder() -> Path:
    """Where the test data lies: `BANYAN_TEST_DATA`, else `../shared/data` beside the checkout."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    return Path(os.environ.get(DATA_VARIABLE, beside))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The test data; the test is skipped, and counted, where it is missing."""
    if not (folder := data_folder()).is_dir():
        pytest.skip(NO_DATA)
    return folder


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Says how many tests did not run for want of the data."""
    reasons = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    missing = sum(NO_DATA in reason for reason in reasons)
    terminalreporter.write_line(
        f"skipped without ../shared/data: {missing}; skipped otherwise: {len(reasons) - missing}"
    )


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """One embedded PostgreSQL for the session (one per xdist worker)."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), durable=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def template(postgres: EmbeddedPostgres) -> str:
    """The name of a migrated, empty database that others are copied from."""
    from banyan.platform import migration_folders
    from banyan.record.migrate import migrate

    _statement(postgres, "CREATE DATABASE banyan_template")
    migrate(postgres.dsn("banyan_template"), migration_folders())
    return "banyan_template"


@pytest.fixture(scope="module")
def database(postgres: EmbeddedPostgres, template: str) -> Iterator[str]:
    """The DSN of a fresh migrated database for one test module."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    _statement(postgres, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield postgres.dsn(name)
    _statement(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def settings(database: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a platform on the module's fresh database."""
    return Settings(data=tmp_path_factory.mktemp("data"), database_url=database, database_connections=8)


@pytest.fixture(scope="module")
async def platform(settings: Settings) -> AsyncIterator[Platform]:
    """An open platform on the module's fresh database, with a position giver running as in the worker."""
    from banyan.platform import open_platform
    from banyan.record.feed import give_positions

    async with open_platform(settings) as opened:
        giver = asyncio.create_task(give_positions(opened.dsn))
        yield opened
        giver.cancel()
        await asyncio.gather(giver, return_exceptions=True)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A real `banyan serve` on an empty folder of its own."""
    with serve(tmp_path_factory.mktemp("served") / "data") as served:
        yield served


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A filled data folder of the demo's region, to be copied with `tests.seeded.a_copy`."""
    return filled_once(tmp_path_factory, worker_id)


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """A real Chromium; tests open their own contexts in it."""
    from playwright.async_api import async_playwright

    from scripts.find_chromium import find_chromium

    if (program := find_chromium()) is None:
        pytest.fail("No Chromium on this machine. Run: .venv/bin/python -m scripts.find_chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(program), args=CHROMIUM)
        yield browser
        await browser.close()


def _statement(server: EmbeddedPostgres, sql: str) -> None:
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(sql)
