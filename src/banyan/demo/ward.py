"""A hospital of the story: acknowledges, prepares, reads the ECG, takes the patient over."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from banyan.demo.client import Actor, Refused, Time
from banyan.demo.scenario import STORY, Scene

LOOK_S = 6.0
ACKNOWLEDGE_S = 24
READ_S = 150
SIGN_S = 45
REPLY = "收到，导管室已启动，直接送导管室，不经急诊。"


@dataclass
class Ward:
    """The nurse of a hospital, and where there are any its emergency doctor and cardiologist."""

    hospital: str
    nurse: Actor
    time: Time
    doctor: Actor | None = None
    cardiologist: Actor | None = None
    busy: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def run(self) -> None:
        """Looks at the incoming board and looks after each patient once."""
        while True:
            board = await self.nurse.get(f"/api/emergency/hospitals/{self.hospital}/incoming")
            for row in board["cases"]:
                if row["case"] not in self.busy:
                    self.busy[row["case"]] = asyncio.create_task(self._receive(row["case"]))
            for task in self.busy.values():
                if task.done() and task.exception():
                    raise task.exception() or RuntimeError
            await self.time.after(self.time.every(LOOK_S))

    async def _receive(self, case: str) -> None:
        await self.time.after(ACKNOWLEDGE_S)
        await self._try(self.nurse, case, "acknowledge", {})
        view = await self._view(case)
        scene = _scene_of(view)
        await self.time.after(20)
        for role in [each["role"] for each in view["team"]] or ["emergency_doctor"]:
            await self._try(self.nurse, case, "team", {"role": role, "status": "called"})
        reading = asyncio.create_task(self._read(case, scene))
        prepare = asyncio.create_task(self._prepare(case))
        await self._arrival(case)
        await asyncio.gather(reading, prepare)
        await self._treat(case, scene)

    async def _try(self, who: Actor, case: str, act: str, body: dict[str, Any]) -> None:
        """An act that a person at a page may have done already."""
        try:
            await who.post(f"/api/emergency/cases/{case}/{act}", body)
        except Refused as no:
            if no.status != 409:
                raise

    async def _view(self, case: str) -> dict[str, Any]:
        found: dict[str, Any] = await self.nurse.get(f"/api/emergency/cases/{case}")
        return found

    async def _prepare(self, case: str) -> None:
        """Ticks the list, and the team comes."""
        view = await self._view(case)
        for index, item in enumerate(view["preparation"]):
            await self.time.after(40)
            await self._try(self.nurse, case, "preparation", {"id": item["id"], "done": True})
            if index < len(view["team"]):
                role = view["team"][index]["role"]
                await self._try(self.nurse, case, "team", {"role": role, "status": "coming"})
        for member in view["team"]:
            await self._try(self.nurse, case, "team", {"role": member["role"], "status": "here"})

    async def _read(self, case: str, scene: Scene | None) -> None:
        """The cardiologist reads the ECG and starts the catheter laboratory."""
        reader = self.cardiologist or self.doctor
        if reader is None or scene is None or not scene.reading:
            return
        deadline = self.time.now() + timedelta(minutes=15)
        while self.time.now() < deadline:
            view = await self._view(case)
            if view["ecgs"]:
                first = datetime.fromisoformat(view["ecgs"][0]["at"])
                await self.time.until(first + timedelta(seconds=READ_S))
                await self._try(
                    reader, case, "reading", {"signal": view["ecgs"][0]["signal"], "text": scene.reading}
                )
                await self._point(reader, case, "cathlab_called")
                await self._try(reader, case, "message", {"to": "crew", "text": REPLY})
                return
            await self.time.after(self.time.every(10))

    async def _point(self, who: Actor, case: str, point: str) -> None:
        await self._try(who, case, "times", {"point": point, "at": self.time.now().isoformat()})

    async def _arrival(self, case: str) -> None:
        """Waits for the crew's signature, and signs."""
        while True:
            view = await self._view(case)
            if view["status"] == "closed":
                return
            if view["handover"] and view["handover"]["crew"]:
                break
            await self.time.after(self.time.every(8))
        await self.time.after(SIGN_S)
        with suppress(Refused):
            await self._try(self.nurse, case, "handover", {"sign": "hospital"})

    async def _treat(self, case: str, scene: Scene | None) -> None:
        """What is done in the hospital, each at its minute after the door."""
        if scene is None:
            return
        view = await self._view(case)
        door = view["times"].get("arrive_door")
        start = datetime.fromisoformat(door["at"]) if door else self.time.now()
        for point, seconds in sorted(scene.hospital_points, key=lambda each: each[1]):
            moment = start + timedelta(seconds=seconds)
            await self.time.until(moment)
            at = min(self.time.now(), moment) if moment <= self.time.now() else moment
            await self._try(self.doctor or self.nurse, case, "times", {"point": point, "at": at.isoformat()})


def _scene_of(view: dict[str, Any]) -> Scene | None:
    """The scene that a case is, by its caller."""
    phone = (view.get("caller") or {}).get("phone")
    return next((scene for scene in STORY if scene.caller["phone"] == phone), None)
