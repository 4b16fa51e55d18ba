"""What a region is built from: each module reads one kind of file into links, zones and places."""

from dataclasses import dataclass, field

from banyan.region.geometry import Floats
from banyan.region.roads import Link
from banyan.region.zones import Zone


@dataclass(frozen=True)
class Place:
    """A named point that the map shows: a town, a suburb."""

    name: str
    kind: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Source:
    """Everything that one file says about a region."""

    links: list[Link]
    credit: str
    zones: tuple[Zone, ...] = ()
    places: tuple[Place, ...] = ()
    water: tuple[Floats, ...] = ()  # outlines of lakes, rivers' areas and harbours
    speeds: str = "speeds.yaml"  # the table to start from, in banyan/region
    notes: tuple[str, ...] = field(default=())
