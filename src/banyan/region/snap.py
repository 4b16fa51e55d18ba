"""From a point on the map to a point on a road."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.spatial import KDTree

from banyan.region.geometry import Floats, Plane
from banyan.region.roads import Ints, Roads

_SAMPLE_METRES: Final = 40.0


@dataclass(frozen=True, slots=True)
class Snap:
    """The nearest point of a road: which link, how far along it, and how far from the point asked for."""

    link: int
    fraction: float  # of the link's length, from its start
    lat: float
    lon: float
    metres_away: float


@dataclass(frozen=True, slots=True)
class OutOfRegion:
    """No road near enough: a call in the sea, a hospital in another region."""

    lat: float
    lon: float
    metres_away: float
    limit_metres: float

    def __str__(self) -> str:
        return (
            f"The point {self.lat:.5f}, {self.lon:.5f} is {self.metres_away / 1000:.1f} km from any "
            f"road of this region (at most {self.limit_metres / 1000:.1f} km). "
            "Move the point, or estimate by straight line."
        )


class SnapIndex:
    """Finds the nearest point on any link's shape, exactly.

    Every piece of road is sampled closely enough that the nearest point's piece has a sample within the
    distance of the nearest sample plus half a step; among those pieces the projection decides.
    """

    def __init__(self, roads: Roads) -> None:
        self._plane = Plane(float(np.mean(roads.node_lat)))
        self._starts, self._ends, self._link, self._along, self._length = _pieces(roads, self._plane)
        samples, self._piece = _samples(self._starts, self._ends)
        self._tree = KDTree(samples)

    def nearest(self, lat: float, lon: float, limit_metres: float) -> Snap | OutOfRegion:
        point = self._plane.flatten(lon, lat)
        closest, _ = self._tree.query(point)
        if closest > limit_metres + _SAMPLE_METRES:
            return OutOfRegion(lat, lon, float(closest), limit_metres)
        near = self._tree.query_ball_point(point, closest + _SAMPLE_METRES)
        pieces = self._piece[near]
        starts, steps = self._starts[pieces], self._ends[pieces] - self._starts[pieces]
        squared = np.maximum((steps**2).sum(axis=1), 1e-12)
        part = np.clip(((point - starts) * steps).sum(axis=1) / squared, 0, 1)
        feet = starts + steps * part[:, None]
        away = np.hypot(*(feet - point).T)
        best = int(away.argmin())
        if away[best] > limit_metres:
            return OutOfRegion(lat, lon, float(away[best]), limit_metres)
        return self._snap(int(pieces[best]), float(part[best]), feet[best], float(away[best]))

    def _snap(self, piece: int, part: float, foot: Floats, away: float) -> Snap:
        link = int(self._link[piece])
        length = float(np.hypot(*(self._ends[piece] - self._starts[piece])))
        whole = max(float(self._length[link]), 1e-9)
        fraction = min(1.0, max(0.0, (float(self._along[piece]) + part * length) / whole))
        lat, lon = foot[1] / self._plane.metres_per_lat, foot[0] / self._plane.metres_per_lon
        return Snap(link, fraction, float(lat), float(lon), away)


def _pieces(roads: Roads, plane: Plane) -> tuple[Floats, Floats, Ints, Floats, Floats]:
    """Straight pieces: start, end, their link, metres before them on the link; and each link's length."""
    flat = plane.flatten(roads.points[:, 0], roads.points[:, 1])
    owner: Ints = np.repeat(np.arange(roads.link_count, dtype=np.int32), np.diff(roads.point_start))
    inner = owner[:-1] == owner[1:]
    starts: Floats = flat[:-1][inner]
    ends: Floats = flat[1:][inner]
    link: Ints = owner[:-1][inner].astype(np.int32)
    lengths: Floats = np.hypot(*(ends - starts).T)
    before = np.cumsum(lengths) - lengths
    first = np.searchsorted(link, np.arange(roads.link_count))
    along: Floats = before - before[first][link]
    whole: Floats = np.bincount(link, lengths, roads.link_count).astype(np.float64)
    return starts, ends, link, along, whole


def _samples(starts: Floats, ends: Floats) -> tuple[Floats, Ints]:
    counts = np.maximum(np.ceil(np.hypot(*(ends - starts).T) / _SAMPLE_METRES), 1).astype(np.int64) + 1
    piece = np.repeat(np.arange(len(starts), dtype=np.int32), counts)
    step = np.arange(len(piece)) - np.repeat(np.cumsum(counts) - counts, counts)
    part = step / (counts[piece] - 1)
    return starts[piece] + (ends - starts)[piece] * part[:, None], piece
