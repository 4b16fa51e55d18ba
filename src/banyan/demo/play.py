"""Plays the story through the public API, and asks the record at the end whether all of it is there."""

import asyncio
import json
import os
import sys
import time
from datetime import timedelta

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from banyan.demo.client import Actor, Refused, Time
from banyan.demo.crew import Crew
from banyan.demo.desk import Desk
from banyan.demo.fleet import Fleet, Vehicle
from banyan.demo.institutions import HOSPITALS, UNITS
from banyan.demo.promises import Promise, check
from banyan.demo.scenario import STORY, Scene
from banyan.demo.seed import TRACKER, again, password, token_of, write_histories
from banyan.demo.sites import Site, sites, story_sites
from banyan.demo.staff import accounts
from banyan.demo.story import story_patients
from banyan.demo.ward import Ward
from banyan.platform import Platform, open_platform
from banyan.region import Region
from banyan.settings import Settings, from_environment

SHOWN = (
    "dispatcher",
    "crew",
    "emergency_nurse",
    "emergency_doctor",
    "cardiologist",
    "quality_officer",
    "chief",
    "administrator",
)
PAGES = {
    "dispatcher": "/emergency/desk",
    "crew": "/emergency/crew",
    "emergency_nurse": "/emergency/incoming",
    "emergency_doctor": "/emergency/incoming",
    "cardiologist": "/emergency/incoming",
    "quality_officer": "/emergency/review",
    "chief": "/emergency/command",
    "administrator": "/people",
}


