"""Calls and dispatch over HTTP."""

from dataclasses import asdict

import msgspec
from fastapi import APIRouter, Request, Response

from banyan.apps.emergency.api.answers import EmergencyRoute, asked, told
from banyan.apps.emergency.questions import offered
from banyan.apps.emergency.service import calls, dispatching
from banyan.apps.emergency.service.case_view import case_view
from banyan.apps.emergency.service.directory import directory
from banyan.apps.emergency.service.errors import EmergencyError
from banyan.web.api import Here, Who

router = APIRouter(route_class=EmergencyRoute, tags=["calls"])


class Changed(calls.NewCall, frozen=True):
    etag: str = ""


class Into(msgspec.Struct, frozen=True):
    into: str


class Closed(msgspec.Struct, frozen=True):
    outcome: str
    reason: str = ""


class Sent(msgspec.Struct, frozen=True):
    unit: str
    instructions: list[str] = []
    reason: str = ""


class Reason(msgspec.Struct, frozen=True):
    reason: str = ""


class Pathway(msgspec.Struct, frozen=True):
    pathway: str


@router.get("/questionnaires")
async def questionnaires(_who: Who, platform: Here) -> Response:
    """The question sets of the call desk: the project's own and the site's."""
    await directory(platform)
    return told(offered())


@router.post("/calls", status_code=201)
async def take_call(request: Request, who: Who, platform: Here) -> Response:
    """Takes a call: 201 with the case view, 200 when this id or external number is known already."""
    return await _take(request, who, platform, await asked(request, calls.NewCall))


@router.post("/dispatch-systems/calls", status_code=201)
async def take_external(request: Request, who: Who, platform: Here) -> Response:
    """A call from another dispatch system, idempotent by `external`."""
    call = await asked(request, calls.NewCall)
    if call.external is None:
        raise EmergencyError("Another system's call carries `external`: system and value.", field="external")
    return await _take(request, who, platform, call)


async def _take(request: Request, who: Who, platform: Here, call: calls.NewCall) -> Response:
    case, new, duplicates = await calls.take_call(platform, who, call)
    view = await case_view(platform, who, case)
    return told(view | {"duplicates": [asdict(each) for each in duplicates]}, 201 if new else 200)


@router.post("/cases/{case}/call")
async def change_call(case: str, request: Request, who: Who, platform: Here) -> Response:
    """Changes an open call; 409 when somebody else changed it meanwhile."""
    change = await asked(request, Changed)
    await calls.change_call(platform, who, case, change.etag, change)
    return told(await case_view(platform, who, case))


@router.post("/cases/{case}/merge")
async def merge(case: str, request: Request, who: Who, platform: Here) -> Response:
    """The same incident as another call."""
    await calls.merge_call(platform, who, case, (await asked(request, Into)).into)
    return told(await case_view(platform, who, case))


@router.post("/cases/{case}/close")
async def close(case: str, request: Request, who: Who, platform: Here) -> Response:
    """Ends a case."""
    closed = await asked(request, Closed)
    await calls.close_call(platform, who, case, closed.outcome, closed.reason)
    return told(await case_view(platform, who, case))


@router.post("/cases/{case}/pathway")
async def pathway(case: str, request: Request, who: Who, platform: Here) -> Response:
    """What the hospital prepares for."""
    await calls.set_pathway(platform, who, case, (await asked(request, Pathway)).pathway)
    return told(await case_view(platform, who, case))


@router.get("/cases/{case}/units")
async def units(case: str, who: Who, platform: Here) -> Response:
    """Every unit for this call, ranked or passed over, each with its reason."""
    return told(await dispatching.ranked_units(platform, who, case))


@router.post("/cases/{case}/dispatch")
async def dispatch(case: str, request: Request, who: Who, platform: Here) -> Response:
    """Sends a unit; 409 when another dispatcher was quicker or the unit is not free."""
    sent = await asked(request, Sent)
    return told(
        await dispatching.dispatch(
            platform, who, case, sent.unit, instructions=sent.instructions, reason=sent.reason
        )
    )


@router.post("/tasks/{task}/{answer}")
async def answer(task: str, answer: str, request: Request, who: Who, platform: Here) -> Response:
    """accept and refuse by the crew, cancel by the desk."""
    answers = {"accept": "accepted", "refuse": "rejected", "cancel": "cancelled"}
    if answer not in answers:
        raise EmergencyError(f'"{answer}" is no answer: accept, refuse or cancel.', field="answer")
    reason = (await asked(request, Reason)).reason
    await dispatching.answer_task(platform, who, task, answers[answer], reason=reason)
    return told({"task": task, "status": answers[answer]})
