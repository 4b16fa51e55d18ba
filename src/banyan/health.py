"""Whether an installation is well: database, disk, feed, worker, backup, each with a word for people."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import psycopg

if TYPE_CHECKING:
    from banyan.platform import Platform

WORKER_LOCK = 0x42414E59  # "BANY": held by the one worker process of a database
LITTLE_ROOM, NO_ROOM = 2 * 1024**3, 256 * 1024**2
State = Literal["well", "warning", "failed"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    name: str
    state: State
    says: str
    figure: float | None = None


async def health(platform: Platform) -> dict[str, Any]:
    """`{"status", "findings": [...]}`; status is that of the worst finding. Names no path and no patient."""
    checks: tuple[Callable[[Platform], Awaitable[Finding]], ...] = (_database, _worker, _disk, _backup)
    findings = [await _looked_at(check, platform) for check in checks]
    order: tuple[State, ...] = ("well", "warning", "failed")
    worst = max((finding.state for finding in findings), key=order.index)
    return {"status": worst, "findings": [asdict(finding) for finding in findings]}


async def _looked_at(check: Callable[[Platform], Awaitable[Finding]], platform: Platform) -> Finding:
    name = check.__name__.lstrip("_")
    try:
        return await asyncio.wait_for(check(platform), timeout=5)
    except (TimeoutError, psycopg.Error, OSError) as wrong:
        return Finding(name, "failed", f"did not answer ({type(wrong).__name__})")


async def _database(platform: Platform) -> Finding:
    started = time.perf_counter()
    async with platform.pool.connection(timeout=4) as connection:
        await connection.execute("SELECT 1")
    took = (time.perf_counter() - started) * 1000
    return Finding("database", "well" if took < 1000 else "warning", f"answered in {took:.1f} ms", took)


async def _worker(platform: Platform) -> Finding:
    query = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted AND database = "
    query += "(SELECT oid FROM pg_database WHERE datname = current_database())"
    async with platform.pool.connection(timeout=4) as connection:
        found = await (await connection.execute(query, (WORKER_LOCK,))).fetchone()
    if found:
        return Finding("worker", "well", "at work")
    return Finding(
        "worker", "failed", "not running: live pages, escalations and the audit's seal stand still"
    )


async def _disk(platform: Platform) -> Finding:
    free = shutil.disk_usage(platform.settings.data).free
    state: State = "failed" if free < NO_ROOM else "warning" if free < LITTLE_ROOM else "well"
    return Finding("disk", state, f"{free / 1024**3:.1f} GiB free", float(free))


async def _backup(platform: Platform) -> Finding:
    files = list(platform.settings.backup_folder.glob("*.banyan"))
    if not files:
        return Finding("backup", "well", f"none yet; the next is due at {platform.settings.backup.at}")
    newest = max(file.stat().st_mtime for file in files)
    hours = (datetime.now(UTC).timestamp() - newest) / 3600
    return Finding("backup", "well" if hours < 50 else "warning", f"{hours:.0f} hours old", hours)
