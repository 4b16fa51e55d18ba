"""What the tests of the house front share: a site with one small application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from banyan.access import Principal
from banyan.platform import Platform
from banyan.settings import Settings
from banyan.web.api import Refused, Who
from banyan.web.manifest import App, HomeCard, MenuItem, Need
from banyan.web.pages import page
from tests.web.site import Site, open_site

api = APIRouter()
CALLS = ["Chest pain", "Fever"]  # what waits on the home page of this small application


@api.post("/echo")
async def echo(body: dict[str, Any], who: Who) -> dict[str, Any]:
    """Answers what was sent."""
    return {"who": who.user, **body}


@api.get("/refuse")
async def refuse() -> None:
    raise Refused(409, "Unit 03 is already on the way.", unit="03")


@api.get("/break")
async def broken(told: str) -> None:
    raise ZeroDivisionError(told)


@page(roles=("dispatcher",))
async def _desk(request: Request) -> Response:
    return PlainTextResponse("desk")


async def _anyone(platform: Platform, who: Principal, topic: str) -> bool:
    return True


async def _dispatchers(platform: Platform, who: Principal, topic: str) -> bool:
    return who.has("dispatcher")


async def _expand(platform: Platform, events: list[dict[str, Any]]) -> list[bytes]:
    return [orjson.dumps({"frame": event["seq"] * 2}) for event in events]


async def _home(request: Request) -> HomeCard:
    needs = tuple(Need(call, "/trial", "Send", priority=3, level=1) for call in CALLS)
    return HomeCard(needs=needs, says=f"{len(CALLS)} calls wait", topics=("desk",))


def an_app() -> App:
    """A small application: one page, an API, topics that all or only dispatchers may follow."""
    return App(
        name="trial",
        title="Trial",
        menu=(MenuItem("/trial", "Trial desk", "ambulance", ("dispatcher",)),),
        routes=(Route("/trial", _desk, methods=["GET", "POST"]),),
        api=api,
        topics={"open": _anyone, "desk": _dispatchers},
        expanders={"frame": _expand},
        home=_home,
    )


@pytest.fixture(scope="module")
async def site(settings: Settings, platform: Platform) -> AsyncIterator[Site]:
    async with open_site(settings, platform, (an_app(),)) as opened:
        yield opened
