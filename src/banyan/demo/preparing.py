"""Gets a data folder ready for the story: the region, the record, and a clock that runs faster than life."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from banyan.clock import ClockSetting
from banyan.demo.ground import TIMEZONE, install
from banyan.demo.seed import reset, seed
from banyan.platform import open_platform
from banyan.settings import Settings

# The story takes about 50 minutes; what a busy machine adds must not let it run into the wall clock.
LENGTH = timedelta(minutes=80)
START_UP = timedelta(seconds=8)


def prepare(settings: Settings, speed: float, tell: Callable[[str], None]) -> Settings:
    """The settings of the demonstration: its region, its time zone, its clock, its filled record."""
    tell("Laying out the region (La Serena–Coquimbo)")
    install(settings.region_folder)
    settings = msgspec.structs.replace(settings, timezone=TIMEZONE, demo=True)
    return asyncio.run(_fill(settings, speed, tell))


async def _fill(settings: Settings, speed: float, tell: Callable[[str], None]) -> Settings:
    async with open_platform(settings, verb="demo", tell=tell) as platform:
        tell("Filling the record: places, people, the story's patients")
        region = await seed(platform)
        wall = datetime.now(UTC) + START_UP
        story = wall - LENGTH * (1 - 1 / speed)
        await reset(platform, region, story)
    clock = ClockSetting(wall_start=wall, story_start=story, rate=speed)
    return msgspec.structs.replace(settings, clock=clock)
