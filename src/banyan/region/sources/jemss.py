"""Reads a road network of the ambulance simulator JEMSS: nodes, arcs and measured travel times."""

import csv
import io
import zipfile
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import numpy as np

from banyan.region.geometry import Floats
from banyan.region.roads import Link
from banyan.region.sources import Source

_HOURS_A_DAY = 24
_MOTORWAY_KMH = 50  # the model knows two kinds of road: 33 and 64 km/h without lights


def read_model(file: Path) -> Source:
    """Reads roads.zip (arcs.csv and nodes.csv), whose arcs carry a time by lights and a regular one.

    The regular time becomes the arc's own speed; how much lights gain stands in speeds-jemss.yaml.
    """
    with zipfile.ZipFile(file) as packed:
        nodes = _table(packed.read("nodes.csv").decode(), "nodes")
        arcs = _table(packed.read("arcs.csv").decode(), "arcs")
    place = {int(float(row["index"])): (float(row["x"]), float(row["y"])) for row in nodes}
    return Source(
        links=list(_links(arcs, place)),
        credit="© OpenStreetMap contributors (ODbL) · JEMSS",
        speeds="speeds-jemss.yaml",
    )


def _links(arcs: list[dict[str, str]], place: dict[int, tuple[float, float]]) -> Iterator[Link]:
    """Joins the two directions of a road where both exist and are equally long."""
    pending: dict[tuple[int, int, str], float] = {}
    for row in arcs:
        start, end, length = int(float(row["fromNode"])), int(float(row["toNode"])), row["distance"]
        kmh = float(length) / (float(row["mode_2"]) * _HOURS_A_DAY)
        back = pending.pop((end, start, length), None)
        if back is None:
            pending[start, end, length] = kmh
        else:
            yield _link(end, start, float(length), place, back, kmh)
    for (start, end, length), kmh in pending.items():
        yield _link(start, end, float(length), place, kmh, None)


def _link(
    start: int,
    end: int,
    kilometres: float,
    place: dict[int, tuple[float, float]],
    forward_kmh: float,
    backward_kmh: float | None,
) -> Link:
    line: Floats = np.array([place[start], place[end]], dtype=np.float64)
    return Link(
        start,
        end,
        "motorway" if forward_kmh > _MOTORWAY_KMH else "other",
        "",
        line,
        backward=backward_kmh is not None,
        forward_kmh=forward_kmh,
        backward_kmh=np.nan if backward_kmh is None else backward_kmh,
        metres=kilometres * 1000,
    )


def _table(text: str, title: str) -> list[dict[str, str]]:
    """The table that follows the line with its title, as JEMSS lays several out in one file."""
    lines = text.splitlines()
    first = next((n for n, line in enumerate(lines) if line.split(",")[0] == title), None)
    if first is None:
        raise ValueError(f"the file has no table “{title}”")
    table = csv.DictReader(io.StringIO("\n".join(lines[first + 1 :])))
    return list(takewhile(lambda row: row["index"], table))
