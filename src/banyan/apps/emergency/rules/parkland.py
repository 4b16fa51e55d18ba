"""Parkland: the fluid of the first 24 hours after a burn."""

from typing import Any

from banyan.apps.emergency.rules.reading import rounded
from banyan.apps.emergency.rules.rule import Number, Rule, Values, age
from banyan.apps.emergency.vitals import LIMITS, Limits

ML_PER_KG_PER_PERCENT = 4
FIRST_8_HOURS_FRACTION = 0.5
# Below these the formula is not meant: 15 % of the body surface of an adult, 10 % of a child.
FROM_PERCENT = {"adult": 15, "child": 10}
CHILD_BELOW_YEARS = 15


def parkland(values: Values) -> dict[str, Any]:
    """Counts partial and full thickness only; the clock runs from the time of the burn.

    Source: Baxter 1974.
    """
    ml = rounded(ML_PER_KG_PER_PERCENT * values["weight_kg"] * values["tbsa_percent"], 0)
    who = "child" if values.get("age", CHILD_BELOW_YEARS) < CHILD_BELOW_YEARS else "adult"
    return {
        "ml_24h": int(ml),
        "litres_rounded": rounded(ml / 1000, 1),
        "first_8h_ml": int(ml * FIRST_8_HOURS_FRACTION),
        "formula_meant": values["tbsa_percent"] >= FROM_PERCENT[who],
        "maintenance_with_glucose": who == "child",
    }


RULE = Rule(
    name="parkland",
    title="Parkland formula for burns",
    status="checked",
    source="Baxter 1974 (Parkland)",
    note="Burnt area of partial and full thickness only; counted from the time of the burn.",
    inputs=(
        Number("weight_kg", "Weight", LIMITS["weight"], aliases=("weight",)),
        Number("tbsa_percent", "Burnt body surface", Limits("%", 0, 100)),
        age(required=False),
    ),
    compute=parkland,
)
