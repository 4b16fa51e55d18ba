"""A search as written: parameters with modifier, chain and values, and the settings of the page."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl

from banyan.record.errors import BadRequest, NotSupported

DEFAULT_COUNT = 50
LARGEST_COUNT = 1000
#: Known to the standard and left to other layers, or understood and without effect here.
PASSED_OVER = frozenset(
    {"_format", "_pretty", "_summary", "_elements", "_contained", "_containedType", "_maxresults"}
)
_COMMA = re.compile(r"(?<!\\),")
_DOLLAR = re.compile(r"(?<!\\)\$")
_BAR = re.compile(r"(?<!\\)\|")
_ESCAPED = re.compile(r"\\([\\,$|])")
Total = Literal["none", "estimate", "accurate"]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition: `rest` is what a chain asks of its target; `has` the (type, reference) of a _has."""

    name: str
    modifier: str | None
    values: tuple[str, ...]
    rest: "Criterion | None" = None
    has: tuple[str, str] | None = None
    written: str = ""


@dataclass(frozen=True, slots=True)
class Include:
    """What comes along: `source` type's reference `parameter`, to `target` or to any type."""

    source: str
    parameter: str
    target: str | None
    reverse: bool
    iterate: bool


@dataclass(slots=True)
class Query:
    """A whole search."""

    criteria: list[Criterion] = field(default_factory=list)
    sort: list[tuple[str, bool]] = field(default_factory=list)
    includes: list[Include] = field(default_factory=list)
    count: int = DEFAULT_COUNT
    total: Total = "none"
    only_count: bool = False
    cursor: str | None = None


def parse_query(text: str) -> list[tuple[str, str]]:
    """The pairs of "name=value&name=value", with or without a leading "Type?"."""
    query = text.rpartition("?")[2]
    return parse_qsl(query, keep_blank_values=True)


def read_query(params: Iterable[tuple[str, str]]) -> Query:
    """Sort the parameters into conditions and settings. Raises BadRequest, naming the parameter."""
    query = Query()
    for name, value in params:
        if "\0" in name + value:
            raise BadRequest(f"{name!r} contains the character NUL.", expression=name.replace("\0", ""))
        if name == "_sort":
            query.sort += [(p.removeprefix("-"), p.startswith("-")) for p in value.split(",") if p]
        elif name == "_count":
            query.count = _count(value)
        elif name == "_total":
            query.total = _total(value)
        elif name == "_cursor":
            query.cursor = value
        elif name.partition(":")[0] in ("_include", "_revinclude"):
            query.includes.append(_include(name, value))
        elif name in PASSED_OVER:
            query.only_count = query.only_count or (name, value) == ("_summary", "count")
        else:
            query.criteria.append(_criterion(name, value))
    if query.count == 0:
        query.only_count = True
    return query


def split_values(value: str) -> tuple[str, ...]:
    return tuple(_COMMA.split(value))


def split_bar(value: str) -> list[str]:
    """The parts between bars, without their escapes."""
    return [unescape(part) for part in _BAR.split(value)]


def split_dollar(value: str) -> list[str]:
    return _DOLLAR.split(value)


def unescape(value: str) -> str:
    return _ESCAPED.sub(r"\1", value)


def _count(value: str) -> int:
    if not value.isdigit():
        raise BadRequest(f"_count must be a number of matches, not {value!r}.", expression="_count")
    return min(int(value), LARGEST_COUNT)


def _total(value: str) -> Total:
    if value == "accurate":
        return "accurate"
    if value in ("none", "estimate"):
        return "none"
    raise BadRequest(f"_total must be none, estimate or accurate, not {value!r}.", expression="_total")


def _include(name: str, value: str) -> Include:
    kind, _, modifier = name.partition(":")
    if modifier not in ("", "iterate", "recurse"):
        raise NotSupported(f"{kind} has no modifier :{modifier}.", expression=name)
    parts = value.split(":")
    if value == "*" and kind == "_include":
        parts = ["*", "*"]
    if not 2 <= len(parts) <= 3:
        raise BadRequest(
            f"{kind} must be Type:parameter or Type:parameter:Target, not {value!r}.", expression=name
        )
    target = parts[2] if len(parts) == 3 else None
    return Include(parts[0], parts[1], target, kind == "_revinclude", modifier != "")


def _criterion(name: str, value: str) -> Criterion:
    return _read_name(name, split_values(value), name)


def _read_name(name: str, values: Sequence[str], written: str) -> Criterion:
    if name.startswith("_has:"):
        parts = name.split(":", 3)
        if len(parts) != 4:
            raise BadRequest(f"{written} must be _has:Type:reference:parameter.", expression=written)
        return Criterion(
            "_has", None, (), _read_name(parts[3], values, written), (parts[1], parts[2]), written
        )
    head, dot, rest = name.partition(".")
    base, _, modifier = head.partition(":")
    if dot:
        return Criterion(base, modifier or None, (), _read_name(rest, values, written), None, written)
    return Criterion(base, modifier or None, tuple(values), None, None, written)
