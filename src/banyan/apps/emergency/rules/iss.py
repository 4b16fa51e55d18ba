"""ISS, the Injury Severity Score: the three worst AIS codes of different body regions, squared."""

from typing import Any

from banyan.apps.emergency.rules.rule import Rule, Values, Words
from banyan.apps.emergency.vitals import OutOfRange

SEVERE_FROM = 16
REGIONS = 6
UNSURVIVABLE, WORST_TOTAL = 6, 75


def iss(values: Values) -> dict[str, Any]:
    """0 to 75; any AIS 6 makes 75. Source: Baker et al., J Trauma 1974;14:187.

    Raises: OutOfRange unless `ais` lists one to six whole numbers from 0 to 6, one for each region.
    """
    codes = _codes(values["ais"])
    worst = sorted(codes, reverse=True)[:3]
    total = WORST_TOTAL if UNSURVIVABLE in worst else sum(code * code for code in worst)
    return {"total": total, "severe": total >= SEVERE_FROM}


def _codes(given: object) -> list[int]:
    allowed = "a list of one to six AIS codes, whole numbers from 0 to 6"
    if not isinstance(given, list) or not 1 <= len(given) <= REGIONS:
        raise OutOfRange("ais", given, allowed)
    for code in given:
        if isinstance(code, bool) or code not in range(UNSURVIVABLE + 1):
            raise OutOfRange("ais", code, allowed)
    return given


RULE = Rule(
    name="iss",
    title="Injury Severity Score",
    status="checked",
    source="Baker 1974",
    inputs=(
        Words("ais", "AIS of each injured body region", "One to six codes from 0 to 6, one for each region"),
    ),
    compute=iss,
)
