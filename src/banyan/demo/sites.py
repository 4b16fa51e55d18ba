"""Where the demo's institutions stand: spread over the people of a region, on its real roads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from banyan.demo.institutions import BASES, HOSPITALS, PRIMARY_CARE
from banyan.region import OutOfRegion, Region, Snap
from banyan.region.geometry import Floats, metres_between

_MAIN_ROADS: Final = ("primary", "secondary", "tertiary")
# Whose door is nearest to each call of the story: for most of them not the hospital that they need.
_NEAREST: Final = {
    "stemi": "harbour",
    "stroke": "south",
    "trauma": "north",
    "child": "city-second",
    "unknown": "city-first",
}
SEA: Final = (-29.92, -71.45)  # a call from a boat: no road of the region is near
_DENSE_KM2: Final = 6.0  # zones larger than this are countryside


@dataclass(frozen=True)
class Site:
    """A point on a road."""

    id: str
    lat: float
    lon: float
    street: str


def sites(region: Region) -> dict[str, Site]:
    """The place of every hospital, primary-care site and ambulance base, by id; the same every time."""
    centres, people = _centres(region)
    hospitals = _spread(centres, people, len(HOSPITALS), taken=[])
    bases = _spread(centres, people, len(BASES), taken=hospitals)
    care = _spread(centres, people, len(PRIMARY_CARE), taken=[*hospitals, *bases])
    wanted = [
        *zip((hospital.id for hospital in HOSPITALS), hospitals, strict=True),
        *zip((id for id, _, _ in BASES), bases, strict=True),
        *zip((id for id, _, _ in PRIMARY_CARE), care, strict=True),
    ]
    roads = _Roadside(region)
    return {id: roads.site(id, *centres[zone]) for id, zone in wanted}


def story_sites(region: Region) -> dict[str, Site]:
    """Where the calls of the story come from, by role: among people, 3 to 8 minutes from that hospital."""
    placed = sites(region)
    doors = [_on_road(region, placed[hospital.id].lat, placed[hospital.id].lon) for hospital in HOSPITALS]
    ids = [hospital.id for hospital in HOSPITALS]
    centres, people = _centres(region)
    found: dict[str, Site] = {}
    for zone in np.argsort(-people, kind="stable")[: int((people > 0).sum())]:
        home = region.snap(float(centres[zone, 1]), float(centres[zone, 0]))
        if isinstance(home, OutOfRegion):
            continue
        minutes = region.times_to_many(home, doors) / 60
        nearest = ids[int(minutes.argmin())]
        for role, hospital in _NEAREST.items():
            if role not in found and nearest == hospital and 3 <= minutes.min() <= 8:
                address = region.street_at(home).label
                found[role] = Site(role, round(home.lat, 6), round(home.lon, 6), address)
                break
    return found


def _centres(region: Region) -> tuple[Floats, Floats]:
    """The middle (longitude, latitude) of each zone that people live closely in, and how many they are."""
    if not region.zones:
        raise ValueError(
            f"{region.about.name} has no zones with population: the demo cannot place anything there"
        )
    rings = [max(zone.rings, key=len) for zone in region.zones]
    corners = [(ring.min(axis=0), ring.max(axis=0)) for ring in rings]
    square_km = np.array(
        [
            float(metres_between(s, w, s, e)) * float(metres_between(s, w, n, w)) / 1e6
            for (w, s), (e, n) in corners
        ]
    )
    people = np.array([zone.population for zone in region.zones])
    return np.array([ring[:-1].mean(axis=0) for ring in rings]), np.where(
        square_km <= _DENSE_KM2, people, 0.0
    )


def _spread(centres: Floats, people: Floats, count: int, taken: Sequence[int]) -> list[int]:
    """Zones one after the other, each where a site brings the people nearest to one, given those so far."""
    lat, lon = centres[:, 1], centres[:, 0]
    between = metres_between(lat[:, None], lon[:, None], lat[None, :], lon[None, :])
    chosen: list[int] = []
    while len(chosen) < count:
        so_far = [*taken, *chosen]
        far = between[so_far].min(axis=0) if so_far else np.full(len(centres), between.max())
        spared = (np.maximum(far - between, 0) * people).sum(axis=1)  # person-metres, for a site in each zone
        spared[so_far] = -1
        spared[people == 0] = -1
        chosen.append(int(spared.argmax()))
    return chosen


class _Roadside:
    """Finds the main road nearest to a point: a hospital does not stand in an alley."""

    def __init__(self, region: Region) -> None:
        self._region = region
        main = [n for n, name in enumerate(region.roads.classes) if name in _MAIN_ROADS]
        named = region.roads.link_name > 0
        self._links = np.flatnonzero(np.isin(region.roads.link_class, main) & named)
        if not len(self._links):
            self._links = np.arange(region.roads.link_count)
        starts = region.roads.link_start[self._links]
        self._lat, self._lon = region.roads.node_lat[starts], region.roads.node_lon[starts]

    def site(self, id: str, lon: float, lat: float) -> Site:
        link = int(self._links[metres_between(self._lat, self._lon, lat, lon).argmin()])
        points = self._region.roads.line(link)
        lon, lat = points.mean(axis=0) if len(points) == 2 else points[len(points) // 2]
        snap = _on_road(self._region, float(lat), float(lon))
        return Site(id, round(snap.lat, 6), round(snap.lon, 6), self._region.street_at(snap).name)


def _on_road(region: Region, lat: float, lon: float) -> Snap:
    snap = region.snap(lat, lon)
    if isinstance(snap, OutOfRegion):
        raise ValueError(str(snap))
    return snap
