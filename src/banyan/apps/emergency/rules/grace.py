"""GRACE 1: the risk of death in hospital in an acute coronary syndrome, by the nomogram of 2003."""

from typing import Any

from banyan.apps.emergency.rules.killip import CLASS_POINTS_GRACE
from banyan.apps.emergency.rules.rule import Choice, Conclusion, Flag, Number, Rule, age, vital
from banyan.apps.emergency.vitals import Limits, OutOfRange

UMOL_L_PER_MG_DL = 88.4
CREATININE = Limits("mg/dL", 0, 50, 0.2, 15)
# GRACE 2.0 is a different, non-linear model and not this table.
RISK_NSTE = Conclusion("risk_nste", ((0, 108, "low"), (109, 140, "intermediate"), (141, 400, "high")))
RISK_STE = Conclusion("risk_ste", ((0, 125, "low"), (126, 154, "intermediate"), (155, 400, "high")))


def creatinine_in_mg_dl(given: dict[str, Any]) -> dict[str, Any]:
    """88.4 µmol/L is 1.0 mg/dL; both at once must agree."""
    umol = given.pop("creatinine_umol_l", None)
    if umol is None or isinstance(umol, str):
        return given
    converted = Limits("umol/L", 0, 4500).check("creatinine_umol_l", umol) / UMOL_L_PER_MG_DL
    other = given.setdefault("creatinine_mg_dl", converted)
    if other is not converted and abs(other - converted) > 0.02:
        raise OutOfRange("creatinine_umol_l", umol, f"the same creatinine as {other} mg/dL, or given alone")
    return given


RULE = Rule(
    name="grace",
    title="GRACE risk of death in hospital",
    status="checked",
    source="Granger et al., Arch Intern Med 2003;163:2345 (in-hospital nomogram, GRACE 1)",
    inputs=(
        age(
            (
                (None, 29, 0),
                (30, 39, 8),
                (40, 49, 25),
                (50, 59, 41),
                (60, 69, 58),
                (70, 79, 75),
                (80, 89, 91),
                (90, None, 100),
            )
        ),
        vital(
            "hr",
            "Heart rate",
            (
                (None, 49, 0),
                (50, 69, 3),
                (70, 89, 9),
                (90, 109, 15),
                (110, 149, 24),
                (150, 199, 38),
                (200, None, 46),
            ),
            decimals=0,
        ),
        vital(
            "sbp",
            "Systolic pressure",
            (
                (None, 79, 58),
                (80, 99, 53),
                (100, 119, 43),
                (120, 139, 34),
                (140, 159, 24),
                (160, 199, 10),
                (200, None, 0),
            ),
            decimals=0,
        ),
        Number(
            "creatinine_mg_dl",
            "Creatinine",
            CREATININE,
            (
                (0, 0.39, 1),
                (0.4, 0.79, 4),
                (0.8, 1.19, 7),
                (1.2, 1.59, 10),
                (1.6, 1.99, 13),
                (2.0, 3.99, 21),
                (4.0, None, 28),
            ),
            decimals=2,
        ),
        Choice("killip", "Killip class", CLASS_POINTS_GRACE),
        Flag("arrest", "Cardiac arrest at admission", 39),
        Flag("st_deviation", "ST deviation", 28),
        Flag("enzymes", "Raised cardiac enzymes", 14),
    ),
    prepare=creatinine_in_mg_dl,
    conclusions=(RISK_NSTE, RISK_STE),
)
