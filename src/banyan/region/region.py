"""A region at work: points on roads, driving times, routes, streets, zones."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from banyan.region import store
from banyan.region.engine import Dijkstra, Engine, Graph, Nodes, Weights, engine_maker
from banyan.region.geometry import Floats, line_metres
from banyan.region.reach import Reach, reach
from banyan.region.roads import directed_arcs
from banyan.region.route import Route, straight_line
from banyan.region.snap import OutOfRegion, Snap, SnapIndex
from banyan.region.speeds import SpeedTableError, arc_milliseconds, read_speeds
from banyan.region.streets import Street, StreetIndex
from banyan.region.zones import Zone

_log = logging.getLogger(__name__)
Arcs = NDArray[np.int64]
_NOON: Final = 12
_SPEEDS_CHECK_S: Final = 30.0


@dataclass(frozen=True)
class _Metric:
    """Arc weights of one band of hours, with the engine that answers for them."""

    weights: Weights
    engine: Engine


@dataclass(frozen=True)
class _Doors:
    """The two nodes through which each snapped point is entered or left, and what that costs in ms."""

    nodes: Nodes  # (points, 2)
    cost: Floats  # (points, 2); infinite where the road is one-way


class Region:
    """One region, loaded from its folder. Questions are answered in well under a millisecond."""

    def __init__(self, folder: Path, *, dijkstra: bool = False) -> None:
        self.folder = folder
        self.about = store.read_about(folder)
        self.roads = store.read_roads(folder)
        self.timezone = ZoneInfo(self.about.timezone)
        tail, head, self._arc_link, self._arc_against = directed_arcs(self.roads)
        self._graph = Graph(tail, head, self.roads.node_lat, self.roads.node_lon)
        self._forward_arc, self._backward_arc = self._arcs_of_links()
        self._make_engine = (
            (lambda weights: Dijkstra(self._graph, weights))
            if dijkstra
            else engine_maker(self._graph, folder)
        )
        self._snaps = SnapIndex(self.roads)
        self._table = read_speeds(folder / store.SPEEDS)
        self._table_time, self._checked = (folder / store.SPEEDS).stat().st_mtime_ns, time.monotonic()
        self._metrics: dict[tuple[int, bool], _Metric] = {}

    @classmethod
    def load(cls, folder: Path, *, dijkstra: bool = False) -> "Region":
        """Loads a folder that `banyan region build` made."""
        return cls(folder, dijkstra=dijkstra)

    @cached_property
    def streets(self) -> StreetIndex:
        return StreetIndex(self.roads)

    @cached_property
    def zones(self) -> tuple[Zone, ...]:
        return store.read_zones(self.folder)

    def snap(self, lat: float, lon: float) -> Snap | OutOfRegion:
        """The nearest point of a road, or the news that there is none near."""
        return self._snaps.nearest(lat, lon, self.about.snap_metres)

    def at_node(self, node: int) -> Snap:
        """A junction as a snapped point."""
        link = int(np.flatnonzero((self.roads.link_start == node) | (self.roads.link_end == node))[0])
        fraction = 0.0 if self.roads.link_start[link] == node else 1.0
        return Snap(link, fraction, float(self.roads.node_lat[node]), float(self.roads.node_lon[node]), 0.0)

    def street_at(self, snap: Snap) -> Street:
        """The street of a snapped point, with the nearest street that crosses it."""
        return self.streets.near(snap.link, snap.fraction, snap.lat, snap.lon)

    def times_to_many(
        self, origin: Snap, targets: Sequence[Snap], *, at: datetime | None = None, lights: bool = True
    ) -> Floats:
        """Driving seconds from one point to each of many; infinite where there is no way.

        at: when the drive starts (with a zone); without it, noon. lights: with lights and siren.
        """
        times: Floats = self._times([origin], targets, self._metric(at, lights), to_many=True)[0]
        return times

    def times_from_many(
        self, origins: Sequence[Snap], target: Snap, *, at: datetime | None = None, lights: bool = True
    ) -> Floats:
        """Driving seconds from each of many points to one."""
        times: Floats = self._times(origins, [target], self._metric(at, lights), to_many=False)[:, 0]
        return times

    def route(self, origin: Snap, target: Snap, *, at: datetime | None = None, lights: bool = True) -> Route:
        """The quickest way, with its line, the clock along it and the streets it follows."""
        metric = self._metric(at, lights)
        direct = self._along_one_link(origin, target, metric.weights)
        leaving, arriving = (
            self._doors([origin], metric.weights, leaving=True),
            self._doors([target], metric.weights),
        )
        between = metric.engine.one_to_many(leaving.nodes[0], arriving.nodes[0])
        total = leaving.cost[0][:, None] + between + arriving.cost[0][None, :]
        if direct <= total.min():
            return self._draw([(origin.link, origin.fraction, target.fraction)], metric.weights)
        out, into = np.unravel_index(int(total.argmin()), total.shape)
        _, arcs = metric.engine.path(int(leaving.nodes[0, out]), int(arriving.nodes[0, into]))
        first = (origin.link, origin.fraction, 1.0 if out == 0 else 0.0)
        last = (target.link, 0.0 if into == 0 else 1.0, target.fraction)
        middle = [
            (int(self._arc_link[a]), 1.0, 0.0) if self._arc_against[a] else (int(self._arc_link[a]), 0.0, 1.0)
            for a in arcs
        ]
        return self._draw([first, *middle, last], metric.weights)

    def straight_line(self, lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> Route:
        """An estimate where a point lies outside the region; it says so itself (`straight`)."""
        return straight_line(lat_a, lon_a, lat_b, lon_b)

    def reach(
        self, origins: Sequence[Snap], seconds: float, *, at: datetime | None = None, lights: bool = True
    ) -> Reach:
        """The area that the quickest of the origins reaches within the time."""
        metric = self._metric(at, lights)
        doors = self._doors(origins, metric.weights, leaving=True)
        return reach(self._graph, metric.weights, doors.nodes, doors.cost, seconds)

    def _metric(self, at: datetime | None, lights: bool) -> _Metric:
        self._reread_speeds()
        hour = _NOON if at is None else at.astimezone(self.timezone).hour
        key = (self._table.band(hour), lights)
        if key not in self._metrics:
            weights = arc_milliseconds(
                self.roads, self._arc_link, self._arc_against, self._table, hour=hour, lights=lights
            )
            self._metrics[key] = _Metric(weights, self._make_engine(weights))
        return self._metrics[key]

    def _reread_speeds(self) -> None:
        """Takes up an edited table; a broken one is reported and the last good one stays."""
        if time.monotonic() - self._checked < _SPEEDS_CHECK_S:
            return
        self._checked = time.monotonic()
        file = self.folder / store.SPEEDS
        changed = file.stat().st_mtime_ns if file.exists() else self._table_time
        if changed == self._table_time:
            return
        self._table_time = changed
        try:
            self._table = read_speeds(file)
        except SpeedTableError as error:
            _log.error("The edited speeds are not used, the last good ones stay: %s", error)
            return
        self._metrics.clear()

    def _times(
        self, origins: Sequence[Snap], targets: Sequence[Snap], metric: _Metric, *, to_many: bool
    ) -> Floats:
        if not origins or not targets:
            return np.empty((len(origins), len(targets)))
        leaving, arriving = (
            self._doors(origins, metric.weights, leaving=True),
            self._doors(targets, metric.weights),
        )
        ask = metric.engine.one_to_many if to_many else metric.engine.many_to_one
        between = ask(leaving.nodes.ravel(), arriving.nodes.ravel())
        table = between.reshape(len(origins), 2, len(targets), 2)
        table = table + leaving.cost[:, :, None, None] + arriving.cost[None, None, :, :]
        times = table.min(axis=(1, 3))
        same = np.array([snap.link for snap in origins])[:, None] == np.array([snap.link for snap in targets])
        for i, j in np.argwhere(same).tolist():
            times[i, j] = min(times[i, j], self._along_one_link(origins[i], targets[j], metric.weights))
        return np.asarray(times / 1000)

    def _doors(self, snaps: Sequence[Snap], weights: Weights, *, leaving: bool = False) -> _Doors:
        link = np.array([snap.link for snap in snaps], dtype=np.int64)
        part = np.array([snap.fraction for snap in snaps], dtype=np.float64)
        forward, backward = self._forward_arc[link], self._backward_arc[link]
        with_line = np.where(forward >= 0, weights[forward], np.inf)
        against = np.where(backward >= 0, weights[backward], np.inf)
        start, end = self.roads.link_start[link], self.roads.link_end[link]
        if leaving:
            nodes, cost = (end, start), (_share(1 - part, with_line), _share(part, against))
        else:
            nodes, cost = (start, end), (_share(part, with_line), _share(1 - part, against))
        return _Doors(np.stack(nodes, axis=1).astype(np.uint32), np.stack(cost, axis=1))

    def _along_one_link(self, origin: Snap, target: Snap, weights: Weights) -> float:
        if origin.link != target.link:
            return float("inf")
        arc = (self._forward_arc if target.fraction >= origin.fraction else self._backward_arc)[origin.link]
        return float("inf") if arc < 0 else abs(target.fraction - origin.fraction) * float(weights[arc])

    def _draw(self, parts: list[tuple[int, float, float]], weights: Weights) -> Route:
        lines: list[Floats] = []
        clocks: list[Floats] = []
        names: list[str] = []
        now, metres = 0.0, 0.0
        for link, start, end in parts:
            arc = (self._forward_arc if end >= start else self._backward_arc)[link]
            spent = abs(end - start) * float(weights[arc]) / 1000
            line, share = _cut(self.roads.line(link), start, end)
            lines.append(line)
            clocks.append(now + share * spent)
            now += spent
            metres += abs(end - start) * float(self.roads.metres[link])
            name = self.roads.names[self.roads.link_name[link]]
            if name and (not names or names[-1] != name) and end != start:
                names.append(name)
        return Route(now, metres, np.concatenate(lines), np.concatenate(clocks), tuple(names))

    def _arcs_of_links(self) -> tuple[Arcs, Arcs]:
        forward = np.full(self.roads.link_count, -1, dtype=np.int64)
        backward = forward.copy()
        arcs = np.arange(len(self._arc_link))
        forward[self._arc_link[~self._arc_against]] = arcs[~self._arc_against]
        backward[self._arc_link[self._arc_against]] = arcs[self._arc_against]
        return forward, backward


def _share(part: Floats, whole: Floats) -> Floats:
    """A part of each arc's time; at a node itself (part 0) nothing, even where the arc does not exist."""
    return np.where(part > 0, np.maximum(part, 1e-300) * whole, 0.0)


def _cut(line: Floats, start: float, end: float) -> tuple[Floats, Floats]:
    """The piece of a line between two fractions of its length, in driving order, with each point's share."""
    reverse = end < start
    low, high = (end, start) if reverse else (start, end)
    along = np.concatenate([[0.0], np.cumsum(line_metres(line))])
    along /= max(float(along[-1]), 1e-9)
    inner = (along > low) & (along < high)
    at = np.concatenate([[low], along[inner], [high]])
    points = np.stack([np.interp(at, along, line[:, 0]), np.interp(at, along, line[:, 1])], axis=1)
    share = (at - low) / max(high - low, 1e-12)
    return (points[::-1], 1 - share[::-1]) if reverse else (points, share)
