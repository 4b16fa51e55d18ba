"""The formats of FHIR's primitive types, calendar days included."""

import re
from collections.abc import Callable
from datetime import UTC
from decimal import Decimal
from typing import Any

from banyan.fhir.dates import MalformedDate, interval

Check = Callable[[Any], bool]
LARGEST_EXPONENT = 308
INTEGER = 2**31
_YEAR = r"(?!0000)\d{4}"
_VISIBLE = r"[^\s\x00-\x1f]"
_DATE = rf"{_YEAR}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
_TIME = r"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?"
_ZONE = r"(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)"
_DAY = rf"{_YEAR}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
#: Days up to the 28th are in every month; the others need the calendar.
_SURE_DAY = re.compile(r"\d{4}-\d\d-([01]\d|2[0-8])")


def _text(pattern: str) -> Check:
    form = re.compile(pattern)
    return lambda value: type(value) is str and form.fullmatch(value) is not None


def _dated(pattern: str) -> Check:
    form = re.compile(pattern)

    def check(value: Any) -> bool:
        if type(value) is not str or form.fullmatch(value) is None:
            return False
        return len(value) < 10 or _SURE_DAY.match(value) is not None or _is_calendar_day(value[:10])

    return check


def _is_calendar_day(text: str) -> bool:
    try:
        interval(text, UTC)
    except MalformedDate:
        return False
    return True


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def _string(value: Any) -> bool:
    return type(value) is str and bool(value) and not value.isspace() and _CONTROL.search(value) is None


def _integer(least: int, most: int) -> Check:
    return lambda value: type(value) is int and least <= value <= most


def _decimal(value: Any) -> bool:
    if type(value) is Decimal:
        return value.is_finite() and value.adjusted() <= LARGEST_EXPONENT
    return type(value) is int and abs(value) < 10**LARGEST_EXPONENT


_BASE64 = re.compile(r"[0-9A-Za-z+/]*={0,2}")


def _base64(value: Any) -> bool:
    if type(value) is not str:
        return False
    packed = value if value.isalnum() else "".join(value.split())
    return bool(packed) and len(packed) % 4 == 0 and _BASE64.fullmatch(packed) is not None


def _xhtml(value: Any) -> bool:
    return type(value) is str and value.lstrip().startswith("<div") and "<script" not in value.lower()


CHECKS: dict[str, Check] = {
    "boolean": lambda value: type(value) is bool,
    "integer": _integer(-INTEGER, INTEGER - 1),
    "unsignedInt": _integer(0, INTEGER - 1),
    "positiveInt": _integer(1, INTEGER - 1),
    "decimal": _decimal,
    "string": _string,
    "markdown": _string,
    "code": _text(rf"{_VISIBLE}+(\s{_VISIBLE}+)*"),
    "id": _text(r"[A-Za-z0-9\-.]{1,64}"),
    "uri": _text(rf"{_VISIBLE}+"),
    "url": _text(rf"{_VISIBLE}+"),
    "canonical": _text(rf"{_VISIBLE}+"),
    "oid": _text(r"urn:oid:[0-2](\.(0|[1-9]\d*))+"),
    "uuid": _text(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    "base64Binary": _base64,
    "date": _dated(_DATE),
    "dateTime": _dated(rf"{_DATE}|{_DAY}T{_TIME}{_ZONE}"),
    "instant": _dated(rf"{_DAY}T{_TIME}{_ZONE}"),
    "time": _text(_TIME),
    "xhtml": _xhtml,
}

#: What each type should look like, for messages.
EXAMPLES = {
    "boolean": "true or false, without quotes",
    "integer": "a whole number of 32 bits, without quotes",
    "unsignedInt": "a whole number from 0 on, without quotes",
    "positiveInt": "a whole number from 1 on, without quotes",
    "decimal": "a number, without quotes",
    "string": "text, not empty, without control characters",
    "markdown": "text, not empty, without control characters",
    "code": "a code without blanks at its ends",
    "id": "1 to 64 letters, digits, '-' or '.'",
    "uri": "an address without blanks",
    "url": "an address without blanks",
    "canonical": "an address without blanks",
    "oid": "urn:oid: and numbers with dots",
    "uuid": "urn:uuid: and a lower-case UUID",
    "base64Binary": "base64",
    "date": "a day, month or year of the calendar, such as 1974-12-25",
    "dateTime": "a date, or date and time with seconds and zone, such as 2024-03-01T08:30:00+08:00",
    "instant": "date and time with seconds and zone, such as 2024-03-01T08:30:00+08:00",
    "time": "a time of day such as 08:30:00",
    "xhtml": "an XHTML div without scripts",
}
