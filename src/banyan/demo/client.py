"""One actor of the story at the API: signs requests, tells the story's time, tries again when the net is away."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from banyan.clock import Clock

TRIES = 40
BATCH = 200


class Refused(Exception):
    """The API said no; the story goes on without."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(f"{status}: {detail}")
        self.status = status


@dataclass
class Time:
    """The story's time: waits in it, tells it."""

    clock: Clock
    start: datetime

    def now(self) -> datetime:
        return self.clock.now()

    async def until(self, moment: datetime) -> datetime:
        """Waits for a moment of the story."""
        while (left := (self.clock.wall_of(moment) - datetime.now(UTC)).total_seconds()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(min(left, 5.0))
        return moment

    async def after(self, seconds: float) -> datetime:
        """Waits so many seconds of the story."""
        return await self.until(self.now() + timedelta(seconds=seconds))

    def every(self, seconds: float, *, at_least_wall_s: float = 1.0) -> float:
        """A pause of the story that is never shorter than so many seconds of life."""
        rate = float(self.clock.setting()["rate"])
        return max(seconds, at_least_wall_s * rate)


@dataclass
class Actor:
    """Somebody with an account. `away` is set while their network is."""

    http: httpx.AsyncClient
    token: str
    time: Time
    name: str
    away: bool = False
    shift: str | None = None
    outbox: list[dict[str, Any]] = field(default_factory=list)
    frames: list[bytes] = field(default_factory=list)
    facts_sent: int = 0

    async def get(self, path: str, **params: Any) -> Any:
        return (await self._ask("GET", path, params=params)).json()

    async def post(self, path: str, body: Any = None) -> Any:
        return (await self._ask("POST", path, json=body if body is not None else {})).json()

    async def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Asks until the server answers; what it refuses is not asked again."""
        headers = {"Authorization": f"Bearer {self.token}"}
        for attempt in range(TRIES):
            try:
                answer = await self.http.request(method, path, headers=headers, **more)
            except httpx.TransportError:
                await asyncio.sleep(min(5.0, 0.2 * 2**attempt))
                continue
            if answer.status_code < 400:
                return answer
            if answer.status_code in (429, 502, 503, 504) or answer.status_code == 500:
                await asyncio.sleep(min(5.0, 0.2 * 2**attempt))
                continue
            detail = (
                answer.json().get("detail", answer.text)
                if "json" in answer.headers.get("content-type", "")
                else answer.text
            )
            raise Refused(answer.status_code, f"{method} {path}: {detail}")
        raise Refused(503, f"{method} {path}: the server does not answer.")

    async def fact(
        self,
        case: str,
        kind: str,
        data: dict[str, Any],
        *,
        source: str = "manual",
        at: datetime | None = None,
    ) -> str:
        """Records a fact at the story's time; it leaves at once, or when the network is back."""
        moment = (at or self.time.now()).isoformat()
        fact = {
            "id": str(uuid.uuid4()),
            "case": case,
            "kind": kind,
            "at": moment,
            "source": source,
            "clock": {"device": datetime.now(UTC).isoformat(), "offset_ms": 0},
            "data": data,
        }
        self.outbox.append(fact)
        await self.flush()
        return str(fact["id"])

    async def frame(self, raw: bytes, *, demonstration: bool) -> None:
        self.frames.append(raw)
        if len(self.frames) >= max(1, int(self.time.every(1.0, at_least_wall_s=0.5))):
            await self.flush_frames(demonstration=demonstration)

    async def flush_frames(self, *, demonstration: bool) -> None:
        if self.away or not self.frames:
            return
        sending, self.frames = self.frames, []
        await self._ask(
            "POST",
            "/api/emergency/frames",
            params={"demonstration": demonstration},
            content=b"".join(sending),
        )

    async def flush(self) -> None:
        """Sends what waits, in order. What the server refuses is a mistake of the story and stops it."""
        while self.outbox and not self.away:
            batch = self.outbox[:BATCH]
            answer = await self.post("/api/emergency/sync", {"facts": batch, "shift": self.shift})
            for result in answer["results"]:
                if result["status"] in ("refused", "parked"):
                    raise Refused(
                        422, f"{self.name}: fact {result['id']} is {result['status']}: {result.get('reason')}"
                    )
            self.outbox = self.outbox[len(batch) :]
            self.facts_sent += len(batch)

    @asynccontextmanager
    async def without_network(self) -> AsyncIterator[None]:
        """What happens in here is kept on the device and sent afterwards."""
        self.away = True
        try:
            yield
        finally:
            self.away = False
            await self.flush()
            await self.flush_frames(demonstration=True)
