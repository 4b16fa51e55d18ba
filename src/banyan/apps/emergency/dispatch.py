"""Which ambulance for this call: every unit ranked or passed over, each with its reason."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from banyan.apps.emergency.reasons import N_, Reason

SILENT_AFTER_MIN = 5
SHIFT_MARGIN_MIN = 45  # a call takes about so long from dispatch to handover
OFFER_FREE_WITHIN_MIN = 20
SUPPORT_EARLIER_BY_MIN = 4
TURNOUT_MIN: dict[str, float] = {"available": 1.0}  # a crew on the road turns at once

FREE_NOW = frozenset({"available", "leaving", "returning"})
FREE_SOON = frozenset({"to_hospital", "stopover", "at_hospital", "handed_over"})
ON_THE_WAY = frozenset({"dispatched", "en_route"})


class Call(msgspec.Struct, frozen=True):
    """What a unit must bring: crew level by the call's level (1 to 4), equipment by what it is about."""

    level: int
    advanced: bool  # advanced life support
    must: frozenset[str] = frozenset()  # equipment without which a unit is passed over
    prefer: frozenset[str] = frozenset()


def call_of(level: int, pathway: str = "other", *, age: float | None = None) -> Call:
    """Levels I and II need advanced life support; chest pain a 12-lead; a newborn an incubator."""
    twelve_lead = pathway in ("stemi", "chest_pain", "arrest")
    prefer = {"12-lead"} if twelve_lead else set()
    must = {"incubator"} if age is not None and age < 0.1 and pathway != "obstetric" else set()
    return Call(level, level <= 2, frozenset(must), frozenset(prefer))


class Unit(msgspec.Struct, frozen=True):
    id: str
    name: str
    crew: Literal["ALS", "BLS"]
    state: str
    seen_at: datetime | None  # its last position or sign of life
    equipment: frozenset[str] = frozenset()
    free_at: datetime | None = None
    shift_ends: datetime | None = None
    case_level: int | None = None  # level of the call it is on


class UnitOption(msgspec.Struct, frozen=True):
    """One unit for this call; `rank` is None for one that is passed over; `support`: send it as well."""

    unit: str
    name: str
    rank: int | None
    minutes: float | None
    eta: datetime | None
    reasons: tuple[Reason, ...]
    last_resort: bool = False
    support: bool = False


class _Judged(msgspec.Struct):
    unit: Unit
    minutes: float | None
    reasons: list[Reason]
    against: list[Reason]
    severity: int = 0
    support: bool = False


QUICKEST = Reason(N_("Quickest suitable unit by road"), {}, "good")
NO_ROAD = Reason(N_("No road from the unit to the patient"), {}, "against")
BLS = Reason(N_("Basic life support only"), {}, "against")
NEVER_SEEN = Reason(N_("No position received yet"), {}, "against")
OFF = Reason(N_("Not in service"), {}, "against")
WITH_PATIENT = Reason(N_("With a patient"), {}, "against")
SUPPORT = Reason(N_("There first: send it as well until the other arrives"), {}, "good")
LAST_RESORT = Reason(N_("No suitable unit: the least unsuitable"), {}, "caution")
EQUIPMENT: dict[str, str] = {
    "12-lead": N_("12-lead ECG"),
    "ventilator": N_("ventilator"),
    "incubator": N_("incubator"),
    "negative-pressure": N_("negative pressure"),
}


def rank_units(
    call: Call, units: Iterable[Unit], road_seconds: Mapping[str, float], now: datetime
) -> list[UnitOption]:
    """The suitable units, quickest first, then those passed over, nearest first.

    road_seconds: driving time to the patient by unit id, from where the unit is or will be free.
    Where no unit is suitable, the least unsuitable that can come is ranked as `last_resort`.
    """
    judged = [_judge(call, each, road_seconds.get(each.id), now) for each in units]
    fit = [each for each in judged if not each.against and each.minutes is not None]
    last_resort = not fit
    if last_resort:
        can_come = [each for each in judged if each.minutes is not None and each.severity < _NEVER]
        least = min((each.severity for each in can_come), default=0)
        fit = [each for each in can_come if each.severity == least]
    fit.sort(key=lambda each: (each.minutes or 0.0) + _equipment_minutes(call, each.unit))
    chosen = {id(each) for each in fit}
    others = sorted(
        (e for e in judged if id(e) not in chosen), key=lambda e: (e.minutes is None, e.minutes or 0)
    )
    if fit:
        fit[0].reasons.insert(0, LAST_RESORT if last_resort else QUICKEST)
        _compare(call, fit[0], (*fit[1:], *others))
    ranked = [_option(each, place, now, last_resort) for place, each in enumerate(fit, 1)]
    return ranked + [_option(each, None, now, False) for each in others]


