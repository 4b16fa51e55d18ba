"""What a position says beyond the unit's state: arrivals and departures, never a drive past."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from banyan.apps.emergency.service.arrivals import seen_move
from banyan.apps.emergency.service.directory import UnitEntry
from banyan.apps.emergency.service.units import LiveUnit

SCENE, HOSPITAL = (-29.9000, -71.2500), (-29.9200, -71.2600)
NOW = datetime(2026, 11, 25, 2, 30, tzinfo=UTC)
WORDS = {"zh": "03 车", "en": "Unit 03"}


def a_unit(state: str, at: tuple[float, float], *, kmh: float | None = 0.0, age_s: float = -5.0) -> LiveUnit:
    entry = UnitEntry("unit-03", "03", WORDS, "ALS", frozenset(), WORDS, None)
    moment = NOW - timedelta(seconds=age_s)
    position: dict[str, Any] = {"lat": at[0], "lon": at[1], "at": moment, "heading": None, "speed_kmh": kmh}
    return LiveUnit(entry, state, NOW, "case", "task", at, position, moment, None, None, None)


def north(place: tuple[float, float], metres: float) -> tuple[float, float]:
    return place[0] + metres / 111_195, place[1]


@pytest.mark.parametrize(
    ("state", "place", "seen"),
    [
        ("en_route", north(SCENE, 60), "at_scene"),
        ("en_route", north(SCENE, 120), None),
        ("at_scene", north(SCENE, 10), None),
        ("with_patient", north(SCENE, 200), None),
        ("with_patient", north(SCENE, 300), "to_hospital"),
        ("to_hospital", north(HOSPITAL, 140), "at_hospital"),
        ("to_hospital", north(HOSPITAL, 400), None),
        ("at_hospital", HOSPITAL, None),
        ("available", SCENE, None),
    ],
)
def test_a_position_moves_the_unit_on(state: str, place: tuple[float, float], seen: str | None) -> None:
    move = seen_move(a_unit(state, place), SCENE, HOSPITAL)
    assert (move.state if move else None) == seen


def test_driving_past_is_no_arrival() -> None:
    assert seen_move(a_unit("en_route", SCENE, kmh=60), SCENE, HOSPITAL) is None
    assert seen_move(a_unit("en_route", SCENE, kmh=None), SCENE, HOSPITAL) is not None


def test_a_position_older_than_the_state_says_nothing() -> None:
    assert seen_move(a_unit("en_route", SCENE, age_s=5), SCENE, HOSPITAL) is None


def test_without_a_known_place_nothing_is_seen() -> None:
    assert seen_move(a_unit("en_route", SCENE), None, None) is None
