"""A crew of the story: from the order to the handover, by the same facts that a crew's device sends."""

import asyncio
import uuid
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from banyan.apps.emergency.ecg.demo import demo_ecg
from banyan.apps.emergency.ecg.frame import encode
from banyan.demo.client import Actor, Refused, Time
from banyan.demo.fleet import Fleet
from banyan.demo.scenario import Scene, Values

MONITOR_S = 8.0
SIGNED_WITHIN = timedelta(minutes=8)


@dataclass
class Crew:
    actor: Actor
    unit: str
    fleet: Fleet
    time: Time
    base: tuple[float, float]
    _home: asyncio.Task[None] | None = field(default=None, repr=False)

    async def begin(self) -> None:
        """Begins the shift; the token proves it for what is recorded without network."""
        self.actor.shift = (await self.actor.post("/api/emergency/shift", {"unit": self.unit}))["token"]

    async def rescue(self, scene: Scene, case: str, resident_id: str | None) -> None:
        """One rescue from the order to the next readiness."""
        if self._home is not None:
            self._home.cancel()
        view = await self.actor.get(f"/api/emergency/cases/{case}")
        await self.time.after(9)
        await self._state(case, "accepted")
        await self.time.after(46)
        await self._state(case, "en_route")
        await self.fleet.drive(self.unit, view["address"]["lat"], view["address"]["lon"])
        await self._state(case, "at_scene")
        await self.time.after(70)
        await self._state(case, "with_patient")
        fmc = self.time.now()
        await self._on_scene(scene, case, resident_id, fmc)
        hospital = await self._choose(scene, case)
        await self._until(fmc, scene.on_scene_s)
        await self._state(case, "to_hospital")
        place = await self._place_of(hospital)
        await self._transport(scene, case, place)
        await self._state(case, "at_hospital")
        await self.time.after(100)
        await self.actor.fact(case, "handover", {"sign": "crew", "note": scene.note})
        await self._wait_for_hospital(case)
        await self._state(case, "handed_over")
        await self.time.after(60)
        await self._state(case, "leaving")
        await self.time.after(30)
        await self._state(case, "available")
        self._home = asyncio.create_task(self.fleet.drive(self.unit, *self.base, lights=False))

    async def _state(self, case: str, state: str) -> None:
        await self.actor.fact(case, "state", {"unit_state": state, "unit": self.unit})

    async def _until(self, start: datetime, seconds: float) -> None:
        await self.time.until(start + timedelta(seconds=seconds))

    async def _on_scene(self, scene: Scene, case: str, resident_id: str | None, fmc: datetime) -> None:
        """Everything done with the patient before leaving, each at its second."""
        jobs = [(each[0], "vitals", each[1]) for each in scene.vitals]
        jobs.append((30, "identity", self._identity(scene, resident_id)))
        jobs += [(drug.after_s, "medication", _given(drug)) for drug in scene.drugs]
        jobs += [
            (100 + 20 * n, "assessment", {"rule": rule, "input": given})
            for n, (rule, given) in enumerate(scene.assessments)
        ]
        if scene.note:
            jobs.append((140, "note", {"text": scene.note}))
        if scene.ecg is not None:
            jobs.append((170, "ecg", scene.ecg))
        jobs = [job for job in jobs if job[0] <= scene.on_scene_s]
        streams: list[asyncio.Task[None]] = []
        async with AsyncExitStack() as stack:
            offline = scene.away
            for second, kind, data in sorted(jobs, key=lambda job: job[0]):
                if offline and second >= offline[0] and not self.actor.away:
                    await self._until(fmc, offline[0])
                    await stack.enter_async_context(self.actor.without_network())
                if offline and self.actor.away and second >= offline[1]:
                    await self._until(fmc, offline[1])
                    await stack.aclose()
                    offline = None
                await self._until(fmc, second)
                if kind == "ecg":
                    streams.append(asyncio.create_task(self._ecg(case, data, scene.ecg_seconds)))
                else:
                    await self.actor.fact(case, kind, data)
            if scene.onset_min is not None:
                onset = fmc - timedelta(minutes=scene.onset_min)
                point = "last_known_well" if scene.pathway == "stroke" else "onset"
                await self.actor.fact(case, "time", {"point": point, "precision": 300}, at=onset)
        await asyncio.gather(*streams)

    def _identity(self, scene: Scene, resident_id: str | None) -> Values:
        if resident_id is not None and not scene.unknown:
            return {"resident_id": resident_id, "scanned": True}
        return {"unknown": True, **scene.patient}

    async def _ecg(self, case: str, elevation: dict[str, float], seconds: int) -> None:
        """Streams a 12-lead ECG, a frame a second of the story; a demonstration signal, and it says so."""
        signal, start = uuid.uuid4(), self.time.now().astimezone(UTC)
        recording = demo_ecg(elevation, seconds=float(seconds), seed=7)
        for frame in recording.frames(uuid.UUID(case), signal, start):
            await self.time.until(start + timedelta(seconds=frame.sequence + 1))
            await self.actor.frame(encode(frame), demonstration=True)
            if frame.sequence == 12:
                await self.actor.flush_frames(demonstration=True)
                await self.actor.fact(case, "ecg", {"signal": str(signal), "format": "frames"})
        await self.actor.flush_frames(demonstration=True)

    async def _choose(self, scene: Scene, case: str) -> str:
        """The first of the ranking, and the notice to it."""
        ranking = await self.actor.get(f"/api/emergency/cases/{case}/destinations")
        best = next(option for option in ranking["options"] if option["rank"] == 1)
        await self.actor.fact(case, "destination", {"hospital": best["hospital"], "chosen_rank": 1})
        said = {"level": scene.level, "pathway": scene.pathway, "text": scene.note}
        await self.actor.fact(case, "notice", said)
        return str(best["hospital"])

    async def _place_of(self, hospital: str) -> tuple[float, float]:
        rows = (await self.actor.get("/api/emergency/hospitals"))["hospitals"]
        row = next(each for each in rows if each["id"] == hospital)
        return float(row["lat"]), float(row["lon"])

    async def _transport(self, scene: Scene, case: str, place: tuple[float, float]) -> None:
        """Drives while the monitor speaks."""
        drive = asyncio.create_task(self.fleet.drive(self.unit, *place))
        last = dict(scene.vitals[-1][1])
        step = 0
        while not drive.done():
            await self.actor.fact(case, "vitals", _drift(last, step), source="device")
            step += 1
            pause = asyncio.create_task(self.time.after(self.time.every(MONITOR_S)))
            await asyncio.wait({drive, pause}, return_when=asyncio.FIRST_COMPLETED)
            pause.cancel()
        await drive

    async def _wait_for_hospital(self, case: str) -> None:
        """The hospital's signature; after a while the crew leaves all the same."""
        deadline = self.time.now() + SIGNED_WITHIN
        while self.time.now() < deadline:
            view: dict[str, Any] = await self.actor.get(f"/api/emergency/cases/{case}")
            if view["handover"] and view["handover"]["hospital"]:
                return
            await self.time.after(self.time.every(10))
        raise Refused(504, f"case {case}: the hospital did not sign.")


def _given(drug: Any) -> Values:
    given = {"text": drug.text, "dose": drug.dose, "unit": drug.unit, "route": drug.route}
    return given | ({"code": drug.code} if drug.code else {})


def _drift(values: Values, step: int) -> Values:
    """The monitor's next values: a small wave around the last ones taken by hand."""
    wave = (0, 1, 2, 1, 0, -1, -2, -1)[step % 8]
    moved = {
        "hr": values["hr"] + wave,
        "spo2": min(100, values["spo2"] + (step % 3 == 0)),
        "rr": values["rr"],
    }
    return moved | {"sbp": values["sbp"] + wave, "dbp": values["dbp"]} if step % 6 == 0 else moved
