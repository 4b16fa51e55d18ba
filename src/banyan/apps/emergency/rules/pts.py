"""PTS, the Paediatric Trauma Score."""

from typing import Any

from banyan.apps.emergency.rules.rule import Choice, Option, Rule, Values
from banyan.apps.emergency.rules.scoring import add_up

TRAUMA_CENTRE_UP_TO = 8


def pts(values: Values) -> dict[str, Any]:
    """-6 to 12 points; 8 or less goes to a trauma centre. Source: Tepas et al., J Pediatr Surg 1987;22:14."""
    result = add_up(RULE, values)
    return {**result, "trauma_centre": result["total"] <= TRAUMA_CENTRE_UP_TO}


def _item(name: str, label: str, good: str, fair: str, poor: str, alias: str) -> Choice:
    return Choice(name, label, (Option(2, good, 2), Option(1, fair, 1), Option(-1, poor, -1)), (alias,))


RULE = Rule(
    name="pts",
    title="Paediatric Trauma Score",
    status="checked",
    source="Tepas 1987",
    inputs=(
        _item("weight", "Weight", "20 kg or more", "10 to 20 kg", "Below 10 kg", "Weight"),
        _item("airway", "Airway", "Normal", "Maintainable", "Not maintainable", "Airway status"),
        _item("sbp", "Systolic pressure", "Above 90 mmHg", "50 to 90 mmHg", "Below 50 mmHg", "Systolic BP"),
        _item(
            "cns",
            "Central nervous system",
            "Awake",
            "Obtunded or lost consciousness",
            "Coma",
            "Central nervous system",
        ),
        _item(
            "skeletal",
            "Skeletal injury",
            "None",
            "Closed fracture",
            "Open or multiple fractures",
            "Skeletal injury",
        ),
        _item("wounds", "Wounds", "None", "Minor", "Major or penetrating", "Cutaneous wounds"),
    ),
    compute=pts,
)
