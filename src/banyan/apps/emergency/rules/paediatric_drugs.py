"""Doses of a child's emergency drugs by weight; each needs a second person's confirmation."""

from typing import Any

from banyan.apps.emergency.rules.reading import rounded
from banyan.apps.emergency.rules.rule import Choice, Number, Option, Rule, Values
from banyan.apps.emergency.vitals import LIMITS

# name: (label, unit, per kg, at most, route)
DRUGS: dict[str, tuple[str, str, float, float | None, str]] = {
    "adrenaline_arrest": ("Adrenaline in arrest", "mg", 0.01, 1, "IV/IO"),
    "adrenaline_anaphylaxis": ("Adrenaline in anaphylaxis", "mg", 0.01, 0.5, "IM"),
    "amiodarone_arrest": ("Amiodarone in arrest", "mg", 5, 300, "IV/IO"),
    "adenosine_first": ("Adenosine, first", "mg", 0.1, 6, "IV"),
    "adenosine_second": ("Adenosine, second", "mg", 0.2, 12, "IV"),
    "atropine": ("Atropine", "mg", 0.02, 0.5, "IV/IO"),
    "glucose_10_percent": ("Glucose 10 %", "mL", 2, None, "IV"),
    "fluid_bolus": ("Fluid bolus", "mL", 10, None, "IV/IO"),
    "midazolam": ("Midazolam", "mg", 0.2, 10, "buccal/IM"),
    "naloxone": ("Naloxone", "mg", 0.1, 2, "IV/IM"),
    "tranexamic_acid": ("Tranexamic acid", "mg", 15, 1000, "IV"),
    "defibrillation": ("Defibrillation", "J", 4, None, ""),
    "cardioversion_first": ("Cardioversion, first", "J", 1, None, ""),
    "cardioversion_next": ("Cardioversion, next", "J", 2, None, ""),
}


def paediatric_drugs(values: Values) -> dict[str, Any]:
    """The dose with its unit and route; `capped` when the largest dose, not the weight, decides."""
    _, unit, per_kg, most, route = DRUGS[values["drug"]]
    wanted = per_kg * values["weight_kg"]
    dose = wanted if most is None else min(wanted, most)
    capped = most is not None and wanted > most
    return {"dose": rounded(dose, 2), "unit": unit, "route": route, "capped": capped, "second_person": True}


RULE = Rule(
    name="paediatric_drugs",
    title="Emergency drugs of a child",
    status="memory",
    source="AHA PALS 2020, ERC 2021",
    note="Every dose needs a second person's confirmation.",
    inputs=(
        Choice("drug", "Drug", tuple(Option(name, each[0]) for name, each in DRUGS.items())),
        Number("weight_kg", "Weight", LIMITS["weight"]),
    ),
    compute=paediatric_drugs,
)
