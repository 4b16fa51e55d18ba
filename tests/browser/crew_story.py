"""A crew on shift with a call sent to it: through the command line and the public API only."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Browser, BrowserContext, Page

from banyan.demo.seed import password
from tests.seeded import served_copy
from tests.served import Served

CREW, DISPATCHER, UNIT = "linyue", "wangmin", "unit-03"
COURSE = ["with_patient", "to_hospital", "at_hospital", "handed_over", "leaving", "available"]


@dataclass
class Rescue:
    """One served region; each `call()` is a new case sent to the crew's unit."""

    served: Served
    tokens: dict[str, str] = field(default_factory=dict)
    patients: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.served.url

    @property
    def password(self) -> str:
        return password(self.served.data)

    def api(self, user: str, method: str, path: str, body: Any = None) -> Any:
        """An answer of the emergency API to one user."""
        token = self.tokens.get(user) or self.tokens.setdefault(user, self.served.token(user))
        answer = httpx.request(
            method,
            f"{self.url}/api/emergency{path}",
            json=body,
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )
        assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def call(self, *, complaint: str = "chest-pain", level: int = 1, sent: bool = True) -> str:
        """A call from the harbour, sent to the crew's unit unless told otherwise; the case's id."""
        self.finish()
        taken = self.api(DISPATCHER, "POST", "/calls", {
            "id": str(uuid.uuid4()), "complaint": complaint, "level": level, "level_reason": "test",
            "address": {"text": "Avenida Costanera 118", "lat": -29.953, "lon": -71.338, "note": "5th floor"},
            "caller": {"name": "陈女士", "phone": "13800002716", "relation": "daughter"},
            "patient": {"sex": "female", "age": 81}, "answers": {},
        })  # fmt: skip
        if sent:
            self.api(DISPATCHER, "POST", f"/cases/{taken['id']}/dispatch",
                     {"unit": UNIT, "instructions": [], "reason": "test"})  # fmt: skip
        return str(taken["id"])

    def finish(self) -> None:
        """The unit's case, if it has one, is over: the next call finds it free."""
        shift = self.api(CREW, "GET", "/shift")
        if shift["case"] is None:
            return
        if (state := shift["unit"]["state"]) in COURSE:
            rest = COURSE[COURSE.index(state) + 1 :]
            facts = [a_fact(shift["case"], "state", {"unit_state": each}) for each in rest]
            self.api(CREW, "POST", "/sync", {"facts": facts})
        else:
            self.api(DISPATCHER, "POST", f"/tasks/{shift['task']}/cancel", {"reason": "the test is over"})

    def case(self, case: str) -> Any:
        return self.api(CREW, "GET", f"/cases/{case}")

    def state(self, case: str, *points: str) -> None:
        """Brings a case to a step by facts, as the crew's page would."""
        states = {"depart_base": "en_route", "arrive_scene": "at_scene", "fmc": "with_patient"}
        facts = [
            fact
            for point in points
            for fact in (
                a_fact(case, "time", {"point": point}),
                a_fact(case, "state", {"unit_state": states[point]}),
            )
        ]
        task = self.case(case)["task"]
        if task["status"] == "requested":
            self.api(CREW, "POST", f"/tasks/{task['id']}/accept", {})
        results = self.api(CREW, "POST", "/sync", {"facts": facts})["results"]
        assert all(r["status"] == "stored" for r in results), results


def a_fact(case: str, kind: str, data: dict[str, Any], *, ago: float = 0) -> dict[str, Any]:
    at = (datetime.now(UTC) - timedelta(seconds=ago)).isoformat()
    clock = {"device": at, "offset_ms": 0}
    return {
        "id": str(uuid.uuid4()),
        "case": case,
        "kind": kind,
        "at": at,
        "clock": clock,
        "source": "manual",
        "data": data,
    }


@contextmanager
def a_region(seeded: Path, folder: Path) -> Iterator[Rescue]:
    """A served region with hospitals, units and people, the crew on its shift."""
    with served_copy(seeded, folder / "data") as (served, _):
        rescue = Rescue(served)
        rescue.api(CREW, "POST", "/shift", {"unit": UNIT})
        yield rescue


async def device(
    chromium: Browser,
    *,
    width: int = 390,
    height: int = 844,
    lang: str = "en",
    theme: str = "light",
    url: str = "",
    **options: Any,
) -> BrowserContext:
    """A phone (or tablet) of the crew, with its language and light chosen."""
    context = await chromium.new_context(
        viewport={"width": width, "height": height}, has_touch=True, **options
    )
    await context.add_cookies([{"name": "banyan_lang", "value": lang, "url": url}])
    await context.add_init_script(f"localStorage.setItem('banyan_crew_light', '{theme}')")
    return context


async def sign_in(page: Page, rescue: Rescue, user: str = CREW) -> None:
    """To the crew page by the sign-in page."""
    await page.goto(f"{rescue.url}/signin?next=/emergency/crew")
    await page.fill("[name=username]", user)
    await page.fill("[name=password]", rescue.password)
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".cab, .order")


async def installed(page: Page) -> None:
    """Waits until the page lies on the device."""
    await page.wait_for_selector("html[data-installed=yes]", timeout=20_000)
    await page.wait_for_timeout(500)


async def waiting(page: Page) -> int:
    return int(await page.locator(".sync").first.get_attribute("data-waiting") or 0)


async def saved(page: Page, timeout: float = 15_000) -> None:
    """Waits until the server has what was recorded (a touch takes a moment to be a fact)."""
    await page.wait_for_timeout(250)
    await page.wait_for_selector("[data-sync-state=saved]", timeout=timeout)
