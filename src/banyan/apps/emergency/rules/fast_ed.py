"""FAST-ED: where to take a stroke, by how likely a large vessel is blocked."""

from banyan.apps.emergency.rules.rule import Conclusion, Rule, scale

RULE = Rule(
    name="fast_ed",
    title="FAST-ED stroke scale",
    status="sourced",
    source="Lima 2016; item maxima on a public calculator page",
    inputs=(
        scale("face", "Facial palsy", "Absent or minor", "Present"),
        scale("arm", "Arm weakness", "No drift", "Drifts", "Falls, or no movement"),
        scale("speech", "Speech", "Normal", "Mild to moderate change", "Severe change"),
        scale("eye_deviation", "Eye deviation", "Absent", "Partial", "Forced"),
        scale("denial_neglect", "Denial and neglect", "Absent", "One of the two", "Both"),
    ),
    conclusions=(Conclusion("lvo_suspected", true_from=4),),
)
