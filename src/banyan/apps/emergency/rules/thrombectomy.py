"""Thrombectomy: whether the time since the patient was last well still allows it."""

from typing import Any

from banyan.apps.emergency.rules.rule import Flag, Number, Rule, Values
from banyan.apps.emergency.vitals import Limits

WINDOW_H, EXTENDED_H = 6, 24


def thrombectomy(values: Values) -> dict[str, Any]:
    """within, extended (needs a mismatch) or outside; without the imaging the extended window stays open."""
    hours = values["last_well_h"]
    if hours <= WINDOW_H:
        return {"window": "within"}
    if hours > EXTENDED_H:
        return {"window": "outside"}
    if "mismatch" not in values:
        return {"incomplete": ["mismatch"], "missing": ["mismatch"]}
    return {"window": "extended" if values["mismatch"] else "outside"}


RULE = Rule(
    name="thrombectomy",
    title="Time window of thrombectomy",
    status="memory",
    source="AHA/ASA 2019",
    inputs=(
        Number("last_well_h", "Hours since last known well", Limits("h", 0, 240)),
        Flag("mismatch", "Perfusion or clinical-core mismatch", required=False),
    ),
    compute=thrombectomy,
    tables={"window_h": WINDOW_H, "extended_h": EXTENDED_H},
)
