"""What the server counts about itself, for Prometheus; never anything of a patient."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from banyan.web.logs import note

if TYPE_CHECKING:
    from banyan.web.live.hub import Hub

REGISTRY = CollectorRegistry()
PROCESS = str(os.getpid())
REQUESTS = Counter(
    "banyan_requests", "Requests answered", ("process", "method", "route", "status"), registry=REGISTRY
)
SECONDS = Histogram(
    "banyan_request_seconds",
    "Time to the first byte of an answer",
    ("process", "route"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=REGISTRY,
)
VIEWERS = Gauge("banyan_live_viewers", "Open streams of live events", ("process",), registry=REGISTRY)


class Measured:
    """Counts each request by its route (not its path: paths carry ids) and leaves one line in the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        started = time.perf_counter()
        status = 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                SECONDS.labels(PROCESS, route_of(scope)).observe(time.perf_counter() - started)
            await send(message)

        try:
            return await self._app(scope, receive, answer)
        finally:
            route = route_of(scope)
            REQUESTS.labels(PROCESS, scope["method"], route, str(status)).inc()
            note(scope, route, status, time.perf_counter() - started)


def route_of(scope: Scope) -> str:
    """The pattern of the address, "-" where none matched; the address itself may name a patient."""
    patterns: dict[Any, str] = scope["app"].state.patterns
    return patterns.get(scope.get("endpoint"), "-")


def exposition(hub: Hub) -> bytes:
    """This process's figures in Prometheus' text format, labelled with the process."""
    VIEWERS.labels(PROCESS).set(hub.count)
    return generate_latest(REGISTRY)
