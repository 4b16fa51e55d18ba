"""A region's road network as flat arrays: nodes, links with their shape, streets' names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from banyan.region.geometry import Floats, line_metres

Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]


class Link(NamedTuple):
    """One stretch of road between two junctions, as a source hands it over."""

    start: int
    end: int
    road_class: str
    name: str
    line: Floats  # (longitude, latitude) from start to end
    forward: bool = True
    backward: bool = True
    forward_kmh: float = np.nan  # the road's own speed limit, where the source has one
    backward_kmh: float = np.nan
    metres: float | None = None  # where the source knows better than the line


@dataclass(frozen=True)
class Roads:
    """Links i has its shape in points[point_start[i]:point_start[i + 1]] and joins two nodes."""

    node_lat: Floats
    node_lon: Floats
    link_start: Ints
    link_end: Ints
    link_class: NDArray[np.uint8]
    link_name: Ints
    link_forward: Flags
    link_backward: Flags
    forward_kmh: NDArray[np.float32]
    backward_kmh: NDArray[np.float32]
    metres: Floats
    point_start: Ints
    points: Floats
    classes: tuple[str, ...]
    names: tuple[str, ...]  # the first one is empty: a road without a name

    @property
    def node_count(self) -> int:
        return len(self.node_lat)

    @property
    def link_count(self) -> int:
        return len(self.link_start)

    def line(self, link: int) -> Floats:
        return self.points[self.point_start[link] : self.point_start[link + 1]]

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("classes", "names")}


def assemble(links: Iterable[Link]) -> Roads:
    """Numbers nodes, classes and names, and lays the links out as arrays."""
    kept = [link for link in links if link.start != link.end or len(link.line) > 2]
    if not kept:
        raise ValueError("the source holds no road that a vehicle may use")
    nodes: dict[int, int] = {}
    coordinates: list[Floats] = []
    for link in kept:
        for node, place in ((link.start, link.line[0]), (link.end, link.line[-1])):
            if node not in nodes:
                nodes[node] = len(nodes)
                coordinates.append(place)
    place_of = np.array(coordinates, dtype=np.float64)
    classes, class_of = _number([link.road_class for link in kept])
    names, name_of = _number([link.name for link in kept], first="")
    lengths = np.array([len(link.line) for link in kept], dtype=np.int32)
    return Roads(
        node_lat=place_of[:, 1].copy(),
        node_lon=place_of[:, 0].copy(),
        link_start=np.array([nodes[link.start] for link in kept], dtype=np.int32),
        link_end=np.array([nodes[link.end] for link in kept], dtype=np.int32),
        link_class=class_of.astype(np.uint8),
        link_name=name_of,
        link_forward=np.array([link.forward for link in kept], dtype=np.bool_),
        link_backward=np.array([link.backward for link in kept], dtype=np.bool_),
        forward_kmh=np.array([link.forward_kmh for link in kept], dtype=np.float32),
        backward_kmh=np.array([link.backward_kmh for link in kept], dtype=np.float32),
        metres=np.array([_metres(link) for link in kept], dtype=np.float64),
        point_start=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32),
        points=np.concatenate([link.line for link in kept]),
        classes=classes,
        names=names,
    )


def largest_strong_component(roads: Roads) -> Roads:
    """Only the roads from which every other can be reached and left again: where a vehicle can be sent."""
    tail, head, _, _ = directed_arcs(roads)
    shape = (roads.node_count, roads.node_count)
    graph = coo_matrix((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=shape)
    _, component = connected_components(graph, directed=True, connection="strong")
    inside = component == np.bincount(component).argmax()
    return _keep(roads, inside[roads.link_start] & inside[roads.link_end])


def directed_arcs(roads: Roads) -> tuple[Ints, Ints, Ints, Flags]:
    """Tail, head, link and whether the arc runs against its link's line; forward arcs come first."""
    forward, backward = np.flatnonzero(roads.link_forward), np.flatnonzero(roads.link_backward)
    tail = np.concatenate([roads.link_start[forward], roads.link_end[backward]])
    head = np.concatenate([roads.link_end[forward], roads.link_start[backward]])
    link = np.concatenate([forward, backward]).astype(np.int32)
    against = np.concatenate([np.zeros(len(forward), np.bool_), np.ones(len(backward), np.bool_)])
    return tail, head, link, against


def _keep(roads: Roads, wanted: Flags) -> Roads:
    links = np.flatnonzero(wanted)
    nodes = np.unique(np.concatenate([roads.link_start[links], roads.link_end[links]]))
    renumbered = np.full(roads.node_count, -1, dtype=np.int32)
    renumbered[nodes] = np.arange(len(nodes), dtype=np.int32)
    lengths = np.diff(roads.point_start)
    per_link = {name: kept[links] for name, kept in roads.arrays().items() if len(kept) == roads.link_count}
    return replace(
        roads,
        **{
            **per_link,
            "node_lat": roads.node_lat[nodes],
            "node_lon": roads.node_lon[nodes],
            "link_start": renumbered[roads.link_start[links]],
            "link_end": renumbered[roads.link_end[links]],
            "point_start": np.concatenate([[0], np.cumsum(lengths[links])]).astype(np.int32),
            "points": roads.points[np.repeat(wanted, lengths)],
        },
    )


def _number(values: Sequence[str], first: str | None = None) -> tuple[tuple[str, ...], Ints]:
    order: dict[str, int] = {} if first is None else {first: 0}
    numbers = [order.setdefault(value, len(order)) for value in values]
    return tuple(order), np.array(numbers, dtype=np.int32)


def _metres(link: Link) -> float:
    return float(line_metres(link.line).sum()) if link.metres is None else link.metres
