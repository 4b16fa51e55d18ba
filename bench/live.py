"""From a vital sign's POST to the pages that follow it: 50 ambulances, ECG at 500 Hz, 100 viewers, 2 servers."""

from __future__ import annotations

import asyncio
import contextlib
import re
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import httpx

from banyan.apps.emergency.ecg.demo import demo_ecg
from banyan.apps.emergency.ecg.frame import Frame, encode
from banyan.demo.ground import TIMEZONE, install
from banyan.demo.seed import TRACKER, seed, token_of
from banyan.platform import load_settings, open_platform
from bench.report import Figure, percentile, quick_wanted, report
from tests.served import serve

AMBULANCES, VIEWERS = 50, 100
API = "/api/emergency"
_VITAL = re.compile(rb'"kind":"vitals".*?"case":"([0-9a-f-]{36})","id":"([0-9a-f-]{36})"')
_FRAME = re.compile(rb'"kind":"ecg\.frame".*?"signal":"([0-9a-f-]{36})","seq":(\d+)')


@dataclass
class Tally:
    """When each thing was sent, and what arrived: milliseconds, how often, in which order."""

    sent: dict[str, float] = field(default_factory=dict)
    vitals_ms: list[float] = field(default_factory=list)
    frames_ms: list[float] = field(default_factory=list)
    seen: list[dict[str, int]] = field(default_factory=list)
    disorder: int = 0
    order: dict[str, dict[str, int]] = field(default_factory=dict)


class Viewer:
    """One subscribed page: follows all vital signs and one ECG."""

    def __init__(self, number: int, tally: Tally) -> None:
        self.number, self.tally = number, tally
        self.seen: set[str] = set()
        self.last: dict[bytes, int] = {}

    async def follow(self, url: str, token: str, topics: str, ready: asyncio.Event) -> None:
        """Reads the stream as a browser does, until it is cancelled."""
        parts = urlsplit(url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=2**22)
        head = f"GET /live?topics={topics} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n\r\n"
        writer.write(head.encode())
        status = await reader.readline()
        assert b"200" in status, status
        ready.set()
        try:
            while line := await reader.readline():
                if line.startswith(b"data:"):
                    self._hear(line)
        finally:
            writer.close()

    def _hear(self, line: bytes) -> None:
        now = time.perf_counter()
        if found := _VITAL.search(line):
            self._count(found[2].decode(), now, self.tally.vitals_ms)
        elif found := _FRAME.search(line[:400]):
            seq = int(found[2])
            self._count(f"{found[1].decode()}/{seq}", now, self.tally.frames_ms)
            if seq <= self.last.get(found[1], -1):
                self.tally.disorder += 1
            self.last[found[1]] = seq

    def _count(self, key: str, now: float, into: list[float]) -> None:
        if key in self.tally.sent:
            self.seen.add(key)
            into.append((now - self.tally.sent[key]) * 1000)


@dataclass(frozen=True)
class Scene:
    """The served Banyan with its cases."""

    url: str
    monitor: str
    viewer: str
    cases: list[str]


@contextlib.asynccontextmanager
async def a_scene(folder: Path) -> AsyncIterator[Scene]:
    """A served region with 50 open cases."""
    data = folder / "data"
    settings = load_settings(data, timezone=TIMEZONE)
    install(settings.region_folder)
    async with open_platform(settings) as platform:
        await seed(platform)
        tokens = {user: await token_of(platform, user) for user in (TRACKER, "wangmin", "zhaoguohua")}
    with serve(data) as served:
        async with httpx.AsyncClient(base_url=served.url, timeout=60) as http:
            cases = [await _call(http, tokens["wangmin"], number) for number in range(AMBULANCES)]
        yield Scene(served.url, tokens[TRACKER], tokens["zhaoguohua"], cases)


async def _call(http: httpx.AsyncClient, token: str, number: int) -> str:
    call = {"complaint": "chest-pain", "address": {"text": f"Bench {number}", "lat": -29.9, "lon": -71.25},
            "patient": {"sex": "male", "age": 60}}  # fmt: skip
    answer = await http.post(f"{API}/calls", json=call, headers=_bearer(token))
    answer.raise_for_status()
    return str(answer.json()["id"])


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def _ambulance(
    http: httpx.AsyncClient, scene: Scene, case: str, seconds: int, tally: Tally, start: float
) -> int:
    """One message of vital signs and one frame of twelve leads a second; returns how many were acknowledged."""
    signal, frames = uuid.uuid4(), _frames(case)
    stored = 0
    for second in range(seconds):
        await asyncio.sleep(max(0.0, start + second - time.perf_counter()))
        at, id_ = datetime.now(UTC), str(uuid.uuid4())
        fact = {"id": id_, "case": case, "kind": "vitals", "at": at.isoformat(), "source": "device",
                "data": {"hr": 80 + second % 5, "rr": 18, "spo2": 95, "sbp": 118, "dbp": 70}}  # fmt: skip
        tally.sent[id_] = time.perf_counter()
        answer = await http.post(f"{API}/sync", json={"facts": [fact]}, headers=_bearer(scene.monitor))
        stored += answer.status_code == 200 and answer.json()["results"][0]["status"] == "stored"
        raw = frames(second, signal, at)
        tally.sent[f"{signal}/{second}"] = time.perf_counter()
        answer = await http.post(f"{API}/frames", content=raw, headers=_bearer(scene.monitor))
        stored += answer.status_code == 200
    return stored


