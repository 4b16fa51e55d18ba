"""The worker's parts by themselves: the hour of the backup, the queue, work that fails and goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import datetime
from pathlib import Path

import pytest

from banyan.record.postgres.backup import drop_old, read_contents
from banyan.serve.jobs import next_backup, open_jobs
from banyan.serve.tending import every_second, tend
from banyan.settings import BackupSetting, Settings


def settings_with(tmp_path: Path, at: str, timezone: str = "Asia/Shanghai") -> Settings:
    return Settings(data=tmp_path, timezone=timezone, backup=BackupSetting(at=at))


@pytest.mark.parametrize(
    ("at", "now", "due"),
    [
        ("02:30", "2026-03-01T12:00+08:00", "2026-03-02T02:30+08:00"),
        ("02:30", "2026-03-01T01:00+08:00", "2026-03-01T02:30+08:00"),
        ("23:59", "2026-02-28T15:58+00:00", "2026-02-28T23:59+08:00"),
    ],
)
def test_the_backup_is_due_on_the_regions_clock(tmp_path: Path, at: str, now: str, due: str) -> None:
    found = next_backup(settings_with(tmp_path, at), datetime.fromisoformat(now))
    assert found == datetime.fromisoformat(due)


async def test_a_backup_that_is_due_is_made_by_the_queue(settings: Settings, database: str) -> None:
    async with open_jobs(settings, database) as jobs:
        await jobs.configure_task("backup", queueing_lock="backup").defer_async()
        await jobs.run_worker_async(wait=False, install_signal_handlers=False)
    [file] = settings.backup_folder.glob("scheduled-*.banyan")
    assert "access.account" in read_contents(file).rows


def test_the_newest_scheduled_backups_are_kept_and_all_others_stay(tmp_path: Path) -> None:
    for day in range(1, 10):
        (tmp_path / f"scheduled-2026030{day}T023000Z.banyan").touch()
    (tmp_path / "by-hand-20200101T000000Z.banyan").touch()
    drop_old(tmp_path, keep=3)
    assert sorted(file.name[:18] for file in tmp_path.iterdir()) == [
        "by-hand-20200101T0",
        "scheduled-20260307",
        "scheduled-20260308",
        "scheduled-20260309",
    ]


async def test_work_that_fails_is_done_again() -> None:
    tries = 0

    async def work() -> None:
        nonlocal tries
        tries += 1
        raise RuntimeError("not now")

    await for_a_while(tend("a piece of work", work), seconds=0.5)
    assert tries >= 2


async def test_a_watcher_is_called_about_once_a_second() -> None:
    calls = [0]

    async def watcher() -> None:
        calls[0] += 1

    await for_a_while(every_second(watcher), seconds=1.5)
    assert calls[0] == 2


async def for_a_while(work: Awaitable[None], *, seconds: float) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(work, seconds)
