"""What the pages read: desk, case, destinations, review, command, streets and the map's frame."""

from datetime import datetime

from fastapi import APIRouter, Response

from banyan.apps.emergency.api.answers import EmergencyRoute, told
from banyan.apps.emergency.needs import PATHWAYS
from banyan.apps.emergency.service import desk, handover
from banyan.apps.emergency.service.alarms import take_alarm
from banyan.apps.emergency.service.case_view import case_view
from banyan.apps.emergency.service.destinations import destinations
from banyan.apps.emergency.service.errors import EmergencyError
from banyan.apps.emergency.service.review import review
from banyan.web.api import Here, Who

router = APIRouter(route_class=EmergencyRoute, tags=["views"])


@router.get("/desk")
async def get_desk(who: Who, platform: Here) -> Response:
    """Open calls, units, hospitals, alarms."""
    return told(await desk.desk(platform, who))


@router.get("/command")
async def get_command(who: Who, platform: Here) -> Response:
    """Where the region is failing."""
    return told(await desk.command(platform, who))


@router.get("/cases")
async def get_cases(
    who: Who,
    platform: Here,
    since: datetime | None = None,
    pathway: str | None = None,
    text: str | None = None,
) -> Response:
    """Cases of the last day, or since a time, with how many targets each met."""
    if pathway is not None and pathway not in PATHWAYS:
        raise EmergencyError(f'"{pathway}" is no pathway. Known: {", ".join(PATHWAYS)}.', field="pathway")
    if since is not None and since.tzinfo is None:
        raise EmergencyError("`since` has no zone.", field="since")
    return told(await desk.review_list(platform, who, since=since, pathway=pathway, text=text))


@router.get("/cases/{case}")
async def get_case(case: str, who: Who, platform: Here) -> Response:
    """One case as every page sees it."""
    return told(await case_view(platform, who, case))


@router.get("/cases/{case}/destinations")
async def get_destinations(case: str, who: Who, platform: Here) -> Response:
    """Every hospital for this patient now, ranked or passed over, each with its reason."""
    return told(await destinations(platform, who, case))


@router.get("/cases/{case}/review")
async def get_review(case: str, who: Who, platform: Here) -> Response:
    """The case with its track."""
    return told(await review(platform, who, case))


@router.get("/cases/{case}/document")
async def get_document(case: str, who: Who, platform: Here) -> Response:
    """The signed handover as a FHIR document."""
    answer = told(await handover.document(platform, who, case))
    answer.headers["Content-Type"] = "application/fhir+json"
    return answer


@router.post("/alarms/{alarm}/acknowledge")
async def acknowledge_alarm(alarm: str, who: Who, platform: Here) -> Response:
    """A named person has taken the alarm."""
    await take_alarm(platform, who, alarm)
    return told({"id": alarm, "acknowledged": True})
