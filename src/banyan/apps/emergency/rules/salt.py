"""SALT: sorts all ages after life-saving acts, by what the resources can still save."""

from typing import Any

from banyan.apps.emergency.rules.rule import Flag, Rule, Values
from banyan.apps.emergency.rules.steps import Step, ask, walk

COLOURS = {"minimal": "green", "delayed": "yellow", "immediate": "red", "expectant": "grey", "dead": "black"}
GOOD = (("obeys", True), ("pulse", True), ("distress", False), ("bleeding_controlled", True))


def salt(values: Values) -> dict[str, Any]:
    """minimal, delayed, immediate, expectant or dead, with its colour. Source: Lerner et al. 2008."""
    result = walk(values, STEPS, "minimal")
    return {**result, "colour": COLOURS[result["category"]]} if "category" in result else result


def _endangered(values: Values) -> bool:
    """One bad sign is enough; without one, every sign must have been looked at."""
    if any(name in values and values[name] is not good for name, good in GOOD):
        return True
    return any(ask(values, name) is not good for name, good in GOOD)


STEPS = (
    Step("Does not breathe after the life-saving acts", lambda v: not ask(v, "breathing"), "dead"),
    Step(
        "Can be saved with what is here",
        lambda v: _endangered(v) and bool(ask(v, "survivable")),
        "immediate",
    ),
    Step("Cannot be saved with what is here", _endangered, "expectant"),
    Step("More than minor injuries", lambda v: not ask(v, "minor_injuries_only"), "delayed"),
)

RULE = Rule(
    name="salt",
    title="SALT triage",
    status="sourced",
    source="Lerner 2008",
    note="Stop major bleeding, open the airway, decompress the chest, give antidotes, then assess.",
    inputs=(
        Flag("breathing", "Breathes", required=False),
        Flag("obeys", "Obeys or moves purposefully", required=False),
        Flag("pulse", "Peripheral pulse", required=False),
        Flag("distress", "Respiratory distress", required=False),
        Flag("bleeding_controlled", "Major bleeding controlled", required=False),
        Flag("survivable", "Likely to survive with current resources", required=False),
        Flag(
            "minor_injuries_only",
            "Minor injuries only",
            required=False,
            aliases=("minor_only", "minor", "minor_injuries"),
        ),
    ),
    compute=salt,
    tables={"colours": COLOURS},
)
