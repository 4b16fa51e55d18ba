"""Devices that people sign in from, and what happens when one is lost."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from banyan.access import AccountError
from banyan.apps.access.browser_name import is_small
from banyan.apps.access.requests import MANAGERS, back, manages, platform_of, said, who_asks
from banyan.web.pages import page, render
from banyan.web.problems import Refused


@page(roles=MANAGERS)
async def _devices(request: Request) -> Response:
    platform, who = platform_of(request), who_asks(request)
    accounts = {a.name: a for a in await platform.accounts.all()}
    found = [
        device for device in await platform.accounts.devices.all()
        if device.account in accounts and manages(who, accounts[device.account].institution)
    ]  # fmt: skip
    return await render(
        request, "access/devices.html", devices=found, accounts=accounts, is_small=is_small,
        done=request.query_params.get("done", ""),
    )  # fmt: skip


@page(roles=MANAGERS)
async def _mark(request: Request) -> Response:
    platform, who, id_ = platform_of(request), who_asks(request), request.path_params["id"]
    device = next((one for one in await platform.accounts.devices.all() if one.id == id_), None)
    owner = await platform.accounts.get(device.account) if device and device.account else None
    if device is None or owner is None:
        raise Refused(404, "There is no such device.")
    if not manages(who, owner.institution):
        raise Refused(403, "The device belongs to another institution, whose administrator decides.")
    if request.path_params["verb"] == "lost":
        await platform.accounts.devices.lost(id_, by=who)
    else:
        await platform.accounts.devices.found(id_, by=who)
    platform.accounts.forget()
    return back("/access/devices", request.path_params["verb"])


@page()
async def _account(request: Request) -> Response:
    return await _account_page(request)


async def _account_page(request: Request, problem: str = "", status: int = 200) -> Response:
    platform, who = platform_of(request), who_asks(request)
    return await render(
        request,
        "access/account.html",
        status,
        account=await platform.accounts.get(who.user),
        sessions=await platform.accounts.sessions.of(who.user),
        says=[said(request, one.says) for one in platform.door.policies.reaching(who)],
        problem=problem,
        done=request.query_params.get("done", ""),
        is_small=is_small,
    )


@page()
async def _end_session(request: Request) -> Response:
    platform, who = platform_of(request), who_asks(request)
    await platform.accounts.sessions.revoke(who.user, by=who, session=str(request.path_params["id"]))
    platform.accounts.forget()
    return back("/account", "ended")


@page()
async def _password(request: Request) -> Response:
    platform, who, sent = platform_of(request), who_asks(request), await request.form()
    old, new = str(sent.get("old", "")), str(sent.get("new", ""))
    address = request.client.host if request.client else ""
    try:
        await platform.accounts.change_password(who, old, new, address=address)
    except AccountError as problem:
        return await _account_page(request, str(problem), 422)
    return back("/account", "password")


routes: tuple[BaseRoute, ...] = (
    Route("/access/devices", _devices),
    Route("/access/devices/{id}/{verb}", _mark, methods=["POST"]),
    Route("/account", _account),
    Route("/account/sessions/{id:uuid}/end", _end_session, methods=["POST"]),
    Route("/account/password", _password, methods=["POST"]),
)
