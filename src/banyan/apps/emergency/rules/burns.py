"""Burnt body surface by the rule of nines, with the proportions of a child."""

from typing import Any

from banyan.apps.emergency.rules.reading import rounded
from banyan.apps.emergency.rules.rule import Number, Rule, Values, age
from banyan.apps.emergency.vitals import Limits

ADULT = {"head": 9.0, "arm": 9.0, "front_trunk": 18.0, "back_trunk": 18.0, "leg": 18.0, "perineum": 1.0}
INFANT_HEAD, INFANT_LEG = 18.0, 14.0
# Each year of age moves 1 % from the head to the legs, 0.5 % to each, until the adult's are reached.
HEAD_PER_YEAR, LEG_PER_YEAR = 1.0, 0.5
PARTS = {
    "head": "head",
    "left_arm": "arm",
    "right_arm": "arm",
    "front_trunk": "front_trunk",
    "back_trunk": "back_trunk",
    "left_leg": "leg",
    "right_leg": "leg",
    "perineum": "perineum",
}
LABELS = {
    "head": "Head and neck",
    "left_arm": "Left arm",
    "right_arm": "Right arm",
    "front_trunk": "Front of the trunk",
    "back_trunk": "Back of the trunk",
    "left_leg": "Left leg",
    "right_leg": "Right leg",
    "perineum": "Perineum",
}


def burns(values: Values) -> dict[str, Any]:
    """Percent of the body surface, from how much of each part is burnt (0 to 100 %). Rule of nines.

    A part that was not looked at is missing, not unburnt.
    """
    whole = _proportions(values["age"])
    parts = {name: rounded(whole[kind] * values[name] / 100, 1) for name, kind in PARTS.items()}
    return {"tbsa_percent": rounded(sum(parts.values()), 1), "parts": parts}


def _proportions(years: float) -> dict[str, float]:
    grown = max(0.0, years - 1)
    head = max(ADULT["head"], INFANT_HEAD - HEAD_PER_YEAR * grown)
    # What the head has given up went to the legs; from about ten years on the proportions are an adult's.
    leg = ADULT["leg"] if head == ADULT["head"] else INFANT_LEG + LEG_PER_YEAR * grown
    return {**ADULT, "head": head, "leg": leg}


RULE = Rule(
    name="burns",
    title="Burnt body surface (rule of nines)",
    status="memory",
    source="Rule of nines",
    note="Partial and full thickness only. The patient's palm with fingers is 1 %.",
    inputs=(age(), *(Number(name, label, Limits("%", 0, 100)) for name, label in LABELS.items())),
    compute=burns,
)
