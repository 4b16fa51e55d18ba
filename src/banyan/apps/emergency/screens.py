"""What `make screenshots` opens of the rescue, while the demo's story is under way: every page and its states."""

from __future__ import annotations

from typing import Any

from banyan.web.screens import Screen, Steps


async def _as_it_is(page: Any) -> None:
    """The page as it opens."""
    await page.wait_for_timeout(1200)


async def _offline(page: Any) -> None:
    await page.context.set_offline(True)
    await page.wait_for_timeout(2500)


# ---- the dispatch desk -------------------------------------------------------------------------------


async def _new_call(page: Any) -> None:
    """A call half taken: the complaint chosen, the first question asked."""
    await page.keyboard.press("F2")
    await page.locator("#nc-complaint label").first.click()
    await page.locator("#asking").wait_for()


async def _no_complaint(page: Any) -> None:
    """Sent without the place and the complaint: what is missing is named."""
    await page.keyboard.press("F2")
    await page.locator("#take-call").click()


async def _case_chosen(page: Any) -> None:
    await page.locator(".call, .job").first.click()
    await page.wait_for_timeout(800)


async def _parked(page: Any) -> None:
    await page.keyboard.press("p")


# ---- the crew's page ---------------------------------------------------------------------------------


def _view(name: str) -> Steps:
    """One view of the crew's page."""

    async def open_(page: Any) -> None:
        await page.evaluate(f"location.hash = '{name}'")
        await page.wait_for_timeout(900)

    return open_


async def _half_typed(page: Any) -> None:
    """Vital signs begun: the score says what is missing."""
    await _view("vitals")(page)
    for name in ("Heart rate", "SpO₂", "心率"):
        stepper = page.locator(f".stp[aria-label='{name} +']")
        if await stepper.count():
            await stepper.click()


async def _wrong_number(page: Any) -> None:
    """A resident number whose last digit is wrong."""
    await _view("identity")(page)
    for sign in "990101194503170022":
        await page.locator(f".keys button[aria-label='{sign}']").click()


async def _more(page: Any) -> None:
    await page.locator(".chead .ico").last.click()


CREW: dict[str, Steps] = {
    "": _as_it_is,
    "offline": _offline,
    "more": _more,
    **{name: _view(name) for name in ("identity", "vitals", "ecg", "drugs", "scores", "notes")},
    **{name: _view(name) for name in ("destination", "notice", "messages", "times", "waiting", "handover")},
    "vitals-half": _half_typed,
    "identity-wrong": _wrong_number,
    "gcs": _view("score/gcs"),
}


def _waking(state: str) -> Steps:
    """Whether a call reaches the device with the page closed: what a browser with that answer shows."""

    async def tell(page: Any) -> None:
        await page.evaluate(f"crew.waking = '{state}'; crew.wakeProblem = '{state}'; crew.draw()")

    return tell


NO_CASE: dict[str, Steps] = {"": _as_it_is} | {
    f"wake-{state}": _waking(state) for state in ("off", "on", "blocked", "none", "failed")
}

# ---- the hospital ------------------------------------------------------------------------------------


async def _open_case(page: Any) -> None:
    """The first patient on the way."""
    await page.locator("a.pwho").first.click()
    await page.locator(".prep").wait_for()
    await page.wait_for_timeout(1500)


async def _case_offline(page: Any) -> None:
    await _open_case(page)
    await _offline(page)


async def _pathway(page: Any) -> None:
    await _open_case(page)
    await page.locator(".prep .pfoot .btn").click()


async def _paper(page: Any) -> None:
    await _open_case(page)
    await page.locator(".hand a.btn").first.click()
    await page.locator("#sheets:not([aria-busy])").wait_for()
    await page.wait_for_timeout(1200)


async def _reviewed(page: Any) -> None:
    await page.locator("#cases tbody a").first.click()
    await page.locator("main").wait_for()
    await page.wait_for_timeout(1500)


SCREENS = (
    Screen(
        "desk",
        "/emergency/desk",
        "dispatcher",
        {
            "": _as_it_is,
            "case": _case_chosen,
            "new-call": _new_call,
            "no-complaint": _no_complaint,
            "parked": _parked,
            "offline": _offline,
        },
        user="wangmin",
        ready="#desk[data-loaded]",
    ),
    Screen("crew", "/emergency/crew", "crew", CREW, user="linyue", ready=".cab, .order"),
    Screen("crew-no-case", "/emergency/crew", "crew", NO_CASE, user="shenna", ready=".cab"),
    Screen(
        "incoming",
        "/emergency/incoming",
        "emergency_nurse",
        {"": _as_it_is, "offline": _offline},
        (390, 820, 1440, 1920),
        user="liumin",
        ready="#list:not([aria-busy])",
    ),
    Screen("incoming-empty", "/emergency/incoming", "emergency_nurse", user="pengyong", ready="#list .void"),
    Screen("incoming-nowhere", "/emergency/incoming", "chief", user="zhaoguohua"),
    Screen(
        "case",
        "/emergency/incoming",
        "emergency_doctor",
        {"": _open_case, "pathway": _pathway, "offline": _case_offline},
        user="wanglei",
        ready="a.pwho",
    ),
    Screen("handover", "/emergency/incoming", "emergency_nurse", {"": _paper}, user="liumin", ready="a.pwho"),
    Screen(
        "board", "/emergency/board", "emergency_nurse", {"": _as_it_is, "offline": _offline}, user="liumin"
    ),
    Screen(
        "command", "/emergency/command", "chief", {"": _as_it_is, "offline": _offline}, (390, 820, 1440, 1920)
    ),
    Screen("reviews", "/emergency/review", "quality_officer", user="hejing"),
    Screen("review", "/emergency/review", "quality_officer", {"": _reviewed}, user="hejing"),
    Screen("no-permission", "/emergency/desk", "crew", user="linyue"),
)
