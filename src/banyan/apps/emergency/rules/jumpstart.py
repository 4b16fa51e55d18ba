"""JumpSTART: sorts children of one to eight years in a mass-casualty incident."""

from typing import Any

from banyan.apps.emergency.rules.rule import Choice, Flag, Option, Rule, Values, age, vital
from banyan.apps.emergency.rules.steps import Step, ask, walk

RR_FROM, RR_TO = 15, 45


def jumpstart(values: Values) -> dict[str, Any]:
    """minor, delayed, immediate or deceased. Source: Romig 1995/2002, age 1 to 8."""
    return walk(values, STEPS, "delayed")


def _breathes(values: Values) -> bool:
    if "breathes" not in values and "rr" in values:
        return bool(values["rr"] > 0)
    return bool(ask(values, "breathes"))


STEPS = (
    Step("Walks (is assessed first in the green area)", lambda v: bool(ask(v, "walks")), "minor"),
    Step(
        "Breathes only with an open airway",
        lambda v: not _breathes(v) and bool(ask(v, "breathes_after_airway")),
        "immediate",
    ),
    Step("Neither breath nor pulse", lambda v: not _breathes(v) and not ask(v, "pulse"), "deceased"),
    Step(
        "Breathes after five rescue breaths",
        lambda v: not _breathes(v) and bool(ask(v, "breathes_after_5_breaths")),
        "immediate",
    ),
    Step("Does not breathe after five rescue breaths", lambda v: not _breathes(v), "deceased"),
    Step(
        "Respiratory rate below 15 or above 45", lambda v: not RR_FROM <= ask(v, "rr") <= RR_TO, "immediate"
    ),
    Step("No palpable pulse", lambda v: not ask(v, "pulse"), "immediate"),
    Step("Inappropriate response to pain, or none", lambda v: ask(v, "avpu") in ("P", "U"), "immediate"),
)

RULE = Rule(
    name="jumpstart",
    title="JumpSTART triage of children",
    status="sourced",
    source="Romig 1995/2002, age 1 to 8",
    inputs=(
        age(required=False),
        Flag("walks", "Walks", required=False),
        Flag("breathes", "Breathes", required=False),
        Flag("breathes_after_airway", "Breathes once the airway is open", required=False),
        Flag("pulse", "Palpable pulse", required=False),
        Flag("breathes_after_5_breaths", "Breathes after five rescue breaths", required=False),
        vital("rr", "Respiratory rate", required=False),
        Choice(
            "avpu",
            "Consciousness",
            (
                Option("A", "Alert"),
                Option("V", "Responds to voice"),
                Option("P-appropriate", "Localises pain or withdraws"),
                Option("P", "Responds to pain inappropriately"),
                Option("U", "Unresponsive"),
            ),
            required=False,
        ),
    ),
    compute=jumpstart,
)
