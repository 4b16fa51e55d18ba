"""NIHSS, the stroke scale of the National Institutes of Health."""

from typing import Any

from banyan.apps.emergency.rules.rule import Choice, Option, Rule, Values

ITEMS = (
    ("1a", "Level of consciousness", 3),
    ("1b", "Level of consciousness: questions", 2),
    ("1c", "Level of consciousness: commands", 2),
    ("2", "Best gaze", 2),
    ("3", "Visual fields", 3),
    ("4", "Facial palsy", 3),
    ("5a", "Motor, left arm", 4),
    ("5b", "Motor, right arm", 4),
    ("6a", "Motor, left leg", 4),
    ("6b", "Motor, right leg", 4),
    ("7", "Limb ataxia", 2),
    ("8", "Sensory", 2),
    ("9", "Best language", 3),
    ("10", "Dysarthria", 2),
    ("11", "Extinction and inattention", 2),
)
UNTESTABLE = Option("UN", "Untestable", 0, ("nt", "untestable", "9"))
MAY_BE_UNTESTABLE = frozenset({"5a", "5b", "6a", "6b", "7", "10"})


def nihss(values: Values) -> dict[str, Any]:
    """0 to 42; an untestable item counts 0 and is named beside the total. Source: Lyden 1994 (NINDS form)."""
    untestable = [name for name, value in values.items() if value == "UN"]
    total = sum(value for value in values.values() if value != "UN")
    shown = f"{total} ({', '.join(untestable)}: UN)" if untestable else str(total)
    return {"total": total, "untestable": untestable, "shown": shown}


def _item(name: str, label: str, worst: int) -> Choice:
    options = tuple(Option(points, str(points), points) for points in range(worst + 1))
    return Choice(name, label, (*options, UNTESTABLE) if name in MAY_BE_UNTESTABLE else options)


RULE = Rule(
    name="nihss",
    title="NIH Stroke Scale",
    status="checked",
    source="Lyden 1994 (NINDS form)",
    inputs=tuple(_item(*each) for each in ITEMS),
    compute=nihss,
)
