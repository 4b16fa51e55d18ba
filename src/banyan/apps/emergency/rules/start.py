"""START: sorts adults of a mass-casualty incident within a minute each."""

from typing import Any

from banyan.apps.emergency.rules.rule import Flag, Number, Rule, Values, age, vital
from banyan.apps.emergency.rules.steps import Step, ask, walk
from banyan.apps.emergency.vitals import Limits

RR_ABOVE, REFILL_ABOVE_S, TIME_BUDGET_S = 30, 2, 60


def start(values: Values) -> dict[str, Any]:
    """minor, delayed, immediate or deceased. Source: Newport Beach / Hoag 1983, rev. 1996."""
    return walk(values, STEPS, "delayed")


def _opened(values: Values) -> bool:
    return bool(ask(values, "breathes_after_airway"))


def _breathes(values: Values) -> bool:
    if "breathes" not in values and "rr" in values:
        return bool(values["rr"] > 0)
    return bool(ask(values, "breathes"))


def _no_perfusion(values: Values) -> bool:
    """Either sign is enough: no radial pulse, or a slow capillary refill."""
    ask(values, "radial_pulse", "cap_refill_s")
    return not values.get("radial_pulse", True) or values.get("cap_refill_s", 0) > REFILL_ABOVE_S


STEPS = (
    Step("Walks", lambda v: bool(ask(v, "walks")), "minor"),
    Step("Breathes only with an open airway", lambda v: not _breathes(v) and _opened(v), "immediate"),
    Step("Does not breathe", lambda v: not _breathes(v), "deceased"),
    Step("Respiratory rate above 30", lambda v: ask(v, "rr") > RR_ABOVE, "immediate"),
    Step("No radial pulse, or capillary refill above 2 s", _no_perfusion, "immediate"),
    Step("Does not obey", lambda v: not ask(v, "obeys"), "immediate"),
)

RULE = Rule(
    name="start",
    title="START triage",
    status="sourced",
    source="Newport Beach / Hoag 1983, rev. 1996",
    note="For adults; at most 60 seconds for each.",
    inputs=(
        age(required=False),
        Flag("walks", "Walks", required=False),
        Flag("breathes", "Breathes", required=False),
        Flag("breathes_after_airway", "Breathes once the airway is open", required=False),
        vital("rr", "Respiratory rate", required=False),
        Flag("radial_pulse", "Radial pulse", required=False),
        Number("cap_refill_s", "Capillary refill", Limits("s", 0, 30), required=False),
        Flag("obeys", "Obeys commands", required=False),
    ),
    compute=start,
)
