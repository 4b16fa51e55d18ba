"""What the applications' APIs share: who asks, and the platform."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from banyan.access import Principal
from banyan.platform import Platform
from banyan.web.problems import Refused

__all__ = ["Here", "Refused", "Who"]


def signed_in(request: Request) -> Principal:
    """The one who asks; refuses who is not signed in."""
    principal: Principal | None = request.state.principal
    if principal is None:
        raise Refused(
            401,
            "Sign in, or send a token: Authorization: Bearer … (banyan token create).",
            headers={"WWW-Authenticate": 'Bearer realm="banyan"'},
        )
    return principal


def platform_of(request: Request) -> Platform:
    """The platform that this server runs on."""
    opened: Platform = request.app.state.platform
    return opened


Who = Annotated[Principal, Depends(signed_in)]
Here = Annotated[Platform, Depends(platform_of)]
