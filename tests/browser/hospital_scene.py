"""A hospital's night for its pages' tests: patients on the way, by the same API as crews and dispatchers use."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import pytest

from banyan.apps.emergency.ecg.demo import demo_ecg
from banyan.apps.emergency.ecg.frame import encode
from banyan.demo import ground, seed
from banyan.platform import Platform
from banyan.settings import Settings
from tests.web.site import Site, open_site

HOSPITAL = "city-second"
CENTRE = "dispatch-centre"
INFERIOR = {"II": 0.25, "III": 0.35, "aVF": 0.3, "I": -0.1, "aVL": -0.2, "V2": -0.15}
PLACE = {"text": "Avenida Balmaceda 118", "lat": -29.905, "lon": -71.25}


@dataclass
class Scene:
    """Who acts, and the clock of the region."""

    site: Site
    dispatcher: httpx.AsyncClient
    crews: dict[str, httpx.AsyncClient]

    def now(self) -> datetime:
        return self.site.platform.clock.now()

    async def call(
        self, unit: str, complaint: str, level: int, patient: Mapping[str, Any], **more: Any
    ) -> str:
        """A call, taken and answered by a unit that is with the patient; returns the case."""
        body = {"address": PLACE, "complaint": complaint, "level": level, "level_reason": "test"}
        answer = await self._post(self.dispatcher, "/calls", body | {"patient": dict(patient)} | more)
        case = str(answer["id"])
        sent = await self._post(
            self.dispatcher, f"/cases/{case}/dispatch", {"unit": unit, "instructions": [], "reason": "test"}
        )
        await self._post(self.crews[unit], f"/tasks/{sent['task']}/accept", {})
        for state in ("accepted", "en_route", "at_scene", "with_patient"):
            await self.fact(unit, case, "state", {"unit_state": state, "unit": unit})
        return case

    async def fact(
        self, unit: str, case: str, kind: str, data: Mapping[str, Any], *, source: str = "manual"
    ) -> str:
        """What the crew files; the fact's id."""
        id_, at = str(uuid.uuid4()), self.now().isoformat()
        fact = {"id": id_, "case": case, "kind": kind, "at": at, "source": source, "data": dict(data)}
        answer = await self.crews[unit].post("/api/emergency/sync", json={"facts": [fact]})
        result = answer.json()["results"][0]
        assert result["status"] in ("stored", "duplicate"), result
        return id_

    async def announce(self, unit: str, case: str, level: int, pathway: str, text: str = "") -> None:
        """The notice to the hospital, with the patient on the way."""
        chosen = {"hospital": HOSPITAL, "override_reason": "test"}
        await self.fact(unit, case, "destination", chosen)
        said = {"level": level, "pathway": pathway, "text": text, "hospital": HOSPITAL}
        await self.fact(unit, case, "notice", said)
        await self.fact(unit, case, "state", {"unit_state": "to_hospital", "unit": unit})

    async def frames(
        self,
        unit: str,
        case: str,
        *,
        seconds: int = 12,
        signal: uuid.UUID | None = None,
        start: datetime | None = None,
        first: int = 0,
    ) -> str:
        """A 12-lead ECG in frames of a second; the signal."""
        signal = signal or uuid.uuid4()
        begun = start or self.now()
        all_ = list(
            demo_ecg(INFERIOR, seconds=float(first + seconds), seed=7).frames(uuid.UUID(case), signal, begun)
        )
        body = b"".join(encode(frame) for frame in all_[first:])
        answer = await self.crews[unit].post(
            "/api/emergency/frames?demonstration=true",
            content=body,
            headers={"Content-Type": "application/octet-stream"},
        )
        answer.raise_for_status()
        return str(signal)

    async def _post(self, who: httpx.AsyncClient, path: str, body: Mapping[str, Any]) -> Any:
        answer = await who.post(f"/api/emergency{path}", json=dict(body))
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()


