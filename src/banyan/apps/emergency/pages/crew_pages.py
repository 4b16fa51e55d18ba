"""Serves the crew's page and what makes it live on the device: worker, file list, manifest, key, identity."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import orjson
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from banyan.access import Principal
from banyan.access.sessions import DEVICE_COOKIE
from banyan.apps.emergency.pages.crew_vault import wrapping_secret
from banyan.identity import ResidentIdError, by_identifier, parse
from banyan.web.pages import page, render
from banyan.web.problems import Refused

if TYPE_CHECKING:
    from banyan.platform import Platform
    from banyan.web.pages import Pages

ROLES = ("crew",)
PATH = "/emergency/crew"
SCRIPTS = (
    "web/shell.js",
    "emergency/crew/crew.js",
    "emergency/crew/scanner.js",
    "emergency/ecg/paper.js",
    "emergency/ecg/recording.js",
)
SHEETS = ("web/banyan.css", "emergency/crew/crew.css", "emergency/ecg/ecg.css")
MESSAGES = "locale/zh-CN.json"
ICON = "/static/icon.svg"


def _json(content: Any, *, media_type: str = "application/json") -> Response:
    return Response(orjson.dumps(content), media_type=media_type)


def _platform(request: Request) -> Platform:
    platform: Platform = request.app.state.platform
    return platform


def _crew(request: Request) -> Principal:
    """Who asks, if it is a crew. Raises Refused."""
    who: Principal | None = request.state.principal
    if who is None:
        raise Refused(401, "Sign in to go on; what this device keeps stays on it.")
    if not who.has(*ROLES):
        raise Refused(403, "This is the page of ambulance crews. Ask your administrator for the role.")
    return who


@page(roles=ROLES)
async def crew_page(request: Request) -> Response:
    pages: Pages = request.app.state.pages
    return await render(request, "emergency/crew.html", messages_zh=pages.assets.url(MESSAGES))


async def worker(request: Request) -> Response:
    """The service worker, under a fixed address: it may serve the page, not more."""
    pages: Pages = request.app.state.pages
    return FileResponse(
        pages.assets.file("emergency/sw.js"),
        media_type="text/javascript",
        headers={"Service-Worker-Allowed": PATH, "Cache-Control": "no-cache"},
    )


async def file_list(request: Request) -> Response:
    """Every file that the page may need without network, and a version that changes with any of them."""
    pages: Pages = request.app.state.pages
    assets = pages.assets
    scripts = [url for name in SCRIPTS for url in (assets.url(name), *assets.preloads(name))]
    files = sorted({*scripts, *(assets.url(name) for name in SHEETS), assets.url(MESSAGES), ICON})
    version = hashlib.sha256("\n".join(files).encode()).hexdigest()[:12]
    return _json({"version": version, "files": files})


async def manifest(request: Request) -> Response:
    """What a phone needs to put the page on its home screen."""
    pages: Pages = request.app.state.pages
    return _json(
        {
            "id": PATH,
            "name": pages.translate(request.state.locale, "Banyan crew"),
            "short_name": pages.translate(request.state.locale, "Crew"),
            "start_url": PATH,
            "scope": PATH,
            "display": "standalone",
            "background_color": "#0e1419",
            "theme_color": "#0b5f56",
            "lang": request.state.locale,
            "icons": [{"src": ICON, "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
        },
        media_type="application/manifest+json",
    )


async def who_am_i(request: Request) -> Response:
    """Who is signed in; a device that was reported lost is told so, and drops what it keeps."""
    device = request.cookies.get(DEVICE_COOKIE)
    if request.state.principal is None and await _platform(request).accounts.devices.is_lost(device):
        raise Refused(401, "This device is reported lost. Give it to your administrator.", lost=True)
    who = _crew(request)
    return _json({"user": who.user, "name": who.name, "institution": who.institution})


async def vault_key(request: Request) -> Response:
    """The secret that wraps the device's key; only its user gets it, and only while signed in."""
    who = _crew(request)
    secret = wrapping_secret(_platform(request).settings.data / "keys", who.user)
    return _json({"secret": base64.b64encode(secret).decode()})


async def person(request: Request) -> Response:
    """The citizen with a resident number, as far as this crew may recognise one.

    The number comes in the body, so that it stands in no log.
    """
    who = _crew(request)
    sent = orjson.loads(await request.body() or b"{}")
    platform = _platform(request)
    today = platform.clock.now().astimezone(ZoneInfo(platform.settings.timezone)).date()
    try:
        number = parse(str(sent.get("number", "")), today=today)
    except ResidentIdError as wrong:
        raise Refused(422, str(wrong), field="number") from wrong
    found = await by_identifier(platform.door, who, number.number)
    if found is None:
        return _json({"person": None})
    return _json({"person": {"name": found.name, "sex": found.sex, "birth_date": found.birth_date}})


ROUTES: list[BaseRoute] = [
    Route(PATH, crew_page),
    Route(f"{PATH}/sw.js", worker),
    Route(f"{PATH}/shell.json", file_list),
    Route(f"{PATH}/app.webmanifest", manifest),
    Route(f"{PATH}/me", who_am_i),
    Route(f"{PATH}/key", vault_key, methods=["POST"]),
    Route(f"{PATH}/person", person, methods=["POST"]),
]
