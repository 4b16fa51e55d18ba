"""HEART: the risk of a major cardiac event within six weeks in chest pain."""

from typing import Any

from banyan.apps.emergency.rules.rule import Conclusion, Rule, Values, age, scale
from banyan.apps.emergency.rules.scoring import add_up

RISK = Conclusion("risk", ((0, 3, "low"), (4, 6, "moderate"), (7, 10, "high")))
EVENTS_6_WEEKS = Conclusion("mace_6w", ((0, 3, "0.9-1.7 %"), (4, 6, "12-16.6 %"), (7, 10, "50-65 %")))


def heart(values: Values) -> dict[str, Any]:
    """0 to 10 points; without a troponin the sum is HEAR (0 to 8) and is named so, never HEART.

    Source: Six, Backus, Kelder, Neth Heart J 2008;16:191.
    """
    sum_of = add_up(RULE, values)
    if "troponin" in values:
        return sum_of
    return {
        "incomplete": ["troponin"],
        "missing": ["troponin"],
        "hear": sum_of["total"],
        "parts": sum_of["parts"],
    }


RULE = Rule(
    name="heart",
    title="HEART score for chest pain",
    status="checked",
    source="Six, Backus, Kelder, Neth Heart J 2008;16:191",
    note="Troponin: one to three times the limit is 1 point (Backus 2013; Six 2008 says one to two times).",
    inputs=(
        scale("history", "History", "Slightly suspicious", "Moderately suspicious", "Highly suspicious"),
        scale("ecg", "ECG", "Normal", "Non-specific repolarisation change", "Significant ST deviation"),
        age(((None, 44, 0), (45, 64, 1), (65, None, 2))),
        scale(
            "risk_factors", "Risk factors", "No risk factor", "1 or 2", "3 or more, or known atherosclerosis"
        ),
        scale(
            "troponin",
            "Troponin",
            "Normal",
            "1 to 3 times the limit",
            "Above 3 times the limit",
            required=False,
        ),
    ),
    compute=heart,
    conclusions=(RISK, EVENTS_6_WEEKS),
)
