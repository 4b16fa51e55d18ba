"""The pages of people: who has which role where, until when, and what needs doing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from banyan.access import ROLES, Account, AccountError
from banyan.access.relationships import Relationships
from banyan.apps.access.requests import MANAGERS, back, managed, manages, platform_of, said, who_asks
from banyan.identity import Institution, institutions
from banyan.web.forms import Form
from banyan.web.i18n import N_
from banyan.web.pages import page, render

SOON, IDLE = timedelta(days=7), timedelta(days=90)
# What each filter of the list keeps, the most urgent first: name, triangles, words, test.
Test = Callable[[Account, datetime], bool]
TASKS: tuple[tuple[str, int, str, Test], ...] = (
    ("over", 2, N_("time is over"), lambda a, now: a.valid_until is not None and a.valid_until <= now),
    (
        "soon", 1, N_("end within 7 days"),
        lambda a, now: a.valid_until is not None and now < a.valid_until <= now + SOON,
    ),
    (
        "never", 1, N_("never signed in"),
        lambda a, now: a.last_seen is None and a.kind == "person" and a.created_at < now - SOON,
    ),
    (
        "idle", 0, N_("unused for 90 days"),
        lambda a, now: a.last_seen is not None and a.last_seen < now - IDLE,
    ),
)  # fmt: skip


def state_of(account: Account, now: datetime) -> str:
    """The one word that the list shows for an account."""
    if account.disabled_at is not None:
        return "closed"
    return next((name for name, _, _, test in TASKS if test(account, now)), "ok")


@page(roles=MANAGERS)
async def _list(request: Request) -> Response:
    platform, who, now = platform_of(request), who_asks(request), datetime.now(UTC)
    mine = [a for a in await platform.accounts.all() if manages(who, a.institution)]
    states = {account.name: state_of(account, now) for account in mine}
    wanted, role = request.query_params.get("f", ""), request.query_params.get("role", "")
    shown = [a for a in mine if (not wanted or states[a.name] == wanted) and (not role or role in a.roles)]
    order = {name: place for place, (name, *_) in enumerate(TASKS)}
    shown.sort(key=lambda a: (order.get(states[a.name], 9), states[a.name] == "closed", a.name))
    return await render(
        request,
        "access/people.html",
        people=shown,
        state_by=states,
        chips=[
            (name, mark, words, sum(s == name for s in states.values())) for name, mark, words, _ in TASKS
        ],
        wanted=wanted,
        role=role,
        roles=ROLES,
        active=sum(account.disabled_at is None for account in mine),
        places=await _places(request),
    )


async def _places(request: Request) -> dict[str, str]:
    """The institutions' names in the reader's language."""
    found = await institutions(platform_of(request).door, who_asks(request))
    return {one.id: _name(one, request) for one in found}


def _name(one: Institution, request: Request) -> str:
    return one.name if request.state.locale == "zh-CN" else one.name_en


@page(roles=MANAGERS)
async def _add(request: Request) -> Response:
    return await _add_form(request, Form({"role": "emergency_nurse"}))


async def _add_form(request: Request, form: Form, status: int = 200) -> Response:
    who, places = who_asks(request), await _places(request)
    return await render(
        request,
        "access/people-add.html",
        status,
        form=form,
        roles=[role for role in ROLES if role != "citizen"],
        places={id_: name for id_, name in places.items() if manages(who, id_)},
        region=who.institution is None,
        rules=_rules(request),
    )


def _rules(request: Request) -> dict[str, list[str]]:
    """What each role may do, in the policies' own words."""
    policies = platform_of(request).door.policies
    return {role: [said(request, one.says) for one in policies.for_role(role)] for role in ROLES}


@page(roles=MANAGERS)
async def _do_add(request: Request) -> Response:
    who, sent = who_asks(request), await request.form()
    form = Form({key: str(value) for key, value in sent.items()})
    name = form.required("name", said(request, N_("Write the name or staff number to sign in with.")))
    role = form.required("role", said(request, N_("Choose a role.")))
    institution = form.value("institution") or who.institution
    if not manages(who, institution):
        form.refuse("institution", said(request, N_("You manage your own institution only.")))
    until = _day(request, form)
    if not form.ok:
        return await _add_form(request, form, 422)
    accounts = platform_of(request).accounts
    try:
        await accounts.add_user(
            name, by=who, roles=[role], display=form.value("display") or None,
            institution=institution or None, valid_until=until,
            locale=platform_of(request).settings.locale,
        )  # fmt: skip
    except AccountError as problem:
        form.refuse("name", str(problem))
        return await _add_form(request, form, 422)
    link = await accounts.reset_link(name, by=who)
    return await _person_page(request, name, link=link)


