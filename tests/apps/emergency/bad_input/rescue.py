"""A small city in which calls are made: a real server, its places and people, and the acts of a rescue."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx

from banyan.access import platform_principal
from banyan.apps.emergency.app import app as emergency
from banyan.apps.emergency.service.hospitals import set_resources
from banyan.clock import ClockSetting
from banyan.demo.bundle import demo_bundle
from banyan.demo.places import initial_resources
from banyan.platform import Platform
from banyan.record import Author
from banyan.region import Region
from banyan.settings import Settings
from tests.web.site import ADMIN, Site, open_site

API = "/api/emergency"
STORY_RATE = 60.0
PEOPLE = {
    "wangmin": (("dispatcher",), "dispatch-centre"),
    "liqiang": (("dispatcher",), "dispatch-centre"),
    "linyue": (("crew",), "dispatch-centre"),
    "zhangbo": (("crew",), "dispatch-centre"),
    "liumin": (("emergency_nurse",), "city-second"),
    "chenzhiyuan": (("cardiologist",), "city-second"),
    "huangqian": (("emergency_nurse",), "city-first"),
    "hejing": (("quality_officer",), "city-second"),
}
HOME, SEA = (-29.907, -71.255), (-29.9, -71.7)


def a_story_clock() -> ClockSetting:
    """A minute of the region in each second of the test, a day behind the wall."""
    wall = datetime.now(UTC)
    return ClockSetting(wall_start=wall, story_start=wall - timedelta(days=1), rate=STORY_RATE)


@dataclass
class City:
    """The site with everybody signed in."""

    site: Site
    platform: Platform
    people: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    def now(self) -> datetime:
        return self.platform.clock.now()

    async def get(self, user: str, path: str, expect: int = 200) -> Any:
        return _checked(await self.people[user].get(f"{API}{path}"), expect)

    async def post(self, user: str, path: str, body: Any = None, expect: int | None = None) -> Any:
        return _checked(await self.people[user].post(f"{API}{path}", json=body or {}), expect)

    async def fhir(self, user: str, path: str) -> Any:
        return _checked(await self.people[user].get(f"/fhir/{path}"), 200)

    async def raw(self, user: str, path: str, body: Any) -> httpx.Response:
        return await self.people[user].post(f"{API}{path}", json=body)

    async def call(self, user: str = "wangmin", **changes: Any) -> dict[str, Any]:
        """A call for chest pain on a street, unless said otherwise."""
        return await self.post(user, "/calls", a_call(**changes))

    async def take_watch(self, *, seconds: float = 0.0) -> None:
        """What the worker does each second."""
        import asyncio

        await asyncio.sleep(seconds)
        for watcher in emergency.watchers:
            await watcher(self.platform)

    async def shift(self, user: str, unit: str) -> str:
        """Puts a crew on a unit that is free, and the unit on the map."""
        async with self.platform.pool.connection() as conn:
            await conn.execute("delete from emergency.unit where unit = %s", (unit,))
        token = (await self.post(user, "/shift", {"unit": unit}))["token"]
        await self.post(user, "/positions", {"positions": [self.position(unit)]})
        return str(token)

    def position(self, unit: str, place: tuple[float, float] = HOME) -> dict[str, Any]:
        return {
            "unit": unit, "lat": place[0], "lon": place[1], "at": self.now().isoformat(), "source": "phone",
        }  # fmt: skip

    async def under_way(self, user: str = "linyue", unit: str = "unit-03", **call: Any) -> Rescue:
        """A case whose unit has taken it."""
        token = await self.shift(user, unit)
        case = (await self.call(**call))["id"]
        order = {"unit": unit, "reason": "test"}
        sent = await self.post("wangmin", f"/cases/{case}/dispatch", order)
        await self.post(user, f"/tasks/{sent['task']}/accept")
        return Rescue(self, case, user, unit, token, sent["task"])


@dataclass
class Rescue:
    """One case with its crew."""

    city: City
    case: str
    crew: str
    unit: str
    token: str
    task: str
    heard: set[tuple[str, str]] = field(default_factory=set)  # live events: topic, kind

    def fact(self, kind: str, data: dict[str, Any], **changes: Any) -> dict[str, Any]:
        at = self.city.now().isoformat()
        made = {
            "id": str(uuid.uuid4()),
            "case": self.case,
            "kind": kind,
            "at": at,
            "clock": {"device": datetime.now(UTC).isoformat(), "offset_ms": 0},
            "source": "manual",
            "data": data,
        }
        return made | changes

    async def sync(self, *facts: dict[str, Any]) -> list[dict[str, Any]]:
        """Sends facts as the crew's device does; the results in their order."""
        answer = await self.city.post(self.crew, "/sync", {"facts": list(facts), "shift": self.token}, 200)
        results: list[dict[str, Any]] = answer["results"]
        assert [one["id"] for one in results] == [one["id"] for one in facts]
        return results

    async def file(self, kind: str, data: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """Files one fact that must be stored."""
        fact = self.fact(kind, data, **changes)
        [result] = await self.sync(fact)
        assert result["status"] == "stored", result
        return fact

    async def view(self, user: str | None = None) -> dict[str, Any]:
        view: dict[str, Any] = await self.city.get(user or self.crew, f"/cases/{self.case}")
        return view

    async def states(self, *states: str) -> None:
        for state in states:
            await self.file("state", {"unit_state": state})

    async def announced(self, hospital: str = "city-second") -> None:
        """With the patient, the hospital chosen and told."""
        await self.states("en_route", "at_scene", "with_patient")
        await self.file("destination", {"hospital": hospital, "chosen_rank": 2, "override_reason": "test"})
        await self.file("notice", {"level": 1, "pathway": "stemi", "text": "test"})


def a_call(**changes: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "caller": {"name": "陈女士", "phone": "13800002716"},
        "address": {"text": "Avenida Balmaceda 118", "lat": HOME[0], "lon": HOME[1]},
        "complaint": "chest-pain",
        "answers": {"awake": "yes"},
        "patient": {"sex": "female", "age": 81},
    } | changes


def _checked(answer: httpx.Response, expect: int | None) -> Any:
    fine = answer.status_code == expect if expect is not None else answer.is_success
    assert fine, (
        f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:600]}"
    )
    return answer.json() if answer.content else None


@asynccontextmanager
async def a_city(settings: Settings, platform: Platform) -> AsyncIterator[City]:
    """Loads places and staff, signs everybody in, serves."""
    region = Region.load(settings.region_folder)
    await load(platform, demo_bundle(region, date(2026, 11, 25)))
    for hospital, figures in initial_resources().items():
        await set_resources(platform, platform_principal("test"), hospital, figures)
    async with open_site(settings, platform, (emergency,)) as site:
        city = City(site, platform)
        for user, (roles, institution) in PEOPLE.items():
            city.people[user] = await site.client(user, *roles, institution=institution)
        await platform.accounts.add_user(
            "hub", by=ADMIN, roles=("integrator",), kind="system", institution="hub"
        )
        token = await platform.accounts.tokens.create("hub", by=ADMIN)
        headers = {"Authorization": f"Bearer {token}"}
        city.people["hub"] = httpx.AsyncClient(base_url=site.url, headers=headers, timeout=20)
        city.people["nobody"] = httpx.AsyncClient(base_url=site.url, timeout=20)
        yield city
        for client in city.people.values():
            await client.aclose()


async def load(platform: Platform, resources: list[dict[str, Any]]) -> None:
    async with platform.record.transaction(Author(user="test")) as transaction:
        for resource in resources:
            await transaction.update(resource)
