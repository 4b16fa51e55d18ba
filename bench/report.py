"""The table that every benchmark prints, and its last line of JSON."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter, thread_time
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One measured number, with the limit that it is held to and what it is compared with."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    higher_is_better: bool = False
    note: str = ""

    @property
    def kept(self) -> bool | None:
        """Whether the limit is kept; None where there is none."""
        if self.limit is None:
            return None
        return self.value >= self.limit if self.higher_is_better else self.value <= self.limit


def quick_wanted(description: str, arguments: Sequence[str] | None = None) -> bool:
    """Reads the command line: --quick asks for a run of under 45 seconds."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="a short run (under 45 s)")
    return bool(parser.parse_args(arguments).quick)


def report(bench: str, figures: Iterable[Figure], *, quick: bool, **facts: Any) -> bool:
    """Prints the table and, last, one line of JSON; answers whether every limit is kept."""
    listed = list(figures)
    table = Table(
        title=bench, title_justify="left", caption=f"{_machine()}, load {_load():.1f}", caption_justify="left"
    )
    for heading, side in (("figure", "left"), ("value", "right"), ("limit", "right"), ("", "left")):
        table.add_column(heading, justify=side)  # type: ignore[arg-type]
    for figure in listed:
        table.add_row(figure.name, f"{_short(figure.value)} {figure.unit}", _limit(figure), figure.note)
    Console(width=None if sys.stdout.isatty() else 140).print(table)
    kept = all(figure.kept is not False for figure in listed)
    line = {"bench": bench, "quick": quick, "machine": _machine(), "load": _load(), "kept": kept, **facts}
    line["figures"] = [{**asdict(figure), "kept": figure.kept} for figure in listed]
    print(json.dumps(line, ensure_ascii=False))
    return kept or quick  # a short run shows that it runs; limits are held by the whole one


@dataclass(frozen=True)
class Timed:
    """How long each run of an act took, in ms: on the wall's clock, and of the processor."""

    wall: list[float]
    cpu: list[float]


def times_of(act: Callable[[int], object], count: int, *, warm: int = 5) -> Timed:
    """Runs an act many times, after a few that warm up."""
    for number in range(warm):
        act(number)
    taken = Timed([], [])
    for number in range(count):
        start, started = perf_counter(), thread_time()
        act(number)
        taken.cpu.append((thread_time() - started) * 1000)
        taken.wall.append((perf_counter() - start) * 1000)
    return taken


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-len(ordered) * int(percent * 10) // 1000) - 1))]


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _limit(figure: Figure) -> str:
    if figure.limit is None:
        return ""
    sign = "≥" if figure.higher_is_better else "≤"
    return f"{sign} {_short(figure.limit)} {figure.unit} {'kept' if figure.kept else 'MISSED'}"


def _load() -> float:
    """How many processes wanted a core in the last minute: above the number of cores, times say little."""
    return round(os.getloadavg()[0], 2)


def _machine() -> str:
    system = f"{platform.system()} {platform.machine()}"
    return f"{system}, {os.cpu_count()} cores, Python {platform.python_version()}"
