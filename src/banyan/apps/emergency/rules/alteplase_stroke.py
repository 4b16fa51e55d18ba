"""Alteplase in ischaemic stroke: total, bolus and infusion by weight."""

from typing import Any

from banyan.apps.emergency.rules.reading import rounded
from banyan.apps.emergency.rules.rule import Choice, Number, Option, Rule, Values
from banyan.apps.emergency.vitals import LIMITS, Limits, OutOfRange

MG_PER_KG, MAX_MG, BOLUS_FRACTION = 0.9, 90.0, 0.1
BOLUS_MIN, INFUSION_MIN, WINDOW_H = 1, 60, 4.5
KG_PER_LB = 0.45359237


def in_kilograms(given: dict[str, Any]) -> dict[str, Any]:
    """`weight_kg` may stand for weight with its unit."""
    if "weight_kg" in given and "weight" not in given:
        given["weight"], given["unit"] = given.pop("weight_kg"), "kg"
    return given


def alteplase_stroke(values: Values) -> dict[str, Any]:
    """mg to 0.1: 0.9 mg/kg, at most 90 mg, a tenth as bolus. Source: AHA/ASA 2019.

    Raises: OutOfRange for a weight that no patient has, in kg after conversion.
    """
    kg = values["weight"] * (KG_PER_LB if values["unit"] == "lb" else 1)
    if not LIMITS["weight"].low <= kg <= LIMITS["weight"].high:
        raise OutOfRange("weight", values["weight"], LIMITS["weight"].allowed)
    total = rounded(min(MG_PER_KG * kg, MAX_MG), 1)
    bolus = rounded(total * BOLUS_FRACTION, 1)
    dose = {"total_mg": total, "bolus_mg": bolus, "infusion_mg": rounded(total - bolus, 1)}
    timing = {"bolus_min": BOLUS_MIN, "infusion_min": INFUSION_MIN}
    onset = values.get("onset_h")
    return {**dose, **timing, **({} if onset is None else {"in_window": onset <= WINDOW_H})}


RULE = Rule(
    name="alteplase_stroke",
    title="Alteplase dose in stroke",
    status="checked",
    source="AHA/ASA 2019; worked examples of the GDL calculator",
    inputs=(
        Number("weight", "Weight", Limits("", 0, 1500)),
        Choice("unit", "Unit", (Option("kg", "kg"), Option("lb", "lb", aliases=("lbs", "[lb_av]")))),
        Number("onset_h", "Time since onset", Limits("h", 0, 240), required=False),
    ),
    prepare=in_kilograms,
    compute=alteplase_stroke,
)
