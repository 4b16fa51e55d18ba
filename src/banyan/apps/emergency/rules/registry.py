"""Every rule by its name."""

from banyan.apps.emergency.rules import (
    alteplase_stroke,
    apgar,
    befast,
    burns,
    china_ed_triage_4,
    cp_sss,
    cpss,
    fast_ed,
    field_triage_2021,
    gcs,
    grace,
    heart,
    iss,
    jumpstart,
    killip,
    lams,
    mews,
    news2,
    nihss,
    paediatric_drugs,
    paediatric_weight,
    parkland,
    pews_brighton,
    pgcs,
    pts,
    qsofa,
    race,
    reperfusion,
    rosier,
    rts,
    salt,
    shock_index,
    start,
    stemi_ecg,
    thrombectomy,
    timi_nstemi,
    timi_stemi,
)
from banyan.apps.emergency.rules.rule import Rule

WARNING = (news2, mews, pews_brighton, gcs, pgcs, shock_index, qsofa, apgar, china_ed_triage_4)
HEART = (heart, killip, stemi_ecg, reperfusion, timi_stemi, timi_nstemi, grace)
STROKE = (lams, race, fast_ed, cp_sss, cpss, befast, rosier, nihss, alteplase_stroke, thrombectomy)
TRAUMA = (field_triage_2021, rts, iss, pts, start, jumpstart, salt, burns, parkland)
CHILD = (paediatric_weight, paediatric_drugs)
RULES: dict[str, Rule] = {
    module.RULE.name: module.RULE for module in (*WARNING, *HEART, *STROKE, *TRAUMA, *CHILD)
}
