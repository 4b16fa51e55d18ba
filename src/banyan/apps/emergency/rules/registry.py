"""Every rule by its name."""

from banyan.apps.emergency.rules import (
    alteplase_stroke,
    apgar,
    cp_sss,
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
    timi_nstemi,
    timi_stemi,
)
from banyan.apps.emergency.rules.rule import Rule

WARNING = (news2, mews, pews_brighton, gcs, pgcs, shock_index, qsofa, apgar)
HEART = (heart, killip, stemi_ecg, reperfusion, timi_stemi, timi_nstemi, grace)
STROKE = (lams, race, fast_ed, cp_sss, rosier, nihss, alteplase_stroke)
TRAUMA = (field_triage_2021, rts, iss, pts, start, jumpstart, salt, parkland)
CHILD = (paediatric_weight,)
RULES: dict[str, Rule] = {
    module.RULE.name: module.RULE for module in (*WARNING, *HEART, *STROKE, *TRAUMA, *CHILD)
}