class Play:
    """One telling of the story."""

    def __init__(self, settings: Settings, platform: Platform, console: Console) -> None:
        self.settings, self.platform, self.console = settings, platform, console
        self.time = Time(platform.clock, platform.clock.now())
        self.http = httpx.AsyncClient(base_url=settings.url, timeout=60, verify=settings.tls_cert is None)
        self.cases: dict[str, str] = {}

    async def actor(self, user: str) -> Actor:
        return Actor(self.http, await again(lambda: token_of(self.platform, user)), self.time, user)

    async def run(self) -> list[Promise]:
        """Plays, while people with whole histories are still being written; then checks."""
        region = await asyncio.to_thread(Region.load, self.settings.region_folder)
        self._introduce()
        histories = asyncio.create_task(write_histories(self.platform))
        promises = await self._play(region)
        await histories
        return promises

    def _introduce(self) -> None:
        table = Table(title=f"Open {self.settings.url} · password for all: {password(self.settings.data)}")
        for heading in ("account", "who", "page"):
            table.add_column(heading)
        told = set()
        for person in accounts():
            if person.role in SHOWN and person.role not in told:
                told.add(person.role)
                table.add_row(person.user, f"{person.zh} {person.en} · {person.role}", PAGES[person.role])
        self.console.print(table)
        if self.settings.host in ("127.0.0.1", "localhost"):
            self.console.print(
                "Only this machine can open it. For a phone: banyan demo --host 0.0.0.0 --tls-cert … --tls-key …"
            )

    async def _play(self, region: Region) -> list[Promise]:
        self.time.start = self.time.now()
        placed, roads = sites(region), story_sites(region)
        fleet = Fleet(
            region,
            await self.actor(TRACKER),
            self.time,
            {unit.id: Vehicle(unit.id, placed[unit.base].lat, placed[unit.base].lon) for unit in UNITS},
        )
        crews = await self._crews(
            fleet, {unit.id: (placed[unit.base].lat, placed[unit.base].lon) for unit in UNITS}
        )
        desk = Desk(await self.actor("wangmin"), self.time)
        wards = await self._wards()
        helpers = [asyncio.create_task(fleet.run()), *(asyncio.create_task(ward.run()) for ward in wards)]
        numbers = {
            key: each.resident.resident_id for key, each in story_patients(self.time.now().date()).items()
        }
        scenes = [
            asyncio.create_task(self._scene(scene, desk, crews, roads[scene.key], numbers.get(scene.key)))
            for scene in STORY
        ]
        try:
            await self._until_over(scenes, helpers, wards)
            return await self._promises()
        finally:
            for task in (*scenes, *helpers):
                task.cancel()
            await asyncio.gather(*scenes, *helpers, return_exceptions=True)

    async def _until_over(
        self, scenes: list[asyncio.Task[None]], helpers: list[asyncio.Task[None]], wards: list[Ward]
    ) -> None:
        """Waits for all scenes and for what the hospitals still do; a mistake anywhere ends the story."""
        bar = Progress(
            TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=self.console
        )
        with bar:
            steps = bar.add_task("The story", total=2 * len(scenes))
            while (done := _done(scenes, wards)) < 2 * len(scenes):
                bar.update(steps, completed=done)
                for task in (*scenes, *helpers):
                    if task.done() and not task.cancelled() and (problem := task.exception()):
                        raise problem
                await asyncio.sleep(0.5)

    async def _crews(self, fleet: Fleet, bases: dict[str, tuple[float, float]]) -> dict[str, Crew]:
        people = {person.unit: person.user for person in accounts() if person.unit}
        crews = {}
        for unit in UNITS:
            crew = Crew(await self.actor(people[unit.id]), unit.id, fleet, self.time, bases[unit.id])
            await crew.begin()
            crews[unit.id] = crew
        return crews

    async def _wards(self) -> list[Ward]:
        wards = []
        for hospital in HOSPITALS:
            staff = {p.role: p.user for p in accounts() if p.institution == hospital.id}
            wards.append(
                Ward(
                    hospital.id,
                    await self.actor(staff["emergency_nurse"]),
                    self.time,
                    await self.actor(staff["emergency_doctor"]) if "emergency_doctor" in staff else None,
                    await self.actor(staff["cardiologist"]) if "cardiologist" in staff else None,
                )
            )
        return wards

    async def _scene(
        self, scene: Scene, desk: Desk, crews: dict[str, Crew], site: Site, number: str | None
    ) -> None:
        await self.time.until(self.time.start + timedelta(seconds=scene.call_at))
        case, unit = await desk.take(scene, (site.lat, site.lon), site.street)
        self.cases[scene.key] = case
        self.console.print(f"{scene.key}: case {case[:8]}, {unit} sent")
        await crews[unit].rescue(scene, case, number)
        self.console.print(f"{scene.key}: handed over")

    async def _promises(self) -> list[Promise]:
        token = await again(lambda: token_of(self.platform, "zhaoguohua"))
        found: list[Promise] = []
        for scene in STORY:
            found += await check(self.http, token, scene, self.cases[scene.key])
        return found


def _done(scenes: list[asyncio.Task[None]], wards: list[Ward]) -> int:
    """Scenes told, and patients whose hospital has nothing left to do."""
    received = [task for ward in wards for task in ward.busy.values()]
    return sum(task.done() for task in scenes) + min(len(scenes), sum(task.done() for task in received))


async def play(settings: Settings, *, exit_at_end: bool) -> int:
    """The story's exit status: 0 when every promise is kept."""
    console = Console()
    began = time.monotonic()
    async with open_platform(settings) as platform:
        telling = Play(settings, platform, console)
        try:
            promises = await telling.run()
        except Refused as no:
            console.print(f"[red]The story stopped: {no}[/red]")
            return 1
        broken = [each for each in promises if not each.kept]
        for each in broken:
            console.print(f"[red]missing[/red] {each.scene}: {each.what} {each.found}")
        kept = len(promises) - len(broken)
        console.print(
            f"{kept} of {len(promises)} facts of the story are in the record, after {time.monotonic() - began:.0f} s."
        )
        if not exit_at_end:
            console.print("The server goes on; look around. Ctrl-C stops it.")
    return 1 if broken else 0


def main() -> int:
    """Run by `banyan demo` as a process of its own."""
    wish = json.loads(os.environ.get("BANYAN_DEMO", "{}"))
    return asyncio.run(play(from_environment(), exit_at_end=bool(wish.get("exitAtEnd"))))


if __name__ == "__main__":
    sys.exit(main())
