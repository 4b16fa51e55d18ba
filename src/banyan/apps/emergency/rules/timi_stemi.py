"""TIMI for STEMI: the risk of death within 30 days."""

from typing import Any

from banyan.apps.emergency.rules.killip import CLASS_POINTS_TIMI
from banyan.apps.emergency.rules.rule import Choice, Flag, Rule, Values, age, vital
from banyan.apps.emergency.rules.scoring import add_up

DEATH_30_DAYS_PERCENT = (0.8, 1.6, 2.2, 4.4, 7.3, 12.4, 16.1, 23.4, 26.8, 35.9)  # the last: 9 and more


def timi_stemi(values: Values) -> dict[str, Any]:
    """0 to 14 points. Source: Morrow et al., Circulation 2000;102:2031."""
    result = add_up(RULE, values)
    return {**result, "death_30d_percent": DEATH_30_DAYS_PERCENT[min(result["total"], 9)]}


RULE = Rule(
    name="timi_stemi",
    title="TIMI risk score for STEMI",
    status="checked",
    source="Morrow et al., Circulation 2000;102:2031",
    inputs=(
        age(((None, 64, 0), (65, 74, 2), (75, None, 3))),
        vital("sbp", "Systolic pressure", ((None, 99, 3), (100, None, 0)), decimals=0),
        vital("hr", "Heart rate", ((None, 100, 0), (101, None, 2)), decimals=0),
        Flag("dm_htn_angina", "Diabetes, hypertension or angina"),
        Flag("anterior_ste_or_lbbb", "Anterior ST elevation or left bundle branch block"),
        Flag("time_gt_4h", "More than 4 h to treatment"),
        vital("weight", "Weight", ((None, 66.9, 1), (67.0, None, 0)), decimals=1),
        Choice("killip", "Killip class", CLASS_POINTS_TIMI),
    ),
    compute=timi_stemi,
)
