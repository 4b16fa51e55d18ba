"""The hub of a server process: follows the feed once and fans its events out by topic."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from banyan.record.errors import EpochChanged
from banyan.web.live.encode import Piece, pieces
from banyan.web.live.viewer import Viewer

if TYPE_CHECKING:
    from banyan.access import Principal
    from banyan.platform import Platform
    from banyan.record import Change
    from banyan.web.manifest import App, Expander, MayFollow

log = logging.getLogger("banyan.live")
PAUSE = 0.02  # at most 50 writes a second to each viewer: events of one pause share one write
IDLE = 5.0
BATCH = 1000


class Hub:
    """One follower of the feed; viewers come and go."""

    def __init__(self, platform: Platform, apps: Iterable[App]) -> None:
        self._platform = platform
        self._topics: dict[str, MayFollow] = {}
        self.expanders: dict[str, Expander] = {}
        for app in apps:
            self._topics |= app.topics
            self.expanders |= app.expanders
        self._viewers: dict[str, set[Viewer]] = defaultdict(set)
        self.count = 0
        self.cursor = ""
        self.closing = False

    async def may_follow(self, who: Principal, topic: str) -> bool:
        """Whether this one may follow a topic; the longest prefix that an application declared decides."""
        fitting = [prefix for prefix in self._topics if topic == prefix or topic.startswith(f"{prefix}/")]
        if not fitting:
            return False
        return await self._topics[max(fitting, key=len)](self._platform, who, topic)

    @contextlib.contextmanager
    def viewer(self, topics: Iterable[str]) -> Iterator[Viewer]:
        """A viewer that gets everything after the present cursor, until it leaves."""
        viewer = Viewer(frozenset(topics))
        for topic in viewer.topics:
            self._viewers[topic].add(viewer)
        self.count += 1
        try:
            yield viewer
        finally:
            self.count -= 1
            for topic in viewer.topics:
                self._viewers[topic].discard(viewer)
                if not self._viewers[topic]:
                    del self._viewers[topic]

    @contextlib.asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Follows the feed while the server runs."""
        self.cursor = await self._platform.feed.latest()
        task = asyncio.create_task(self._follow(), name="live hub")
        try:
            yield
        finally:
            self.close()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def close(self) -> None:
        """Ends all streams, so that the server can stop."""
        self.closing = True
        self._wake_all()

    def _wake_all(self) -> None:
        for viewers in self._viewers.values():
            for viewer in viewers:
                viewer.wake()

    async def _follow(self) -> None:
        while True:
            try:
                await self._step()
            except EpochChanged:
                await self._resync()
            except asyncio.CancelledError:
                raise
            except Exception:
                log.exception("the feed could not be read; trying again in a second")
                await asyncio.sleep(1)

    async def _step(self) -> None:
        # Waiting begins before reading: what is committed in between wakes us, too.
        news = asyncio.ensure_future(self._platform.feed.wait(IDLE))
        try:
            changes, _ = await self._platform.feed.read(self.cursor, limit=BATCH)
            if not changes:
                await news
            else:
                await self.fan_out(changes)
        finally:
            news.cancel()
        if 0 < len(changes) < BATCH:
            await asyncio.sleep(PAUSE)

    async def _resync(self) -> None:
        """After a restore the feed begins anew: every viewer reads the present state."""
        self.cursor = await self._platform.feed.latest()
        for viewer in {viewer for viewers in self._viewers.values() for viewer in viewers}:
            viewer.lagging = True
            viewer.wake()

    async def fan_out(self, changes: Sequence[Change]) -> None:
        """Encodes each event once and hands every viewer its events of this batch in one piece."""
        followed = set(self._viewers)
        ready = await pieces(self._platform, self.expanders, changes, followed)
        self.cursor = changes[-1].cursor
        batches: dict[frozenset[str], bytes] = {}
        for viewer in self._touched(ready):
            if viewer.topics not in batches:
                batches[viewer.topics] = b"".join(p.chunk for p in ready if p.topic in viewer.topics)
            viewer.offer(batches[viewer.topics])

    def _touched(self, ready: Sequence[Piece]) -> set[Viewer]:
        return {viewer for topic in {p.topic for p in ready} for viewer in self._viewers.get(topic, ())}
