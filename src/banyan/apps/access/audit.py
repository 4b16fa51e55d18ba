"""The audit pages: what needs a second look, who looked at a record, what someone did, the sealed ledger."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from banyan.access import Look
from banyan.access.relationships import Relationships
from banyan.access.suspicion import patterns
from banyan.access.verify import Verdict, verify
from banyan.apps.access.requests import AUDITORS, back, platform_of, who_asks
from banyan.apps.access.swim import picture
from banyan.web.pages import page, render
from banyan.web.problems import Refused

DAY = timedelta(hours=24)
PAGE = 100


@page(roles=AUDITORS)
async def _officer(request: Request) -> Response:
    return await _officer_page(request)


async def _officer_page(request: Request, verdict: Verdict | None = None) -> Response:
    platform = platform_of(request)
    found = await patterns(platform.pool)
    pick = _number(request.query_params.get("pick"), len(found))
    glasses = Relationships(platform.pool)
    chosen = found[pick] if found else None
    return await render(
        request,
        "access/audit.html",
        patterns=found,
        pick=pick,
        chosen=chosen,
        looks=await platform.audit.of_user(chosen.user, count=12) if chosen else [],
        waiting=await glasses.broken_glasses(),
        reviewed=await glasses.broken_glasses(reviewed=True, count=10),
        ledger=await _ledger(request),
        verdict=verdict,
        real_now=datetime.now().astimezone(),
        done=request.query_params.get("done", ""),
    )


def _number(text: str | None, length: int) -> int:
    return int(text) if text and text.isdigit() and int(text) < length else 0


async def _ledger(request: Request) -> dict[str, Any]:
    """How many rows are sealed, until when, and how many are newer."""
    async with platform_of(request).pool.connection() as conn:
        cursor = await conn.execute(
            "select (select max(sealed_at) from access.seal), (select coalesce(sum(cardinality(ids)), 0) "
            "from access.seal), (select count(*) from access.audit), "
            "(select count(*) from access.audit where at > now() - interval '1 day' "
            "and action in ('read', 'search', 'history'))"
        )
        row = await cursor.fetchone()
    until, sealed, rows, looks = row or (None, 0, 0, 0)
    return {"until": until, "sealed": int(sealed), "newer": max(0, int(rows) - int(sealed)), "looks": looks}


@page(roles=AUDITORS)
async def _check(request: Request) -> Response:
    platform = platform_of(request)
    async with platform.pool.connection() as conn:
        await conn.execute("set transaction isolation level repeatable read, read only")
        verdict = await verify(conn, platform.accounts.keys)
    return await _officer_page(request, verdict)


@page(roles=AUDITORS)
async def _review(request: Request) -> Response:
    sent = await request.form()
    verdict = str(sent.get("verdict", ""))
    if verdict not in ("justified", "unjustified"):
        raise Refused(422, 'A verdict is "justified" or "unjustified".')
    await Relationships(platform_of(request).pool).review(
        request.path_params["grant"], verdict, by=who_asks(request), note=str(sent.get("note", ""))[:500]
    )
    return back("/audit", "reviewed")


@page(roles=AUDITORS)
async def _patient(request: Request) -> Response:
    platform, patient = platform_of(request), _patient_id(request)
    before = request.query_params.get("before", "")
    looks: list[Look] = []
    lanes, chosen = None, before if before.isdigit() else None
    if patient:
        looks = await platform.audit.of_patient(patient, before=int(chosen) if chosen else None, count=PAGE)
        held = await Relationships(platform.pool).on(patient, platform.clock.now() - 30 * DAY)
        lanes = picture(looks, held, datetime.now().astimezone())
    return await render(
        request, "access/audit-patient.html", patient=patient, looks=looks, picture=lanes,
        more=looks[-1].id if len(looks) == PAGE else None,
    )  # fmt: skip


def _patient_id(request: Request) -> str:
    return request.query_params.get("patient", "").strip().removeprefix("Patient/")


@page(roles=AUDITORS)
async def _staff(request: Request) -> Response:
    platform, user = platform_of(request), request.query_params.get("user", "").strip()
    before = request.query_params.get("before", "")
    looks = (
        await platform.audit.of_user(user, before=int(before) if before.isdigit() else None, count=PAGE)
        if user
        else await platform.audit.recent(count=PAGE)
    )
    return await render(
        request, "access/audit-staff.html", user=user, looks=looks,
        more=looks[-1].id if user and len(looks) == PAGE else None,
    )  # fmt: skip


@page(roles=("citizen",))
async def _mine(request: Request) -> Response:
    """Who looked at my record: the citizen's own page, on a phone."""
    platform, who = platform_of(request), who_asks(request)
    looks = await platform.audit.of_patient(who.patient, count=PAGE) if who.patient else []
    others = [look for look in looks if look.user != who.user and not look.user.startswith("banyan:")]
    held = await Relationships(platform.pool).on(who.patient or "", platform.clock.now() - 30 * DAY)
    return await render(
        request,
        "access/my-looks.html",
        looks=others,
        people=len({look.user for look in others}),
        reasons={one.to: one.because for one in held},
        ledger=await _ledger(request),
    )


routes: tuple[BaseRoute, ...] = (
    Route("/audit", _officer),
    Route("/audit/check", _check, methods=["POST"]),
    Route("/audit/glass/{grant:int}", _review, methods=["POST"]),
    Route("/audit/patient", _patient),
    Route("/audit/staff", _staff),
    Route("/my/looks", _mine),
)