async def open_scene(site: Site) -> Scene:
    """A dispatcher and two crews at work in the demo's region."""
    dispatcher = await site.client("scene-dispatcher", "dispatcher", institution=CENTRE)
    scene = Scene(site, dispatcher, {})
    for unit in ("unit-03", "unit-05", "unit-07", "unit-09"):
        crew = await site.client(f"scene-{unit}", "crew", institution=CENTRE)
        await scene._post(crew, "/shift", {"unit": unit})
        scene.crews[unit] = crew
        lat = -29.92 - 0.01 * len(scene.crews)
        now = scene.now().isoformat()
        positions = [{"unit": unit, "lat": lat, "lon": -71.25, "at": now, "source": "tracker"}]
        await scene._post(crew, "/positions", {"positions": positions})
    return scene


async def infarction(scene: Scene, unit: str = "unit-03") -> str:
    """A woman of 81 with an inferior infarction: identified, ECG sent, aspirin given, announced as level I."""
    case = await scene.call(unit, "chest-pain", 1, {"name": "周秀兰", "sex": "female", "age": 81})
    for values in (
        {
            "hr": 88,
            "rr": 20,
            "sbp": 104,
            "dbp": 64,
            "spo2": 94,
            "temp": 36.4,
            "o2": False,
            "consciousness": "A",
        },
        {"hr": 82, "rr": 24, "sbp": 92, "dbp": 60, "spo2": 91, "o2": False, "consciousness": "A"},
        {
            "hr": 82,
            "rr": 22,
            "sbp": 98,
            "dbp": 62,
            "spo2": 93,
            "temp": 36.4,
            "o2": False,
            "consciousness": "A",
        },
    ):
        await scene.fact(unit, case, "vitals", values)
    signal = await scene.frames(unit, case, start=scene.now())
    await scene.fact(unit, case, "ecg", {"signal": signal, "format": "frames"})
    aspirin = {"text": "阿司匹林", "dose": 300, "unit": "mg", "route": "chewed"}
    await scene.fact(unit, case, "medication", aspirin)
    await scene.fact(unit, case, "assessment", {"rule": "killip", "input": {"finding": 1}})
    await scene.fact(unit, case, "note", {"text": "持续压榨感，出汗"})
    await scene.announce(unit, case, 1, "stemi", "下壁抬高")
    await scene.fact(unit, case, "message", {"to": "hospital", "text": "胸痛 7/10，无出血。"})
    return case


async def stroke(scene: Scene, unit: str = "unit-05") -> str:
    """A man of 67 with weakness on the left, announced as level II."""
    case = await scene.call(unit, "stroke", 2, {"name": "吴国平", "sex": "male", "age": 67})
    values = {
        "hr": 62,
        "rr": 18,
        "sbp": 182,
        "dbp": 104,
        "spo2": 96,
        "temp": 36.6,
        "o2": False,
        "consciousness": "A",
    }
    for _ in range(2):
        await scene.fact(unit, case, "vitals", values)
    await scene.announce(unit, case, 2, "stroke")
    return case


async def crash(scene: Scene, unit: str = "unit-07") -> str:
    """A man whom nobody knows, hurt in a crash, announced as level I and taken by nobody."""
    case = await scene.call(unit, "trauma", 1, {"sex": "male", "age": 45})
    for hr, sbp in ((112, 104), (122, 92), (128, 84)):
        values = {"hr": hr, "rr": 28, "sbp": sbp, "dbp": 52, "spo2": 89, "o2": True, "consciousness": "V"}
        await scene.fact(unit, case, "vitals", values)
    await scene.announce(unit, case, 1, "trauma")
    return case


@pytest.fixture(scope="module")
async def scene(settings: Settings, platform: Platform) -> AsyncIterator[Scene]:
    """The demo's region with a dispatcher and crews at work."""
    ground.install(settings.region_folder)
    async with open_site(settings, platform, None) as site:
        await seed.seed(platform)
        yield await open_scene(site)


@pytest.fixture(scope="module")
async def night(scene: Scene) -> dict[str, str]:
    """An infarction, a stroke and an unknown man, all on the way here."""
    return {"infarction": await infarction(scene), "stroke": await stroke(scene), "crash": await crash(scene)}


@pytest.fixture
def site(scene: Scene) -> Site:
    return scene.site
