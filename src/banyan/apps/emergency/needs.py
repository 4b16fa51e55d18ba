"""What this patient needs of a hospital: what it must have, what it should have, by pathway and findings."""

from collections.abc import Mapping
from typing import Any

import msgspec

from banyan.apps.emergency.reasons import N_

# What a hospital can do, as its directory entry says it; the text is shown in reasons.
CAPABILITIES: dict[str, str] = {
    "emergency": N_("emergency department"),
    "pci": N_("emergency PCI"),
    "thrombolysis": N_("thrombolysis"),
    "ct": N_("CT"),
    "stroke_unit": N_("stroke unit"),
    "thrombectomy": N_("thrombectomy"),
    "trauma": N_("trauma centre"),
    "trauma_high": N_("trauma centre of the highest level"),
    "icu": N_("intensive care"),
    "paediatrics": N_("paediatrics"),
    "paediatric_icu": N_("paediatric intensive care"),
    "obstetrics": N_("obstetrics"),
    "neonatal_icu": N_("neonatal intensive care"),
    "burns": N_("burns unit"),
    "poisoning": N_("poisoning treatment"),
    "psychiatry": N_("psychiatry"),
}
PATHWAYS: dict[str, str] = {
    "stemi": N_("ST-elevation infarction"),
    "chest_pain": N_("chest pain"),
    "stroke": N_("stroke"),
    "trauma": N_("trauma"),
    "burns": N_("burns"),
    "paediatric": N_("child"),
    "arrest": N_("cardiac arrest"),
    "obstetric": N_("obstetric emergency"),
    "poisoning": N_("poisoning"),
    "psychiatric": N_("psychiatric emergency"),
    "other": N_("other"),
}
CHILD_BELOW_YEARS = 14
THROMBECTOMY_WITHIN_H = 24
LYSIS_WITHIN_H = 12

_MUST: dict[str, tuple[str, ...]] = {
    "stroke": ("ct", "thrombolysis"),
    "trauma": ("trauma",),
    "obstetric": ("obstetrics",),
    "psychiatric": (),
}
_PREFER: dict[str, tuple[str, ...]] = {
    "stemi": ("icu",),
    "chest_pain": ("pci",),
    "stroke": ("stroke_unit",),
    "trauma": ("icu", "ct"),
    "burns": ("burns", "icu"),
    "arrest": ("icu", "pci"),
    "obstetric": ("neonatal_icu",),
    "poisoning": ("poisoning", "icu"),
    "psychiatric": ("psychiatry",),
}


class Needs(msgspec.Struct, frozen=True):
    """`must`: no hospital without it while one has it; `prefer`: worth some minutes of road."""

    pathway: str = "other"
    must: tuple[str, ...] = ("emergency",)
    prefer: tuple[str, ...] = ()
    critical: bool = False
    child: bool = False
    lysis_possible: bool = False  # STEMI: within 12 h of onset and no contraindication known
    minutes_since_contact: float = 0.0
    beds: tuple[str, ...] = ("beds",)  # which counts of the hospital's status matter


def needs_of(facts: Mapping[str, Any]) -> Needs:
    """From the case's facts: pathway, level (1 to 4), age, onset_h, lvo_suspected, trauma_level,
    contraindication, minutes_since_contact. What is unknown is not assumed.
    """
    named = facts.get("pathway")
    pathway: str = named if named in PATHWAYS else "other"
    age, level = facts.get("age"), facts.get("level")
    child = pathway == "paediatric" or (age is not None and age < CHILD_BELOW_YEARS)
    critical = level == 1 or pathway in ("arrest", "stemi")
    must = ["emergency", *_MUST.get(pathway, ())]
    prefer = list(_PREFER.get(pathway, ()))
    onset_h = facts.get("onset_h") or 0
    if pathway == "stroke" and facts.get("lvo_suspected") and onset_h <= THROMBECTOMY_WITHIN_H:
        prefer.insert(0, "thrombectomy")
    if pathway == "trauma" and facts.get("trauma_level") == "red":
        prefer.insert(0, "trauma_high")
    if child:
        (must if critical or level == 2 else prefer).append("paediatrics")
        prefer += ["paediatric_icu"] if critical else []
    elif critical and "icu" not in prefer:
        prefer.append("icu")
    return Needs(
        pathway=pathway,
        must=tuple(must),
        prefer=tuple(dict.fromkeys(prefer)),
        critical=critical,
        child=child,
        lysis_possible=not facts.get("contraindication") and onset_h <= LYSIS_WITHIN_H,
        minutes_since_contact=facts.get("minutes_since_contact") or 0.0,
        beds=("beds", "icu") if critical else ("beds",),
    )
