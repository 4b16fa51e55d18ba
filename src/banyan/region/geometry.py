"""Distances on the ground and the two binary geometry forms that road files use."""

import struct
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Degrees = Floats | float

EARTH_RADIUS_M: Final = 6_371_008.8  # mean radius, IUGG 1980

_POINT, _LINE, _MULTIPOLYGON, _POLYGON = 1, 2, 6, 3
_SPATIALITE_HEADER = 39  # start mark, byte order, SRID, four bounds, end mark of the header


def metres_between(lat_a: Degrees, lon_a: Degrees, lat_b: Degrees, lon_b: Degrees) -> Floats:
    """Great-circle distance in metres (haversine), element by element."""
    phi_a, phi_b = np.radians(lat_a), np.radians(lat_b)
    half_phi, half_lambda = (phi_b - phi_a) / 2, np.radians(np.subtract(lon_b, lon_a)) / 2
    h = np.sin(half_phi) ** 2 + np.cos(phi_a) * np.cos(phi_b) * np.sin(half_lambda) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(h)), dtype=np.float64)


def line_metres(line: Floats) -> Floats:
    """Length of each piece of a line of (longitude, latitude) points."""
    return metres_between(line[:-1, 1], line[:-1, 0], line[1:, 1], line[1:, 0])


class Plane:
    """A flat metric plane touching the earth at one latitude: exact to about 0.1% over a city."""

    def __init__(self, latitude: float) -> None:
        self.metres_per_lat = np.pi / 180 * EARTH_RADIUS_M
        self.metres_per_lon = self.metres_per_lat * float(np.cos(np.radians(latitude)))

    def flatten(self, lon: Degrees, lat: Degrees) -> Floats:
        """Metres east and north, one row a point."""
        east, north = np.multiply(lon, self.metres_per_lon), np.multiply(lat, self.metres_per_lat)
        return np.stack([east, north], axis=-1)


def spatialite_points(blob: bytes) -> Floats:
    """The (longitude, latitude) points of a SpatiaLite POINT or LINESTRING."""
    order = _byte_order(blob)
    (kind,) = struct.unpack_from(order + "I", blob, _SPATIALITE_HEADER)
    if kind == _POINT:
        return np.frombuffer(blob, order + "f8", 2, _SPATIALITE_HEADER + 4).reshape(1, 2)
    if kind == _LINE:
        (count,) = struct.unpack_from(order + "I", blob, _SPATIALITE_HEADER + 4)
        return np.frombuffer(blob, order + "f8", 2 * count, _SPATIALITE_HEADER + 8).reshape(count, 2)
    raise ValueError(f"SpatiaLite geometry of kind {kind} where a point or a line is expected")


def spatialite_rings(blob: bytes) -> list[Floats]:
    """The outer ring of every polygon of a SpatiaLite POLYGON or MULTIPOLYGON (holes are left out)."""
    order = _byte_order(blob)
    (kind,) = struct.unpack_from(order + "I", blob, _SPATIALITE_HEADER)
    at = _SPATIALITE_HEADER + 4
    if kind == _POLYGON:
        return [_outer_ring(blob, at, order)[0]]
    if kind != _MULTIPOLYGON:
        raise ValueError(f"SpatiaLite geometry of kind {kind} where a polygon is expected")
    (polygons,) = struct.unpack_from(order + "I", blob, at)
    rings, at = [], at + 4
    for _ in range(polygons):
        ring, at = _outer_ring(blob, at + 5, order)  # 1 byte mark and 4 bytes kind before each polygon
        rings.append(ring)
    return rings


def _outer_ring(blob: bytes, at: int, order: str) -> tuple[Floats, int]:
    (rings,) = struct.unpack_from(order + "I", blob, at)
    at += 4
    outer: Floats | None = None
    for _ in range(rings):
        (count,) = struct.unpack_from(order + "I", blob, at)
        ring = np.frombuffer(blob, order + "f8", 2 * count, at + 4).reshape(count, 2)
        outer = ring if outer is None else outer
        at += 4 + 16 * count
    if outer is None:
        raise ValueError("a polygon without rings")
    return outer, at


def _byte_order(blob: bytes) -> str:
    if len(blob) < _SPATIALITE_HEADER + 5 or blob[0] != 0 or blob[38] != 0x7C:
        raise ValueError("not a SpatiaLite geometry: the start mark or the header's end mark is missing")
    return "<" if blob[1] == 1 else ">"
