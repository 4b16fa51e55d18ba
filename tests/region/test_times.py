"""Driving times: both engines agree, and an independent simulator agrees with both."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from banyan.region import OutOfRegion, Region, Snap
from banyan.region.engine import HAS_ROUTINGKIT
from banyan.region.geometry import line_metres, metres_between


def random_points(region: Region, count: int, seed: int) -> list[Snap]:
    draw = np.random.default_rng(seed)
    west, south, east, north = region.about.bounds
    found: list[Snap] = []
    while len(found) < count:
        snap = region.snap(draw.uniform(south, north), draw.uniform(west, east))
        if isinstance(snap, Snap):
            found.append(snap)
    return found


@pytest.mark.skipif(not HAS_ROUTINGKIT, reason="no wheel of RoutingKit for this platform")
def test_engines_agree_on_thousands_of_pairs(coquimbo: Region) -> None:
    reference = Region.load(coquimbo.folder, dijkstra=True)
    points = random_points(coquimbo, 120, seed=1)
    for at in (datetime(2026, 3, 12, 6, 0, tzinfo=UTC), datetime(2026, 3, 12, 20, 30, tzinfo=UTC)):
        for origin in points[:20]:
            there = coquimbo.times_to_many(origin, points, at=at)
            back = coquimbo.times_from_many(points, origin, at=at)
            assert np.isfinite(there).all()
            np.testing.assert_allclose(there, reference.times_to_many(origin, points, at=at), atol=1e-6)
            np.testing.assert_allclose(back, reference.times_from_many(points, origin, at=at), atol=1e-6)


@pytest.mark.parametrize("dijkstra", [False, True])
def test_a_route_takes_the_time_that_was_promised(coquimbo: Region, dijkstra: bool) -> None:
    region = Region.load(coquimbo.folder, dijkstra=dijkstra)
    points = random_points(region, 24, seed=2)
    for origin, target in zip(points[::2], points[1::2], strict=True):
        route = region.route(origin, target)
        assert route.seconds == pytest.approx(region.times_to_many(origin, [target])[0], abs=1e-6)
        assert np.all(np.diff(route.clock) >= 0)
        assert route.clock[-1] == pytest.approx(route.seconds)
        assert metres_between(route.line[0, 1], route.line[0, 0], origin.lat, origin.lon) < 1
        assert metres_between(route.line[-1, 1], route.line[-1, 0], target.lat, target.lon) < 1
        assert line_metres(route.line).sum() == pytest.approx(route.metres, rel=0.02)


def test_one_way_streets_are_not_driven_against(coquimbo: Region) -> None:
    roads = coquimbo.roads
    oneway = np.flatnonzero(roads.link_forward & ~roads.link_backward & (roads.metres > 80))
    link = int(oneway[0])
    lon, lat = roads.line(link)[0]
    early, late = Snap(link, 0.2, lat, lon, 0), Snap(link, 0.8, lat, lon, 0)
    along = coquimbo.times_to_many(early, [late])[0]
    against = coquimbo.times_to_many(late, [early])[0]
    assert along < against  # backwards there is no way but round the block
    assert against > along * 2


def test_no_time_from_a_point_to_itself(coquimbo: Region) -> None:
    for snap in random_points(coquimbo, 10, seed=3):
        assert coquimbo.times_to_many(snap, [snap])[0] == 0
        assert coquimbo.route(snap, snap).seconds == 0


def test_rush_hour_is_slower_than_night_and_lights_help(coquimbo: Region) -> None:
    a, b = random_points(coquimbo, 2, seed=4)
    night = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)  # 3 o'clock in Chile
    rush = datetime(2026, 3, 12, 20, 30, tzinfo=UTC)  # half past five
    assert coquimbo.times_to_many(a, [b], at=rush)[0] > coquimbo.times_to_many(a, [b], at=night)[0]
    assert coquimbo.times_to_many(a, [b])[0] < coquimbo.times_to_many(a, [b], lights=False)[0]


def test_no_hospitals_no_times(coquimbo: Region) -> None:
    snap = random_points(coquimbo, 1, seed=5)[0]
    assert coquimbo.times_to_many(snap, []).shape == (0,)
    assert coquimbo.times_from_many([], snap).shape == (0,)


def table(file: Path, title: str) -> list[dict[str, str]]:
    lines = file.read_text().splitlines()
    first = next(n for n, line in enumerate(lines) if line.split(",")[0] == title)
    return list(csv.DictReader(lines[first + 1 :]))


def test_agrees_with_the_times_of_the_simulator_jemss(
    auckland: Region, model: Path, shared_data: Path
) -> None:
    """Station to hospital, from junction to junction as that simulator drives, both ways, both speeds."""
    lat, lon = np.array(auckland.roads.node_lat), np.array(auckland.roads.node_lon)

    def junction(row: dict[str, str]) -> Snap:
        return auckland.at_node(int(metres_between(lat, lon, float(row["y"]), float(row["x"])).argmin()))

    stations = [junction(row) for row in table(model / "stations/stations_1.csv", "stations")]
    hospitals = [junction(row) for row in table(model / "hospitals/hospitals_1.csv", "hospitals")]
    expected = shared_data / "emergency-tech/simulator/auckland_nearest/expected_times.csv"
    with expected.open() as file:
        for row in csv.DictReader(file):
            station, hospital = stations[int(row["station"]) - 1], hospitals[int(row["hospital"]) - 1]
            there = auckland.times_to_many(station, [hospital])[0]
            plain = auckland.times_to_many(station, [hospital], lights=False)[0]
            back = auckland.times_from_many([hospital], station)[0]
            assert there == pytest.approx(float(row["mode1_s"]), abs=0.1)
            assert plain == pytest.approx(float(row["mode2_s"]), abs=0.1)
            assert back == pytest.approx(float(row["reverse_mode1_s"]), abs=0.1)


def test_the_sea_is_out_of_the_region(coquimbo: Region) -> None:
    answer = coquimbo.snap(-29.92, -71.45)
    assert isinstance(answer, OutOfRegion)
    assert "km from any road of this region" in str(answer)
    estimate = coquimbo.straight_line(-29.92, -71.45, -29.95, -71.34)
    assert estimate.straight
    assert estimate.seconds > 0
