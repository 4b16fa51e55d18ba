"""Keeps a piece of background work going: what fails is logged and tried again after a pause."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger("banyan.worker")
BEAT = 1.0
LONGEST_PAUSE = 30.0


async def tend(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Runs `work`, which should never end, and runs it again when it fails."""
    pause = 0.1
    while True:
        started = asyncio.get_running_loop().time()
        try:
            await work()
        except Exception:
            log.exception("%s failed; trying again in %.1f s", name, pause)
        await asyncio.sleep(pause)
        lasted = asyncio.get_running_loop().time() - started
        pause = 0.1 if lasted > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)


async def every_second(work: Callable[[], Awaitable[None]]) -> None:
    """Calls `work` about once a second, never twice at a time."""
    while True:
        await work()
        await asyncio.sleep(BEAT)
