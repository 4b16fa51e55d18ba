"""Dates, numbers and text as searches compare them."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from banyan.fhir.dates import MalformedDate, interval
from banyan.fhir.decimals import MalformedNumber, span
from banyan.fhir.text import fold, search_forms

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "lo", "hi"),
    [
        ("1970", 0, 365 * 86_400 - 1e-6),
        ("1970-02", 31 * 86_400, 59 * 86_400 - 1e-6),
        ("1970-01-02", 86_400, 172_800 - 1e-6),
        ("1970-01-01T00:00Z", 0, 60 - 1e-6),
        ("1970-01-01T00:00:01Z", 1, 2 - 1e-6),
        ("1970-01-01T00:00:01.5Z", 1.5, 1.6 - 1e-6),
        ("1970-01-01T08:00:00+08:00", 0, 1 - 1e-6),
        ("1969-12-31T23:59:60Z", 0, 1 - 1e-6),
        ("1970-01-01T00:00:00.123456789Z", 0.123456, 0.123456),
    ],
)
def test_a_date_is_the_interval_of_its_precision(text: str, lo: float, hi: float) -> None:
    assert interval(text, UTC) == pytest.approx((lo, hi), abs=1e-7)


def test_without_a_zone_the_regions_holds() -> None:
    assert interval("1970-01-01", SHANGHAI).lo == -8 * 3600
    assert interval("1970-01-01T00:00:00", SHANGHAI).lo == -8 * 3600
    assert interval("9999-12-31", SHANGHAI).hi > interval("9999-12-30", SHANGHAI).hi
    assert interval("0001", SHANGHAI).lo < 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2023-13",
        "2023-02-30",
        "23-01-01",
        "2023-1-1",
        "2023-01-01T25:00Z",
        "2023-01-01T10:00+19:00",
        "now",
    ],
)
def test_no_day_of_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(MalformedDate):
        interval(text, UTC)


@pytest.mark.parametrize(
    ("text", "value", "lo", "hi"),
    [
        ("100", 100, 99.5, 100.5),
        ("100.00", 100, 99.995, 100.005),
        ("1.2E+2", 120, 115, 125),
        ("-0.5", -0.5, -0.55, -0.45),
    ],
)
def test_a_number_stands_for_what_rounds_to_it(text: str, value: float, lo: float, hi: float) -> None:
    assert span(text) == pytest.approx((value, lo, hi))


@pytest.mark.parametrize("text", ["", "x", "NaN", "Infinity", "1e400", "1,5"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(MalformedNumber):
        span(text)


def test_folding() -> None:
    assert fold("  MÜLLER  Straße ") == "muller strasse"
    assert fold("Ångström") == "angstrom"
    assert search_forms("重庆") == ("重庆", "chongqing", "cq")
    assert search_forms("李O'Neil")[1].startswith("li")
