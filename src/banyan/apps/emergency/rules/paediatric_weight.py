"""A child's weight by age, where no scale and no length tape is at hand."""

import re
from typing import Any

from banyan.apps.emergency.rules.reading import rounded
from banyan.apps.emergency.rules.rule import Rule, Values, Words
from banyan.apps.emergency.vitals import OutOfRange

UNITS = {"month": 1, "months": 1, "mo": 1, "个月": 1, "月": 1, "year": 12, "years": 12, "a": 12, "岁": 12}
WRITTEN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(\D+?)\s*")
OLDEST_YEARS = 12


def paediatric_weight(values: Values) -> dict[str, Any]:
    """kg for 0 to 12 years; a measured weight or a length tape always wins. Source: APLS formulae.

    Raises: OutOfRange for an age without its unit, or above 12 years.
    """
    months = months_of(values["age"])
    years = months / 12
    if months <= 12:
        return {"kg": rounded(0.5 * months + 4, 1)}
    return {"kg": rounded(2 * years + 8 if years < 6 else 3 * years + 7, 1)}


def months_of(age: object) -> float:
    match = WRITTEN.fullmatch(age) if isinstance(age, str) else None
    unit = UNITS.get(match[2].casefold()) if match else None
    if match is None or unit is None:
        raise OutOfRange("age", age, 'an age with its unit, such as "6 months" or "5 years"')
    months = float(match[1]) * unit
    if months >= (OLDEST_YEARS + 1) * 12:
        raise OutOfRange("age", age, "0 to 12 years")
    return months


RULE = Rule(
    name="paediatric_weight",
    title="Weight of a child by age",
    status="memory",
    source="APLS formulae; a measured weight or a length tape always wins",
    inputs=(Words("age", "Age with unit", "6 months, 5 years"),),
    compute=paediatric_weight,
)
