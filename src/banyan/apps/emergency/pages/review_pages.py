"""Lists recent cases for review: filters as searches of the record, targets met and missed in each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from banyan.apps.emergency.model.call import PRIORITIES, Case
from banyan.apps.emergency.model.codes import CASE_NUMBER, COMPLAINT, KIND, TIME_POINT
from banyan.apps.emergency.questions import own_sets
from banyan.apps.emergency.service.points import TimePoints, read_points
from banyan.apps.emergency.targets import results
from banyan.web.i18n import N_
from banyan.web.pages import page, render

if TYPE_CHECKING:
    from banyan.access import Act
    from banyan.record import SearchPage

READERS = ("quality_officer", "chief", "emergency_doctor", "emergency_nurse", "cardiologist", "dispatcher")
FILTERS = ("level", "complaint", "state", "since", "until", "number")
PAGE_SIZE = 50
STATUS = {
    "waiting": N_("Waiting"),
    "dispatched": N_("unit sent"),
    "active": N_("under way"),
    "handed-over": N_("handed over"),
    "closed": N_("closed"),
}


@dataclass(frozen=True)
class Row:
    """One case of the list; `missed` of `judged` targets."""

    case: str
    number: str
    level: int
    complaint: str
    at: datetime
    address: str
    status: str
    judged: int
    missed: int
    response: str


class WrongFilter(ValueError):
    """A filter that cannot be read: which, and what it should look like."""


@page(roles=READERS)
async def cases(request: Request) -> Response:
    platform = request.app.state.platform
    chosen = {name: request.query_params.get(name, "").strip() for name in FILTERS}
    wrong, found, times = "", None, {}
    try:
        asked = _search(chosen, ZoneInfo(platform.settings.timezone), request.query_params.get("from", ""))
    except WrongFilter as error:
        wrong = str(error)
    else:
        async with platform.door.act(request.state.principal, "emergency.view") as act:
            found = await act.search("ServiceRequest", asked)
            times = await _times(act, found)
    return await render(
        request,
        "emergency/reviews.html",
        chosen=chosen,
        filtered=any(chosen.values()),
        wrong=wrong,
        complaints=_complaints(request.state.locale),
        rows=_rows(request, found, times) if found else [],
        next=_next(chosen, found.next if found else None),
    )


def _search(chosen: dict[str, str], zone: ZoneInfo, cursor: str) -> list[tuple[str, str]]:
    """The filters as a FHIR search. Raises WrongFilter."""
    asked = [("category", f"{KIND}|emergency-call"), ("_sort", "-authored"), ("_count", str(PAGE_SIZE))]
    if level := chosen["level"]:
        if not level.isdigit() or int(level) not in PRIORITIES:
            raise WrongFilter(f'The level is "{level}"; it is 1 to 4.')
        asked.append(("priority", PRIORITIES[int(level)]))
    if complaint := chosen["complaint"]:
        asked.append(("code", f"{COMPLAINT}|{complaint}"))
    if state := chosen["state"]:
        asked.append(("status", "active" if state == "open" else "completed,revoked"))
    if number := chosen["number"]:
        asked.append(("identifier", f"{CASE_NUMBER}|{number.zfill(4)}"))
    if chosen["since"]:
        asked.append(("authored", f"ge{_midnight(chosen['since'], zone).isoformat()}"))
    if chosen["until"]:
        asked.append(("authored", f"lt{(_midnight(chosen['until'], zone) + timedelta(days=1)).isoformat()}"))
    return [*asked, *([("_cursor", cursor)] if cursor else [])]


def _midnight(day: str, zone: ZoneInfo) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(day), time(), zone)
    except ValueError:
        raise WrongFilter(f'"{day}" is no date; write it as 2026-03-12.') from None


async def _times(act: Act, found: SearchPage) -> dict[str, TimePoints]:
    """The valid time points of all cases of the page, in one search."""
    if not found.matches:
        return {}
    asked = ",".join(f"ServiceRequest/{stored.id}" for stored in found.matches)
    cursor: list[tuple[str, str]] = []
    by_case: dict[str, list[dict[str, Any]]] = {}
    while True:
        page_ = await act.search(
            "Observation", [("based-on", asked), ("code", f"{TIME_POINT}|"), ("_count", "1000"), *cursor]
        )
        for stored in page_.matches:
            resource = stored.resource()
            for of in resource.get("basedOn", ()):
                by_case.setdefault(of["reference"].split("/")[-1], []).append(resource)
        if page_.next is None:
            return {case: read_points(resources) for case, resources in by_case.items()}
        cursor = [("_cursor", page_.next)]


def _rows(request: Request, found: SearchPage, times: dict[str, TimePoints]) -> list[Row]:
    pages, locale = request.app.state.pages, request.state.locale
    now = request.app.state.platform.clock.now()
    names = dict(_complaints(locale))

    def row(case: Case) -> Row:
        recorded = {point: record for point, (record, _) in times.get(case.id, {}).items()}
        judged = [
            each.state for each in results(case.pathway, recorded, now) if each.state in ("met", "missed")
        ]
        call, scene = recorded.get("call"), recorded.get("arrive_scene")
        response = int((scene.at - call.at).total_seconds()) if call and scene else None
        return Row(
            case=case.id,
            number=case.number,
            level=case.level,
            complaint=names.get(case.complaint, case.complaint),
            at=case.call_at,
            address=case.place["text"],
            status=pages.translate(locale, STATUS.get(case.status, case.status)),
            judged=len(judged),
            missed=judged.count("missed"),
            response="" if response is None else f"{response // 60}:{response % 60:02d}",
        )

    return [row(Case(stored.resource(), stored.version)) for stored in found.matches]


def _complaints(locale: str) -> list[tuple[str, str]]:
    return [(each.id, each.zh if locale == "zh-CN" else each.en) for each in own_sets().values()]


def _next(chosen: dict[str, str], cursor: str | None) -> str:
    kept = {name: value for name, value in chosen.items() if value}
    return f"/emergency/review?{urlencode(kept | {'from': cursor})}" if cursor else ""
