"""NEWS2, the National Early Warning Score 2: 0 to 20 points from seven vital signs of an adult."""

from typing import Any

from banyan.apps.emergency.rules.rule import Band, Choice, Flag, Option, Rule, Values, age, vital
from banyan.apps.emergency.rules.scoring import points_in, points_of

SCALE_1: tuple[Band, ...] = ((None, 91, 3), (92, 93, 2), (94, 95, 1), (96, None, 0))
# Scale 2: hypercapnic respiratory failure confirmed, target 88-92 %, set by a competent decision maker only.
SCALE_2_AIR: tuple[Band, ...] = ((None, 83, 3), (84, 85, 2), (86, 87, 1), (88, None, 0))
SCALE_2_OXYGEN: tuple[Band, ...] = (*SCALE_2_AIR[:3], (88, 92, 0), (93, 94, 1), (95, 96, 2), (97, None, 3))


def news2(values: Values) -> dict[str, Any]:
    """The total with its parts and the risk band.

    The saturation scale decides the points of SpO2; any single 3 lifts a low total to low-medium.
    Source: Royal College of Physicians, National Early Warning Score (NEWS) 2, London 2017, chart 1.
    """
    if why := _not_for(values):
        return {"not_applicable": why}
    parts = {
        name: _points(name, values) for name in ("rr", "spo2", "o2", "sbp", "hr", "consciousness", "temp")
    }
    total = sum(parts.values())
    return {"total": total, "risk": _risk(total, parts), "parts": parts}


def _points(name: str, values: Values) -> int:
    if name == "spo2":
        return points_in(_saturation(values), values["spo2"])
    return points_of(RULE.input(name), values[name])


def _saturation(values: Values) -> tuple[Band, ...]:
    if values["scale"] == 1:
        return SCALE_1
    return SCALE_2_OXYGEN if values["o2"] else SCALE_2_AIR


def _risk(total: int, parts: dict[str, int]) -> str:
    if total >= 7:
        return "high"
    if total >= 5:
        return "medium"
    return "low-medium" if 3 in parts.values() else "low"


def _not_for(values: Values) -> list[str]:
    young = values.get("age", 16) < 16
    found = (
        (young, "NEWS2 is for 16 years and older"),
        (values.get("pregnant"), "NEWS2 is not for pregnancy"),
        (values.get("spinal_cord_injury"), "NEWS2 is not for spinal cord injury"),
    )
    return [text for holds, text in found if holds]


RULE = Rule(
    name="news2",
    title="National Early Warning Score 2",
    status="checked",
    source="Royal College of Physicians, NEWS2, 2017 (updated report of a working party)",
    inputs=(
        vital(
            "rr",
            "Respiratory rate",
            ((None, 8, 3), (9, 11, 1), (12, 20, 0), (21, 24, 2), (25, None, 3)),
            decimals=0,
        ),
        vital("spo2", "Oxygen saturation", decimals=0),
        Choice(
            "scale", "Saturation scale", (Option(1, "Scale 1"), Option(2, "Scale 2 (hypercapnic failure)"))
        ),
        Flag("o2", "Supplemental oxygen", points=2),
        vital(
            "sbp",
            "Systolic pressure",
            ((None, 90, 3), (91, 100, 2), (101, 110, 1), (111, 219, 0), (220, None, 3)),
            decimals=0,
        ),
        vital(
            "hr",
            "Heart rate",
            ((None, 40, 3), (41, 50, 1), (51, 90, 0), (91, 110, 1), (111, 130, 2), (131, None, 3)),
            decimals=0,
        ),
        Choice(
            "consciousness",
            "Consciousness",
            (
                Option("A", "Alert", 0),
                Option("C", "New confusion", 3),
                Option("V", "Responds to voice", 3),
                Option("P", "Responds to pain", 3),
                Option("U", "Unresponsive", 3),
            ),
        ),
        # The thermometer is read to 0.1 before banding: 35.04 is 35.0, 3 points.
        vital(
            "temp",
            "Temperature",
            ((None, 35.0, 3), (35.1, 36.0, 1), (36.1, 38.0, 0), (38.1, 39.0, 1), (39.1, None, 2)),
            decimals=1,
        ),
        age(required=False),
        Flag("pregnant", "Pregnant", points=0, required=False),
        Flag("spinal_cord_injury", "Spinal cord injury", points=0, required=False),
    ),
    compute=news2,
    tables={"scale_1": SCALE_1, "scale_2_air": SCALE_2_AIR, "scale_2_oxygen": SCALE_2_OXYGEN},
)
