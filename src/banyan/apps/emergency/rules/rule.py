"""What a clinical rule is: its inputs, its table, its source and how far it can be trusted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from banyan.apps.emergency.vitals import LIMITS, Limits

# checked: reproduces every sound published example; sourced: read in the named source;
# memory: found in no source yet, so a clinician must confirm, and it never decides alone.
Status = Literal["checked", "sourced", "memory"]
Value = float | str | bool | list[int]
Values = Mapping[str, Any]
# [low, high, points]; None is open; both ends belong to the band.
Band = tuple[float | None, float | None, int]


@dataclass(frozen=True, slots=True)
class Number:
    name: str
    label: str
    limits: Limits
    bands: tuple[Band, ...] = ()
    decimals: int | None = None  # the reading is rounded (half up) to so many decimals before banding
    round_down: bool = False  # an age counts completed years
    aliases: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class Option:
    value: str | int
    label: str
    points: int | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    name: str
    label: str
    options: tuple[Option, ...]
    aliases: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class Flag:
    name: str
    label: str
    points: int = 1
    aliases: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class Words:
    """Free words or a list that the rule itself reads (an age with its unit, a list of AIS codes)."""

    name: str
    label: str
    hint: str
    required: bool = True
    aliases: tuple[str, ...] = ()


Input = Number | Choice | Flag | Words


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What a total means: a word for each band, or true from a threshold on."""

    key: str
    bands: tuple[tuple[int, int, str], ...] = ()
    true_from: int | None = None

    def of(self, total: int) -> str | bool:
        if self.true_from is not None:
            return total >= self.true_from
        return next(word for low, high, word in self.bands if low <= total <= high)


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    title: str
    status: Status
    source: str
    inputs: tuple[Input, ...]
    compute: Callable[[Values], dict[str, Any]] | None = None  # None: the points add up
    conclusions: tuple[Conclusion, ...] = ()
    version: str = "1.0.0"
    prepare: Callable[[dict[str, Any]], dict[str, Any]] | None = None  # other ways to give the same input
    tables: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""

    def input(self, name: str) -> Input:
        return next(each for each in self.inputs if each.name == name)


def vital(name: str, label: str, bands: tuple[Band, ...] = (), **more: Any) -> Number:
    """A number whose limits are those of the vital sign of that name."""
    return Number(name, label, LIMITS[name], bands, **more)


def age(bands: tuple[Band, ...] = (), *, required: bool = True) -> Number:
    """An age in completed years."""
    return Number("age", "Age", LIMITS["age"], bands, 0, round_down=True, required=required)


def scale(name: str, label: str, *options: str, start: int = 0, **more: Any) -> Choice:
    """A choice whose options are worth their own number: the first `start`, the next one more."""
    made = tuple(Option(start + i, text, start + i) for i, text in enumerate(options))
    return Choice(name, label, made, **more)
