"""Which hospital for this patient now: every hospital ranked or passed over, each with its reason."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from banyan.apps.emergency.needs import CAPABILITIES, PATHWAYS, Needs, needs_of
from banyan.apps.emergency.reasons import N_, Reason
from banyan.apps.emergency.rules.reperfusion import WIRE_WITHIN_MIN

__all__ = [
    "Diversion",
    "Hospital",
    "LiveStatus",
    "Needs",
    "Option",
    "needs_of",
    "rank_hospitals",
    "reconsider",
]

STALE_AFTER_MIN = 30
DOOR_TO_WIRE_MIN = 60  # a centre counts as stable up to this mean (kpi.yaml, D2W)
LAB_TURNOVER_MIN = 15
# Minutes of road that a shortcoming is worth; a region edits them.
PENALTY_MIN: dict[str, float] = {
    "missing_preferred": 8,
    "missing_first": 15,
    "no_bed": 15,
    "no_icu": 15,
    "unknown_status": 4,
    "each_on_the_way": 3,
    "lab_unknown": 5,
}
SLOWER_WORTH_A_PROMPT_MIN = 10


class Diversion(msgspec.Struct, frozen=True):
    """Patients not taken: of these pathways (none named: all), until then (none: until it says otherwise)."""

    pathways: frozenset[str] = frozenset()
    until: datetime | None = None


class LiveStatus(msgspec.Struct, frozen=True):
    """What a hospital last said of itself, and when; None is unknown, never zero."""

    at: datetime
    beds: int | None = None
    icu: int | None = None
    cathlab: Literal["free", "busy", "closed"] | None = None
    cathlab_until: datetime | None = None
    diversions: tuple[Diversion, ...] = ()


class Hospital(msgspec.Struct, frozen=True):
    id: str
    name: str
    capabilities: frozenset[str]
    status: LiveStatus | None = None
    on_the_way: int = 0  # patients already being brought here
    in_region: bool = True


class Option(msgspec.Struct, frozen=True):
    """One hospital for this patient; `rank` is None for one that is passed over."""

    hospital: str
    name: str
    rank: int | None
    minutes: float | None
    eta: datetime | None
    wire_minutes: float | None  # first contact to wire, expected (STEMI)
    reasons: tuple[Reason, ...]
    status_at: datetime | None
    status_stale: bool
    last_resort: bool = False


class _Judged(msgspec.Struct):
    hospital: Hospital
    minutes: float | None
    cost: float
    reasons: list[Reason]
    against: list[Reason]
    status: LiveStatus | None
    stale: bool
    wire: float | None = None
    severity: int = 0  # how bad it is to go there all the same: 1 diversion or lacks something, 9 no way


def rank_hospitals(
    needs: Needs,
    hospitals: Iterable[Hospital],
    road_seconds: Mapping[str, float],
    now: datetime,
    *,
    straight_line: Collection[str] = (),
) -> list[Option]:
    """The ranked hospitals, best first, then those passed over, nearest first.

    road_seconds: driving time from the patient by hospital id; a hospital without one cannot be reached.
    straight_line: ids whose time is a straight-line estimate, which is said.
    While any hospital can be reached, one is ranked: where none is suitable, the least unsuitable is offered
    as `last_resort`.
    """
    judged = [
        _judge(needs, each, road_seconds.get(each.id), now, each.id in straight_line) for each in hospitals
    ]
    if needs.pathway == "stemi":
        _reperfuse(needs, judged)
    fit = [each for each in judged if not each.against]
    last_resort = not fit
    if last_resort:
        least = min((each.severity for each in judged if each.minutes is not None), default=None)
        fit = [each for each in judged if each.severity == least and each.minutes is not None]
    fit.sort(key=_cost)
    chosen = {id(each) for each in fit}
    others = sorted((each for each in judged if id(each) not in chosen), key=_minutes)
    if fit:
        _say_why_first(needs, fit, others)
    ranked = [_option(each, place, now, last_resort) for place, each in enumerate(fit, 1)]
    return ranked + [_option(each, None, now, False) for each in others]


def reconsider(options: Iterable[Option], chosen: str) -> Reason | None:
    """Why the crew under way should look again: their hospital is passed over now, or is clearly slower."""
    by_id = {each.hospital: each for each in options}
    going = by_id.get(chosen)
    best = next((each for each in by_id.values() if each.rank == 1), None)
    if going is None or best is None or best.hospital == chosen:
        return None
    if going.rank is None:
        first = next((r for r in going.reasons if r.tone == "against"), None)
        why = first.message if first else ""
        return Reason(CHOSEN_PASSED_OVER, {"chosen": going.name, "better": best.name, "why": why}, "against")
    slower = (going.wire_minutes or going.minutes or 0) - (best.wire_minutes or best.minutes or 0)
    if slower < SLOWER_WORTH_A_PROMPT_MIN:
        return None
    return Reason(CHOSEN_SLOWER, {"chosen": going.name, "better": best.name, "minutes": slower}, "caution")


CHOSEN_PASSED_OVER = N_("{chosen} cannot take this patient now. Next: {better}.")
CHOSEN_SLOWER = N_("{better} is now {minutes} min quicker than {chosen}.")
NO_ROAD = Reason(N_("No road there from the patient"), {}, "against")
OUTSIDE = Reason(N_("Outside the region: no road time"), {}, "against")
ESTIMATED = Reason(N_("Straight-line estimate, not by road"), {}, "caution")
UNKNOWN = Reason(N_("Has not said how it stands"), {}, "caution")
NO_BED = Reason(N_("No emergency bed free"), {}, "caution")
NO_ICU = Reason(N_("No intensive care bed free"), {}, "caution")
LAB_FREE = Reason(N_("Catheter laboratory free"), {}, "good")
LAB_CLOSED = Reason(N_("Catheter laboratory closed"), {}, "against")
LAB_UNKNOWN = Reason(N_("Catheter laboratory: not known, ask"), {}, "caution")
LYSIS_ONLY = Reason(N_("No PCI, lysis only"), {}, "against")
NEAREST_PCI = Reason(N_("Soonest wire of all that can do PCI now"), {}, "good")
NEAREST_LYSIS = Reason(
    N_("No wire within 120 min anywhere: nearest that can give lysis; a physician decides"), {}, "good"
)
LATE_WIRE = Reason(N_("A wire would come later than 120 min after contact"), {}, "caution")
QUICKEST = Reason(N_("Quickest that has what is needed"), {}, "good")
LAST_RESORT = Reason(N_("No hospital in reach has all that is needed"), {}, "caution")
_MISSING = {
    name: (
        Reason(N_("No {capability}"), {"capability": text}, "against"),
        Reason(N_("No {capability}"), {"capability": text}, "caution"),
        Reason(N_("Has {capability}"), {"capability": text}, "good"),
    )
    for name, text in CAPABILITIES.items()
}


def _cost(each: _Judged) -> tuple[float, float, str]:
    return each.cost, each.minutes or 0.0, each.hospital.id


def _minutes(each: _Judged) -> tuple[bool, float, str]:
    return each.minutes is None, each.minutes or 0.0, each.hospital.id


def _judge(
    needs: Needs, hospital: Hospital, seconds: float | None, now: datetime, estimated: bool
) -> _Judged:
    if seconds is None or seconds != seconds or seconds == float("inf"):
        gone = NO_ROAD if hospital.in_region else OUTSIDE
        return _Judged(hospital, None, 0.0, [], [gone], hospital.status, False, severity=9)
    minutes = seconds / 60
    status, stale = hospital.status, False
    reasons: list[Reason] = [ESTIMATED] if estimated else []
    if status is not None:
        age = (now - status.at).total_seconds() / 60
        stale = age > STALE_AFTER_MIN
        if stale:
            reasons.append(
                Reason(N_("Status is {minutes} min old and not counted"), {"minutes": age}, "caution")
            )
    else:
        reasons.append(UNKNOWN)
    judged = _Judged(hospital, minutes, minutes, reasons, [], status, stale)
    _weigh_capabilities(needs, judged)
    _weigh_diversions(needs, judged, now)
    if status is None or stale:
        judged.cost += PENALTY_MIN["unknown_status"]
    else:
        _weigh_beds(needs, judged, status)
    if needs.pathway == "stemi":
        _expect_wire(needs, judged, now)
    if hospital.on_the_way:
        judged.cost += PENALTY_MIN["each_on_the_way"] * hospital.on_the_way
        reasons.append(
            Reason(N_("Patients already on the way: {count}"), {"count": hospital.on_the_way}, "caution")
        )
    return judged


def _weigh_capabilities(needs: Needs, judged: _Judged) -> None:
    has = judged.hospital.capabilities
    for name in needs.must:
        if name not in has:
            judged.against.append(_MISSING[name][0])
            judged.severity += 2 if name == "emergency" else 1
    worth = PENALTY_MIN["missing_first"]
    for name in needs.prefer:
        if name not in has:
            judged.cost += worth
            judged.reasons.append(_MISSING[name][1])
        else:
            judged.reasons.append(_MISSING[name][2])
        worth = PENALTY_MIN["missing_preferred"]


def _weigh_diversions(needs: Needs, judged: _Judged, now: datetime) -> None:
    if judged.status is None:
        return
    for each in judged.status.diversions:
        if (each.pathways and needs.pathway not in each.pathways) or (each.until and each.until <= now):
            continue
        what = PATHWAYS[needs.pathway]
        if each.until:
            text = N_("On diversion for {pathway} until {until}")
            judged.against.append(Reason(text, {"pathway": what, "until": each.until}, "against"))
        elif judged.stale:
            judged.reasons.append(
                Reason(N_("Said it was on diversion for {pathway}: ask"), {"pathway": what}, "caution")
            )
            continue
        else:
            judged.against.append(Reason(N_("On diversion for {pathway}"), {"pathway": what}, "against"))
        judged.severity += 1


def _weigh_beds(needs: Needs, judged: _Judged, status: LiveStatus) -> None:
    if status.beds == 0:
        judged.cost += PENALTY_MIN["no_bed"]
        judged.reasons.append(NO_BED)
    elif status.beds is not None:
        judged.reasons.append(Reason(N_("Emergency beds free: {count}"), {"count": status.beds}, "good"))
    if "icu" not in needs.beds:
        return
    if status.icu == 0:
        judged.cost += PENALTY_MIN["no_icu"]
        judged.reasons.append(NO_ICU)
    elif status.icu is not None:
        judged.reasons.append(Reason(N_("Intensive care beds free: {count}"), {"count": status.icu}, "good"))


def _expect_wire(needs: Needs, judged: _Judged, now: datetime) -> None:
    """First contact to wire, in minutes, where the hospital does PCI and its laboratory is not closed."""
    if "pci" not in judged.hospital.capabilities:
        return
    arrives = judged.minutes or 0.0
    wire = arrives + DOOR_TO_WIRE_MIN
    status = None if judged.stale else judged.status
    if status is None or status.cathlab is None:
        judged.cost += PENALTY_MIN["lab_unknown"]
        judged.reasons.append(LAB_UNKNOWN)
    elif status.cathlab == "closed":
        judged.against.append(LAB_CLOSED)
        judged.severity += 1
        return
    elif status.cathlab == "busy":
        wire = _behind_another(judged, status, now, wire)
    else:
        judged.reasons.append(LAB_FREE)
    judged.wire = wire + needs.minutes_since_contact
    judged.cost += wire - arrives


def _behind_another(judged: _Judged, status: LiveStatus, now: datetime, wire: float) -> float:
    if status.cathlab_until is None:
        judged.reasons.append(Reason(N_("Catheter laboratory busy"), {}, "caution"))
        return wire + DOOR_TO_WIRE_MIN
    until = status.cathlab_until
    judged.reasons.append(Reason(N_("Catheter laboratory busy until {until}"), {"until": until}, "caution"))
    free_in = (until - now).total_seconds() / 60
    return max(wire, free_in + LAB_TURNOVER_MIN + DOOR_TO_WIRE_MIN / 2)


def _reperfuse(needs: Needs, judged: list[_Judged]) -> None:
    """PCI where a wire can cross within 120 minutes of contact; else the nearest lysis, then on to PCI."""
    able = [each for each in judged if each.wire is not None and not each.against]
    in_time = any(each.wire <= WIRE_WITHIN_MIN for each in able if each.wire is not None)
    lysis_first = not in_time and needs.lysis_possible and any(_can_lyse(each) for each in judged)
    for each in judged:
        if each.minutes is None:
            continue
        if "pci" not in each.hospital.capabilities:
            if not lysis_first or not _can_lyse(each):
                each.against.insert(0, LYSIS_ONLY if _lyses(each) else _MISSING["pci"][0])
                each.severity += 1 if _lyses(each) else 2
        elif lysis_first and each.wire is not None and _can_lyse(each):
            each.cost -= each.wire - needs.minutes_since_contact - each.minutes
        if each.wire is not None and each.wire > WIRE_WITHIN_MIN:
            each.reasons.append(LATE_WIRE)


def _lyses(each: _Judged) -> bool:
    return "thrombolysis" in each.hospital.capabilities and "pci" not in each.hospital.capabilities


def _can_lyse(each: _Judged) -> bool:
    return not each.against and "thrombolysis" in each.hospital.capabilities


def _say_why_first(needs: Needs, fit: list[_Judged], others: list[_Judged]) -> None:
    best = fit[0]
    if best.against:
        best.reasons.insert(0, LAST_RESORT)
    elif needs.pathway != "stemi":
        best.reasons.insert(0, QUICKEST)
    else:
        in_time = best.wire is not None and best.wire <= WIRE_WITHIN_MIN
        best.reasons.insert(0, NEAREST_PCI if in_time or not needs.lysis_possible else NEAREST_LYSIS)
    for each in (*fit[1:], *others):
        nearer = (best.minutes or 0.0) - each.minutes if each.minutes is not None else 0.0
        if nearer >= 1:
            each.reasons.insert(0, Reason(N_("{minutes} min nearer"), {"minutes": nearer}))


def _option(each: _Judged, rank: int | None, now: datetime, last_resort: bool) -> Option:
    return Option(
        each.hospital.id,
        each.hospital.name,
        rank,
        each.minutes,
        None if each.minutes is None else now + timedelta(minutes=each.minutes),
        each.wire,
        (*each.against, *each.reasons),
        each.status.at if each.status else None,
        each.stale,
        last_resort,
    )