def _frames(case: str) -> Callable[[int, uuid.UUID, datetime], bytes]:
    """Makes the frame of a second, as the wire carries it."""
    recording = demo_ecg(seconds=4.0)
    rate, scale, leads = round(recording.rate_hz), recording.uv_per_lsb, recording.leads
    of = uuid.UUID(case)

    def at(second: int, signal: uuid.UUID, when: datetime) -> bytes:
        part = recording.samples[:, (second % 4) * rate : (second % 4 + 1) * rate]
        micro = int(when.timestamp() * 1_000_000)
        return encode(Frame(of, signal, second, micro, recording.rate_hz, scale, leads, part))

    return at


async def load(scene: Scene, seconds: int, viewers: int) -> tuple[Tally, int, float]:
    """Sends for so many seconds; returns what was heard, what was acknowledged, and how long it took."""
    tally = Tally()
    pages = [Viewer(number, tally) for number in range(viewers)]
    opened = [asyncio.Event() for _ in pages]
    following = [
        asyncio.create_task(
            page.follow(
                scene.url, scene.viewer, f"vitals,ecg/{scene.cases[page.number % len(scene.cases)]}", event
            )
        )
        for page, event in zip(pages, opened, strict=True)
    ]
    await asyncio.gather(*(event.wait() for event in opened))
    await asyncio.sleep(1)
    limits = httpx.Limits(max_connections=AMBULANCES * 2, max_keepalive_connections=AMBULANCES * 2)
    async with httpx.AsyncClient(base_url=scene.url, timeout=60, limits=limits) as http:
        began = time.perf_counter()
        start = [began + number / AMBULANCES for number in range(AMBULANCES)]
        stored = sum(
            await asyncio.gather(
                *(
                    _ambulance(http, scene, c, seconds, tally, s)
                    for c, s in zip(scene.cases, start, strict=True)
                )
            )
        )
        took = time.perf_counter() - began
    await asyncio.sleep(2)
    for task in following:
        task.cancel()
    await asyncio.gather(*following, return_exceptions=True)
    vitals = {key for key in tally.sent if "/" not in key}
    tally.seen = [{"missing": len(vitals - page.seen)} for page in pages]
    return tally, stored, took


async def flat_out(scene: Scene, seconds: float, viewers: int) -> float:
    """Commits a second when eight monitors send as fast as they are answered, with so many followers."""
    tally = Tally()
    pages = [Viewer(number, tally) for number in range(viewers)]
    events = [asyncio.Event() for _ in pages]
    following = [
        asyncio.create_task(page.follow(scene.url, scene.viewer, "vitals", event))
        for page, event in zip(pages, events, strict=True)
    ]
    await asyncio.gather(*(event.wait() for event in events))
    done = 0
    async with httpx.AsyncClient(base_url=scene.url, timeout=60) as http:
        end = time.perf_counter() + seconds

        async def send(case: str) -> None:
            nonlocal done
            while time.perf_counter() < end:
                fact = {"id": str(uuid.uuid4()), "case": case, "kind": "note", "source": "manual",
                        "at": datetime.now(UTC).isoformat(), "data": {"text": "bench"}}  # fmt: skip
                answer = await http.post(
                    f"{API}/sync", json={"facts": [fact]}, headers=_bearer(scene.monitor)
                )
                done += answer.status_code == 200

        await asyncio.gather(*(send(case) for case in scene.cases[:8]))
    for task in following:
        task.cancel()
    await asyncio.gather(*following, return_exceptions=True)
    return done / seconds


async def measure(quick: bool) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        async with a_scene(Path(folder)) as scene:
            tally, stored, took = await load(scene, 6 if quick else 60, VIEWERS)
            pairs = [
                (await flat_out(scene, 3, 0), await flat_out(scene, 3, VIEWERS))
                for _ in range(1 if quick else 5)
            ]
    lost = sum(page["missing"] for page in tally.seen)
    ratio = median(followed / alone for alone, followed in pairs if alone)
    sent = len(tally.sent)
    return [
        Figure("vital sign, POST to viewer, median", median(tally.vitals_ms), "ms", 100),
        Figure("vital sign, POST to viewer, p99", percentile(tally.vitals_ms, 99), "ms", 500, note="aim 100"),
        Figure("ECG frame, POST to viewer, median", median(tally.frames_ms), "ms", 100),
        Figure("ECG frame, POST to viewer, p99", percentile(tally.frames_ms, 99), "ms", 500, note="aim 100"),
        Figure("not acknowledged", sent - stored, f"of {sent}", 0),
        Figure("lost at a viewer", lost, f"of {len(tally.vitals_ms)}", 0),
        Figure("out of order", tally.disorder, "frames", 0),
        Figure("commits/s with 100 followers, of those without", ratio * 100, "%", 90, higher_is_better=True,
               note=f"without: {median(alone for alone, _ in pairs):.0f}/s"),
        Figure("sending took", took, "s", note=f"{AMBULANCES} ambulances, {VIEWERS} viewers, 2 server processes"),
    ]  # fmt: skip


def main() -> int:
    quick = quick_wanted(__doc__ or "")
    return 0 if report("live", asyncio.run(measure(quick)), quick=quick) else 1


if __name__ == "__main__":
    raise SystemExit(main())
