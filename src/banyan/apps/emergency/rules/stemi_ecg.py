"""The ECG limits of ST elevation: how many millimetres count in a lead, and which leads are neighbours."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from banyan.apps.emergency.rules.rule import Choice, Number, Option, Rule, Values, age
from banyan.apps.emergency.vitals import Limits

LIMB_LEADS = ("I", "II", "III", "aVR", "aVL", "aVF")
CHEST_LEADS = ("V1", "V2", "V3", "V4", "V5", "V6")
FURTHER_LEADS = ("V7", "V8", "V9", "V3R", "V4R")
LEADS = (*LIMB_LEADS, *CHEST_LEADS, *FURTHER_LEADS)
# Groups of leads with their limit in mm (1 mm is 0.1 mV), the first row that fits: (sex, below age, mm).
GROUPS: dict[str, tuple[str, ...]] = {
    "V2V3": ("V2", "V3"),
    "V7V9": ("V7", "V8", "V9"),
    "V3RV4R": ("V3R", "V4R"),
}
LIMITS_MM: dict[str, tuple[tuple[str | None, int | None, float], ...]] = {
    "V2V3": (("F", None, 1.5), ("M", 40, 2.5), ("M", None, 2.0)),
    "V7V9": (("M", 40, 1.0), (None, None, 0.5)),
    "V3RV4R": (("M", 30, 1.0), (None, None, 0.5)),
    "other": ((None, None, 1.0),),
}
CONTIGUOUS = tuple(
    (first, second)
    for chain in ("V1 V2 V3 V4 V5 V6", "aVL I -aVR II aVF III", "V7 V8 V9", "V3R V4R")
    for first, second in pairwise(chain.split())
)


def limit_mm(lead: str, sex: str, years: float) -> float:
    """ST elevation at the J point, in mm, from which this lead counts."""
    group = next((name for name, leads in GROUPS.items() if lead in leads), "other")
    rows = LIMITS_MM[group]
    return next(mm for who, below, mm in rows if who in (None, sex) and (below is None or years < below))


def stemi_ecg(values: Values) -> dict[str, Any]:
    """Whether one lead meets its limit. Source: Fourth Universal Definition of MI 2018; ESC ACS 2023."""
    limit = limit_mm(values["lead"], values["sex"], values["age"])
    return {"lead_meets": values["j_mm"] >= limit, "limit_mm": limit}


def contiguous_elevation(j_mm: Mapping[str, float], sex: str, years: float) -> list[tuple[str, str]]:
    """The pairs of neighbouring leads that both meet their limits; -aVR is aVR turned round."""
    turned = {**j_mm, **({"-aVR": -j_mm["aVR"]} if "aVR" in j_mm else {})}
    meets = {lead for lead, mm in turned.items() if mm >= limit_mm(lead, sex, years)}
    return [pair for pair in CONTIGUOUS if meets.issuperset(pair)]


RULE = Rule(
    name="stemi_ecg",
    title="ECG limits of ST elevation",
    status="memory",
    source="Fourth Universal Definition of MI 2018; ESC ACS 2023",
    note="At the J point against the TP or PQ line, new, in two contiguous leads; 1 mm is 0.1 mV.",
    inputs=(
        age(),
        Choice(
            "sex",
            "Sex",
            (Option("M", "Male", aliases=("man", "male")), Option("F", "Female", aliases=("woman",))),
        ),
        Choice("lead", "Lead", tuple(Option(name, name) for name in LEADS)),
        Number("j_mm", "ST level at the J point", Limits("mm", -50, 50)),
    ),
    compute=stemi_ecg,
    tables={"groups": GROUPS, "limits_mm": LIMITS_MM, "contiguous": CONTIGUOUS},
)
