"""GET /live: the stream of server-sent events of one browser."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from banyan.record.errors import EpochChanged
from banyan.web.live.encode import HEARTBEAT, PADDING, epoch_of, named, pieces, position_of
from banyan.web.problems import Refused

if TYPE_CHECKING:
    from banyan.access import Principal
    from banyan.web.live.hub import Hub
    from banyan.web.live.viewer import Viewer

MOST_TOPICS = 200
TOO_OLD = 20_000  # changes; who was away for longer reads the present state instead of the past
PAGE = 1000
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),
]


async def _live(request: Request) -> Response:
    who: Principal | None = request.state.principal
    if who is None:
        raise Refused(401, "Live events are for people who are signed in.")
    topics = [topic for topic in request.query_params.get("topics", "").split(",") if topic]
    if not topics or len(topics) > MOST_TOPICS:
        raise Refused(400, f"Ask for 1 to {MOST_TOPICS} topics, divided by commas: /live?topics=desk,case/…")
    hub: Hub = request.app.state.hub
    refused = [topic for topic in topics if not await hub.may_follow(who, topic)]
    if refused:
        raise Refused(403, f"{who.name} may not follow: {', '.join(refused)}.", topics=refused)
    since = request.headers.get("last-event-id") or request.query_params.get("from") or ""
    return _Stream(hub, request, who, topics, since)


class _Stream(Response):
    """Sends hello, what was missed, then what happens, with a heartbeat where nothing does."""

    def __init__(self, hub: Hub, request: Request, who: Principal, topics: list[str], since: str) -> None:
        super().__init__()
        self._hub, self._request, self._who, self._topics, self._since = hub, request, who, topics, since

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        with self._hub.viewer(self._topics) as viewer:
            sending = asyncio.create_task(self._send(viewer, send))
            leaving = asyncio.create_task(_left(receive))
            await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
            for task in (sending, leaving):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, OSError):
                    await task
        with contextlib.suppress(OSError):
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send(self, viewer: Viewer, send: Send) -> None:
        async for chunk in self._chunks(viewer):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})

    async def _chunks(self, viewer: Viewer) -> AsyncIterator[bytes]:
        joined = self._hub.cursor
        yield PADDING + b"retry: 500\n" + named("hello", self._since or joined)
        async for chunk in self._missed(joined):
            yield chunk
        while not self._hub.closing:
            chunk = await viewer.take(HEARTBEAT)
            if viewer.lagging:
                viewer.caught_up()
                yield named("reset", self._hub.cursor, "slow")
            elif chunk:
                yield chunk
            elif lost := await self._lost():
                yield named("refused", self._hub.cursor, lost)
                return
            else:
                yield named("beat", self._hub.cursor)

    async def _missed(self, joined: str) -> AsyncIterator[bytes]:
        """Everything on the topics between the browser's last event and the moment it joined."""
        if not self._since:
            return
        try:
            gap = position_of(joined) - position_of(self._since)
        except ValueError:
            gap = TOO_OLD + 1
        if epoch_of(self._since) != epoch_of(joined) or gap > TOO_OLD:
            yield named("reset", joined, "old")
            return
        cursor, end = self._since, position_of(joined)
        while position_of(cursor) < end:
            try:
                chunk, cursor = await self._page(cursor, end)
            except EpochChanged:
                yield named("reset", self._hub.cursor, "epoch")
                return
            if chunk:
                yield chunk

    async def _page(self, cursor: str, end: int) -> tuple[bytes, str]:
        platform = self._request.app.state.platform
        changes, after = await platform.feed.read(cursor, limit=PAGE)
        missed = [change for change in changes if change.position <= end]
        if not missed:
            return b"", f"{epoch_of(after)}.{end}"
        ready = await pieces(platform, self._hub.expanders, missed, frozenset(self._topics))
        return b"".join(piece.chunk for piece in ready), missed[-1].cursor

    async def _lost(self) -> str:
        """What ends the stream: "session" where it has ended, "rights" where one was taken, else nothing."""
        platform = self._request.app.state.platform
        cookie = self._request.cookies.get("banyan_session")
        bearer = self._request.headers.get("authorization", "").partition(" ")[2] or None
        who = await platform.accounts.principal_of(cookie=None if bearer else cookie, bearer=bearer)
        if who is None:
            return "session"
        kept = [await self._hub.may_follow(who, topic) for topic in self._topics]
        return "" if all(kept) else "rights"


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def routes() -> list[BaseRoute]:
    return [Route("/live", _live, methods=["GET"])]
