"""What `make screenshots` opens of people and access: sign-in, people, roles, devices, audit, one's own account."""

from __future__ import annotations

from typing import Any

from banyan.web.screens import Screen, Steps


async def _as_it_is(page: Any) -> None:
    """The page as it opens."""


async def _refused_password(page: Any) -> None:
    await page.locator("[name=username]").fill("wangmin")
    await page.locator("[name=password]").fill("not the password")
    await page.keyboard.press("Enter")
    await page.locator("[role=alert]").first.wait_for()


async def _taken_name(page: Any) -> None:
    """The form of a new person, sent with a name that somebody has."""
    await page.locator("main [name=name]").first.fill("wangmin")
    await page.locator("main form button").last.click()
    await page.wait_for_timeout(600)


async def _looked_up(page: Any) -> None:
    await page.locator("main form button").first.click()
    await page.wait_for_timeout(600)


_SIGN_IN: dict[str, Steps] = {"": _as_it_is, "wrong-password": _refused_password}
_ADD: dict[str, Steps] = {"": _as_it_is, "name-taken": _taken_name}

SCREENS = (
    Screen("signin", "/signin", None, _SIGN_IN),
    Screen("signin-expired", "/signin?expired=1&next=/account", None),
    Screen("signin-forgot", "/signin/forgot", None),
    Screen("account", "/account", "dispatcher"),
    Screen("people", "/people", "administrator"),
    Screen("people-add", "/people/add", "administrator", _ADD),
    Screen("person", "/people/linyue", "administrator", user="admin"),
    Screen("roles", "/access/roles", "administrator"),
    Screen("why", "/access/why", "administrator", {"": _as_it_is, "asked": _looked_up}),
    Screen("devices", "/access/devices", "administrator"),
    Screen("audit", "/audit", "auditor"),
    Screen("audit-patient", "/audit/patient?patient=story-stemi", "auditor"),
    Screen("audit-staff", "/audit/staff?user=linyue", "auditor"),
    Screen("my-looks", "/my/looks", "citizen"),
    Screen("no-permission", "/people", "crew"),
)
