"""Shock index: heart rate over systolic pressure, with the paediatric limits where an age is given."""

from typing import Any

from banyan.apps.emergency.rules.reading import rounded
from banyan.apps.emergency.rules.rule import Rule, Values, age, vital

RAISED_FROM = 0.9
# SIPA (Acker et al. 2015), raised above; this row is from memory.
PAEDIATRIC_RAISED_ABOVE = ((4, 6, 1.22), (7, 12, 1.0), (13, 16, 0.9))


def shock_index(values: Values) -> dict[str, Any]:
    """A pressure of 0 gives incomplete, never a division. Source: Allgower and Burri 1967."""
    if values["sbp"] == 0:
        return {"incomplete": ["sbp"], "missing": ["sbp"]}
    value = rounded(values["hr"] / values["sbp"], 2)
    return {"value": value, "raised": _raised(value, values.get("age"))}


def _raised(value: float, years: float | None) -> bool | None:
    for low, high, limit in PAEDIATRIC_RAISED_ABOVE:
        if years is not None and low <= years <= high:
            return value > limit
    if years is not None and years < PAEDIATRIC_RAISED_ABOVE[0][0]:
        return None  # no limit is published below four years
    return value >= RAISED_FROM


RULE = Rule(
    name="shock_index",
    title="Shock index",
    status="checked",
    source="Allgower and Burri 1967; Acker et al. J Pediatr Surg 2015 (SIPA)",
    inputs=(vital("hr", "Heart rate"), vital("sbp", "Systolic pressure"), age(required=False)),
    compute=shock_index,
    tables={"raised_from": RAISED_FROM, "paediatric_raised_above": PAEDIATRIC_RAISED_ABOVE},
)
