"""CP-SSS (C-STAT), the Cincinnati Prehospital Stroke Severity Scale."""

from typing import Any

from banyan.apps.emergency.rules.rule import Choice, Conclusion, Option, Rule, Values
from banyan.apps.emergency.rules.scoring import conclude


def cp_sss(values: Values) -> dict[str, Any]:
    """0 to 4: gaze 2, fails a question and a command 1, arm falls within ten seconds 1. Source: Katz 2015."""
    parts = {
        "gaze_deviation": 2 if values["gaze_deviation"] == "yes" else 0,
        "fails_a_question_and_a_command": int(values["questions"] != "both" and values["commands"] != "both"),
        "arm_falls": int(values["arm"] == "cannot"),
    }
    return conclude(RULE, sum(parts.values()), parts)


RULE = Rule(
    name="cp_sss",
    title="Cincinnati Prehospital Stroke Severity Scale",
    status="checked",
    source="Katz 2015 (also called C-STAT)",
    inputs=(
        Choice(
            "gaze_deviation",
            "Conjugate gaze deviation",
            (Option("no", "No", aliases=("false", "0")), Option("yes", "Yes", aliases=("true", "1", "2"))),
            ("Conjugate gaze deviation", "gaze"),
        ),
        Choice(
            "questions",
            "Ask age and current month",
            (
                Option("both", "Both correct"),
                Option("one", "One correct", aliases=("only one correct", "one incorrect")),
                Option("neither", "Neither correct"),
            ),
            ("Ask patient age and current month",),
        ),
        Choice(
            "commands",
            "Close eyes, open and close hand",
            (
                Option("both", "Follows both commands"),
                Option("one", "Follows one command"),
                Option("neither", "Follows neither command"),
            ),
            ("Ask patient to close eyes and open/close hand",),
        ),
        Choice(
            "arm",
            "Hold an arm up for 10 seconds",
            (Option("can", "Can do"), Option("cannot", "Cannot do")),
            ("Instruct patient to hold arm (either or both) up for 10 seconds",),
        ),
    ),
    compute=cp_sss,
    conclusions=(Conclusion("lvo_suspected", true_from=2),),
)
