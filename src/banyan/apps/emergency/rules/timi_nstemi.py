"""TIMI for unstable angina and NSTEMI: the risk of an event within 14 days."""

from typing import Any

from banyan.apps.emergency.rules.rule import Flag, Rule, Values, age
from banyan.apps.emergency.rules.scoring import add_up

EVENT_14_DAYS_PERCENT = (4.7, 4.7, 8.3, 13.2, 19.9, 26.2, 40.9, 40.9)


def timi_nstemi(values: Values) -> dict[str, Any]:
    """0 to 7 points. Source: Antman et al., JAMA 2000;284:835."""
    result = add_up(RULE, values)
    return {**result, "event_14d_percent": EVENT_14_DAYS_PERCENT[result["total"]]}


RULE = Rule(
    name="timi_nstemi",
    title="TIMI risk score for unstable angina and NSTEMI",
    status="checked",
    source="Antman et al., JAMA 2000;284:835",
    inputs=(
        age(((None, 64, 0), (65, None, 1))),
        Flag("risk_factors_ge3", "Three or more coronary risk factors"),
        Flag("cad_50", "Known stenosis of 50 % or more"),
        Flag("aspirin_7d", "Aspirin in the last 7 days"),
        Flag("angina_ge2_24h", "Two or more anginas in 24 h"),
        Flag("st_05mm", "ST deviation of 0.05 mV or more"),
        Flag("marker", "Raised cardiac marker"),
    ),
    compute=timi_nstemi,
)
