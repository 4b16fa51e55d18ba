"""A hospital's resources as FHIR: one Location for each kind of bed or device, diversions on its own Location."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
import orjson

from banyan.apps.emergency.destination import STALE_AFTER_MIN, Diversion, LiveStatus
from banyan.apps.emergency.model.codes import KIND, concept, extended, extension, reference, with_extension
from banyan.apps.emergency.model.words import Words

State = Literal["free", "busy", "closed"]
STATES: tuple[str, ...] = ("free", "busy", "closed")
BED_STATUS = "http://terminology.hl7.org/CodeSystem/v2-0116"
OPERATIONAL = {"free": ("U", "Unoccupied"), "busy": ("O", "Occupied"), "closed": ("C", "Closed")}
STALE = timedelta(minutes=STALE_AFTER_MIN)

# In the order in which the board shows them.
KINDS: dict[str, Words] = {
    "resuscitation": {"zh": "抢救床", "en": "Resuscitation beds"},
    "cathlab": {"zh": "导管室", "en": "Catheter laboratory"},
    "ct": {"zh": "CT", "en": "CT"},
    "ccu": {"zh": "CCU 床", "en": "CCU beds"},
    "icu": {"zh": "ICU 床", "en": "ICU beds"},
    "theatre": {"zh": "手术间", "en": "Theatre"},
    "ventilator": {"zh": "呼吸机", "en": "Ventilators"},
    "blood_o": {"zh": "O 型红细胞", "en": "O red cells"},
    "beds": {"zh": "急诊床", "en": "Emergency beds"},
    "paediatric": {"zh": "儿科床", "en": "Paediatric beds"},
    "ecmo": {"zh": "ECMO", "en": "ECMO"},
    "burns": {"zh": "烧伤床", "en": "Burns beds"},
}


@dataclass(frozen=True)
class Figure:
    """One resource of a hospital: how much is free of how much, who said so and when."""

    hospital: str
    kind: str
    free: int | None
    capacity: int | None
    state: State
    until: datetime | None
    set_by: str
    set_at: datetime

    @property
    def id(self) -> str:
        return f"{self.hospital}-res-{self.kind.replace('_', '-')}"

    def stale(self, now: datetime) -> bool:
        return now - self.set_at > STALE


class Divert(msgspec.Struct, frozen=True):
    """Patients of one pathway (none: all) are not taken, until then."""

    set_by: str
    set_at: datetime
    pathway: str | None = None
    until: datetime | None = None
    reason: str = ""

    def holds(self, now: datetime) -> bool:
        return self.until is None or self.until > now


def as_location(figure: Figure) -> dict[str, Any]:
    code, display = OPERATIONAL[figure.state]
    notes = [
        extension("state", valueCode=figure.state),
        extension("set-by", valueString=figure.set_by),
        extension("set-at", valueDateTime=figure.set_at.isoformat()),
    ]
    for name, number in (("free", figure.free), ("capacity", figure.capacity)):
        if number is not None:
            notes.append(extension(name, valueInteger=number))
    if figure.until is not None:
        notes.append(extension("until", valueDateTime=figure.until.isoformat()))
    return {
        "resourceType": "Location",
        "id": figure.id,
        "extension": notes,
        "status": "suspended" if figure.state == "closed" else "active",
        "operationalStatus": {"system": BED_STATUS, "code": code, "display": display},
        "name": KINDS[figure.kind]["zh"],
        "mode": "kind",
        "type": [concept(KIND, "hospital-resource", "Resource of a hospital"), concept(KIND, figure.kind)],
        "managingOrganization": reference("Organization", figure.hospital),
        "partOf": reference("Location", figure.hospital),
    }


def read_figure(location: dict[str, Any]) -> Figure | None:
    """None for a Location that is no resource of a hospital."""
    kinds = [
        c["code"] for kind in location.get("type", ()) for c in kind.get("coding", ()) if c["code"] in KINDS
    ]
    at = extended(location, "set-at")
    if not kinds or at is None:
        return None
    until = extended(location, "until")
    return Figure(
        hospital=location["partOf"]["reference"].split("/")[1],
        kind=kinds[0],
        free=extended(location, "free"),
        capacity=extended(location, "capacity"),
        state=extended(location, "state"),
        until=datetime.fromisoformat(until) if until else None,
        set_by=extended(location, "set-by") or "",
        set_at=datetime.fromisoformat(at),
    )


def read_diversions(location: dict[str, Any]) -> tuple[Divert, ...]:
    text = extended(location, "diversions")
    return tuple(msgspec.json.decode(text, type=list[Divert])) if text else ()


def with_diversions(location: dict[str, Any], diversions: Iterable[Divert]) -> dict[str, Any]:
    kept = list(diversions)
    return with_extension(
        location, "diversions", valueString=orjson.dumps(msgspec.to_builtins(kept)).decode() if kept else None
    )


def figure_view(figure: Figure, now: datetime) -> dict[str, Any]:
    """One tile of the board."""
    return {
        "id": figure.id,
        "kind": figure.kind,
        "name": KINDS[figure.kind],
        "capacity": figure.capacity,
        "free": figure.free,
        "state": figure.state,
        "until": figure.until,
        "set_by": figure.set_by,
        "set_at": figure.set_at,
        "stale": figure.stale(now),
    }


def diversion_view(one: Divert) -> dict[str, Any]:
    return {
        "pathway": one.pathway,
        "until": one.until,
        "reason": one.reason,
        "set_by": one.set_by,
        "set_at": one.set_at,
    }


def live_status(figures: dict[str, Figure], diversions: Iterable[Divert], now: datetime) -> LiveStatus | None:
    """What the ranking of hospitals counts: figures too old are unknown, not what they were."""
    holding = [each for each in diversions if each.holds(now)]
    times = [each.set_at for each in figures.values()] + [each.set_at for each in holding]
    if not times:
        return None
    fresh = {kind: each for kind, each in figures.items() if not each.stale(now)}
    lab = fresh.get("cathlab")
    return LiveStatus(
        at=max(times),
        beds=_free(fresh, "beds"),
        icu=_free(fresh, "icu"),
        cathlab=lab.state if lab else None,
        cathlab_until=lab.until if lab else None,
        diversions=tuple(
            Diversion(frozenset([each.pathway] if each.pathway else ()), each.until) for each in holding
        ),
    )


def _free(figures: dict[str, Figure], kind: str) -> int | None:
    found = figures.get(kind)
    return None if found is None else 0 if found.state == "closed" else found.free
