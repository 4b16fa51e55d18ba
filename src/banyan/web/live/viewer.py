"""One open stream: what waits for it, and what happens when it is too slow."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

LIMIT_BYTES = 4 * 1024 * 1024  # about 20 s of one ECG and all vitals: a slower viewer reads the present anew


@dataclass(eq=False)
class Viewer:
    """The topics of one stream and the encoded events that it has not yet been sent."""

    topics: frozenset[str]
    limit: int = LIMIT_BYTES
    lagging: bool = False
    _waiting: list[bytes] = field(default_factory=list)
    _size: int = 0
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self, chunk: bytes) -> None:
        """Takes events for sending; beyond the limit all of them are dropped and the viewer must resync."""
        if self.lagging:
            return
        if self._size + len(chunk) > self.limit:
            self._waiting.clear()
            self._size, self.lagging = 0, True
        else:
            self._waiting.append(chunk)
            self._size += len(chunk)
        self._woken.set()

    async def take(self, timeout: float) -> bytes:
        """All that waits, in one piece; empty after the timeout or when the viewer has to resync."""
        if not self._woken.is_set():
            try:
                async with asyncio.timeout(timeout):
                    await self._woken.wait()
            except TimeoutError:
                return b""
        self._woken.clear()
        chunk = b"".join(self._waiting)
        self._waiting.clear()
        self._size = 0
        return chunk

    def wake(self) -> None:
        """Lets a sleeping stream look up (the server stops, or rights have changed)."""
        self._woken.set()

    def caught_up(self) -> None:
        """The viewer has been told to read the present anew."""
        self.lagging = False
