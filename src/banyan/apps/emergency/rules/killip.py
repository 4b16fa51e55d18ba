"""Killip class: how far an infarction has weakened the heart, by what is heard and seen."""

from typing import Any

from banyan.apps.emergency.rules.rule import Choice, Option, Rule, Values

ROMAN = {1: "Class I", 2: "Class II", 3: "Class III", 4: "Class IV"}
FINDINGS = (
    Option(
        1,
        "No signs of congestion",
        aliases=("no failure", "no heart failure", "no signs of heart failure", "i"),
    ),
    Option(
        2,
        "S3 and basal rales on auscultation",
        aliases=("rales or raised jvp", "rales", "raised jvp", "heart failure", "s3", "ii"),
    ),
    Option(
        3,
        "Acute pulmonary oedema",
        aliases=(
            "acute pulmonary edema",
            "pulmonary oedema",
            "pulmonary edema",
            "frank pulmonary edema",
            "iii",
        ),
    ),
    Option(4, "Cardiogenic shock", aliases=("shock", "iv")),
)
CLASS_POINTS_TIMI = tuple(Option(n, text, 0 if n == 1 else 2) for n, text in ROMAN.items())
CLASS_POINTS_GRACE = tuple(Option(n, text, (0, 20, 39, 59)[n - 1]) for n, text in ROMAN.items())


def killip(values: Values) -> dict[str, Any]:
    """Source: Killip and Kimball, Am J Cardiol 1967;20:457."""
    return {"killip": ROMAN[values["finding"]], "class": values["finding"]}


RULE = Rule(
    name="killip",
    title="Killip class",
    status="checked",
    source="Killip and Kimball 1967",
    inputs=(Choice("finding", "Finding", FINDINGS),),
    compute=killip,
    tables={"classes": ROMAN},
)