_NEVER = 9


def _nearest(each: _Judged) -> tuple[bool, float]:
    return each.minutes is None, each.minutes or 0.0


def _judge(call: Call, unit: Unit, seconds: float | None, now: datetime) -> _Judged:
    if seconds is None or seconds != seconds or seconds == float("inf"):
        return _Judged(unit, None, [], [NO_ROAD], _NEVER)
    judged = _Judged(unit, seconds / 60, [], [])
    _weigh_state(call, judged, now)
    if call.advanced and unit.crew == "BLS":
        _pass_over(judged, BLS, 1)
    for name in call.must - unit.equipment:
        _pass_over(
            judged, Reason(N_("Without {equipment}"), {"equipment": EQUIPMENT.get(name, name)}, "against"), 2
        )
    for name in sorted(call.prefer):
        there = name in unit.equipment
        text = N_("With {equipment}") if there else N_("Without {equipment}")
        shown = {"equipment": EQUIPMENT.get(name, name)}
        judged.reasons.append(Reason(text, shown, "good" if there else "caution"))
    _weigh_silence(judged, now)
    if unit.shift_ends is not None:
        left = (unit.shift_ends - now).total_seconds() / 60
        if left < SHIFT_MARGIN_MIN:
            _pass_over(judged, Reason(N_("Shift ends at {at}"), {"at": unit.shift_ends}, "against"), 1)
    return judged


def _pass_over(judged: _Judged, reason: Reason, severity: int) -> None:
    judged.against.append(reason)
    judged.severity = max(judged.severity, severity)


def _weigh_state(call: Call, judged: _Judged, now: datetime) -> None:
    unit = judged.unit
    if unit.state in FREE_NOW:
        judged.minutes = (judged.minutes or 0.0) + TURNOUT_MIN.get(unit.state, 0.0)
    elif unit.state in FREE_SOON:
        _weigh_waiting(judged, now)
    elif unit.state in ON_THE_WAY and unit.case_level is not None:
        _weigh_taking_off(call, judged, unit.case_level)
    elif unit.state in ON_THE_WAY:
        _pass_over(judged, Reason(N_("On the way to another call"), {}, "against"), _NEVER)
    else:
        _pass_over(judged, OFF if unit.state in ("off_duty", "out_of_service") else WITH_PATIENT, _NEVER)


def _weigh_waiting(judged: _Judged, now: datetime) -> None:
    free_at = judged.unit.free_at
    wait = None if free_at is None else (free_at - now).total_seconds() / 60
    if free_at is None or wait is None or wait > OFFER_FREE_WITHIN_MIN:
        _pass_over(judged, WITH_PATIENT, _NEVER)
        return
    judged.minutes = (judged.minutes or 0.0) + max(wait, 0.0)
    judged.reasons.append(Reason(N_("Free at about {at}"), {"at": free_at}, "caution"))


def _weigh_taking_off(call: Call, judged: _Judged, other: int) -> None:
    """Only for a level I call may a unit be taken off one of level III or IV, and a person decides."""
    if call.level == 1 and other >= 3:
        text = N_("On the way to a less urgent call (level {level})")
        _pass_over(judged, Reason(text, {"level": other}, "against"), 3)
    else:
        _pass_over(judged, Reason(N_("On the way to another call"), {}, "against"), _NEVER)


def _weigh_silence(judged: _Judged, now: datetime) -> None:
    seen = judged.unit.seen_at
    if seen is None:
        _pass_over(judged, NEVER_SEEN, 4)
        return
    silent = (now - seen).total_seconds() / 60
    if silent > SILENT_AFTER_MIN:
        _pass_over(judged, Reason(N_("No position for {minutes} min"), {"minutes": silent}, "against"), 4)


def _equipment_minutes(call: Call, unit: Unit) -> float:
    """Equipment that helps is worth waiting a little for."""
    return 3.0 * len(call.prefer - unit.equipment)


def _compare(call: Call, best: _Judged, others: Iterable[_Judged]) -> None:
    for each in others:
        if each.minutes is None or best.minutes is None:
            continue
        earlier = best.minutes - each.minutes
        if earlier >= 1:
            each.reasons.insert(0, Reason(N_("{minutes} min nearer"), {"minutes": earlier}))
        if call.level == 1 and each.against == [BLS] and earlier >= SUPPORT_EARLIER_BY_MIN:
            each.support = True
            each.reasons.insert(0, SUPPORT)


def _option(each: _Judged, rank: int | None, now: datetime, last_resort: bool) -> UnitOption:
    eta = None if each.minutes is None else now + timedelta(minutes=each.minutes)
    reasons = (*each.against, *each.reasons)
    return UnitOption(
        each.unit.id, each.unit.name, rank, each.minutes, eta, reasons, last_resort, each.support
    )
