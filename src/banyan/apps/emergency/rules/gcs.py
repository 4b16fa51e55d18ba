"""GCS, the Glasgow Coma Scale: three components, and a total only when all three could be tested."""

from typing import Any

from banyan.apps.emergency.rules.rule import Choice, Option, Rule, Values

NOT_TESTABLE = Option("NT", "Not testable")
EYE = (
    Option(4, "Spontaneous", 4),
    Option(3, "To sound", 3),
    Option(2, "To pressure", 2),
    Option(1, "None", 1),
)
VERBAL = (
    Option(5, "Orientated", 5),
    Option(4, "Confused", 4),
    Option(3, "Words", 3),
    Option(2, "Sounds", 2),
    Option(1, "None", 1),
)
MOTOR = (
    Option(6, "Obeys commands", 6),
    Option(5, "Localising", 5),
    Option(4, "Normal flexion", 4),
    Option(3, "Abnormal flexion", 3),
    Option(2, "Extension", 2),
    Option(1, "None", 1),
)


def gcs(values: Values) -> dict[str, Any]:
    """The total 3 to 15; any component not testable gives no total, only the components (E1 V-NT M4).

    Source: Teasdale and Jennett 1974; 2014 wording (glasgowcomascale.org).
    """
    parts = {name: values[name] for name in "EVM"}
    written = " ".join(f"{name}-NT" if value == "NT" else f"{name}{value}" for name, value in parts.items())
    total = None if "NT" in parts.values() else sum(parts.values())
    return {"total": total, "shown": written, "parts": parts}


RULE = Rule(
    name="gcs",
    title="Glasgow Coma Scale",
    status="checked",
    source="Teasdale and Jennett 1974; 2014 wording (glasgowcomascale.org)",
    inputs=(
        Choice("E", "Eye opening", (*EYE, NOT_TESTABLE), ("eye",)),
        Choice("V", "Verbal response", (*VERBAL, NOT_TESTABLE), ("verbal",)),
        Choice("M", "Motor response", (*MOTOR, NOT_TESTABLE), ("motor",)),
    ),
    compute=gcs,
)
