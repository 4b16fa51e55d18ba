"""Reads an AequilibraE project (SpatiaLite): links, directions, speeds, zones with population."""

import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from banyan.region.geometry import spatialite_points, spatialite_rings
from banyan.region.roads import Link
from banyan.region.sources import Source
from banyan.region.zones import Zone

_DATABASE = "project_database.sqlite"
_LINKS = """
    select a_node, b_node, direction, link_type, coalesce(name, ''), speed_ab, speed_ba, geometry, distance
    from links
    where link_type <> 'centroid_connector'
      and a_node not in (select node_id from nodes where is_centroid = 1)
      and b_node not in (select node_id from nodes where is_centroid = 1)
    order by link_id
"""


def read_project(file: Path) -> Source:
    """Reads the project database, packed in a .zip or bare.

    The connectors between zone centroids and roads are the model's own invention and are left out.
    """
    if file.suffix == ".zip":
        with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(file) as packed:
            return _read(Path(packed.extract(_DATABASE, folder)))
    return _read(file)


def _read(database: Path) -> Source:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return Source(
            links=list(_links(connection)),
            zones=tuple(_zones(connection)),
            credit="© OpenStreetMap contributors (ODbL) · AequilibraE",
        )
    except sqlite3.DatabaseError as error:
        raise ValueError(f"{database.name} is no AequilibraE project: {error}") from error
    finally:
        connection.close()


def _links(connection: sqlite3.Connection) -> Iterator[Link]:
    for start, end, direction, kind, name, speed_ab, speed_ba, blob, metres in connection.execute(_LINKS):
        yield Link(
            start=start,
            end=end,
            road_class=kind,
            name=name,
            line=spatialite_points(blob),
            forward=direction >= 0,
            backward=direction <= 0,
            forward_kmh=np.nan if speed_ab is None else speed_ab,
            backward_kmh=np.nan if speed_ba is None else speed_ba,
            metres=metres,
        )


def _zones(connection: sqlite3.Connection) -> Iterator[Zone]:
    rows = connection.execute("select zone_id, population, geometry from zones order by zone_id")
    for zone, population, blob in rows:
        yield Zone(str(zone), float(population or 0), tuple(spatialite_rings(blob)))
