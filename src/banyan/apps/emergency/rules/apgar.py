"""Apgar: how a newborn is, at one, five and ten minutes."""

from banyan.apps.emergency.rules.rule import Rule, scale

RULE = Rule(
    name="apgar",
    title="Apgar score",
    status="checked",
    source="Apgar 1953",
    note="At 1, 5 and 10 minutes after birth.",
    inputs=(
        scale(
            "breathing",
            "Breathing",
            "None",
            "Weak or irregular",
            "Strong cry",
            aliases=("Respiratory effort",),
        ),
        scale(
            "heart_rate", "Heart rate", "None", "Below 100/min", "100/min or more", aliases=("Heart Rate",)
        ),
        scale("tone", "Muscle tone", "Limp", "Some flexion", "Active movement", aliases=("Muscle tone",)),
        scale(
            "reflex",
            "Reflex irritability",
            "None",
            "Grimace",
            "Cry or withdrawal",
            aliases=("Reflex irritability",),
        ),
        scale(
            "colour", "Skin colour", "Pale or blue", "Limbs blue", "Pink all over", aliases=("Skin colour",)
        ),
    ),
)
