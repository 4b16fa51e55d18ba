"""Emergency calls drawn from where people live."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from banyan.region import Region, Snap
from banyan.region.geometry import Floats
from banyan.region.zones import zone_of

_HOMES: Final = ("residential", "living_street", "tertiary", "secondary", "unclassified", "primary")

# How often each question set is used and its usual level: an assumption for the demo, not a statistic.
COMPLAINTS: Final = {
    "chest-pain": (0.15, 2),
    "stroke": (0.08, 1),
    "trauma": (0.24, 2),
    "breathing": (0.14, 2),
    "unconscious": (0.08, 1),
    "child": (0.07, 3),
    "abdominal": (0.12, 3),
    "other": (0.12, 4),
}
# Age in years, middle and spread, where it is not that of most callers.
_AGES: Final = {"child": (5, 3), "trauma": (42, 20), "abdominal": (45, 18)}


@dataclass(frozen=True)
class SampledCall:
    """One call: when, where on which street, what for."""

    after: timedelta  # since the first call's hour
    lat: float
    lon: float
    address: str
    complaint: str
    level: int
    age: int
    female: bool


def sample_calls(region: Region, seed: int, count: int, *, per_hour: float = 9.0) -> list[SampledCall]:
    """Calls in order of time; the same seed gives the same calls.

    A zone is drawn by its population, then a point on its streets by their length; gaps are exponential.
    """
    draw = np.random.default_rng(seed)
    places = _Streets(region)
    names, shares = list(COMPLAINTS), np.array([share for share, _ in COMPLAINTS.values()])
    gaps = draw.exponential(3600 / per_hour, count)
    calls = []
    for seconds in np.cumsum(gaps):
        lat, lon, address = places.point(draw)
        complaint = names[int(draw.choice(len(names), p=shares / shares.sum()))]
        calls.append(
            SampledCall(
                after=timedelta(seconds=round(float(seconds))),
                lat=lat,
                lon=lon,
                address=address,
                complaint=complaint,
                level=COMPLAINTS[complaint][1],
                age=_age(draw, complaint),
                female=bool(draw.random() < 0.5),
            )
        )
    return calls


class _Streets:
    """The streets that people live on, by zone."""

    def __init__(self, region: Region) -> None:
        self._region = region
        roads = region.roads
        homes = [n for n, name in enumerate(roads.classes) if name in _HOMES]
        links = np.flatnonzero(np.isin(roads.link_class, homes))
        starts = roads.link_start[links]
        zone = zone_of(region.zones, np.array(roads.node_lon[starts]), np.array(roads.node_lat[starts]))
        self._links: dict[int, NDArray[np.int64]] = {n: links[zone == n] for n in range(len(region.zones))}
        people = [z.population if len(self._links[n]) else 0.0 for n, z in enumerate(region.zones)]
        self._share: Floats = np.array(people) / max(sum(people), 1e-9)
        if not sum(people):
            self._links, self._share = {0: links}, np.array([1.0])

    def point(self, draw: np.random.Generator) -> tuple[float, float, str]:
        links = self._links[int(draw.choice(len(self._share), p=self._share))]
        metres = self._region.roads.metres[links]
        link = int(draw.choice(links, p=metres / metres.sum()))
        part = float(draw.random())
        line = self._region.roads.line(link)
        at = part * (len(line) - 1)
        before = min(int(at), len(line) - 2)
        lon, lat = (line[before] + (line[before + 1] - line[before]) * (at - before)).tolist()
        street = self._region.street_at(Snap(link, part, lat, lon, 0.0))
        return round(lat, 6), round(lon, 6), street.label


def _age(draw: np.random.Generator, complaint: str) -> int:
    middle, spread = _AGES.get(complaint, (63, 17))
    oldest = 13 if complaint == "child" else 98
    return int(np.clip(draw.normal(middle, spread), 0 if complaint == "child" else 14, oldest))
