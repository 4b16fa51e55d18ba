"""Data folders with the demo's region, record and people: filled once for a whole run of the tests, then copied."""

from __future__ import annotations

import asyncio
import fcntl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from banyan.clock import ClockSetting
from banyan.demo.ground import install
from banyan.demo.institutions import UNITS
from banyan.demo.seed import reset, seed
from banyan.demo.sites import sites
from banyan.platform import open_platform
from banyan.region import Region
from banyan.settings import Settings, load_settings
from tests.served import Served, serve

Places = dict[str, tuple[float, float]]


def filled_once(factory: pytest.TempPathFactory, worker: str) -> Path:
    """The folder that others are copied from; the first process that asks fills it, the others wait."""
    base = factory.getbasetemp()
    shared = base if worker == "master" else base.parent
    folder = shared / "seeded"
    with (shared / "seeded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "filled").exists():
            fill(folder)
            (folder / "filled").touch()
    return folder


def fill(folder: Path) -> Path:
    """Fills an empty folder with the region, its places, people and resources."""
    install(folder / "region")
    asyncio.run(_fill(folder))
    return folder


async def _fill(folder: Path) -> None:
    async with open_platform(Settings(data=folder)) as platform:
        await seed(platform)


def a_copy(template: Path, folder: Path, clock: ClockSetting | None = None) -> Places:
    """Copies it, with another clock if given; answers where each unit stands: at its base, heard just now."""
    subprocess.run(["cp", "-a", str(template), str(folder)], check=True)
    if clock is not None:
        (folder / "banyan.toml").write_text(_toml(clock), encoding="utf-8")
    return asyncio.run(_units_at_base(folder))


@contextmanager
def served_copy(
    template: Path, folder: Path, clock: ClockSetting | None = None
) -> Iterator[tuple[Served, Places]]:
    """A copy being served, and where its units stand."""
    places = a_copy(template, folder, clock)
    with serve(folder) as served:
        yield served, places


def _toml(setting: ClockSetting) -> str:
    return (
        f'timezone = "America/Santiago"\n[clock]\nwallStart = {setting.wall_start.isoformat()}\n'
        f"storyStart = {setting.story_start.isoformat()}\nrate = {setting.rate}\n"
    )


async def _units_at_base(folder: Path) -> Places:
    async with open_platform(load_settings(folder)) as platform:
        region = Region.load(platform.settings.region_folder)
        await reset(platform, region, platform.clock.now())
        at_base = sites(region)
        return {unit.id: (at_base[unit.base].lat, at_base[unit.base].lon) for unit in UNITS}
