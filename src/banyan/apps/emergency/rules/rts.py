"""RTS, the Revised Trauma Score: triage sum and weighted score."""

from typing import Any

from banyan.apps.emergency.rules.reading import rounded
from banyan.apps.emergency.rules.rule import Rule, Values, vital
from banyan.apps.emergency.rules.scoring import points_of

WEIGHTS = {"gcs": 0.9368, "sbp": 0.7326, "rr": 0.2908}
TRAUMA_CENTRE_UP_TO = 11


def rts(values: Values) -> dict[str, Any]:
    """T-RTS 0 to 12 and RTS 0 to 7.8408. Source: Champion et al., J Trauma 1989;29:623."""
    parts = {name: points_of(RULE.input(name), values[name]) for name in WEIGHTS}
    triage = sum(parts.values())
    weighted = rounded(sum(WEIGHTS[name] * points for name, points in parts.items()), 4)
    return {"t_rts": triage, "rts": weighted, "trauma_centre": triage <= TRAUMA_CENTRE_UP_TO, "parts": parts}


RULE = Rule(
    name="rts",
    title="Revised Trauma Score",
    status="checked",
    source="Champion et al., J Trauma 1989;29:623",
    inputs=(
        vital(
            "gcs",
            "Glasgow Coma Scale",
            ((13, 15, 4), (9, 12, 3), (6, 8, 2), (4, 5, 1), (3, 3, 0)),
            decimals=0,
        ),
        vital(
            "sbp",
            "Systolic pressure",
            ((90, None, 4), (76, 89, 3), (50, 75, 2), (1, 49, 1), (0, 0, 0)),
            decimals=0,
        ),
        vital(
            "rr",
            "Respiratory rate",
            ((10, 29, 4), (30, None, 3), (6, 9, 2), (1, 5, 1), (0, 0, 0)),
            decimals=0,
        ),
    ),
    compute=rts,
    tables={"weights": WEIGHTS},
)
