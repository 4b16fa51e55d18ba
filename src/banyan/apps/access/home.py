"""What people and access put on the home page: accounts to act on, broken glasses to review."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.requests import Request

from banyan.access.relationships import Relationships
from banyan.access.suspicion import patterns
from banyan.apps.access.people import TASKS, state_of
from banyan.apps.access.requests import AUDITORS, MANAGERS, manages, platform_of, said, who_asks
from banyan.web.i18n import N_
from banyan.web.manifest import HomeCard, Need


async def card(request: Request) -> HomeCard:
    """Needs of administrators and auditors; others have none here."""
    who = who_asks(request)
    needs: list[Need] = []
    if who.has(*MANAGERS):
        needs += await _accounts(request)
    if who.has(*AUDITORS):
        needs += await _audit(request)
    return HomeCard(needs=tuple(needs))


async def _accounts(request: Request) -> list[Need]:
    now = datetime.now(UTC)
    mine = [a for a in await platform_of(request).accounts.all() if manages(who_asks(request), a.institution)]
    states = [state_of(account, now) for account in mine]
    return [
        Need(
            title=said(request, N_("Accounts: %(words)s (%(n)s)"))
            % {"words": said(request, words), "n": states.count(name)},
            path=f"/people?f={name}",
            action=said(request, N_("Look")),
            priority=mark,
        )
        for name, mark, words, _ in TASKS
        if mark and states.count(name)
    ]


async def _audit(request: Request) -> list[Need]:
    platform = platform_of(request)
    waiting = await Relationships(platform.pool).broken_glasses()
    found = await patterns(platform.pool)
    needs = [
        Need(
            title=said(request, N_("Break-glass by %(name)s")) % {"name": one.name},
            detail=one.reason,
            path="/audit#glass",
            action=said(request, N_("Review")),
            priority=2,
        )
        for one in waiting[:5]
    ]
    if found:
        title = said(request, N_("Looks that may not be in order (%(n)s)")) % {"n": len(found)}
        needs.append(Need(title=title, path="/audit", action=said(request, N_("Look")), priority=1))
    return needs
