"""Background jobs by procrastinate, in the database itself: the scheduled backup."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import procrastinate
from procrastinate import exceptions

from banyan.record.postgres.backup import drop_old, write_backup
from banyan.settings import Settings

log = logging.getLogger("banyan.jobs")


@asynccontextmanager
async def open_jobs(settings: Settings, dsn: str) -> AsyncIterator[procrastinate.App]:
    """The queue of one database, with its tables made when they are not there yet."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=dsn, min_size=1, max_size=3))
    _register(app, settings, dsn)
    async with app.open_async():
        found = await app.connector.execute_query_one_async(
            "SELECT to_regclass('procrastinate_jobs') AS jobs"
        )
        if found["jobs"] is None:
            await app.schema_manager.apply_schema_async()
        yield app


async def schedule_backups(app: procrastinate.App, settings: Settings) -> None:
    """Puts a backup into the queue each day at the set hour; two that overlap become one."""
    while True:
        moment = next_backup(settings, datetime.now(UTC))
        await asyncio.sleep((moment - datetime.now(UTC)).total_seconds())
        try:
            await app.configure_task("backup", queueing_lock="backup").defer_async()
        except exceptions.AlreadyEnqueued:
            log.warning("the backup of %s is still waiting when the next one is due", moment.isoformat())


def next_backup(settings: Settings, now: datetime) -> datetime:
    """The next time the clock on the wall of the region shows the hour of the backup."""
    hour, minute = (int(part) for part in settings.backup.at.split(":"))
    here = now.astimezone(ZoneInfo(settings.timezone))
    today = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return today if today > here else today + timedelta(days=1)


def _register(app: procrastinate.App, settings: Settings, dsn: str) -> None:
    @app.task(name="backup", lock="backup", retry=procrastinate.RetryStrategy(max_attempts=3, wait=300))
    async def backup() -> None:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        file = settings.backup_folder / f"scheduled-{stamp}.banyan"
        await asyncio.to_thread(write_backup, dsn, file)
        drop_old(settings.backup_folder, settings.backup.keep)
        log.info("backup written to %s", file.name)