def _day(request: Request, form: Form) -> datetime | None:
    """The last day of validity: it holds until the day is over in the region."""
    written = form.value("until")
    if not written:
        return None
    try:
        day = datetime.fromisoformat(written)
    except ValueError:
        form.refuse("until", said(request, N_("Write the day as 2026-12-31.")))
        return None
    zone = ZoneInfo(platform_of(request).settings.timezone)
    return day.replace(tzinfo=zone) + timedelta(days=1)


@page(roles=MANAGERS)
async def _person(request: Request) -> Response:
    return await _person_page(request, (await managed(request)).name)


async def _person_page(request: Request, name: str, *, link: str = "", problem: str = "") -> Response:
    platform = platform_of(request)
    account = await platform.accounts.get(name)
    assert account is not None
    principal = platform.accounts.as_principal(account)
    now = platform.clock.now()
    granted = await Relationships(platform.pool).of(principal, now)
    return await render(
        request,
        "access/person.html",
        account=account,
        state=state_of(account, datetime.now(UTC)),
        sessions=await platform.accounts.sessions.of(name),
        devices=await platform.accounts.devices.all(name),
        tokens=await platform.accounts.tokens.of(name),
        patients=len({one.patient for one in granted}),
        reasons=_by_reason([one.because for one in granted]),
        looks=await platform.audit.of_user(name, count=8),
        says=[said(request, one.says) for one in platform.door.policies.reaching(principal)],
        places=await _places(request),
        roles=[role for role in ROLES if role != "citizen"],
        link=f"{_base(request)}/signin/new-password/{link}" if link else "",
        problem=problem,
        done=request.query_params.get("done", ""),
    )


def _base(request: Request) -> str:
    return (platform_of(request).settings.base_url or str(request.base_url)).rstrip("/")


def _by_reason(reasons: list[str]) -> list[tuple[str, int]]:
    counts = {reason: reasons.count(reason) for reason in dict.fromkeys(reasons)}
    return sorted(counts.items(), key=lambda pair: -pair[1])[:8]


@page(roles=MANAGERS)
async def _change(request: Request) -> Response:
    account, who, sent = await managed(request), who_asks(request), await request.form()
    accounts, here = platform_of(request).accounts, f"/people/{account.name}"
    match request.path_params["verb"]:
        case "close":
            if account.name == who.user:
                return await _person_page(
                    request, account.name, problem=said(request, N_("You cannot close your own account."))
                )
            await accounts.disable(account.name, by=who)
        case "open":
            await accounts.enable(account.name, by=who)
        case "sign-out":
            await accounts.sessions.revoke(account.name, by=who)
            accounts.forget()
        case "link":
            return await _person_page(
                request, account.name, link=await accounts.reset_link(account.name, by=who)
            )
        case "until":
            form = Form({"until": str(sent.get("until", ""))})
            until = _day(request, form)
            if until is None:
                return await _person_page(request, account.name, problem=form.errors.get("until", ""))
            await accounts.change_user(account.name, by=who, valid_until=until)
        case "roles":
            roles = [str(role) for role in sent.getlist("role")]
            try:
                await accounts.change_user(account.name, by=who, roles=roles)
            except AccountError as problem:
                return await _person_page(request, account.name, problem=str(problem))
    return back(here, request.path_params["verb"])


@page(roles=MANAGERS)
async def _end_one(request: Request) -> Response:
    account, who, id_ = await managed(request), who_asks(request), request.path_params["id"]
    accounts = platform_of(request).accounts
    if request.path_params["kind"] == "session":
        await accounts.sessions.revoke(account.name, by=who, session=id_)
    else:
        await accounts.tokens.revoke(account.name, id_, by=who)
    accounts.forget()
    return back(f"/people/{account.name}", "sign-out")


routes: tuple[BaseRoute, ...] = (
    Route("/people", _list),
    Route("/people/add", _add),
    Route("/people/add", _do_add, methods=["POST"]),
    Route("/people/{name}", _person),
    Route("/people/{name}/{kind}/{id:uuid}/end", _end_one, methods=["POST"]),
    Route("/people/{name}/{verb}", _change, methods=["POST"]),
)
