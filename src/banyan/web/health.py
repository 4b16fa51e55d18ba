"""GET /health and /metrics: whether the platform is well, in words and in numbers."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from banyan.web.live.encode import position_of
from banyan.web.metrics import exposition

if TYPE_CHECKING:
    from banyan.platform import Platform
    from banyan.web.live.hub import Hub

GIB = 1024**3
LEAST_FREE = 2 * GIB


@dataclass(frozen=True, slots=True)
class Finding:
    """One part of the platform: whether it is well, what was found, what to do."""

    part: str
    ok: bool
    says: str
    do: str = ""
    value: float | None = None

    def as_json(self) -> dict[str, Any]:
        shown = {"ok": self.ok, "says": self.says, "do": self.do, "value": self.value}
        return {key: value for key, value in shown.items() if value not in ("", None)}


async def findings(platform: Platform, hub: Hub) -> list[Finding]:
    """Looks at the database, the worker, the feed and the disk; each within two seconds."""
    checks = (_database(platform), _worker(platform), _feed(platform, hub), _disk(platform.settings.data))
    return list(await asyncio.gather(*(_within(check) for check in checks)))


async def _within(check: Any) -> Finding:
    try:
        async with asyncio.timeout(2):
            found: Finding = await check
            return found
    except Exception as error:
        part = check.__name__.strip("_")
        return Finding(
            part, False, f"No answer: {type(error).__name__}.", "Look into the logs, or run: banyan doctor"
        )


async def _database(platform: Platform) -> Finding:
    started = asyncio.get_running_loop().time()
    async with platform.pool.connection(timeout=1.5) as connection:
        await connection.execute("SELECT 1")
    ms = (asyncio.get_running_loop().time() - started) * 1000
    return Finding("database", True, f"answers in {ms:.1f} ms", value=round(ms, 1))


async def _worker(platform: Platform) -> Finding:
    """The worker holds an advisory lock for as long as it lives."""
    async with platform.pool.connection(timeout=1.5) as connection:
        query = (
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND mode = 'ExclusiveLock'"
        )
        row = await (await connection.execute(query)).fetchone()
    if row and row[0]:
        return Finding("worker", True, "runs")
    return Finding("worker", False, "No worker runs: live events and backups wait.", "Start it: banyan serve")


async def _feed(platform: Platform, hub: Hub) -> Finding:
    behind = position_of(await platform.feed.latest()) - position_of(hub.cursor)
    text = "up to date" if behind <= 0 else f"{behind} changes behind"
    return Finding("feed", behind < 1000, text, value=max(0, behind))


async def _disk(data: Path) -> Finding:
    free = (await asyncio.to_thread(shutil.disk_usage, data)).free
    says = f"{free / GIB:.1f} GiB free"
    if free < LEAST_FREE:
        return Finding("disk", False, says, "Make room, or move the data folder to a larger disk.", free)
    return Finding("disk", True, says, value=free)


async def _health(request: Request) -> Response:
    found = await findings(request.app.state.platform, request.app.state.hub)
    well = all(one.ok for one in found)
    body = {"ok": well, "parts": {one.part: one.as_json() for one in found}}
    return Response(orjson.dumps(body), 200 if well else 503, media_type="application/json")


async def _metrics(request: Request) -> Response:
    own, shared = exposition(request.app.state.hub), request.app.state.figures
    text = await asyncio.to_thread(shared.everybody, own)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


def routes() -> list[BaseRoute]:
    return [Route("/health", _health), Route("/metrics", _metrics)]
