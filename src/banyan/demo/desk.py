"""The dispatcher of the story: takes calls, sends the unit that is recommended."""

import uuid
from dataclasses import dataclass
from typing import Any

from banyan.demo.client import Actor, Refused, Time
from banyan.demo.scenario import Scene

ASK_S = 55  # from the call to the choice of a unit
RETRY_S = 30


@dataclass
class Desk:
    actor: Actor
    time: Time

    async def take(self, scene: Scene, place: tuple[float, float], address: str) -> tuple[str, str]:
        """Takes a call and sends a unit; returns case and unit."""
        call: dict[str, Any] = {
            "id": str(uuid.uuid4()),
            "complaint": scene.complaint,
            "answers": scene.answers,
            "caller": scene.caller,
            "address": {"text": address, "lat": place[0], "lon": place[1]},
            "patient": scene.patient,
        }
        view = await self.actor.post("/api/emergency/calls", call)
        if scene.level != view["level"]:
            call |= {"level": scene.level, "level_reason": "调度员判断", "etag": view["etag"]}
            view = await self.actor.post(f"/api/emergency/cases/{view['id']}/call", call)
        await self.time.after(ASK_S)
        return view["id"], await self._send(view["id"])

    async def _send(self, case: str) -> str:
        """The first of the ranking; when somebody at a page was quicker, their choice."""
        while True:
            ranking = await self.actor.get(f"/api/emergency/cases/{case}/units")
            best = next((option for option in ranking["options"] if option["rank"] == 1), None)
            if best is not None:
                try:
                    await self.actor.post(f"/api/emergency/cases/{case}/dispatch", {"unit": best["unit"]})
                    return str(best["unit"])
                except Refused as no:
                    if no.status != 409:
                        raise
            view = await self.actor.get(f"/api/emergency/cases/{case}")
            if view["unit"] is not None:
                return str(view["unit"]["id"])
            await self.time.after(RETRY_S)
