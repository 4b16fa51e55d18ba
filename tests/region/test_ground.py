"""Points on roads, streets, reach, positions on a route, edited speeds."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from banyan.region import Region, RegionFolderError, Snap, position_along
from banyan.region.geometry import metres_between
from banyan.region.speeds import SpeedTableError, read_speeds
from banyan.region.zones import zone_of
from tests.region.test_times import random_points


def test_snap_finds_the_nearest_point_of_any_road(coquimbo: Region) -> None:
    """Against a search over every piece of every road, finely cut."""
    roads = coquimbo.roads
    inner = np.repeat(np.arange(roads.link_count), np.diff(roads.point_start))
    piece = np.flatnonzero(inner[:-1] == inner[1:])
    parts = np.linspace(0, 1, 21)[:, None, None]
    cut = roads.points[piece] * (1 - parts) + roads.points[piece + 1] * parts
    draw = np.random.default_rng(6)
    west, south, east, north = coquimbo.about.bounds
    for _ in range(12):
        lat, lon = draw.uniform(south, north), draw.uniform(west, east)
        nearest = metres_between(cut[..., 1], cut[..., 0], lat, lon).min()
        answer = coquimbo.snap(lat, lon)
        assert answer.metres_away == pytest.approx(nearest, rel=0.01, abs=15)
        assert answer.metres_away <= nearest * 1.003


def test_streets_are_found_by_what_is_typed(coquimbo: Region) -> None:
    found = coquimbo.streets.search("juan cis")
    assert found[0].name == "Avenida Juan Cisternas"
    assert coquimbo.streets.search("AVENIDA PACIFICO")[0].name == "Avenida Pacífico"
    assert coquimbo.streets.search("") == []
    assert coquimbo.streets.search("no such street") == []
    assert isinstance(coquimbo.snap(found[0].lat, found[0].lon), Snap)


def test_an_address_names_the_street_and_the_crossing(coquimbo: Region) -> None:
    named = [p for p in random_points(coquimbo, 30, seed=7) if coquimbo.street_at(p).name]
    assert len(named) > 20
    with_crossing = [coquimbo.street_at(p) for p in named if coquimbo.street_at(p).crossing]
    assert with_crossing
    street = with_crossing[0]
    assert street.label == f"{street.name} × {street.crossing}"
    met = coquimbo.streets.crossing(street.name, street.crossing)
    assert met is not None
    assert metres_between(met.lat, met.lon, street.lat, street.lon) < 10_000
    assert coquimbo.streets.crossing(street.name, "no such street") is None


def test_a_vehicle_moves_along_its_route(coquimbo: Region) -> None:
    a, b = random_points(coquimbo, 2, seed=8)
    route = coquimbo.route(a, b)
    start, middle, end = (position_along(route, route.seconds * part) for part in (0, 0.5, 1))
    assert metres_between(start.lat, start.lon, a.lat, a.lon) < 1
    assert metres_between(end.lat, end.lon, b.lat, b.lon) < 1
    assert end.arrived
    assert not middle.arrived
    assert 3 <= middle.kmh <= 200
    assert 0 <= middle.heading < 360
    assert position_along(route, route.seconds + 999) == end
    assert route.streets
    assert all(x != y for x, y in zip(route.streets[:-1], route.streets[1:], strict=True))


def test_reach_grows_with_time_and_holds_what_is_reached(coquimbo: Region) -> None:
    origin = coquimbo.snap(-29.905, -71.25)
    small, large = (coquimbo.reach([origin], seconds) for seconds in (240, 480))
    assert max(len(ring) for ring in small.rings) < max(len(ring) for ring in large.rings)
    points = random_points(coquimbo, 300, seed=9)
    times = coquimbo.times_to_many(origin, points)
    outside = [
        point
        for point, seconds in zip(points, times, strict=True)
        if seconds < 420 and not _inside(large.rings, point.lon, point.lat)
    ]
    assert len(outside) <= 2  # the outline is smoothed by about a cell of 150 m


def _inside(rings: tuple[np.ndarray, ...], lon: float, lat: float) -> bool:
    from banyan.region.zones import Zone

    return bool(Zone("reach", 0, rings).contains(np.array([lon]), np.array([lat]))[0])


def test_zones_cover_the_people(coquimbo: Region) -> None:
    assert len(coquimbo.zones) == 133
    assert sum(zone.population for zone in coquimbo.zones) == pytest.approx(451_899, abs=1)
    lon, lat = np.array(coquimbo.roads.node_lon[::50]), np.array(coquimbo.roads.node_lat[::50])
    assert (zone_of(coquimbo.zones, lon, lat) >= 0).mean() > 0.98


def test_edited_speeds_are_taken_up_and_broken_ones_are_not(coquimbo: Region, tmp_path: Path) -> None:
    folder = tmp_path / "region"
    shutil.copytree(coquimbo.folder, folder)
    region = Region.load(folder)
    a, b = random_points(region, 2, seed=10)
    before = region.times_to_many(a, [b])[0]
    speeds = folder / "speeds.yaml"
    speeds.write_text(speeds.read_text().replace("lights: [1.15, 1.3, 1.25,", "lights: [1.15, 1.3, 2.5,"))
    os.utime(speeds, (1, 1))
    region._checked -= 60  # the table is looked at again after half a minute
    assert region.times_to_many(a, [b])[0] == pytest.approx(before / 2, rel=0.01)
    speeds.write_text("hours: [0]\n")
    region._checked -= 60
    assert region.times_to_many(a, [b])[0] == pytest.approx(before / 2, rel=0.01)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hours: [6, 0]\nlights: [1, 1]\nclasses: {other: {limit: 50, kmh: [30, 30]}}", "hours must rise"),
        ("hours: [0]\nlights: [9]\nclasses: {other: {limit: 50, kmh: [30]}}", "lights must lie"),
        ("hours: [0]\nlights: [1]\nclasses: {other: {limit: 50, kmh: [30, 40]}}", "2 speeds for 1 bands"),
        ("hours: [0]\nlights: [1]\nclasses: {other: {limit: 50, kmh: [900]}}", "speed outside"),
        ("hours: [0]\nlights: [1]\nclasses: {}", "no line “other”"),
        ("hours: [0]\nlights: [1]\nclases: {}", "unknown field"),
    ],
)
def test_a_broken_table_says_what_is_wrong(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "speeds.yaml"
    file.write_text(text)
    with pytest.raises(SpeedTableError, match=words):
        read_speeds(file)


def test_a_folder_without_a_region_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(RegionFolderError, match="banyan region build"):
        Region.load(tmp_path)
