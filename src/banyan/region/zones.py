"""Zones of a region and how many people live in each."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from banyan.region.geometry import Floats


@dataclass(frozen=True)
class Zone:
    """One part of the region: its outlines as rings of (longitude, latitude)."""

    id: str
    population: float
    rings: tuple[Floats, ...]

    def contains(self, lon: Floats, lat: Floats) -> NDArray[np.bool_]:
        """Which points lie inside (even-odd rule over all rings)."""
        inside = np.zeros(len(lon), dtype=np.bool_)
        for ring in self.rings:
            inside ^= _inside_ring(ring, lon, lat)
        return inside


def zone_of(zones: tuple[Zone, ...], lon: Floats, lat: Floats) -> NDArray[np.int32]:
    """The number of the first zone around each point; -1 outside all of them."""
    found = np.full(len(lon), -1, dtype=np.int32)
    for number, zone in enumerate(zones):
        bounds = np.concatenate(zone.rings)
        (west, south), (east, north) = bounds.min(axis=0), bounds.max(axis=0)
        near = np.flatnonzero((found < 0) & (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
        found[near[zone.contains(lon[near], lat[near])]] = number
    return found


def _inside_ring(ring: Floats, lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    crossings = np.zeros(len(lon), dtype=np.int64)
    for (x_a, y_a), (x_b, y_b) in pairwise(ring):
        if y_a == y_b:
            continue
        spans = (lat >= min(y_a, y_b)) & (lat < max(y_a, y_b))
        crossings += spans & (lon < x_a + (lat - y_a) * (x_b - x_a) / (y_b - y_a))
    return (crossings & 1).astype(np.bool_)
