"""Reads what was typed into a rule's inputs: values, what is missing, what the rule does not know."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from banyan.apps.emergency.rules.rule import Choice, Flag, Input, Number, Rule, Words
from banyan.apps.emergency.vitals import ABSENT_REASONS, OutOfRange

YES = ("yes", "true", "y")
NO = ("no", "false", "n")


@dataclass(frozen=True, slots=True)
class Reading:
    values: dict[str, Any]
    missing: tuple[str, ...]
    absent: dict[str, str]
    unknown: tuple[str, ...]


def read(rule: Rule, given: Mapping[str, Any]) -> Reading:
    """Raises OutOfRange for a value that cannot be."""
    prepared = rule.prepare(dict(given)) if rule.prepare else given
    names = {key: each for each in rule.inputs for key in (each.name, *each.aliases)}
    values: dict[str, Any] = {}
    absent: dict[str, str] = {}
    for key, value in prepared.items():
        each = names.get(key)
        if each is None or value is None:
            continue
        if isinstance(value, str) and value in ABSENT_REASONS:
            absent[each.name] = value
        else:
            values[each.name] = value_of(each, value)
    missing = tuple(each.name for each in rule.inputs if each.required and each.name not in values)
    return Reading(values, missing, absent, tuple(key for key in prepared if key not in names))


def value_of(each: Input, value: object) -> Any:
    match each:
        case Number():
            return _number(each, value)
        case Choice():
            return _choice(each, value)
        case Flag():
            return _flag(each, value)
        case Words():
            return value


def _number(each: Number, value: object) -> float:
    number = each.limits.check(each.name, value)
    if each.decimals is None:
        return number
    return rounded(number, each.decimals, down=each.round_down)


def rounded(number: float, decimals: int, *, down: bool = False) -> float:
    """Rounded as a person does it: half up on the digits as written (36.05 is 36.1), or down."""
    step = Decimal(1).scaleb(-decimals)
    exact = Decimal(str(number)).quantize(step, rounding=ROUND_FLOOR if down else ROUND_HALF_UP)
    return float(exact)


def _choice(each: Choice, value: object) -> str | int:
    said = "" if isinstance(value, bool) else str(value).strip().casefold()
    for option in each.options:
        if said in (
            str(option.value).casefold(),
            option.label.casefold(),
            *map(str.casefold, option.aliases),
        ):
            return option.value
    raise OutOfRange(each.name, value, "one of " + ", ".join(str(o.value) for o in each.options))


def _flag(each: Flag, value: object) -> bool:
    said = str(value).strip().casefold()
    if value is True or said in YES or (value == each.points and value is not False) or value == 1:
        return True
    if value is False or value == 0 or said in NO:
        return False
    raise OutOfRange(each.name, value, "true or false")
