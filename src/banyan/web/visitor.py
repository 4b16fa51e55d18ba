"""Who asks, in which language and light: read once for each request."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from banyan.web.i18n import known, preferred

if TYPE_CHECKING:
    from banyan.access import Principal
    from banyan.platform import Platform

SESSION_COOKIE = "banyan_session"
LANGUAGE_COOKIE = "banyan_lang"
THEME_COOKIE = "banyan_theme"
ANONYMOUS = ("/static/", "/health", "/metrics", "/favicon.ico")


class Visitor:
    """Puts principal, locale and theme into the request's state."""

    def __init__(self, app: ASGIApp, default_locale: str) -> None:
        self._app = app
        self._default = known(default_locale) or "zh-CN"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            state = scope.setdefault("state", {})
            headers = Headers(scope=scope)
            cookies = _cookies(headers.get("cookie", ""))
            bearer = _bearer(headers.get("authorization", ""))
            session = cookies.get(SESSION_COOKIE)
            principal = None
            if (bearer or session) and not scope["path"].startswith(ANONYMOUS):
                principal = await _principal(scope["app"].state.platform, session, bearer)
            state["principal"] = principal
            state["by_cookie"] = bearer is None and session is not None
            state["locale"] = self._locale(cookies, principal, headers)
            theme = cookies.get(THEME_COOKIE)
            state["theme"] = theme if theme in ("light", "dark") else None
        await self._app(scope, receive, send)

    def _locale(self, cookies: dict[str, str], principal: Principal | None, headers: Headers) -> str:
        return (
            known(cookies.get(LANGUAGE_COOKIE))
            or (known(principal.locale) if principal else None)
            or preferred(headers.get("accept-language", ""))
            or self._default
        )


async def _principal(platform: Platform, session: str | None, bearer: str | None) -> Principal | None:
    return await platform.accounts.principal_of(cookie=None if bearer else session, bearer=bearer)


def _cookies(header: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


def _bearer(header: str) -> str | None:
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None
