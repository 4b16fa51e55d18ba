"""The Chinese four-level triage of emergency departments: the worst objective sign or finding decides."""

from typing import Any

from banyan.apps.emergency.rules.rule import Flag, Number, Rule, Values, vital
from banyan.apps.emergency.vitals import Limits

NAMES = {1: "急危", 2: "急重", 3: "急症", 4: "亚急/非急"}
COLOURS = {1: "red", 2: "orange", 3: "yellow", 4: "green"}
SEEN_WITHIN_MIN = {1: 0, 2: 10, 3: 30, 4: 240}
# (level, from, below) of each sign: from belongs to it, below does not; the first that holds decides.
SIGNS: dict[str, tuple[tuple[int, float, float], ...]] = {
    "hr": (
        (1, 0, 40),
        (2, 40, 50),
        (3, 50, 55),
        (4, 55, 100),
        (3, 100, 150),
        (2, 150, 180.01),
        (1, 180.01, 1e9),
    ),
    "sbp": ((1, 0, 70), (2, 70, 80), (3, 80, 90), (4, 90, 180), (3, 180, 200.01), (2, 200.01, 1e9)),
    "temp": ((4, 0, 41.01), (1, 41.01, 1e9)),
    "glucose": ((1, 0, 3.33), (4, 3.33, 1e9)),
    "potassium": ((4, 0, 7.01), (1, 7.01, 1e9)),
    "pain": ((4, 0, 4), (3, 4, 7), (2, 7, 11)),
}
DISTRESSED_SPO2 = ((1, 0, 80), (2, 80, 90), (3, 90, 95), (4, 95, 101))
FINDINGS: dict[str, tuple[int, str]] = {
    "arrest": (1, "Cardiac or respiratory arrest"),
    "airway_lost": (1, "Airway lost"),
    "shock": (1, "Shock"),
    "confirmed_infarction": (1, "Confirmed infarction"),
    "gcs_below_9": (1, "GCS below 9"),
    "status_epilepticus": (1, "Status epilepticus"),
    "multiple_trauma": (1, "Multiple trauma"),
    "overdose": (1, "Overdose"),
    "active_chest_pain": (2, "Active chest pain, suspected ACS, stable"),
    "stroke_signs": (2, "Stroke signs"),
    "ketoacidosis": (2, "Diabetic ketoacidosis"),
    "compartment_syndrome": (2, "Compartment syndrome"),
    "poisoning": (2, "Poisoning"),
    "sudden_consciousness_change": (2, "Sudden change of consciousness"),
}
SEEN_FIRST = ("hr", "sbp", "spo2")


def china_ed_triage_4(values: Values) -> dict[str, Any]:
    """Level 1 to 4, colour and the time within which the patient is seen; waiting longer means triage again.

    Level I may be given from one sign; a lower one needs heart rate, pressure and saturation.
    Source: 急诊预检分诊专家共识 2018 (from memory).
    """
    found = {name: _level(values[name], SIGNS[name]) for name in SIGNS if name in values}
    if "spo2" in values:
        found["spo2"] = _level(values["spo2"], DISTRESSED_SPO2) if values.get("distress") else 4
    found |= {name: FINDINGS[name][0] for name in FINDINGS if values.get(name)}
    worst = min(found.values(), default=4)
    missing = [name for name in SEEN_FIRST if name not in values]
    if worst > 1 and missing:
        return {"incomplete": missing, "missing": missing}
    return {
        "level": worst,
        "name": NAMES[worst],
        "colour": COLOURS[worst],
        "seen_within_min": SEEN_WITHIN_MIN[worst],
        "because": [name for name, level in found.items() if level == worst] if worst < 4 else [],
    }


def _level(value: float, bands: tuple[tuple[int, float, float], ...]) -> int:
    return next(level for level, low, below in bands if low <= value < below)


RULE = Rule(
    name="china_ed_triage_4",
    title="Four-level emergency triage",
    status="memory",
    source="急诊预检分诊专家共识 2018",
    note="The worst sign or finding decides; who waits longer than the level's time is assessed again.",
    inputs=(
        vital("hr", "Heart rate", required=False),
        vital("sbp", "Systolic pressure", required=False),
        vital("spo2", "Oxygen saturation", required=False),
        Flag("distress", "Respiratory distress, no COPD", required=False),
        vital("temp", "Temperature", required=False),
        vital("glucose", "Blood glucose", required=False),
        Number("potassium", "Potassium", Limits("mmol/L", 0, 15), required=False),
        vital("pain", "Pain (0 to 10)", required=False),
        *(Flag(name, label, required=False) for name, (_, label) in FINDINGS.items()),
    ),
    compute=china_ed_triage_4,
)
