"""A Banyan site in this process on a port of its own, and people signed in to it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import httpx
import uvicorn

from banyan.access import Principal
from banyan.platform import Platform
from banyan.settings import Settings
from banyan.web.manifest import App
from banyan.web.server import create_app

ADMIN = Principal(user="setup", name="Set-up", roles=("administrator",))


@dataclass
class Site:
    """Where it answers, and its platform."""

    url: str
    platform: Platform
    _known: set[str] = field(default_factory=set)

    async def add(self, user: str, *roles: str, institution: str | None = None, locale: str = "en") -> str:
        """An account with a session; returns the cookie's value."""
        accounts = self.platform.accounts
        if user not in self._known:
            await accounts.add_user(
                user, by=ADMIN, roles=roles, password="banyan-demo-1", institution=institution, locale=locale
            )
            self._known.add(user)
        who = await accounts.principal(user)
        value, _ = await accounts.sessions.open(
            who, own=True, device=None, agent="test", address="127.0.0.1", via="password"
        )
        return value

    async def client(self, user: str, *roles: str, **more: str) -> httpx.AsyncClient:
        """A browser-like client of one person's, for programs: it sends the guard header."""
        cookie = await self.add(user, *roles, **more)
        return httpx.AsyncClient(
            base_url=self.url, cookies={"banyan_session": cookie}, headers={"X-Banyan": "1"}, timeout=20
        )


@contextlib.asynccontextmanager
async def open_site(
    settings: Settings, platform: Platform, apps: Sequence[App] | None
) -> AsyncIterator[Site]:
    """Serves the applications until the block ends."""
    config = uvicorn.Config(
        create_app(settings, apps=apps),
        port=0,
        log_level="warning",
        lifespan="on",
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
    task = asyncio.create_task(server.serve())
    while not server.started:
        if task.done():
            task.result()
        await asyncio.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Site(f"http://localhost:{port}", platform)
    finally:
        server.should_exit = True
        await task
