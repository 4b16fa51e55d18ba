"""Names of streets: which one is near, where one is, what begins with the letters typed."""

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from banyan.region.roads import Roads


@dataclass(frozen=True, slots=True)
class Street:
    """A street by name, with a point in its middle and, for an address, the street that it meets there."""

    name: str
    lat: float
    lon: float
    crossing: str = ""

    @property
    def label(self) -> str:
        """As an address is said: the street, and the one that crosses it."""
        return " × ".join(part for part in (self.name, self.crossing) if part)


class StreetIndex:
    """All named streets of a region."""

    def __init__(self, roads: Roads) -> None:
        self._roads = roads
        self._folded = [fold(name) for name in roads.names]
        order = np.argsort(roads.link_name, kind="stable")
        starts = np.searchsorted(roads.link_name[order], np.arange(len(roads.names) + 1))
        self._links_of_name = [order[a:b] for a, b in pairwise(starts)]
        self._names_at_node = _names_at_node(roads)

    def search(self, text: str, limit: int = 12) -> list[Street]:
        """Streets whose name begins with the text, then others that hold it; accents do not matter."""
        wanted = fold(text)
        if not wanted:
            return []
        ranked = sorted(
            (rank, len(name), number)
            for number, name in enumerate(self._folded)
            if number and len(self._links_of_name[number]) and (rank := _rank(name, wanted)) is not None
        )
        return [self._street(number) for _, _, number in ranked[:limit]]

    def crossing(self, first: str, second: str) -> Street | None:
        """Where two streets meet; None where they do not."""
        a, b = fold(first), fold(second)
        for node, names in self._names_at_node.items():
            folded = {self._folded[n]: n for n in names}
            if a in folded and b in folded:
                lat, lon = float(self._roads.node_lat[node]), float(self._roads.node_lon[node])
                return Street(self._roads.names[folded[a]], lat, lon, self._roads.names[folded[b]])
        return None

    def near(self, link: int, fraction: float, lat: float, lon: float) -> Street:
        """The street of a link and the nearest street crossing it, as an address to read out."""
        name = int(self._roads.link_name[link])
        start, end = int(self._roads.link_start[link]), int(self._roads.link_end[link])
        for node in (start, end) if fraction <= 0.5 else (end, start):
            others = [n for n in self._names_at_node.get(node, ()) if n != name]
            if others:
                return Street(self._roads.names[name], lat, lon, self._roads.names[others[0]])
        return Street(self._roads.names[name], lat, lon)

    def _street(self, number: int) -> Street:
        links = self._links_of_name[number]
        middle = int(links[len(links) // 2])
        line = self._roads.line(middle)
        lon, lat = line[len(line) // 2]
        return Street(self._roads.names[number], float(lat), float(lon))


def fold(text: str) -> str:
    """Small letters without accents, one space between words."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def _rank(name: str, wanted: str) -> int | None:
    if name.startswith(wanted):
        return 0
    if f" {wanted}" in name:
        return 1
    return 2 if wanted in name else None


def _names_at_node(roads: Roads) -> dict[int, tuple[int, ...]]:
    """The named streets that meet at each node, where at least one has a name."""
    met: dict[int, dict[int, None]] = defaultdict(dict)
    for start, end, name in zip(
        roads.link_start.tolist(), roads.link_end.tolist(), roads.link_name.tolist(), strict=True
    ):
        if name:
            met[start][name] = None
            met[end][name] = None
    return {node: tuple(names) for node, names in met.items()}
