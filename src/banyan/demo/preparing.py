"""Gets a data folder ready for the story: the region, and a clock that tells it faster than life."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from banyan.clock import ClockSetting
from banyan.demo.ground import TIMEZONE, install
from banyan.settings import Settings

# How long the story is; what it starts late by lets it end when the wall clock says so.
LENGTH = timedelta(minutes=52)
START_UP = timedelta(seconds=12)


def prepare(settings: Settings, speed: float, tell: Callable[[str], None]) -> Settings:
    """The settings of the demonstration: its region, its time zone, its clock."""
    tell("Laying out the region (La Serena–Coquimbo)")
    install(settings.region_folder)
    wall = datetime.now(UTC) + START_UP
    story = wall - LENGTH * (1 - 1 / speed)
    clock = ClockSetting(wall_start=wall, story_start=story, rate=speed)
    return msgspec.structs.replace(settings, clock=clock, timezone=TIMEZONE, demo=True)
