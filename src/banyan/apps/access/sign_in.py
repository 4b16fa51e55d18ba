"""Signing in and out: password, the institution's own account, a new password by a one-time link."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from banyan.access import AccountError, Principal, SignInError
from banyan.access.federation import account_of
from banyan.access.oidc import Oidc
from banyan.access.sessions import COOKIE, DEVICE_COOKIE
from banyan.apps.access.browser_name import browser_name
from banyan.web.i18n import N_
from banyan.web.pages import render
from banyan.web.problems import Refused

if TYPE_CHECKING:
    from banyan.platform import Platform

DEVICE_LIFE = timedelta(days=730)
MESSAGES = {
    "wrong": N_("Name or password is not right"),
    "locked": N_("Too many wrong passwords"),
    "closed": N_("This account is closed"),
    "provider": N_("Your organisation's sign-in did not work"),
    "unknown": N_("You have no account here yet"),
    "link": N_("This link is used or too old"),
}


def _platform(request: Request) -> Platform:
    platform: Platform = request.app.state.platform
    return platform


def local_page(wanted: str | None) -> str:
    """The page to go on to: only one of ours, since a link from elsewhere may name any address."""
    if wanted and wanted.startswith("/") and not wanted.startswith(("//", "/\\", "/signin", "/signout")):
        return wanted
    return "/"


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


async def _form(request: Request, template: str, *, status: int = 200, **context: object) -> Response:
    settings = _platform(request).settings
    everywhere = {
        "problem": None,
        "username": "",
        "next_page": local_page(request.query_params.get("next")),
        "expired": "expired" in request.query_params,
        "providers": settings.oidc,
    }
    response = await render(request, f"access/{template}.html", status, **(everywhere | context))
    return _with_device(request, response)


def _with_device(request: Request, response: Response) -> Response:
    """Names the device once, so that a lost one can be shut out."""
    if DEVICE_COOKIE not in request.cookies:
        _set_cookie(request, response, DEVICE_COOKIE, secrets.token_urlsafe(18), DEVICE_LIFE)
    return response


def _set_cookie(request: Request, response: Response, name: str, value: str, life: timedelta | None) -> None:
    settings = _platform(request).settings
    response.set_cookie(
        name,
        value,
        max_age=int(life.total_seconds()) if life else None,
        httponly=True,
        samesite="lax",
        secure=settings.url.startswith("https") or request.url.scheme == "https",
    )


async def _start(request: Request) -> Response:
    if request.state.principal is not None and "expired" not in request.query_params:
        return RedirectResponse(local_page(request.query_params.get("next")), 303)
    return await _form(request, "signin")


async def _password(request: Request) -> Response:
    sent = await request.form()
    name, password = str(sent.get("username", "")).strip(), str(sent.get("password", ""))
    next_page, own = local_page(str(sent.get("next", ""))), "own" in sent
    try:
        who = await _platform(request).accounts.verify_password(name, password, address=_address(request))
    except SignInError as problem:
        status = 429 if problem.kind == "locked" else 401
        return await _form(
            request, "signin", status=status, problem=problem, title_of=MESSAGES, username=name,
            next_page=next_page, expired=False,
        )  # fmt: skip
    return await _enter(request, who, next_page, own=own, via="password")


async def _enter(request: Request, who: Principal, next_page: str, *, own: bool, via: str) -> Response:
    accounts = _platform(request).accounts
    device = request.cookies.get(DEVICE_COOKIE) or secrets.token_urlsafe(18)
    agent = request.headers.get("user-agent", "")
    await accounts.devices.seen(device, who.user, browser_name(agent))
    if await accounts.devices.is_lost(device):
        raise Refused(
            403, "This device is reported lost. Give it to your administrator, who can free it again."
        )
    value, life = await accounts.sessions.open(
        who, own=own, device=device, agent=agent, address=_address(request), via=via
    )
    response = RedirectResponse(next_page, 303)
    _set_cookie(request, response, COOKIE, value, life if own else None)
    _set_cookie(request, response, DEVICE_COOKIE, device, DEVICE_LIFE)
    return response


async def _out(request: Request) -> Response:
    accounts = _platform(request).accounts
    if (value := request.cookies.get(COOKIE)) and request.state.principal is not None:
        await accounts.sessions.close(value, request.state.principal)
        accounts.forget()
    response = RedirectResponse("/signin", 303)
    response.delete_cookie(COOKIE)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


async def _forgot(request: Request) -> Response:
    return await _form(request, "signin-forgot")


async def _new_password(request: Request) -> Response:
    link = request.path_params["link"]
    name = await _platform(request).accounts.reset_of(link)
    if name is None:
        problem = SignInError("link", "Ask your administrator for a new one; each works once, for an hour.")
        return await _form(request, "signin-link", status=410, name=None, problem=problem, title_of=MESSAGES)
    return await _form(request, "signin-link", name=name)


async def _use_link(request: Request) -> Response:
    link, sent = request.path_params["link"], await request.form()
    accounts = _platform(request).accounts
    try:
        name = await accounts.use_reset(link, str(sent.get("password", "")))
        who = await accounts.principal(name)
    except AccountError as problem:
        name_kept = await accounts.reset_of(link)
        return await _form(request, "signin-link", status=422, name=name_kept, weak=str(problem))
    except SignInError as problem:
        return await _form(request, "signin-link", status=410, name=None, problem=problem, title_of=MESSAGES)
    return await _enter(request, who, "/", own=False, via="one-time link")


def _provider(request: Request) -> Oidc:
    platform = _platform(request)
    for provider in platform.settings.oidc:
        if provider.name == request.path_params["provider"]:
            return Oidc(provider, platform.pool)
    raise Refused(404, "No such sign-in is configured here.")


def _callback(request: Request) -> str:
    settings = _platform(request).settings
    base = settings.base_url or str(request.base_url)
    return f"{base.rstrip('/')}/signin/back/{request.path_params['provider']}"


async def _with_provider(request: Request) -> Response:
    oidc = _provider(request)
    device = request.cookies.get(DEVICE_COOKIE) or secrets.token_urlsafe(18)
    try:
        away = await oidc.begin(
            callback=_callback(request),
            next_page=local_page(request.query_params.get("next")),
            device=device,
        )
    except SignInError as problem:
        return await _form(request, "signin", status=502, problem=problem, title_of=MESSAGES)
    response = RedirectResponse(away, 303)
    _set_cookie(request, response, DEVICE_COOKIE, device, DEVICE_LIFE)
    return response


async def _back(request: Request) -> Response:
    oidc, asked = _provider(request), request.query_params
    try:
        if "error" in asked:
            said = asked.get("error_description") or asked["error"]
            raise SignInError("provider", f"{said[:200]}")
        identity, next_page = await oidc.finish(
            code=asked.get("code", ""),
            state=asked.get("state", ""),
            callback=_callback(request),
            device=request.cookies.get(DEVICE_COOKIE),
        )
        who = await account_of(_platform(request).accounts, identity)
    except SignInError as problem:
        return await _form(request, "signin", status=401, problem=problem, title_of=MESSAGES)
    return await _enter(request, who, next_page, own=False, via=oidc.provider.name)


routes: tuple[BaseRoute, ...] = (
    Route("/signin", _start),
    Route("/signin", _password, methods=["POST"]),
    Route("/signout", _out, methods=["POST"]),
    Route("/signin/forgot", _forgot),
    Route("/signin/new-password/{link}", _new_password),
    Route("/signin/new-password/{link}", _use_link, methods=["POST"]),
    Route("/signin/with/{provider}", _with_provider),
    Route("/signin/back/{provider}", _back),
)
