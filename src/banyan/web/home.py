"""Home: what needs me now, from every application that this one may open."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from banyan.web.manifest import HomeCard, Need
from banyan.web.pages import page, render

if TYPE_CHECKING:
    from banyan.web.manifest import App

log = logging.getLogger("banyan.web")
PATIENCE = 2.0


async def _card(request: Request, app: App) -> HomeCard | None:
    """An application's part, or None where it does not answer in time: the page says so and goes on."""
    assert app.home is not None
    try:
        async with asyncio.timeout(PATIENCE):
            return await app.home(request)
    except Exception:
        log.exception("an application gave nothing to the home page")
        return None


def _by_urgency(need: Need) -> tuple[int, int]:
    return (-need.priority, need.level or 9)


@page()
async def _home(request: Request) -> Response:
    apps = [app for app in request.app.state.apps if app.home is not None]
    cards = await asyncio.gather(*(_card(request, app) for app in apps))
    answered = [card for card in cards if card is not None]
    needs = sorted((need for card in answered for need in card.needs), key=_by_urgency)
    return await render(
        request,
        "home.html",
        needs=needs,
        figures=[figure for card in answered for figure in card.figures],
        says=next((card.says for card in answered if card.says), ""),
        silent=[
            request.app.state.pages.translate(request.state.locale, app.title)
            for app, card in zip(apps, cards, strict=True)
            if card is None
        ],
        asked=len(apps),
        topics=sorted({topic for card in answered for topic in card.topics}),
    )


def routes() -> list[BaseRoute]:
    return [Route("/", _home)]
