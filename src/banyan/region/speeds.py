"""How fast vehicles drive: by road class and hour, from a table that a region edits."""

from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from banyan.region.geometry import Floats
from banyan.region.roads import Flags, Ints, Roads

OTHER = "other"
SLOWEST_KMH, FASTEST_KMH = 3.0, 200.0


class ClassSpeed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One road class: the limit that its speeds are meant for, km/h in each band, its own gain by lights."""

    limit: float
    kmh: tuple[float, ...]
    lights: tuple[float, ...] | None = None


class SpeedTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole table."""

    hours: tuple[int, ...]
    lights: tuple[float, ...]
    classes: dict[str, ClassSpeed]

    def band(self, hour: int) -> int:
        """The band of an hour of the region's day, 0 to 23."""
        return (bisect_right(self.hours, hour % 24) - 1) % len(self.hours)


@dataclass(frozen=True)
class SpeedTableError(ValueError):
    """The table cannot be used: says the file, the place and what is expected there."""

    file: Path
    problem: str

    def __str__(self) -> str:
        return f"{self.file}: {self.problem}"


def read_speeds(file: Path) -> SpeedTable:
    """Reads and checks a table."""
    try:
        table = msgspec.yaml.decode(file.read_bytes(), type=SpeedTable)
    except (msgspec.DecodeError, OSError) as error:
        raise SpeedTableError(file, str(error)) from error
    if problem := _problem(table):
        raise SpeedTableError(file, problem)
    return table


def arc_milliseconds(
    roads: Roads, link: Ints, against: Flags, table: SpeedTable, *, hour: int, lights: bool
) -> NDArray[np.uint32]:
    """The driving time of every arc: at least 1 ms, so that no arc is free."""
    band = table.band(hour)
    per_class = [table.classes.get(name, table.classes[OTHER]) for name in roads.classes]
    usual = np.array([c.kmh[band] for c in per_class])[roads.link_class[link]]
    limit = np.array([c.limit for c in per_class])[roads.link_class[link]]
    own = np.where(against, roads.backward_kmh[link], roads.forward_kmh[link]).astype(np.float64)
    kmh: Floats = usual * np.where(np.isnan(own) | (own <= 0), 1.0, own / limit)
    if lights:
        gain = np.array([(c.lights or table.lights)[band] for c in per_class])
        kmh = kmh * gain[roads.link_class[link]]
    kmh = np.clip(kmh, SLOWEST_KMH, FASTEST_KMH)
    milliseconds = roads.metres[link] * 3600 / kmh
    return np.maximum(np.rint(milliseconds), 1).astype(np.uint32)


def _problem(table: SpeedTable) -> str | None:
    bands = len(table.hours)
    rising = list(table.hours) == sorted(set(table.hours))
    if not bands or not rising or not 0 <= table.hours[0] <= table.hours[-1] <= 23:
        return "hours must rise from 0 to 23, for example [0, 6, 9, 16, 19, 22]"
    if OTHER not in table.classes:
        return f"classes has no line “{OTHER}” for the roads that are not named"
    problems = [_gain_problem("lights", table.lights, bands)]
    problems += [_class_problem(f"class “{name}”", speed, bands) for name, speed in table.classes.items()]
    return next((problem for problem in problems if problem), None)


def _class_problem(what: str, speed: ClassSpeed, bands: int) -> str | None:
    if len(speed.kmh) != bands:
        return f"{what} has {len(speed.kmh)} speeds for {bands} bands of hours"
    if any(not SLOWEST_KMH <= kmh <= FASTEST_KMH for kmh in (*speed.kmh, speed.limit)):
        return f"{what} has a speed outside {SLOWEST_KMH:.0f} to {FASTEST_KMH:.0f} km/h"
    return None if speed.lights is None else _gain_problem(f"lights of {what}", speed.lights, bands)


def _gain_problem(what: str, gains: tuple[float, ...], bands: int) -> str | None:
    if len(gains) != bands:
        return f"{what} has {len(gains)} values for {bands} bands of hours"
    if any(not 0.5 <= gain <= 3 for gain in gains):
        return f"{what} must lie between 0.5 and 3 times the usual speed"
    return None
