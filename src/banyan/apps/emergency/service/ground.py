"""The region's roads as this process has them: loaded once, asked for points, times and ways."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from banyan.platform import Platform
from banyan.region import OutOfRegion, Region, Snap

Point = tuple[float, float]


@dataclass(frozen=True)
class Way:
    """How long from one point to another; `straight`: an estimate, not by road."""

    seconds: float | None
    metres: float | None
    straight: bool


@cache
def _load(folder: Path) -> Region | None:
    return Region.load(folder) if (folder / "region.json").exists() else None


def ground(platform: Platform) -> Region | None:
    """The region's roads; None where the installation has none yet (times are straight-line then)."""
    return _load(platform.settings.region_folder)


def zone(platform: Platform) -> ZoneInfo:
    return ZoneInfo(platform.settings.timezone)


def snapped(region: Region | None, point: Point) -> Snap | None:
    """The point on a road; None outside the region or without one."""
    if region is None:
        return None
    found = region.snap(*point)
    return None if isinstance(found, OutOfRegion) else found


def ways(
    region: Region | None, here: Point, there: dict[str, Point], at: datetime, *, towards_here: bool = False
) -> dict[str, Way]:
    """Ways from here to each of many points (or from each of them to here), in one question to the engine."""
    start = snapped(region, here)
    ends = {key: snapped(region, point) for key, point in there.items()}
    road = {key: snap for key, snap in ends.items() if snap is not None} if start is not None else {}
    found: dict[str, Way] = {}
    if region is not None and start is not None and road:
        snaps = list(road.values())
        times = (
            region.times_from_many(snaps, start, at=at)
            if towards_here
            else region.times_to_many(start, snaps, at=at)
        )
        for key, seconds in zip(road, times, strict=True):
            if np.isfinite(seconds):
                found[key] = Way(float(seconds), None, False)
    for key, point in there.items():
        if key not in found and key not in road:
            found[key] = straight(here, point)
        found.setdefault(key, Way(None, None, False))
    return found


def straight(a: Point, b: Point) -> Way:
    """An estimate where there is no road: labelled so wherever it is shown."""
    from banyan.region import straight_line

    line = straight_line(*a, *b)
    return Way(line.seconds, line.metres, True)
