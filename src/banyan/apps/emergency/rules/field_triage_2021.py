"""Field triage of the injured, 2021: red and yellow criteria for the way to a trauma centre."""

from collections.abc import Callable
from typing import Any

from banyan.apps.emergency.rules.rule import Flag, Input, Number, Rule, Values, age, vital
from banyan.apps.emergency.vitals import LIMITS, Limits

GO = {
    "red": "Highest-level trauma centre in reach",
    "yellow": "Trauma centre, need not be the highest",
    "none": "",
}
RED_INJURIES = (
    ("penetrating", "Penetrating injury of head, neck, torso or proximal limb"),
    ("skull_fracture", "Skull deformity or suspected skull fracture"),
    ("spine_deficit", "Suspected spine injury with new deficit"),
    ("unstable_chest", "Flail or unstable chest"),
    ("pelvic_fracture", "Suspected pelvic fracture"),
    ("two_long_bones", "Two or more proximal long bones broken"),
    ("mangled_limb", "Crushed, degloved, mangled or pulseless limb"),
    ("amputation", "Amputation above wrist or ankle"),
    ("tourniquet", "Bleeding that needs tourniquet or packing"),
    ("respiratory_distress", "Respiratory distress"),
    ("respiratory_support", "Needs respiratory support"),
)
YELLOW_FINDINGS = (
    ("ejection", "Ejected from a vehicle"),
    ("intrusion", "Intrusion above 30 cm (occupant) or 46 cm (any side), or extrication"),
    ("death_in_compartment", "Death in the same compartment"),
    ("child_unrestrained", "Child of 0 to 9 years unrestrained"),
    ("telemetry", "Vehicle telemetry of severe injury"),
    ("rider_thrown", "Rider thrown with impact"),
    ("pedestrian_thrown", "Pedestrian or cyclist thrown or run over"),
    ("anticoagulant", "Takes an anticoagulant"),
    ("suspected_abuse", "Suspected abuse"),
    ("special_needs", "Special health needs"),
    ("pregnancy_gt_20w", "Pregnancy above 20 weeks"),
    ("burn_with_trauma", "Burn with trauma"),
    ("crew_concern", "The crew is concerned"),
)
FALL_ABOVE_M = 3
LOW_FALL_AGES = (5, 65)


def field_triage_2021(values: Values) -> dict[str, Any]:
    """red, yellow or none, with the criteria met; not for mass casualties.

    Without an age the age-bound limits cannot be read, and without a single finding nothing was triaged.
    Source: ACS National Guideline for the Field Triage of Injured Patients 2021 (Newgard 2022).
    """
    if red := _met(values, _red(values)):
        return _result("red", red)
    if not set(values) - {"age"}:
        return {
            "incomplete": ["motor_gcs", "rr", "spo2_air", "sbp"],
            "missing": ["motor_gcs", "rr", "spo2_air", "sbp"],
        }
    if "age" not in values:
        return {"incomplete": ["age"], "missing": ["age"]}
    if yellow := _met(values, _yellow(values)):
        return _result("yellow", yellow)
    not_seen = [n for n in ("motor_gcs", "rr", "spo2_air", "sbp", "hr") if n not in values]
    return {**_result("none", []), "not_assessed": not_seen}


def _result(level: str, criteria: list[str]) -> dict[str, Any]:
    return {"level": level, "criteria": criteria, "go": GO[level]}


def _met(values: Values, tests: tuple[tuple[tuple[str, ...], Callable[[], bool], str], ...]) -> list[str]:
    return [text for names, test, text in tests if all(n in values for n in names) and test()]


def _flags(values: Values, findings: tuple[tuple[str, str], ...]) -> Any:
    return tuple(((name,), lambda name=name: bool(values[name]), text) for name, text in findings)


def _red(v: Values) -> Any:
    return (
        (("motor_gcs",), lambda: v["motor_gcs"] < 6, "Motor GCS below 6"),
        (("rr",), lambda: not 10 <= v["rr"] <= 29, "Respiratory rate below 10 or above 29"),
        (("spo2_air",), lambda: v["spo2_air"] < 90, "Saturation below 90 % on air"),
        (
            ("age", "sbp"),
            lambda: v["sbp"] < _lowest_pressure(v["age"]),
            "Systolic pressure below the limit of the age",
        ),
        (
            ("age", "sbp", "hr"),
            lambda: v["age"] >= 10 and v["hr"] > v["sbp"],
            "Heart rate above systolic pressure",
        ),
        *_flags(v, RED_INJURIES),
    )


def _lowest_pressure(years: float) -> float:
    if years < 10:
        return 70 + 2 * years
    return 90 if years < 65 else 110


def _yellow(v: Values) -> Any:
    low, high = LOW_FALL_AGES
    return (
        (("fall_m",), lambda: v["fall_m"] > FALL_ABOVE_M, "Fall above 3 m"),
        (
            ("age", "low_fall_head_impact"),
            lambda: v["low_fall_head_impact"] and not low < v["age"] < high,
            "Low fall with head impact at 5 years or younger, 65 or older",
        ),
        *_flags(v, YELLOW_FINDINGS),
    )


def _finding(name: str, label: str) -> Input:
    return Flag(name, label, required=False)


RULE = Rule(
    name="field_triage_2021",
    title="Field triage of the injured 2021",
    status="sourced",
    source="ACS National Guideline for the Field Triage of Injured Patients 2021 (Newgard 2022)",
    note="Not for mass casualties.",
    inputs=(
        age(required=False),
        Number("motor_gcs", "Motor GCS", Limits("", 1, 6), required=False),
        vital("rr", "Respiratory rate", required=False),
        Number("spo2_air", "Oxygen saturation on air", LIMITS["spo2"], required=False),
        vital("sbp", "Systolic pressure", required=False),
        vital("hr", "Heart rate", required=False),
        Number("fall_m", "Height of the fall", Limits("m", 0, 1000), required=False),
        _finding("low_fall_head_impact", "Low fall with head impact"),
        *(_finding(*each) for each in (*RED_INJURIES, *YELLOW_FINDINGS)),
    ),
    compute=field_triage_2021,
)
