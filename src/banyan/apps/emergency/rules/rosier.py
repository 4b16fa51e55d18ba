"""ROSIER: is it a stroke, in the emergency room; blood glucose comes first."""

from typing import Any

from banyan.apps.emergency.rules.rule import Conclusion, Flag, Rule, Values, vital
from banyan.apps.emergency.rules.scoring import add_up

GLUCOSE_FROM = 3.5


def rosier(values: Values) -> dict[str, Any]:
    """-2 to 5; above 0 a stroke is likely. Below 3.5 mmol/L of glucose the score is not read.

    Source: Nor et al., Lancet Neurol 2005;4:727.
    """
    if values.get("glucose", GLUCOSE_FROM) < GLUCOSE_FROM:
        return {"not_applicable": ["Correct the low blood glucose first, then score again"]}
    return add_up(RULE, values)


RULE = Rule(
    name="rosier",
    title="ROSIER stroke recognition",
    status="checked",
    source="Nor 2005",
    note="First: glucose must be 3.5 mmol/L or more.",
    inputs=(
        Flag(
            "loss_of_consciousness",
            "Loss of consciousness or syncope",
            -1,
            ("Loss of consciousness or syncope",),
        ),
        Flag("seizure", "Seizure activity", -1, ("Seizure activity",)),
        Flag("face", "Asymmetric facial weakness", 1, ("Asymmetric facial weakness",)),
        Flag("arm", "Asymmetric arm weakness", 1, ("Asymmetric arm weakness",)),
        Flag("leg", "Asymmetric leg weakness", 1, ("Asymmetric leg weakness",)),
        Flag("speech", "Speech disturbance", 1, ("Speech disturbance",)),
        Flag("visual_field", "Visual field defect", 1, ("Visual field defect",)),
        vital("glucose", "Blood glucose", required=False),
    ),
    compute=rosier,
    conclusions=(Conclusion("stroke_likely", true_from=1),),
)
