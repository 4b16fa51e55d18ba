"""Adds up the points of a rule's bands and options."""

from collections.abc import Iterable
from typing import Any

from banyan.apps.emergency.rules.rule import Band, Choice, Flag, Input, Number, Rule, Values


def points_in(bands: Iterable[Band], value: float) -> int:
    """The points of the band that holds the value; the bands of every table leave no gap at its decimals."""
    for low, high, points in bands:
        if (low is None or value >= low) and (high is None or value <= high):
            return points
    raise LookupError(f"no band holds {value}: the table has a gap")


def points_of(each: Input, value: Any) -> int:
    match each:
        case Number():
            return points_in(each.bands, value)
        case Choice():
            return next(o.points for o in each.options if o.value == value) or 0
        case Flag():
            return each.points if value else 0
    raise LookupError(f"{each.name} carries no points")


def add_up(rule: Rule, values: Values) -> dict[str, Any]:
    """The total, the points of each part, and what the total means."""
    parts = {i.name: points_of(i, values[i.name]) for i in rule.inputs if i.name in values and _scored(i)}
    return conclude(rule, sum(parts.values()), parts)


def conclude(rule: Rule, total: int, parts: dict[str, int]) -> dict[str, Any]:
    meaning = {each.key: each.of(total) for each in rule.conclusions}
    return {"total": total, **meaning, "parts": parts}


def _scored(each: Input) -> bool:
    match each:
        case Number():
            return bool(each.bands)
        case Choice():
            return any(o.points is not None for o in each.options)
        case Flag():
            return each.points != 0
    return False
