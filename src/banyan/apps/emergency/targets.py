"""How a case did against its targets: each met, missed, running or not reached, in minutes."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
import yaml

from banyan.apps.emergency.timepoints import Recorded

# met, missed; running: begun, still in time; overdue: begun and already too late; open: not begun;
# measured: both times, no target set; contradiction: the end lies before the beginning.
State = Literal["met", "missed", "running", "overdue", "open", "measured", "contradiction"]


class Indicator(msgspec.Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """One indicator of a case; exactly one of le, lt and ge is its target, or the site sets one."""

    id: str
    zh: str
    en: str
    start: str
    end: str
    status: Literal["sourced", "memory"]
    source: str
    pathways: tuple[str, ...] = ()
    le: float | None = None
    lt: float | None = None
    ge: float | None = None
    site: bool = False

    def met(self, minutes: float) -> bool | None:
        if self.le is not None:
            return minutes <= self.le
        if self.lt is not None:
            return minutes < self.lt
        return None if self.ge is None else minutes >= self.ge

    @property
    def target(self) -> str:
        """The target as it is written: "≤90", "<10", "≥10"; empty where none is set."""
        written = {"≤": self.le, "<": self.lt, "≥": self.ge}
        return next((f"{sign}{limit:g}" for sign, limit in written.items() if limit is not None), "")


class Result(msgspec.Struct, frozen=True):
    """`minutes`: between the two times, or since the first while it runs; `left`: until it is late."""

    indicator: Indicator
    state: State
    minutes: float | None
    left: float | None = None
    flagged: bool = False  # a value that the national platform calls a problem value


FMC2ECG_PROBLEM_ABOVE = 60  # kpi.yaml, DATA_ALARM


@cache
def indicators() -> tuple[Indicator, ...]:
    text = (files("banyan.apps.emergency") / "standards" / "kpi.yaml").read_text(encoding="utf-8")
    return tuple(msgspec.convert(yaml.load(text, yaml.CSafeLoader), list[Indicator]))


def results(
    pathway: str,
    times: Mapping[str, Recorded],
    now: datetime,
    *,
    site_targets: Mapping[str, float] | None = None,
) -> list[Result]:
    """Every indicator of the pathway, in the catalogue's order.

    site_targets: minutes by indicator id, met at that many or fewer, where a site sets or tightens a target.
    """
    chosen = (each for each in indicators() if not each.pathways or pathway in each.pathways)
    own = site_targets or {}
    return [
        result(
            msgspec.structs.replace(each, le=own[each.id], lt=None) if each.id in own else each, times, now
        )
        for each in chosen
    ]


def result(indicator: Indicator, times: Mapping[str, Recorded], now: datetime) -> Result:
    start, end = times.get(indicator.start), times.get(indicator.end)
    if start is None:
        return Result(indicator, "open", None)
    if end is None:
        return _running(indicator, (now - start.at).total_seconds() / 60)
    minutes = (end.at - start.at).total_seconds() / 60
    if minutes < 0:
        return Result(indicator, "contradiction", minutes)
    met = indicator.met(minutes)
    state: State = "measured" if met is None else "met" if met else "missed"
    flagged = indicator.id == "FMC2ECG" and minutes > FMC2ECG_PROBLEM_ABOVE
    return Result(indicator, state, minutes, flagged=flagged)


def _running(indicator: Indicator, minutes: float) -> Result:
    limit = indicator.le if indicator.le is not None else indicator.lt
    if limit is None:
        return Result(indicator, "running", minutes)
    left = limit - minutes
    return Result(indicator, "running" if indicator.met(minutes) else "overdue", minutes, left)


def tally(found: list[Result]) -> dict[str, int]:
    """How many targets were met and missed (an overdue one is missed already)."""
    met = sum(each.state == "met" for each in found)
    missed = sum(each.state in ("missed", "overdue") for each in found)
    return {"met": met, "missed": missed}
