"""GET /styleguide: every component and every state of the design system, on one page."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from banyan.web.pages import page, render


@page()
async def _styleguide(request: Request) -> Response:
    return await render(request, "styleguide.html")


def routes() -> list[BaseRoute]:
    return [Route("/styleguide", _styleguide)]
