"""Serves the hospital's pages: who comes, one case, the resource board, the printable handover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from banyan.access import Principal
from banyan.apps.emergency.service.directory import directory
from banyan.web.pages import page, render

if TYPE_CHECKING:
    from banyan.platform import Platform

NURSES_AND_DOCTORS = ("emergency_nurse", "emergency_doctor", "cardiologist")
WATCHERS = (*NURSES_AND_DOCTORS, "chief", "quality_officer")
READERS = (*WATCHERS, "dispatcher")


async def _hospital(request: Request) -> dict[str, str] | None:
    """The hospital of whoever looks, in the reader's language; None where the directory has none of that name.

    A chief who belongs to no hospital names one in the address: `?hospital=city-second`.
    """
    platform: Platform = request.app.state.platform
    who: Principal = request.state.principal
    known = (await directory(platform)).hospitals
    entry = known.get(who.institution or "")
    if entry is None and who.has("chief", "quality_officer"):
        entry = known.get(request.query_params.get("hospital", ""))
    if entry is None:
        return None
    return {"id": entry.id, "name": entry.name["zh" if request.state.locale == "zh-CN" else "en"]}


async def _choices(request: Request) -> list[dict[str, str]]:
    platform: Platform = request.app.state.platform
    language = "zh" if request.state.locale == "zh-CN" else "en"
    known = (await directory(platform)).hospitals.values()
    return [{"id": each.id, "name": each.name[language]} for each in known]


async def _of_hospital(request: Request, template: str, **context: Any) -> Response:
    hospital = await _hospital(request)
    if hospital is None:
        who: Principal = request.state.principal
        choices = await _choices(request) if who.has("chief", "quality_officer") else []
        return await render(request, "emergency/board-nowhere.html", status=200, choices=choices)
    return await render(request, template, hospital=hospital, **context)


@page(roles=WATCHERS)
async def incoming(request: Request) -> Response:
    """Who comes, how ill, when, are we ready: for the wall and the phone."""
    treats = request.state.principal.has(*NURSES_AND_DOCTORS)
    return await _of_hospital(request, "emergency/incoming.html", treats=treats, default_theme="dark")


@page(roles=WATCHERS)
async def board(request: Request) -> Response:
    """What the hospital can take right now."""
    treats = request.state.principal.has(*NURSES_AND_DOCTORS)
    return await _of_hospital(request, "emergency/board.html", treats=treats)


@page(roles=READERS)
async def case(request: Request) -> Response:
    """One patient: the story, vital signs and ECG live, what to prepare."""
    who: Principal = request.state.principal
    return await render(
        request,
        "emergency/case.html",
        case=request.path_params["case"],
        treats=who.has(*NURSES_AND_DOCTORS),
        reads=who.has("cardiologist", "emergency_doctor"),
    )


@page(roles=(*READERS, "crew"))
async def handover(request: Request) -> Response:
    """The handover on paper."""
    return await render(request, "emergency/handover.html", case=request.path_params["case"])


ROUTES: list[BaseRoute] = [
    Route("/emergency/incoming", incoming),
    Route("/emergency/cases/{case}", case),
    Route("/emergency/board", board),
    Route("/emergency/handover/{case}", handover),
]
