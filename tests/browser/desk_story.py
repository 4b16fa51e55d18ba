"""A served demo region for the desks: seeded, its units reporting, its people acting by the public API."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page

from banyan.apps.emergency.ecg.demo import demo_ecg
from banyan.apps.emergency.ecg.frame import encode
from banyan.clock import Clock, ClockSetting
from banyan.demo.seed import TRACKER, password
from tests.seeded import served_copy
from tests.served import Served

DISPATCHER, SECOND, CREW, UNIT, CHIEF = "wangmin", "liqiang", "linyue", "unit-03", "zhaoguohua"
NURSE, CARDIOLOGIST, HOSPITAL = "liumin", "chenzhiyuan", "city-second"
HARBOUR = {"text": "Avenida Costanera 118", "lat": -29.953, "lon": -71.338, "note": "5th floor, no lift"}
REPORT_S = 5.0


@dataclass
class Desks:
    """One served region; its people act here as they would on their pages."""

    served: Served
    clock: Clock
    rate: float = 1.0
    tokens: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[float, float]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)

    @property
    def url(self) -> str:
        return self.served.url

    def ask(
        self, user: str, method: str, path: str, body: Any = None, content: bytes | None = None
    ) -> httpx.Response:
        """An answer of the emergency API to one user, whatever it is."""
        token = self.tokens.get(user) or self.tokens.setdefault(user, self.served.token(user))
        headers = {"Authorization": f"Bearer {token}"}
        if content is not None:
            headers["Content-Type"] = "application/octet-stream"
        address = f"{self.url}/api/emergency{path}"
        return httpx.request(method, address, json=body, content=content, headers=headers, timeout=60)

    def api(self, user: str, method: str, path: str, body: Any = None, content: bytes | None = None) -> Any:
        answer = self.ask(user, method, path, body, content)
        assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def call(self, *, complaint: str = "chest-pain", address: Any = HARBOUR, **more: Any) -> str:
        """A call that waits; the case's id."""
        taken = self.api(DISPATCHER, "POST", "/calls", {
            "id": str(uuid.uuid4()), "complaint": complaint, "address": address,
            "caller": {"name": "陈女士", "phone": "13800002716", "relation": "女儿"},
            "patient": {"sex": "female", "age": 81}, "answers": {"awake": "yes"}, **more,
        })  # fmt: skip
        return str(taken["id"])

    def send(self, case: str, unit: str = UNIT, user: str = DISPATCHER) -> str:
        sent = self.api(user, "POST", f"/cases/{case}/dispatch", {"unit": unit, "instructions": []})
        return str(sent["task"])

    def case(self, case: str, user: str = DISPATCHER) -> Any:
        return self.api(user, "GET", f"/cases/{case}")

    def facts(self, case: str, *facts: tuple[str, dict[str, Any]], user: str = CREW) -> None:
        """Facts of the crew, now."""
        made = [self.a_fact(case, kind, data) for kind, data in facts]
        results = self.api(user, "POST", "/sync", {"facts": made})["results"]
        assert all(one["status"] == "stored" for one in results), results

    def a_fact(self, case: str, kind: str, data: dict[str, Any]) -> dict[str, Any]:
        at = self.clock.now().isoformat()
        return {
            "id": str(uuid.uuid4()), "case": case, "kind": kind, "at": at, "clock": {"device": at, "offset_ms": 0},
            "source": "manual", "data": data,
        }  # fmt: skip

    def ecg(self, case: str, seconds: int = 4) -> str:
        """A 12-lead of the demonstration signal, as frames of a monitor that records for so long."""
        signal, start = str(uuid.uuid4()), self.clock.now()
        time.sleep((seconds + 1) / self.rate)
        self.facts(case, ("ecg", {"signal": signal, "format": "frames"}))
        frames = demo_ecg(seconds=seconds).frames(uuid.UUID(case), uuid.UUID(signal), start)
        content = b"".join(encode(each) for each in frames)
        self.api(CREW, "POST", "/frames?demonstration=true", content=content)
        return signal

    def report(self) -> None:
        """Every unit's tracker says where it is, but for those that are silent."""
        at = self.clock.now().isoformat()
        told = [
            {"unit": unit, "lat": lat, "lon": lon, "at": at, "heading": 0, "speed_kmh": 0}
            for unit, (lat, lon) in self.places.items()
            if unit not in self.silent
        ]
        self.api(TRACKER, "POST", "/positions", {"positions": told})


@contextmanager
def a_region(
    seeded: Path, folder: Path, *, rate: float = 1.0, since: timedelta = timedelta()
) -> Iterator[Desks]:
    """A seeded region being served; with a rate, its time begins so long ago and runs so much faster."""
    now = datetime.now(UTC)
    setting = ClockSetting(wall_start=now, story_start=now - since, rate=rate)
    with served_copy(seeded, folder / "data", setting) as (served, places):
        desks = Desks(served, Clock(setting), rate, places=places)
        desks.api(CREW, "POST", "/shift", {"unit": UNIT})
        stop = threading.Event()
        trackers = threading.Thread(target=_reporting, args=(desks, stop), daemon=True)
        trackers.start()
        yield desks
        stop.set()
        trackers.join(timeout=30)


def _reporting(desks: Desks, stop: threading.Event) -> None:
    while not stop.wait(REPORT_S / 5 if desks.rate > 1 else REPORT_S):
        try:
            desks.report()
        except (httpx.TransportError, AssertionError):
            continue


async def sign_in(context: BrowserContext, desks: Desks, user: str) -> None:
    """Signs somebody in by the form."""
    page = await context.new_page()
    await page.goto(f"{desks.url}/signin")
    await page.fill("input[name=username]", user)
    await page.fill("input[name=password]", password(desks.served.data))
    await page.keyboard.press("Enter")
    await page.wait_for_url(lambda url: "/signin" not in url, timeout=30_000)
    await page.close()


async def open_as(
    chromium: Browser,
    desks: Desks,
    user: str,
    path: str,
    *,
    width: int = 1440,
    height: int = 900,
    lang: str = "en",
    theme: str = "light",
    errors: list[str] | None = None,
) -> Page:
    """A page of somebody's in a browser of their own; what its console calls an error is kept."""
    context = await chromium.new_context(viewport={"width": width, "height": height})
    await sign_in(context, desks, user)
    chosen = {"banyan_lang": lang, "banyan_theme": theme}
    await context.add_cookies(
        [{"name": name, "value": value, "url": desks.url} for name, value in chosen.items()]
    )
    page = await context.new_page()
    kept = errors if errors is not None else []

    def heard(said: ConsoleMessage) -> None:
        refusal = said.text.startswith("Failed to load resource")
        if said.type == "error" and not refusal:
            kept.append(said.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: kept.append(str(error)))
    await page.goto(desks.url + path)
    return page
