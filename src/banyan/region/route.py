"""A way over the roads: its line, its streets, and where a vehicle is after so many seconds."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from banyan.region.geometry import Floats, line_metres, metres_between

# Roads are about a third longer than the straight line in cities (detour index 1.2 to 1.4).
DETOUR: Final = 1.3
STRAIGHT_KMH: Final = 40.0


@dataclass(frozen=True)
class Route:
    """A way from one point to another. `straight` marks an estimate that follows no road."""

    seconds: float
    metres: float
    line: Floats  # (longitude, latitude)
    clock: Floats  # seconds since the start at each point of the line
    streets: tuple[str, ...] = ()  # named streets in order, each once in a row
    straight: bool = False

    def coordinates(self) -> list[list[float]]:
        """The line as GeoJSON coordinates, to 6 decimals (0.1 m)."""
        return [[round(float(lon), 6), round(float(lat), 6)] for lon, lat in self.line]


@dataclass(frozen=True, slots=True)
class Position:
    """Where a vehicle on a route is."""

    lat: float
    lon: float
    heading: float  # degrees clockwise from north
    kmh: float
    arrived: bool


def position_along(route: Route, seconds: float) -> Position:
    """The place after so many seconds of driving; the end of the route once it is reached."""
    at = min(max(seconds, 0.0), route.seconds)
    after = int(np.clip(np.searchsorted(route.clock, at, side="right"), 1, len(route.clock) - 1))
    (lon_a, lat_a), (lon_b, lat_b) = route.line[after - 1], route.line[after]
    span = float(route.clock[after] - route.clock[after - 1])
    part = (at - float(route.clock[after - 1])) / span if span > 0 else 1.0
    arrived = seconds >= route.seconds
    metres = float(metres_between(lat_a, lon_a, lat_b, lon_b))
    return Position(
        lat=float(lat_a + (lat_b - lat_a) * part),
        lon=float(lon_a + (lon_b - lon_a) * part),
        heading=_heading(lat_a, lon_a, lat_b, lon_b),
        kmh=0.0 if arrived or span <= 0 else metres / span * 3.6,
        arrived=arrived,
    )


def straight_line(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> Route:
    """An estimate where no road is known, marked as one: the straight line, lengthened, at a steady speed."""
    line = np.array([(lon_a, lat_a), (lon_b, lat_b)], dtype=np.float64)
    metres = float(line_metres(line).sum()) * DETOUR
    seconds = metres / (STRAIGHT_KMH / 3.6)
    return Route(seconds, metres, line, np.array([0.0, seconds]), straight=True)


def _heading(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    east = (lon_b - lon_a) * np.cos(np.radians((lat_a + lat_b) / 2))
    return float(np.degrees(np.arctan2(east, lat_b - lat_a)) % 360)
