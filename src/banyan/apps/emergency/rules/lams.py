"""LAMS, the Los Angeles Motor Scale: how likely a large vessel is blocked."""

from banyan.apps.emergency.rules.rule import Conclusion, Rule, scale

RULE = Rule(
    name="lams",
    title="Los Angeles Motor Scale",
    status="checked",
    source="Llanes 2004",
    inputs=(
        scale("face", "Facial droop", "Absent", "Present"),
        scale("arm", "Arm drift", "Absent", "Drifts down", "Falls rapidly"),
        scale("grip", "Grip strength", "Normal", "Weak grip", "No grip"),
    ),
    conclusions=(Conclusion("lvo_suspected", true_from=4),),
)
