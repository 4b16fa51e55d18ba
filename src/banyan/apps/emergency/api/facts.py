"""Facts and ECG frames over HTTP."""

import base64
from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response

from banyan.apps.emergency.api.answers import EmergencyRoute, asked, told
from banyan.apps.emergency.service import ecg, facts
from banyan.apps.emergency.service.errors import Unknown
from banyan.web.api import Here, Who

router = APIRouter(route_class=EmergencyRoute, tags=["facts"])
STATUS = {"stored": 201, "duplicate": 200, "refused": 422, "parked": 202}
OCTETS = "application/octet-stream"


class Batch(msgspec.Struct, frozen=True):
    facts: list[Any]
    shift: str | None = None


class File(msgspec.Struct, frozen=True):
    case: str | None = None


class Reason(msgspec.Struct, frozen=True):
    reason: str


@router.post("/sync")
async def sync(request: Request, who: Who, platform: Here) -> Response:
    """Files facts in the order given; each has its own answer."""
    batch = await asked(request, Batch)
    return told({"results": await facts.sync(platform, who, batch.facts, batch.shift)})


@router.put("/cases/{case}/facts/{fact}")
async def put_fact(case: str, fact: str, request: Request, who: Who, platform: Here) -> Response:
    """Files one fact: 201 stored, 200 duplicate, 202 parked, 422 refused."""
    given = await asked(request, dict[str, Any])
    shift = given.pop("shift", None)
    answer = await facts.file_fact(platform, who, {**given, "case": case, "id": fact}, shift)
    return told(answer, STATUS[answer["status"]])


@router.get("/parked")
async def parked(who: Who, platform: Here, case: str | None = None) -> Response:
    """Facts that wait for a person's decision."""
    return told({"parked": await facts.parked(platform, who, case)})


@router.post("/parked/{fact}/file")
async def file_parked(fact: str, request: Request, who: Who, platform: Here) -> Response:
    """Files a parked fact, under another case where one is named."""
    await facts.settle(platform, who, fact, case=(await asked(request, File)).case)
    return told({"id": fact, "status": "stored"})


@router.post("/parked/{fact}/discard")
async def discard_parked(fact: str, request: Request, who: Who, platform: Here) -> Response:
    """Discards a parked fact, with a reason; it stays on record as discarded."""
    await facts.settle(platform, who, fact, discard=(await asked(request, Reason)).reason)
    return told({"id": fact, "status": "discarded"})


@router.post("/frames")
async def frames(request: Request, who: Who, platform: Here, demonstration: bool = False) -> Response:
    """ECG frames back to back, of one case."""
    return told(await ecg.store_frames(platform, who, await request.body(), demonstration=demonstration))


@router.get("/cases/{case}/ecg/{signal}/frames")
async def get_frames(
    case: str, signal: str, request: Request, who: Who, platform: Here, to: int | None = None
) -> Response:
    """The frames of a signal back to back (`from` and `to`: sequence numbers)."""
    first = int(request.query_params.get("from", "0") or 0)
    return Response(await ecg.frames_of(platform, who, case, signal, first, to), media_type=OCTETS)


@router.get("/photos/{photo}")
async def photo(photo: str, who: Who, platform: Here) -> Response:
    """A picture of a case."""
    media = (await platform.door.read(who, "Media", photo)).resource()
    binary = await platform.record.read("Binary", media["content"]["url"].split("/")[1])
    content = binary.resource()
    if "data" not in content:
        raise Unknown("The picture has no content.", field="photo")
    return Response(base64.b64decode(content["data"]), media_type=content["contentType"])
