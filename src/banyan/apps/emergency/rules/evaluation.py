"""Answers a rule by its name: the result, or what is missing, or why the input cannot be."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from banyan.apps.emergency.rules.reading import read
from banyan.apps.emergency.rules.registry import RULES
from banyan.apps.emergency.rules.rule import Choice, Flag, Input, Number, Rule, Words
from banyan.apps.emergency.rules.scoring import add_up
from banyan.apps.emergency.vitals import OutOfRange


class UnknownRule(LookupError):
    """No rule of that name."""

    def __init__(self, name: str) -> None:
        near = get_close_matches(name, RULES, n=3) or sorted(RULES)
        super().__init__(f'There is no rule "{name}". Try: {", ".join(near)}.')


def names() -> list[str]:
    return list(RULES)


def rule_named(name: str) -> Rule:
    """Raises UnknownRule, naming the nearest ones."""
    short = name.removeprefix("emergency.")
    if short not in RULES:
        raise UnknownRule(short)
    return RULES[short]


def evaluate(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The rule's result with its name, version, status and source.

    A missing input gives `incomplete` and no total; an impossible value gives `rejected` and says why;
    inputs that the rule does not know are named in `unknown_inputs`.
    Raises: UnknownRule.
    """
    rule = rule_named(name)
    return {**_outcome(rule, given), **_about(rule)}


def _outcome(rule: Rule, given: Mapping[str, Any]) -> dict[str, Any]:
    try:
        reading = read(rule, given)
        unknown = {"unknown_inputs": list(reading.unknown)} if reading.unknown else {}
        if reading.missing:
            return {**incomplete(rule, reading.missing), **_absent(reading.absent), **unknown}
        result = rule.compute(reading.values) if rule.compute else add_up(rule, reading.values)
        return {**result, **unknown}
    except OutOfRange as wrong:
        return {
            "rejected": True,
            "field": wrong.field,
            "given": wrong.value,
            "allowed": wrong.allowed,
            "problem": str(wrong),
        }


def incomplete(rule: Rule, missing: tuple[str, ...]) -> dict[str, Any]:
    """No total. "all" when nothing at all was given; `missing` always lists the names."""
    every = tuple(each.name for each in rule.inputs if each.required)
    return {
        "incomplete": "all" if missing == every and len(every) > 1 else list(missing),
        "missing": list(missing),
    }


def _absent(absent: Mapping[str, str]) -> dict[str, Any]:
    return {"absent": dict(absent)} if absent else {}


def _about(rule: Rule) -> dict[str, Any]:
    about = {"rule": rule.name, "version": rule.version, "status": rule.status, "source": rule.source}
    return about if rule.status != "memory" else {**about, "unverified": True}


def describe(name: str, translate: Callable[[str], str] = str) -> dict[str, Any]:
    """What a form needs: title, inputs with units, limits and options, source, status; texts translated."""
    rule = rule_named(name)
    return {
        "name": rule.name,
        "title": translate(rule.title),
        "status": rule.status,
        "unverified": rule.status == "memory",
        "source": rule.source,
        "version": rule.version,
        "note": translate(rule.note) if rule.note else "",
        "inputs": [_describe(each, translate) for each in rule.inputs],
    }


def _describe(each: Input, translate: Callable[[str], str]) -> dict[str, Any]:
    shown: dict[str, Any] = {"name": each.name, "label": translate(each.label), "required": each.required}
    match each:
        case Number():
            limits = each.limits
            return {
                **shown,
                "type": "number",
                "unit": limits.unit,
                "low": limits.low,
                "high": limits.high,
                "soft_low": limits.soft_low,
                "soft_high": limits.soft_high,
                "decimals": each.decimals,
            }
        case Choice():
            options = [
                {"value": o.value, "label": translate(o.label), "points": o.points} for o in each.options
            ]
            return {**shown, "type": "choice", "options": options}
        case Flag():
            return {**shown, "type": "flag", "points": each.points}
        case Words():
            return {**shown, "type": "words", "hint": translate(each.hint)}
