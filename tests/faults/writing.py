"""Writers that put Observations over HTTP and remember each one that was acknowledged."""

from __future__ import annotations

import contextlib
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx

VITAL = {
    "resourceType": "Observation",
    "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]},
}


@dataclass
class Writers:
    """What was acknowledged, with its value, and how often nobody answered."""

    url: str
    token: str
    acknowledged: dict[str, int] = field(default_factory=dict)
    unanswered: int = 0
    refused: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Content-Type": "application/fhir+json"}

    def write(self) -> None:
        """Writes one after the other; one without an answer is put again with its id, as a device does."""
        number = 0
        while not self.stop.is_set():
            number += 1
            self._put_until_answered(str(uuid.uuid4()), number)

    def _put_until_answered(self, identity: str, value: int) -> None:
        body = VITAL | {"id": identity, "valueQuantity": {"value": value, "unit": "/min"}}
        while not self.stop.is_set():
            try:
                where = f"{self.url}/fhir/Observation/{identity}"
                answer = httpx.put(where, json=body, headers=self.headers, timeout=20)
            except httpx.HTTPError:
                self.unanswered += 1
                time.sleep(0.05)
                continue
            if answer.status_code in (200, 201):
                self.acknowledged[identity] = value
                return
            if answer.status_code < 500:
                self.refused.append(f"{answer.status_code} {answer.text[:300]}")
                return
            time.sleep(0.05)


@contextlib.contextmanager
def writing(url: str, token: str, *, writers: int = 4) -> Iterator[Writers]:
    """Lets several writers work for as long as the block lasts."""
    state = Writers(url, token)
    threads = [threading.Thread(target=state.write, daemon=True) for _ in range(writers)]
    for thread in threads:
        thread.start()
    try:
        yield state
    finally:
        state.stop.set()
        for thread in threads:
            thread.join(timeout=30)


def missing(state: Writers, url: str) -> list[str]:
    """The acknowledged Observations that cannot be read back as they were written."""
    lost = []
    with httpx.Client(headers=state.headers, timeout=20) as client:
        for identity, value in state.acknowledged.items():
            answer = client.get(f"{url}/fhir/Observation/{identity}")
            if answer.status_code != 200 or answer.json()["valueQuantity"]["value"] != value:
                lost.append(f"{identity}: {answer.status_code}")
    return lost
