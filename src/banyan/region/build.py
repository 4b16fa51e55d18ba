"""`banyan region build`: from a file of roads to a region's folder."""

import hashlib
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from banyan.region import store
from banyan.region.engine import Graph, build_topologies
from banyan.region.roads import Roads, assemble, directed_arcs, largest_strong_component
from banyan.region.sources import Source
from banyan.region.tiles import draw_tiles

_HERE: Final = Path(__file__).parent
_MARGIN_DEGREES: Final = 0.01
Say = Callable[[str], None]


def build(
    source: Path,
    folder: Path,
    *,
    name: dict[str, str],
    timezone: str = "Asia/Shanghai",
    snap_metres: float = 1500.0,
    tiles: bool = True,
    keep_speeds: bool = True,
    say: Say = lambda _: None,
) -> store.About:
    """Builds a region; an unchanged source with the same answers costs nothing.

    source: an OpenStreetMap extract (.osm.pbf), an AequilibraE project (.zip, .sqlite), JEMSS roads.zip.
    keep_speeds: leave the table of an older build, which may have been edited, as it is.
    say: is told each step, for a progress display.
    """
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"“{timezone}” is no time zone; give one such as Asia/Shanghai") from error
    made_from = _fingerprint(source, f"{sorted(name.items())} {timezone} {snap_metres} {tiles}")
    if (known := _unchanged(folder, made_from)) is not None:
        return known
    say("reading roads")
    read = read_source(source)
    every = assemble(read.links)
    say("finding what can be reached")
    roads = largest_strong_component(every)
    about = store.About(
        name=name,
        timezone=timezone,
        bounds=_bounds(roads),
        credit=read.credit,
        snap_metres=snap_metres,
        made_from=made_from,
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / store.ABOUT).unlink(missing_ok=True)  # a build that is cut short leaves no region behind
    say("ordering the road network")
    tail, head, _, _ = directed_arcs(roads)
    build_topologies(Graph(tail, head, roads.node_lat, roads.node_lon), folder)
    if not (keep_speeds and (folder / store.SPEEDS).exists()):
        shutil.copyfile(_HERE / read.speeds, folder / store.SPEEDS)
    if tiles:
        say("drawing the map")
        draw_tiles(folder / store.TILES, every, read.zones, read.places, read.water, read.credit)
    store.save(folder, about, roads, read.zones)
    return about


def read_source(file: Path) -> Source:
    """Reads the file by what it is."""
    from banyan.region.sources.aequilibrae import read_project
    from banyan.region.sources.jemss import read_model
    from banyan.region.sources.openstreetmap import read_extract

    if not file.is_file():
        raise FileNotFoundError(f"{file} does not exist. Give an .osm.pbf extract or a road model.")
    if file.name.endswith((".osm.pbf", ".osm", ".pbf")):
        return read_extract(file)
    if file.suffix == ".sqlite" or _holds(file, "project_database.sqlite"):
        return read_project(file)
    if _holds(file, "arcs.csv"):
        return read_model(file)
    raise ValueError(
        f"{file} is neither an OpenStreetMap extract, nor an AequilibraE project, nor JEMSS roads"
    )


def _holds(file: Path, name: str) -> bool:
    if not zipfile.is_zipfile(file):
        return False
    with zipfile.ZipFile(file) as packed:
        return name in packed.namelist()


def _bounds(roads: Roads) -> tuple[float, float, float, float]:
    (west, south), (east, north) = roads.points.min(axis=0), roads.points.max(axis=0)
    west, south, east, north = np.round(
        [west - _MARGIN_DEGREES, south - _MARGIN_DEGREES, east + _MARGIN_DEGREES, north + _MARGIN_DEGREES], 6
    ).tolist()
    return west, south, east, north


def _fingerprint(source: Path, answers: str) -> str:
    """Of the source, of the answers given and of the code that builds: a change of any builds anew."""
    digest = hashlib.sha256(answers.encode())
    for file in [source, *sorted(_HERE.rglob("*.py")), *sorted(_HERE.glob("*.yaml"))]:
        if not file.is_file():
            raise FileNotFoundError(f"{file} does not exist. Give an .osm.pbf extract or a road model.")
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _unchanged(folder: Path, made_from: str) -> store.About | None:
    try:
        about = store.read_about(folder)
    except store.RegionFolderError:
        return None
    return about if about.made_from == made_from else None
