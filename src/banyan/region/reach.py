"""How far vehicles get in a given time: the area around the roads reached."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from banyan.region.engine import Graph, Nodes, Weights
from banyan.region.geometry import Floats, Plane
from banyan.region.roads import Flags

_CELL_METRES: Final = 150.0


@dataclass(frozen=True)
class Reach:
    """Outlines of the area, each closed, as (longitude, latitude); holes run the other way round."""

    seconds: float
    rings: tuple[Floats, ...]

    def geojson(self) -> dict[str, object]:
        """As a GeoJSON MultiLineString: outlines to draw, to 5 decimals (1 m)."""
        lines = [[[round(float(x), 5), round(float(y), 5)] for x, y in ring] for ring in self.rings]
        return {"type": "MultiLineString", "coordinates": lines}


def reach(graph: Graph, weights: Weights, nodes: Nodes, cost: Floats, seconds: float) -> Reach:
    """Searches from all doors at once and outlines the cells of a grid that the reached roads pass."""
    limit = seconds * 1000
    usable = np.isfinite(cost)
    if not usable.any():
        return Reach(seconds, ())
    arrival = _arrivals(graph, weights, nodes[usable], cost[usable], limit)
    plane = Plane(float(np.mean(graph.lat)))
    points = _reached_points(graph, weights, arrival, limit, plane)
    return Reach(seconds, tuple(_outlines(points, plane)) if len(points) else ())


def _arrivals(graph: Graph, weights: Weights, nodes: Nodes, cost: Floats, limit: float) -> Floats:
    """Earliest arrival at each node, from one added node that leads to every door at its cost."""
    size, source = graph.node_count + 1, graph.node_count
    tail = np.concatenate([graph.tail, np.full(len(nodes), source)])
    head = np.concatenate([graph.head, nodes.astype(np.int64)])
    weight = np.concatenate([weights.astype(np.float64), np.maximum(cost, 1e-3)])
    order = np.lexsort((weight, head, tail))
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (np.diff(tail[order]) != 0) | (np.diff(head[order]) != 0)
    kept = order[first]
    matrix = coo_matrix((weight[kept], (tail[kept], head[kept])), shape=(size, size)).tocsr()
    return np.asarray(dijkstra(matrix, indices=np.array([source]), limit=limit)[0, :-1], dtype=np.float64)


def _reached_points(graph: Graph, weights: Weights, arrival: Floats, limit: float, plane: Plane) -> Floats:
    """Points every half cell along each arc, as far as the time lasts."""
    flat = plane.flatten(graph.lon, graph.lat)
    arcs = np.flatnonzero(np.isfinite(arrival[graph.tail]))
    tail, head = graph.tail[arcs], graph.head[arcs]
    part = np.clip((limit - arrival[tail]) / weights[arcs], 0, 1)
    span = (flat[head] - flat[tail]) * part[:, None]
    counts = (np.hypot(*span.T) / (_CELL_METRES / 2)).astype(np.int64) + 2
    owner = np.repeat(np.arange(len(arcs)), counts)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    points: Floats = flat[tail[owner]] + span[owner] * (step / (counts[owner] - 1))[:, None]
    return points


def _outlines(points: Floats, plane: Plane) -> list[Floats]:
    corner = points.min(axis=0) - 3 * _CELL_METRES
    cells = ((points - corner) / _CELL_METRES).astype(np.int64)
    size = cells.max(axis=0) + 4
    grid: Flags = np.zeros(size, dtype=np.bool_)
    grid[cells[:, 0], cells[:, 1]] = True
    return [
        (_rounded(ring) * _CELL_METRES + corner) / (plane.metres_per_lon, plane.metres_per_lat)
        for ring in _trace(_closed(grid))
    ]


def _closed(grid: Flags) -> Flags:
    """One cell wider all round, so that neighbouring streets join to an area."""
    wide = grid.copy()
    for axis in (0, 1):
        wide |= np.roll(wide, 1, axis) | np.roll(wide, -1, axis)
    return wide


def _trace(grid: Flags) -> list[Floats]:
    """Follows the borders between marked and unmarked cells, the marked ones on the left."""
    onward: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for (dx, dy), (ax, ay), (bx, by) in (
        ((0, -1), (0, 0), (1, 0)),
        ((1, 0), (1, 0), (1, 1)),
        ((0, 1), (1, 1), (0, 1)),
        ((-1, 0), (0, 1), (0, 0)),
    ):
        border = grid & ~np.roll(grid, (-dx, -dy), (0, 1))
        for x, y in np.argwhere(border).tolist():
            onward.setdefault((x + ax, y + ay), []).append((x + bx, y + by))
    rings = []
    while onward:
        start = at = next(iter(onward))
        ring = [start]
        while True:
            following = onward[at].pop()
            if not onward[at]:
                del onward[at]
            ring.append(following)
            at = following
            if at == start:
                break
        rings.append(np.array(ring, dtype=np.float64))
    return rings


def _rounded(ring: Floats) -> Floats:
    """Cuts the corners of the cells twice (Chaikin), so that the line does not look like stairs."""
    for _ in range(2):
        a, b = ring[:-1], ring[1:]
        cut = np.stack([a * 0.75 + b * 0.25, a * 0.25 + b * 0.75], axis=1).reshape(-1, 2)
        ring = np.concatenate([cut, cut[:1]])
    return ring
