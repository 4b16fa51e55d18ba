"""BE-FAST: stroke signs anyone can look for, with balance and eyes."""

from banyan.apps.emergency.rules.rule import Conclusion, Flag, Rule

RULE = Rule(
    name="befast",
    title="BE-FAST stroke signs",
    status="memory",
    source="Aroor 2017",
    note="Ask when the patient was last well.",
    inputs=(
        Flag("balance", "Sudden loss of balance"),
        Flag("eyes", "Sudden loss of vision"),
        Flag("face", "Facial droop"),
        Flag("arm", "Arm weakness"),
        Flag("speech", "Speech disturbance"),
    ),
    conclusions=(Conclusion("positive", true_from=1),),
)
