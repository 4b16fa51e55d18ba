"""Serves the dispatch desk, the command overview and the case review."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from banyan.apps.emergency.pages import desk_ground, review_pages
from banyan.apps.emergency.service.ground import ground
from banyan.web.pages import page, render

DISPATCHERS = ("dispatcher",)
CHIEFS = ("chief", "dispatcher")


def bounds_of(request: Request) -> str:
    """The region's edges for the map, west, south, east, north; empty where no region is built."""
    region = ground(request.app.state.platform)
    return ",".join(str(edge) for edge in region.about.bounds) if region else ""


def region_name(request: Request) -> str:
    region = ground(request.app.state.platform)
    return region.about.name.get(request.state.locale, "") if region else ""


@page(roles=DISPATCHERS)
async def desk(request: Request) -> Response:
    return await render(request, "emergency/desk.html", bounds=bounds_of(request))


@page(roles=CHIEFS)
async def command(request: Request) -> Response:
    return await render(
        request,
        "emergency/command.html",
        bounds=bounds_of(request),
        region=region_name(request),
        default_theme="dark",
    )


@page(roles=review_pages.READERS)
async def review(request: Request) -> Response:
    return await render(
        request, "emergency/review.html", bounds=bounds_of(request), case=request.path_params["case"]
    )


ROUTES: list[BaseRoute] = [
    Route("/emergency/desk", desk),
    Route("/emergency/command", command),
    Route("/emergency/review", review_pages.cases),
    Route("/emergency/review/{case}", review),
    *desk_ground.ROUTES,
]
