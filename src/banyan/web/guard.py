"""What every request passes first: number, security headers, limit of the body, guard against forgery."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from banyan.web.problems import Refused, refusal

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
}
MIB = 1024 * 1024
LIMITS = {"/fhir": 64 * MIB, "/api": 32 * MIB, "": MIB}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
GUARD_HEADER = "x-banyan"


class Numbered:
    """Gives each request an id (the caller's own, where it sent one) and each answer the security headers."""

    def __init__(self, app: ASGIApp, https: bool) -> None:
        self._app = app
        self._headers = HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        request_id = _request_id(Headers(scope=scope).get("x-request-id"))
        scope.setdefault("state", {})["request_id"] = request_id

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                headers["X-Request-Id"] = request_id
            await send(message)

        return await self._app(scope, receive, answer)


def _request_id(given: str | None) -> str:
    acceptable = given and len(given) <= 64 and all(c.isalnum() or c in "-_." for c in given)
    return given if given and acceptable else uuid.uuid4().hex


class BodyLimit:
    """Refuses a body that is longer than its part of the site takes, before it fills the memory."""

    def __init__(self, app: ASGIApp, limits: Mapping[str, int] = LIMITS) -> None:
        self._app, self._limits = app, limits

    def _limit(self, path: str) -> int:
        return next(limit for prefix, limit in self._limits.items() if path.startswith(prefix))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE:
            return await self._app(scope, receive, send)
        limit = self._limit(scope["path"])
        too_long = Refused(
            413, f"The body is longer than the {limit // MIB} MiB that this address takes. Send less at once."
        )
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdigit() and int(declared) > limit:
            return await refusal(Request(scope), too_long)(scope, receive, send)
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise too_long
            return message

        return await self._app(scope, counted, send)


class SameSite:
    """Refuses a write that comes with the session's cookie but not from a page of ours."""

    def __init__(self, app: ASGIApp, base_url: str | None) -> None:
        self._app = app
        self._host = urlsplit(base_url).netloc if base_url else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        forged = scope["type"] == "http" and scope["method"] not in SAFE and not self._ours(scope)
        if not forged:
            return await self._app(scope, receive, send)
        refused = Refused(
            403, "This write did not come from a page of this site. Open the page again and repeat it."
        )
        return await refusal(Request(scope), refused)(scope, receive, send)

    def _ours(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        if not scope["state"]["by_cookie"] or headers.get(GUARD_HEADER):
            # Another site cannot add a header of ours without being asked first (CORS), and is never allowed.
            return True
        if (site := headers.get("sec-fetch-site")) is not None:
            return site in ("same-origin", "none")
        origin = headers.get("origin") or headers.get("referer")
        return origin is not None and urlsplit(origin).netloc in (headers.get("host"), self._host)
