"""The times of a case: which there are, whose clock they come from, and where they contradict each other."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
import yaml

from banyan.apps.emergency.reasons import N_, Reason

Source = Literal["manual", "geofence", "device", "system", "import"]
SOURCES: tuple[Source, ...] = ("manual", "geofence", "device", "system", "import")
FUTURE_TOLERANCE = timedelta(minutes=1)
CLOCKS_DISAGREE = timedelta(seconds=30)
MINUTE = timedelta(minutes=1)
# Where the minute of onset is unknown the national platform asks for the part of the day (hours from, to).
ONSET_INTERVALS = ((0, 6), (6, 8), (8, 12), (12, 14), (14, 17), (17, 19), (19, 24))


class BadTime(ValueError):
    """A time that cannot be taken: which point, why, what to do."""


class TimePoint(msgspec.Struct, frozen=True):
    """One point of the catalogue; `after`: points that must not be later than this one."""

    id: str
    zh: str
    en: str
    after: tuple[str, ...] = ()
    auto: str | None = None
    interval: bool = False


class Recorded(msgspec.Struct, frozen=True):
    """One time as recorded; `precision`: how far the true time may lie to either side."""

    point: str
    at: datetime
    source: Source = "manual"
    precision: timedelta = timedelta()
    clock_offset: timedelta | None = None  # device clock minus true time, as measured; None: never measured
    confirmed: bool = False  # a person confirmed an automatic time


class Contradiction(msgspec.Struct, frozen=True):
    """Two points in an order that cannot be, or one in the future."""

    point: str
    other: str | None
    reason: Reason


@cache
def time_points() -> Mapping[str, TimePoint]:
    """The catalogue by id, in the usual order."""
    text = (files("banyan.apps.emergency") / "standards" / "time-points.yaml").read_text(encoding="utf-8")
    made = msgspec.convert(yaml.load(text, yaml.CSafeLoader), list[TimePoint])
    return {each.id: each for each in made}


def corrected(device_time: datetime, offset: timedelta | None) -> tuple[datetime, timedelta]:
    """The true time of a device's reading, and how far it may be off.

    A clock that was never compared is taken at its word, to the minute.
    """
    return (device_time, MINUTE) if offset is None else (device_time - offset, timedelta(seconds=1))


def clocks_disagree(offset: timedelta | None) -> bool:
    return offset is not None and abs(offset) > CLOCKS_DISAGREE


def check(point: str, at: datetime) -> TimePoint:
    """The point of that name. Raises: BadTime for an unknown point or a time without its zone."""
    found = time_points().get(point)
    if found is None:
        raise BadTime(f'There is no time point "{point}". Known: {", ".join(time_points())}.')
    if at.tzinfo is None:
        raise BadTime(
            f'The time of "{point}" has no zone: {at.isoformat()}. Send it as 2026-11-24T02:24:40+08:00.'
        )
    return found


def prevails(old: Recorded, new: Recorded) -> bool:
    """Whether the new record of a point takes the old one's place; both stay in the history.

    What a person entered is never overwritten by a device, unless a person confirmed the device's time.
    """
    if old.source == "manual" and new.source != "manual":
        return new.confirmed
    return True


def current(history: Iterable[Recorded]) -> dict[str, Recorded]:
    """The valid time of each point, from its records in the order they came."""
    valid: dict[str, Recorded] = {}
    for each in history:
        old = valid.get(each.point)
        if old is None or prevails(old, each):
            valid[each.point] = each
    return {point: valid[point] for point in time_points() if point in valid}


def contradictions(valid: Mapping[str, Recorded], now: datetime) -> list[Contradiction]:
    """Points in an order that cannot be, beyond what both precisions allow, and points in the future."""
    found: list[Contradiction] = []
    for point, record in valid.items():
        if record.at > now + FUTURE_TOLERANCE:
            reason = Reason(N_("{point} lies in the future"), {"point": time_points()[point].en}, "against")
            found.append(Contradiction(point, None, reason))
        for earlier in time_points()[point].after:
            before = valid.get(earlier)
            if before and before.at - before.precision > record.at + record.precision:
                found.append(Contradiction(point, earlier, _out_of_order(point, earlier, before, record)))
    return found


def _out_of_order(point: str, earlier: str, before: Recorded, record: Recorded) -> Reason:
    names = {"point": time_points()[point].en, "earlier": time_points()[earlier].en}
    text = N_("{point} ({at}) comes before {earlier} ({before})")
    return Reason(text, {**names, "at": record.at, "before": before.at}, "against")


def onset_interval(day: datetime, hours: tuple[int, int]) -> Recorded:
    """An onset known only as a part of the day: its middle, with half its length as precision.

    Raises: BadTime unless `hours` is one of the platform's intervals.
    """
    if hours not in ONSET_INTERVALS:
        raise BadTime(f"{hours[0]}-{hours[1]} h is no interval of the day. Known: {list(ONSET_INTERVALS)}.")
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    half = timedelta(hours=(hours[1] - hours[0]) / 2)
    return Recorded("onset", midnight + timedelta(hours=hours[0]) + half, precision=half)


def names(language: str) -> dict[str, str]:
    """Point id to its name in zh or en."""
    return {each.id: each.zh if language.startswith("zh") else each.en for each in time_points().values()}
