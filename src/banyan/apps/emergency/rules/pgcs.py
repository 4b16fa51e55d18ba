"""PGCS, the Glasgow Coma Scale for children up to two years."""

from banyan.apps.emergency.rules.gcs import EYE
from banyan.apps.emergency.rules.rule import Choice, Conclusion, Option, Rule

RULE = Rule(
    name="pgcs",
    title="Paediatric Glasgow Coma Scale",
    status="checked",
    source="James HE, Pediatr Ann 1986;15:16",
    note="For children up to 2 years.",
    inputs=(
        Choice("E", "Eye opening", EYE, ("eye",)),
        Choice(
            "V",
            "Verbal response",
            (
                Option(5, "Coos or babbles", 5),
                Option(4, "Irritable cry", 4),
                Option(3, "Cries to pain", 3),
                Option(2, "Moans to pain", 2),
                Option(1, "None", 1),
            ),
            ("verbal",),
        ),
        Choice(
            "M",
            "Motor response",
            (
                Option(6, "Spontaneous and purposeful", 6),
                Option(5, "Withdraws from touch", 5),
                Option(4, "Withdraws from pain", 4),
                Option(3, "Abnormal flexion", 3),
                Option(2, "Extension", 2),
                Option(1, "None", 1),
            ),
            ("motor",),
        ),
    ),
    conclusions=(Conclusion("injury", ((13, 15, "mild"), (9, 12, "moderate"), (3, 8, "severe"))),),
)
