"""qSOFA: three bedside signs that an infected patient may do badly."""

from collections.abc import Callable
from typing import Any

from banyan.apps.emergency.rules.rule import Conclusion, Flag, Rule
from banyan.apps.emergency.vitals import LIMITS

SIGNS: dict[str, tuple[str, Callable[[float], bool]]] = {
    "gcs": ("altered_mentation", lambda value: value < 15),
    "rr": ("rr_ge_22", lambda value: value >= 22),
    "sbp": ("sbp_le_100", lambda value: value <= 100),
}


def from_vitals(given: dict[str, Any]) -> dict[str, Any]:
    """The three signs may be given as such or as the vitals they come from (GCS, rate, pressure)."""
    for vital, (sign, holds) in SIGNS.items():
        value = given.pop(vital, None)
        if value is not None and sign not in given:
            given[sign] = value if isinstance(value, str) else holds(LIMITS[vital].check(vital, value))
    return given


RULE = Rule(
    name="qsofa",
    title="Quick SOFA",
    status="checked",
    source="Sepsis-3, JAMA 2016;315:801",
    inputs=(
        Flag("altered_mentation", "Altered mentation (GCS below 15)"),
        Flag("rr_ge_22", "Respiratory rate 22 or more"),
        Flag("sbp_le_100", "Systolic pressure 100 or less"),
    ),
    prepare=from_vitals,
    conclusions=(Conclusion("high_risk", true_from=2),),
)
