"""The worker process: gives the feed its positions, seals the audit trail, runs watchers and jobs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

import procrastinate
import psycopg
import uvloop

from banyan.access.sealer import seal
from banyan.platform import Platform, compose, extensions
from banyan.record.feed import give_positions
from banyan.serve.jobs import open_jobs, schedule_backups
from banyan.serve.logs import log_to
from banyan.serve.parent import watch_parent
from banyan.serve.tending import every_second, tend
from banyan.settings import Settings, from_environment

log = logging.getLogger("banyan.worker")
WORKER_LOCK = 0x42414E59  # "BANY": held by the one worker process of a database
Work = Callable[[], Awaitable[None]]


def main() -> None:
    """Works until SIGTERM."""
    settings = from_environment()
    log_to(settings.logs, os.environ.get("BANYAN_CHILD", "worker"))
    watch_parent()
    with contextlib.suppress(asyncio.CancelledError):
        uvloop.run(_run(settings))


async def _run(settings: Settings) -> None:
    work = asyncio.current_task()
    for kind in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(kind, lambda: work and work.cancel())
    dsn = settings.database_url or ""
    async with (
        _alone(dsn) as alone,
        compose(settings, dsn) as platform,
        open_jobs(settings, dsn) as jobs,
        asyncio.TaskGroup() as group,
    ):
        group.create_task(_still_alone(alone))
        for name, piece in _work(platform, jobs):
            group.create_task(tend(name, piece))


def _work(platform: Platform, jobs: procrastinate.App) -> list[tuple[str, Work]]:
    settings = platform.settings
    own: list[tuple[str, Work]] = [
        ("positions of the feed", partial(give_positions, platform.dsn)),
        ("the audit's sealer", partial(seal, platform.pool, platform.keys)),
        ("the backup's schedule", partial(schedule_backups, jobs, settings)),
        ("the job queue", partial(jobs.run_worker_async, install_signal_handlers=False)),
    ]
    watchers = [(name, partial(every_second, watcher)) for name, watcher in _watchers(platform)]
    return own + watchers


def _watchers(platform: Platform) -> list[tuple[str, Work]]:
    return [
        (f"{app.name}: {getattr(watcher, '__name__', 'watcher')}", partial(watcher, platform))
        for app in extensions()
        for watcher in app.watchers
    ]


@contextlib.asynccontextmanager
async def _alone(dsn: str) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    """Waits until no other worker is at work on this database."""
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        await connection.execute("SELECT pg_advisory_lock(%s)", (WORKER_LOCK,))
        yield connection


async def _still_alone(connection: psycopg.AsyncConnection[Any]) -> None:
    """Fails as soon as the connection that holds the lock is gone: another worker may have taken over."""
    while True:
        await connection.execute("SELECT 1")
        await asyncio.sleep(1)


if __name__ == "__main__":
    main()
