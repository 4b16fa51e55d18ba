"""What the test of the whole rescue is played with: the demo's region served, its people at their pages, a monitor."""

from __future__ import annotations

import asyncio
import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page

from banyan.apps.emergency.ecg.demo import demo_ecg
from banyan.apps.emergency.ecg.frame import encode
from banyan.demo.seed import password
from tests.served import Served

INFERIOR = {"II": 0.25, "III": 0.32, "aVF": 0.28, "I": -0.08, "aVL": -0.16}
NO_NETWORK = "net::ERR_INTERNET_DISCONNECTED"


@dataclass
class Reader:
    """Somebody's signed-in browser context, and what its console complained about."""

    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    offline: bool = False

    async def network(self, on: bool) -> None:
        self.offline = self.offline or not on
        await self.context.set_offline(not on)

    def listen(self, page: Page) -> Page:
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        return page

    def _heard(self, said: ConsoleMessage) -> None:
        """The browser itself reports each request that a cut network stops: that is no error of the page."""
        if said.type == "error" and not (self.offline and NO_NETWORK in said.text):
            self.complaints.append(f"{said.location.get('url')}: {said.text}")


async def signed_in(
    chromium: Browser, served: Served, user: str, path: str, *, width: int = 1440, height: int = 900
) -> Reader:
    """Somebody signs in by the sign-in page and lands on their own page, in English."""
    context = await chromium.new_context(
        viewport={"width": width, "height": height}, has_touch=width < 1000, locale="en"
    )
    await context.add_cookies([{"name": "banyan_lang", "value": "en", "url": served.url}])
    reader = Reader(context, await context.new_page())
    reader.listen(reader.page)
    await reader.page.goto(f"{served.url}/signin?next={path}")
    await reader.page.locator("[name=username]").fill(user)
    await reader.page.locator("[name=password]").fill(password(served.data))
    await reader.page.keyboard.press("Enter")
    await reader.page.wait_for_url(re.compile(re.escape(path)))
    return reader


async def monitor(served: Served, user: str, case: str, *, seconds: int) -> str:
    """A patient monitor beside the stretcher: a 12-lead ECG, a frame each second; returns the signal."""
    signal = uuid.uuid4()
    token = await asyncio.to_thread(served.token, user)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/octet-stream"}
    recording = demo_ecg(INFERIOR, seconds=float(seconds), seed=7)
    async with httpx.AsyncClient(base_url=served.url, headers=headers, timeout=30) as line:
        for frame in recording.frames(uuid.UUID(case), signal, datetime.now(UTC)):
            answer = await line.post("/api/emergency/frames?demonstration=true", content=encode(frame))
            assert answer.status_code == 200, answer.text
            await asyncio.sleep(1)
    return str(signal)


@dataclass(frozen=True)
class Record:
    """The record, asked over FHIR with somebody's session: what they may read of the case."""

    reader: Reader
    url: str

    async def get(self, path: str) -> Any:
        answer = await self.reader.context.request.get(f"{self.url}{path}", timeout=60_000)
        assert answer.status == 200, f"{path}: {answer.status} {await answer.text()}"
        return await answer.json()

    async def find(self, question: str) -> list[dict[str, Any]]:
        bundle = await self.get(f"/fhir/{question}{'&' if '?' in question else '?'}_count=500")
        return [entry["resource"] for entry in bundle.get("entry", [])]
