"""R4's invariants that index and display rely on, by the structure that they belong to."""

from collections.abc import Callable
from datetime import UTC
from typing import Any

from banyan.fhir.dates import MalformedDate, interval

Json = dict[str, Any]
#: Answers with key and text where the rule is broken.
Rule = Callable[[Json], tuple[str, str] | None]


def _period(value: Json) -> tuple[str, str] | None:
    start, end = value.get("start"), value.get("end")
    if type(start) is str and type(end) is str:
        try:
            if interval(start, UTC).lo > interval(end, UTC).hi:
                return "per-1", "the period ends before it starts."
        except MalformedDate:
            return None  # said where the date stands
    return None


def _extension(value: Json) -> tuple[str, str] | None:
    has_value = any(name.startswith(("value", "_value")) for name in value)
    if has_value == ("extension" in value):
        return "ext-1", "needs a value or extensions of its own, and not both."
    return None


def _quantity(value: Json) -> tuple[str, str] | None:
    if "code" in value and "system" not in value:
        return "qty-3", "a unit's code needs its system."
    return None


def _contact(value: Json) -> tuple[str, str] | None:
    if not any(name in value for name in ("name", "telecom", "address", "organization")):
        return "pat-1", "a contact needs a name, telecom, address or organization."
    return None


RULES: dict[str, Rule] = {
    "Period": _period,
    "Extension": _extension,
    "Patient.contact": _contact,
    **dict.fromkeys(("Quantity", "Age", "Duration", "Distance", "Count"), _quantity),
}
