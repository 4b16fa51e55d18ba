"""Reperfusion in STEMI: balloon or lysis, by when a wire could cross."""

from typing import Any

from banyan.apps.emergency.rules.rule import Flag, Number, Rule, Values, age
from banyan.apps.emergency.vitals import LIMITS, Limits

WIRE_WITHIN_MIN, LYSIS_WITHIN_H = 120, 12
TENECTEPLASE_MG = ((60, 30), (70, 35), (80, 40), (90, 45))  # below so many kg: mg
TENECTEPLASE_MOST_MG = 50
HALF_DOSE_FROM_AGE = 75


def reperfusion(values: Values) -> dict[str, Any]:
    """primary_pci or fibrinolysis with the reason; a physician decides.

    Source: ESC ACS 2023; Chinese STEMI guideline 2019 (from memory).
    """
    choice, because = _choice(values)
    dose = (
        {"tenecteplase_mg": _tenecteplase(values)} if choice == "fibrinolysis" and "weight" in values else {}
    )
    return {"choice": choice, "because": because, **dose}


def _choice(values: Values) -> tuple[str, str]:
    if values["minutes_to_wire"] <= WIRE_WITHIN_MIN:
        return "primary_pci", "A wire can cross within 120 minutes"
    if values["contraindication"]:
        return "primary_pci", "Fibrinolysis is contraindicated"
    if values["onset_h"] > LYSIS_WITHIN_H:
        return "primary_pci", "More than 12 hours since onset"
    return "fibrinolysis", "No wire within 120 minutes, within 12 hours of onset, no contraindication"


def _tenecteplase(values: Values) -> float:
    full = next((mg for below, mg in TENECTEPLASE_MG if values["weight"] < below), TENECTEPLASE_MOST_MG)
    return full / 2 if values.get("age", 0) >= HALF_DOSE_FROM_AGE else full


RULE = Rule(
    name="reperfusion",
    title="Reperfusion in STEMI",
    status="memory",
    source="ESC ACS 2023; Chinese STEMI guideline 2019",
    note="Lysis: within 10 minutes of the diagnosis, then transfer; rescue PCI if ST falls less than half.",
    inputs=(
        Number("minutes_to_wire", "Minutes from diagnosis to wire", Limits("min", 0, 2880)),
        Number("onset_h", "Time since onset", Limits("h", 0, 240)),
        Flag("contraindication", "Contraindication to fibrinolysis"),
        Number("weight", "Weight", LIMITS["weight"], required=False),
        age(required=False),
    ),
    compute=reperfusion,
    tables={
        "wire_within_min": WIRE_WITHIN_MIN,
        "lysis_within_h": LYSIS_WITHIN_H,
        "tenecteplase_mg": TENECTEPLASE_MG,
        "tenecteplase_most_mg": TENECTEPLASE_MOST_MG,
        "half_dose_from_age": HALF_DOSE_FROM_AGE,
    },
)
