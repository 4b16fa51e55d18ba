"""RACE: how likely a large vessel is blocked, with the item that belongs to the paralysed side."""

from typing import Any

from banyan.apps.emergency.rules.rule import Choice, Conclusion, Option, Rule, Values, scale
from banyan.apps.emergency.rules.scoring import conclude

SIDE_ITEM = {"right": "aphasia", "left": "agnosia", "none": None}
ALWAYS = ("face", "arm", "leg", "gaze")


def race(values: Values) -> dict[str, Any]:
    """0 to 9 points: aphasia counts in right-sided, agnosia in left-sided hemiparesis.

    Source: Pérez de la Ossa et al., Stroke 2014;45:87.
    """
    side_item = SIDE_ITEM[values["hemiparesis"]]
    if side_item and side_item not in values:
        return {"incomplete": [side_item], "missing": [side_item]}
    counted = (*ALWAYS, side_item) if side_item else ALWAYS
    parts = {name: values[name] for name in counted}
    return conclude(RULE, sum(parts.values()), parts)


RULE = Rule(
    name="race",
    title="RACE scale for large vessel occlusion",
    status="checked",
    source="Perez de la Ossa 2014",
    inputs=(
        scale("face", "Facial palsy", "Absent", "Mild", "Moderate to severe"),
        scale("arm", "Arm weakness", "Normal to mild", "Moderate", "Severe"),
        scale("leg", "Leg weakness", "Normal to mild", "Moderate", "Severe"),
        scale("gaze", "Head and gaze deviation", "Absent", "Present"),
        Choice(
            "hemiparesis",
            "Paralysed side",
            (Option("left", "Left"), Option("right", "Right"), Option("none", "Neither side")),
        ),
        scale(
            "aphasia",
            "Aphasia (right-sided weakness)",
            "Does both tasks",
            "Does one task",
            "Does neither",
            required=False,
        ),
        scale(
            "agnosia",
            "Agnosia (left-sided weakness)",
            "Recognises arm and weakness",
            "Does not recognise one of them",
            "Recognises neither",
            required=False,
        ),
    ),
    compute=race,
    conclusions=(Conclusion("lvo_suspected", true_from=5),),
    tables={"side_item": SIDE_ITEM, "always": ALWAYS},
)
