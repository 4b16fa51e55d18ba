"""How far vehicles get in a given time: the area around the roads reached."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.ndimage import binary_closing, binary_dilation, label
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from banyan.region.engine import Graph, Nodes, Weights
from banyan.region.geometry import Floats, Plane
from banyan.region.roads import Flags

_CELL_METRES: Final = 150.0
_BORDER: Final = 5  # cells around the marked ones, so that joining never meets the edge
_SMALLEST_GAP: Final = 40  # cells: 0.9 km²


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
    corner = points.min(axis=0) - _BORDER * _CELL_METRES
    cells = ((points - corner) / _CELL_METRES).astype(np.int64)
    grid: Flags = np.zeros(cells.max(axis=0) + _BORDER + 1, dtype=np.bool_)
    grid[cells[:, 0], cells[:, 1]] = True
    return [
        (_rounded(ring) * _CELL_METRES + corner) / (plane.metres_per_lon, plane.metres_per_lat)
        for ring in _trace(_joined(grid))
    ]


def _joined(grid: Flags) -> Flags:
    """Neighbouring streets join to an area; blocks too small to matter on the map fill up."""
    area = binary_dilation(binary_closing(grid, iterations=2))
    gaps, count = label(~area)
    small = np.flatnonzero(np.bincount(gaps.ravel(), minlength=count + 1) < _SMALLEST_GAP)
    return np.asarray(area | np.isin(gaps, small), dtype=np.bool_)


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
    """Draws through the stairs of the cells, then cuts the corners twice (Chaikin)."""
    ring = _straightened(ring)
    for _ in range(2):
        a, b = ring[:-1], ring[1:]
        cut = np.stack([a * 0.75 + b * 0.25, a * 0.25 + b * 0.75], axis=1).reshape(-1, 2)
        ring = np.concatenate([cut, cut[:1]])
    return ring


def _straightened(ring: Floats) -> Floats:
    """Leaves out points that lie within a cell of the line without them (Douglas and Peucker)."""
    kept = np.zeros(len(ring), dtype=np.bool_)
    far = int(np.hypot(*(ring - ring[0]).T).argmax())
    kept[[0, far, -1]] = True
    stretches = [(0, far), (far, len(ring) - 1)]
    while stretches:
        first, last = stretches.pop()
        if last - first < 2:
            continue
        span = ring[last] - ring[first]
        offset = ring[first + 1 : last] - ring[first]
        away = np.abs(span[0] * offset[:, 1] - span[1] * offset[:, 0]) / max(float(np.hypot(*span)), 1e-9)
        if away.max() > 1.0:
            middle = first + 1 + int(away.argmax())
            kept[middle] = True
            stretches += [(first, middle), (middle, last)]
    straight: Floats = ring[kept]
    return straight
