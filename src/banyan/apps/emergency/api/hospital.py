"""The hospital's side over HTTP: its board, who comes, and what it does for them."""

from datetime import datetime

import msgspec
from fastapi import APIRouter, Request, Response

from banyan.apps.emergency.api.answers import EmergencyRoute, asked, told
from banyan.apps.emergency.service import alarms, handover, hospitals, incoming, treat
from banyan.apps.emergency.service.case_view import case_view
from banyan.web.api import Here, Who

router = APIRouter(route_class=EmergencyRoute, tags=["hospital"])


class Changes(msgspec.Struct, frozen=True):
    changes: list[hospitals.Change]


class Diverting(msgspec.Struct, frozen=True):
    on: bool
    pathway: str | None = None
    until: datetime | None = None
    reason: str = ""


class TeamMember(msgspec.Struct, frozen=True):
    role: str
    status: str
    name: str | None = None


class Prepared(msgspec.Struct, frozen=True):
    id: str
    done: bool = True


class Reading(msgspec.Struct, frozen=True):
    signal: str
    text: str


class Message(msgspec.Struct, frozen=True):
    to: str
    text: str


class Time(msgspec.Struct, frozen=True):
    point: str
    at: datetime | None = None


class Signature(msgspec.Struct, frozen=True):
    sign: str = "hospital"
    note: str = ""


@router.get("/hospitals")
async def all_hospitals(who: Who, platform: Here) -> Response:
    """Every hospital with its load, its diversions and how old the figures are."""
    return told(await hospitals.all_hospitals(platform, who))


@router.get("/hospitals/{hospital}/resources")
async def resources(hospital: str, who: Who, platform: Here) -> Response:
    """The resource board."""
    return told(await hospitals.resources(platform, who, hospital))


@router.post("/hospitals/{hospital}/resources")
async def change(hospital: str, request: Request, who: Who, platform: Here) -> Response:
    """Touches on the board; all hold, or none."""
    await hospitals.change_resources(platform, who, hospital, (await asked(request, Changes)).changes)
    return told(await hospitals.resources(platform, who, hospital))


@router.post("/hospitals/{hospital}/resources/confirm")
async def confirm(hospital: str, who: Who, platform: Here) -> Response:
    """All as before."""
    count = await hospitals.confirm_resources(platform, who, hospital)
    return told({"confirmed": count} | await hospitals.resources(platform, who, hospital))


@router.post("/hospitals/{hospital}/diversion")
async def diversion(hospital: str, request: Request, who: Who, platform: Here) -> Response:
    """Patients of a pathway, or all, are not taken until a time; or are taken again."""
    asks = await asked(request, Diverting)
    await hospitals.divert(
        platform, who, hospital, on=asks.on, pathway=asks.pathway, until=asks.until, reason=asks.reason
    )
    return told(await hospitals.resources(platform, who, hospital))


@router.get("/hospitals/{hospital}/incoming")
async def coming(hospital: str, who: Who, platform: Here) -> Response:
    """Who comes, the most severe and soonest first."""
    return told(await incoming.incoming(platform, who, hospital))


@router.post("/cases/{case}/acknowledge")
async def acknowledge(case: str, who: Who, platform: Here) -> Response:
    """A named person takes the patient."""
    return told(await treat.acknowledge(platform, who, case))


@router.post("/cases/{case}/team")
async def team(case: str, request: Request, who: Who, platform: Here) -> Response:
    """One of the team (or "all") is called, coming or here."""
    one = await asked(request, TeamMember)
    await treat.set_team(platform, who, case, one.role, one.status, one.name)
    return told(await case_view(platform, who, case))


@router.post("/cases/{case}/preparation")
async def preparation(case: str, request: Request, who: Who, platform: Here) -> Response:
    """One thing of the checklist is ready, or not after all."""
    item = await asked(request, Prepared)
    await treat.prepare(platform, who, case, item.id, item.done)
    return told(await case_view(platform, who, case))


@router.post("/cases/{case}/reading")
async def reading(case: str, request: Request, who: Who, platform: Here) -> Response:
    """A physician's reading of an ECG."""
    said = await asked(request, Reading)
    await treat.read_ecg(platform, who, case, said.signal, said.text)
    return told(await case_view(platform, who, case))


@router.post("/cases/{case}/message")
async def message(case: str, request: Request, who: Who, platform: Here) -> Response:
    """One line to crew, hospital or desk."""
    said = await asked(request, Message)
    return told({"id": await treat.send_message(platform, who, case, said.to, said.text)}, 201)


@router.post("/cases/{case}/messages/read")
async def messages_read(case: str, who: Who, platform: Here) -> Response:
    """What was written to this side has been read."""
    return told({"read": await treat.read_messages(platform, who, case)})


@router.post("/cases/{case}/times")
async def times(case: str, request: Request, who: Who, platform: Here) -> Response:
    """A time in the hospital."""
    time = await asked(request, Time)
    await treat.set_time(platform, who, case, time.point, time.at)
    return told(await case_view(platform, who, case))


@router.post("/cases/{case}/handover")
async def sign(case: str, request: Request, who: Who, platform: Here) -> Response:
    """The hospital's signature."""
    await handover.hospital_signs(platform, who, case, (await asked(request, Signature)).note)
    return told(await case_view(platform, who, case))


@router.get("/cases/{case}/document")
async def document(case: str, who: Who, platform: Here) -> Response:
    """The handover as a FHIR document, once both have signed."""
    return told(await handover.document(platform, who, case))


@router.post("/alarms/{alarm}/acknowledge")
async def take_alarm(alarm: str, who: Who, platform: Here) -> Response:
    """A named person has taken the alarm."""
    await alarms.take_alarm(platform, who, alarm)
    return told({"alarm": alarm, "by": who.name})


@router.post("/cases/{case}/alarms/{alarm}/acknowledge")
async def take_case_alarm(case: str, alarm: str, who: Who, platform: Here) -> Response:
    """The same, under its case."""
    await alarms.take_alarm(platform, who, alarm)
    return told({"alarm": alarm, "case": case, "by": who.name})
