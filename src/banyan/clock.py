"""The region's clock: the wall clock, or a demonstration's that runs faster until it has caught up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec


class ClockSetting(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A story: it began at `story_start` when the wall showed `wall_start`, and runs `rate` times faster."""

    wall_start: datetime
    story_start: datetime
    rate: float = 1.0

    def __post_init__(self) -> None:
        if self.wall_start.tzinfo is None or self.story_start.tzinfo is None:
            raise ValueError("The clock's wallStart and storyStart need a time zone (+08:00).")
        if self.story_start > self.wall_start:
            raise ValueError("The clock's storyStart lies after its wallStart, in the future.")
        if self.rate < 1:
            raise ValueError(f"The clock's rate is {self.rate}; a story is told at 1 or faster.")


class Clock:
    """Tells the time of clinical events, always in UTC, never in the future and never backwards."""

    def __init__(self, setting: ClockSetting | None = None) -> None:
        self._setting = setting
        self._last = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        """The story's time while it lags behind the wall clock, the wall clock afterwards."""
        self._last = max(self._last, self.at(datetime.now(UTC)))
        return self._last

    def at(self, wall: datetime) -> datetime:
        """What this clock shows when the wall clock shows `wall`."""
        if self._setting is None:
            return wall
        told = (wall - self._setting.wall_start) * self._setting.rate
        return min(wall, self._setting.story_start + told).astimezone(UTC)

    def wall_of(self, story: datetime) -> datetime:
        """When the wall clock will show, or showed, that this clock reads `story`."""
        if self._setting is None:
            return story
        ahead = (story - self._setting.story_start) / self._setting.rate
        return max(story, self._setting.wall_start + ahead)

    @property
    def lag(self) -> timedelta:
        """How far the story is behind the wall clock now."""
        return datetime.now(UTC) - self.now()

    def setting(self) -> dict[str, Any]:
        """The same sum for browsers: `{"wallStart", "storyStart", "rate"}`; a real clock has rate 1."""
        if self._setting is None:
            moment = datetime.now(UTC).isoformat()
            return {"wallStart": moment, "storyStart": moment, "rate": 1.0}
        return {
            "wallStart": self._setting.wall_start.isoformat(),
            "storyStart": self._setting.story_start.isoformat(),
            "rate": self._setting.rate,
        }
