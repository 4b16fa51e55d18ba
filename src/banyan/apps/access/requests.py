"""What the pages of people and access share: the platform, and whom an administrator may manage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import RedirectResponse

from banyan.access import Account, Principal
from banyan.web.problems import Refused

if TYPE_CHECKING:
    from banyan.platform import Platform

MANAGERS = ("administrator",)
AUDITORS = ("auditor",)


def platform_of(request: Request) -> Platform:
    platform: Platform = request.app.state.platform
    return platform


def who_asks(request: Request) -> Principal:
    principal: Principal = request.state.principal
    return principal


def manages(who: Principal, institution: str | None) -> bool:
    """An administrator without an institution manages the region, others their own institution."""
    return who.institution is None or who.institution == institution


async def managed(request: Request) -> Account:
    """The account in the address, if this administrator may manage it."""
    name = request.path_params["name"]
    account = await platform_of(request).accounts.get(name)
    if account is None:
        raise Refused(404, f'There is no account "{name}".')
    if not manages(who_asks(request), account.institution):
        raise Refused(403, f"{account.display} belongs to another institution, whose administrator decides.")
    return account


def said(request: Request, message: str) -> str:
    """A message in the reader's language."""
    translated: str = request.app.state.pages.translate(request.state.locale, message)
    return translated


def back(path: str, done: str = "") -> RedirectResponse:
    """After an act: to the page that shows what it did."""
    return RedirectResponse(f"{path}{'&' if '?' in path else '?'}done={done}" if done else path, 303)
