"""The server: puts pages, FHIR, the applications' APIs and live events on one platform."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from importlib.metadata import version
from types import FrameType
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from banyan.access import AccessError
from banyan.record.errors import RecordError
from banyan.web import health, home, openapi, static_files, styleguide
from banyan.web.assets import Assets
from banyan.web.fhir import rest
from banyan.web.guard import BodyLimit, Numbered, SameSite
from banyan.web.live import stream
from banyan.web.live.hub import Hub
from banyan.web.manifest import App, installed_apps
from banyan.web.metrics import REGISTRY, Measured
from banyan.web.metrics_shared import SharedFigures
from banyan.web.pages import Pages
from banyan.web.problems import Refused, on_error
from banyan.web.visitor import Visitor

if TYPE_CHECKING:
    from banyan.settings import Settings

ERRORS: tuple[type[Exception], ...] = (
    Refused, RecordError, AccessError, HTTPException, RequestValidationError, Exception,
)  # fmt: skip


def create_app(settings: Settings, apps: Sequence[App] | None = None) -> FastAPI:
    """The ASGI application of one server process; the platform opens when the server starts."""
    chosen = tuple(apps) if apps is not None else installed_apps()
    app = FastAPI(
        title="Banyan",
        version=version("banyan"),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        middleware=[
            Middleware(Numbered, https=settings.tls_cert is not None or settings.url.startswith("https")),
            Middleware(Measured),
            Middleware(Visitor, default_locale=settings.locale),
            Middleware(SameSite, base_url=settings.base_url),
            Middleware(BodyLimit),
        ],
    )
    app.state.settings, app.state.apps = settings, chosen
    app.state.figures = SharedFigures(settings.data / "run" / "figures")
    app.state.pages = Pages(chosen, Assets(), settings.timezone)
    for error in ERRORS:
        app.add_exception_handler(error, on_error)
    _add_routes(app, chosen)
    return app


def _add_routes(app: FastAPI, apps: tuple[App, ...]) -> None:
    for module in (static_files, health, stream, rest, openapi, home, styleguide):
        app.router.routes.extend(module.routes())
    for one in apps:
        if one.api is not None:
            app.include_router(one.api, prefix=f"/api/{one.name}")
        app.router.routes.extend(one.routes)
    app.state.patterns = _patterns(app, apps)


def _patterns(app: FastAPI, apps: tuple[App, ...]) -> dict[Any, str]:
    """The address of each endpoint as it is written, for figures and logs."""
    named = [(f"/api/{one.name}", route) for one in apps if one.api for route in one.api.routes]
    named += [("", route) for route in app.routes]
    return {r.endpoint: prefix + r.path for prefix, r in reversed(named) if isinstance(r, (Route, APIRoute))}


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    from banyan.platform import open_platform

    async with open_platform(app.state.settings) as platform:
        app.state.platform = platform
        hub = Hub(platform, app.state.apps)
        app.state.hub = hub
        for one in app.state.apps:
            if one.start is not None:
                await one.start(platform)
        with _streams_end_first(hub):
            async with hub.following(), app.state.figures.noting(REGISTRY):
                yield


@contextlib.contextmanager
def _streams_end_first(hub: Hub) -> Iterator[None]:
    """Ends live streams when the process is asked to stop: the server waits for them before it tells us."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop, before = asyncio.get_running_loop(), signal.getsignal(signal.SIGTERM)

    def stop(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(hub.close)
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
