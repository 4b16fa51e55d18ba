"""Reads an OpenStreetMap extract (.osm.pbf): drivable roads, towns and water."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import osmium
from osmium.osm import Node, Way

from banyan.region.geometry import Floats
from banyan.region.roads import Link
from banyan.region.sources import Place, Source

DRIVABLE: Final = frozenset(
    {
        "motorway",
        "motorway_link",
        "trunk",
        "trunk_link",
        "primary",
        "primary_link",
        "secondary",
        "secondary_link",
    }
    | {
        "tertiary",
        "tertiary_link",
        "unclassified",
        "residential",
        "living_street",
        "service",
        "road",
        "busway",
    }
)
# Bars, private drives and gates do not stop an ambulance; roads closed to every motor vehicle do.
CLOSED: Final = frozenset({"no", "agricultural", "forestry"})
TOWNS: Final = frozenset({"city", "town", "suburb", "village", "quarter", "neighbourhood"})
_SPEED: Final = re.compile(r"^(\d+(?:\.\d+)?)\s*(mph)?$")
_KMH_PER_MPH: Final = 1.609344


@dataclass
class _Ways:
    """What one pass over the file collects."""

    roads: list[tuple[dict[str, str], list[int], Floats]] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    water: list[Floats] = field(default_factory=list)


def read_extract(file: Path) -> Source:
    """Reads a .osm.pbf; roads are cut where they meet another one. Turn restrictions are not kept."""
    ways = _collect(file)
    return Source(
        links=list(_links(ways.roads)),
        credit="© OpenStreetMap contributors (ODbL)",
        places=tuple(ways.places),
        water=tuple(ways.water),
    )


def _collect(file: Path) -> _Ways:
    found = _Ways()
    try:
        for element in osmium.FileProcessor(str(file)).with_locations():
            if isinstance(element, Node):
                _collect_place(element, found)
            elif isinstance(element, Way):
                _collect_way(element, found)
    except RuntimeError as error:
        raise ValueError(f"{file} is not a readable OpenStreetMap extract: {error}") from error
    return found


def _collect_place(node: Node, found: _Ways) -> None:
    tags, at = node.tags, node.location
    if tags.get("place") in TOWNS and "name" in tags:
        found.places.append(Place(tags["name"], tags["place"], at.lon, at.lat))


def _collect_way(way: Way, found: _Ways) -> None:
    known = [node for node in way.nodes if node.location.valid()]
    if len(known) < 2:
        return
    tags = dict(way.tags)
    line = np.array([(node.lon, node.lat) for node in known], dtype=np.float64)
    if tags.get("highway") in DRIVABLE and not _closed(tags):
        found.roads.append((tags, [node.ref for node in known], line))
    elif tags.get("natural") == "water" and way.is_closed():
        found.water.append(line)


def _closed(tags: dict[str, str]) -> bool:
    """The most specific tag decides, as in OpenStreetMap's access rules."""
    for key in ("emergency", "motor_vehicle", "vehicle", "access"):
        if key in tags:
            return tags[key] in CLOSED
    return False


def _links(roads: list[tuple[dict[str, str], list[int], Floats]]) -> Iterator[Link]:
    uses = Counter(node for _, nodes, _ in roads for node in nodes)
    for tags, nodes, line in roads:
        forward, backward = _directions(tags)
        kmh = speed_limit(tags.get("maxspeed", ""))
        cuts = [n for n, node in enumerate(nodes) if n in (0, len(nodes) - 1) or uses[node] > 1]
        for first, last in pairwise(cuts):
            yield Link(
                start=nodes[first],
                end=nodes[last],
                road_class=tags["highway"].removesuffix("_link"),
                name=tags.get("name", ""),
                line=line[first : last + 1],
                forward=forward,
                backward=backward,
                forward_kmh=kmh,
                backward_kmh=kmh,
            )


def _directions(tags: dict[str, str]) -> tuple[bool, bool]:
    oneway = tags.get("oneway", "")
    if oneway in ("-1", "reverse"):
        return False, True
    implied = tags["highway"] == "motorway" or tags.get("junction") in ("roundabout", "circular")
    return True, not (oneway in ("yes", "true", "1") or (implied and oneway != "no"))


def speed_limit(text: str) -> float:
    """A speed limit in km/h; NaN where there is none or it is said in words."""
    match = _SPEED.match(text.strip())
    if match is None:
        return float("nan")
    return float(match[1]) * (_KMH_PER_MPH if match[2] else 1)
