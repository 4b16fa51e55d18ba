"""Quickest paths over a directed graph: contraction hierarchies where there is a wheel, else Dijkstra."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from banyan.region.geometry import Floats
from banyan.region.roads import Ints

if TYPE_CHECKING:
    from pyroutingkit import CCHTopology

Weights = NDArray[np.uint32]
Nodes = NDArray[np.uint32]
HAS_ROUTINGKIT: Final = find_spec("pyroutingkit") is not None


@dataclass(frozen=True)
class Graph:
    """Directed arcs between numbered nodes."""

    tail: Ints
    head: Ints
    lat: Floats
    lon: Floats

    @property
    def node_count(self) -> int:
        return len(self.lat)


class Engine(Protocol):
    """Answers for one set of arc weights. Times are milliseconds; infinite where there is no way."""

    def one_to_many(self, sources: Nodes, targets: Nodes) -> Floats:
        """Few sources (rows) to many targets (columns)."""

    def many_to_one(self, sources: Nodes, targets: Nodes) -> Floats:
        """Many sources (rows) to few targets (columns)."""

    def path(self, source: int, target: int) -> tuple[float, list[int]]:
        """The time and the arcs of the quickest path."""


EngineMaker = Callable[[Weights], Engine]


class RoutingKit:
    """Customisable contraction hierarchies: two topologies, the second with every arc reversed.

    The library pins the targets once, then runs one search for each source: one source to many targets costs
    one search. Many sources to one target is the same question on the reversed graph.
    """

    def __init__(self, forward: "CCHTopology", backward: "CCHTopology", weights: Weights) -> None:
        from pyroutingkit import INF_WEIGHT, CCHMetric

        self._unreachable = INF_WEIGHT
        self._forward, self._backward = CCHMetric(forward), CCHMetric(backward)
        self._forward.customize(weights)
        self._backward.customize(weights)

    def one_to_many(self, sources: Nodes, targets: Nodes) -> Floats:
        return self._times(self._forward, sources, targets)

    def many_to_one(self, sources: Nodes, targets: Nodes) -> Floats:
        return self._times(self._backward, targets, sources).T

    def path(self, source: int, target: int) -> tuple[float, list[int]]:
        milliseconds, _, arcs = self._forward.query(source, target)
        return (np.inf, []) if milliseconds >= self._unreachable else (float(milliseconds), list(arcs))

    def _times(self, metric: Any, sources: Nodes, targets: Nodes) -> Floats:
        table = metric.distances_many_to_many(sources, targets)
        times: Floats = table.astype(np.float64)
        times[table >= self._unreachable] = np.inf
        return times


class Dijkstra:
    """SciPy's search: the reference in tests, and the engine where RoutingKit has no wheel."""

    def __init__(self, graph: Graph, weights: Weights) -> None:
        quickest = np.lexsort((weights, graph.head, graph.tail))
        pairs = np.stack([graph.tail[quickest], graph.head[quickest]])
        first = np.ones(len(quickest), dtype=np.bool_)
        first[1:] = (pairs[:, 1:] != pairs[:, :-1]).any(axis=0)
        kept = quickest[first]  # of several arcs between two nodes, the quickest
        shape = (graph.node_count, graph.node_count)
        tail, head, weight = graph.tail[kept], graph.head[kept], weights[kept].astype(np.float64)
        self._forward = csr_matrix((weight, (tail, head)), shape)
        self._backward = csr_matrix((weight, (head, tail)), shape)
        self._arcs = csr_matrix((kept + 1, (tail, head)), shape)

    def one_to_many(self, sources: Nodes, targets: Nodes) -> Floats:
        return np.asarray(dijkstra(self._forward, indices=sources)[:, targets], dtype=np.float64)

    def many_to_one(self, sources: Nodes, targets: Nodes) -> Floats:
        return np.asarray(dijkstra(self._backward, indices=targets)[:, sources], dtype=np.float64).T

    def path(self, source: int, target: int) -> tuple[float, list[int]]:
        table, tree = dijkstra(self._forward, indices=np.array([source]), return_predecessors=True)
        times, before = table[0], tree[0]
        if not np.isfinite(times[target]):
            return np.inf, []
        arcs: list[int] = []
        node = target
        while node != source:
            arcs.append(int(self._arcs[before[node], node]) - 1)
            node = int(before[node])
        return float(times[target]), arcs[::-1]


def build_topologies(graph: Graph, folder: Path) -> None:
    """Orders the graph and its mirror image once; both load in milliseconds afterwards."""
    if not HAS_ROUTINGKIT:
        return
    from pyroutingkit import CCHTopology

    lat, lon = graph.lat.astype(np.float32), graph.lon.astype(np.float32)
    tail, head = graph.tail.astype(np.uint32), graph.head.astype(np.uint32)
    for name, start, end in (("forward", tail, head), ("backward", head, tail)):
        topology = CCHTopology()
        topology.build(start, end, lat, lon, graph.node_count)
        (folder / name).mkdir(parents=True, exist_ok=True)
        topology.save(str(folder / name))


def engine_maker(graph: Graph, folder: Path) -> EngineMaker:
    """The quickest engine that this machine and this folder have."""
    if not HAS_ROUTINGKIT or not (folder / "forward").is_dir() or not (folder / "backward").is_dir():
        return lambda weights: Dijkstra(graph, weights)
    from pyroutingkit import CCHTopology

    forward, backward = CCHTopology(), CCHTopology()
    forward.load(str(folder / "forward"))
    backward.load(str(folder / "backward"))
    return lambda weights: RoutingKit(forward, backward, weights)
