"""FHIR's partial dates as closed intervals, in seconds since 1970 with microseconds."""

import calendar
import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from math import inf
from typing import NamedTuple

#: One form serves date, dateTime and instant; each type has its own rule on what must be there.
FORM = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:T(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?P<fraction>\.\d+)?)?"
    r"(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?"
)
MICROSECOND = 1e-6
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Interval(NamedTuple):
    """From `lo` to `hi`, both included."""

    lo: float
    hi: float


EVER = Interval(-inf, inf)


class MalformedDate(ValueError):
    """Text that names no day of the calendar."""


def interval(text: str, zone: tzinfo) -> Interval:
    """The instants that `text` may mean; without an offset, in `zone`.

    Raises MalformedDate, naming the text, when it is no date or no day of the calendar.
    """
    found = FORM.fullmatch(text)
    if not found:
        raise MalformedDate(
            f"{text!r} is not a date; write YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss+zz:zz"
        )
    try:
        return _bounds(found, zone)
    except (ValueError, OverflowError) as error:
        raise MalformedDate(f"{text!r} is not a day of the calendar: {error}") from None


def _bounds(found: re.Match[str], zone: tzinfo) -> Interval:
    year, month, day = int(found["year"]), int(found["month"] or 1), int(found["day"] or 1)
    if not found["month"]:
        return Interval(_midnight(year, 1, 1, zone), _day_end(year, 12, 31, zone))
    if not found["day"]:
        return Interval(
            _midnight(year, month, 1, zone), _day_end(year, month, calendar.monthrange(year, month)[1], zone)
        )
    if not found["hour"]:
        return Interval(_midnight(year, month, day, zone), _day_end(year, month, day, zone))
    return _moment(found, datetime(year, month, day, tzinfo=_offset(found["zone"], zone)))


def _moment(found: re.Match[str], day: datetime) -> Interval:
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if hour > 23 or minute > 59 or second > 60:
        raise ValueError("the time of day runs from 00:00:00 to 23:59:59 (60 in a leap second)")
    leap = second == 60
    local = day.replace(hour=hour, minute=minute, second=59 if leap else second)
    start = (local - EPOCH).total_seconds() + leap
    fraction = found["fraction"]
    if fraction:
        digits = fraction[1:7]
        start += int(digits.ljust(6, "0")) * MICROSECOND
        width = 10.0 ** -len(digits)
    else:
        width = 1.0 if found["second"] else 60.0
    return Interval(round(start, 6), round(start + width - MICROSECOND, 6))


def _offset(text: str | None, zone: tzinfo) -> tzinfo:
    if not text:
        return zone
    return UTC if text == "Z" else _fixed(text)


@lru_cache(maxsize=200)
def _fixed(text: str) -> tzinfo:
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 14 or minutes > 59:
        raise ValueError(f"no zone has the offset {text}")
    distance = timedelta(hours=hours, minutes=minutes)
    return timezone(-distance if text[0] == "-" else distance)


def _midnight(year: int, month: int, day: int, zone: tzinfo) -> float:
    return (datetime(year, month, day, tzinfo=zone) - EPOCH).total_seconds()


def _day_end(year: int, month: int, day: int, zone: tzinfo) -> float:
    if (year, month, day) == (9999, 12, 31):
        return _midnight(year, month, day, zone) + 86_400 - MICROSECOND
    following = datetime(year, month, day) + timedelta(days=1)
    return round((following.replace(tzinfo=zone) - EPOCH).total_seconds() - MICROSECOND, 6)
