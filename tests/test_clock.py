"""The region's clock: real, or a story's that catches up with the wall and never runs ahead."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.clock import Clock, ClockSetting

WALL = datetime(2026, 3, 1, 8, tzinfo=UTC)


def a_clock(*, behind_minutes: float = 60, rate: float = 8) -> Clock:
    story = WALL - timedelta(minutes=behind_minutes)
    return Clock(ClockSetting(wall_start=WALL, story_start=story, rate=rate))


def test_the_real_clock_is_the_wall_clock() -> None:
    assert abs(Clock().now() - datetime.now(UTC)) < timedelta(seconds=1)


def test_the_story_runs_faster_until_it_meets_the_wall() -> None:
    clock = a_clock(behind_minutes=70, rate=8)
    assert clock.at(WALL) == WALL - timedelta(minutes=70)
    assert clock.at(WALL + timedelta(minutes=5)) == WALL - timedelta(minutes=30)
    assert clock.at(WALL + timedelta(minutes=10)) == WALL + timedelta(minutes=10)
    assert clock.at(WALL + timedelta(hours=9)) == WALL + timedelta(hours=9)


@given(st.floats(0, 1e6), st.floats(1, 600), st.lists(st.floats(0, 1e6), min_size=2, max_size=20))
def test_it_is_monotone_and_never_in_the_future(behind: float, rate: float, seconds: list[float]) -> None:
    clock = a_clock(behind_minutes=behind / 60, rate=rate)
    walls = [WALL + timedelta(seconds=second) for second in sorted(seconds)]
    shown = [clock.at(wall) for wall in walls]
    assert shown == sorted(shown)
    assert all(told <= wall for told, wall in zip(shown, walls, strict=True))


def test_it_tells_when_a_moment_of_the_story_will_be_reached() -> None:
    clock = a_clock(behind_minutes=70, rate=8)
    assert clock.wall_of(WALL - timedelta(minutes=30)) == WALL + timedelta(minutes=5)
    assert clock.wall_of(WALL + timedelta(hours=1)) == WALL + timedelta(hours=1)


def test_it_refuses_a_story_in_the_future_and_a_time_without_zone() -> None:
    with pytest.raises(ValueError, match="in the future"):
        ClockSetting(wall_start=WALL, story_start=WALL + timedelta(seconds=1))
    with pytest.raises(ValueError, match="time zone"):
        ClockSetting(wall_start=datetime(2026, 1, 1), story_start=WALL)
