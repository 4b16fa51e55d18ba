"""CPSS, the Cincinnati Prehospital Stroke Scale: one sign is enough."""

from banyan.apps.emergency.rules.rule import Conclusion, Flag, Rule

RULE = Rule(
    name="cpss",
    title="Cincinnati Prehospital Stroke Scale",
    status="memory",
    source="Kothari 1999",
    inputs=(
        Flag("face", "Facial droop"),
        Flag("arm", "Arm drift"),
        Flag("speech", "Speech disturbance"),
    ),
    conclusions=(Conclusion("positive", true_from=1),),
)
