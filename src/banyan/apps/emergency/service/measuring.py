"""Streamed ECGs are measured once ten seconds of them are there, whoever sends them."""

from datetime import timedelta

from banyan.access import Act
from banyan.apps.emergency.service.attention import WATCH, WATCHER
from banyan.apps.emergency.service.cases import find_case
from banyan.apps.emergency.service.ecg import measure_signal
from banyan.platform import Platform

RECENT = timedelta(hours=24)
_done: set[str] = set()


async def watch_ecgs(platform: Platform) -> None:
    """Measures what was not measured yet; a signal that cannot be measured says so and is not tried again."""
    async with platform.pool.connection() as conn:
        cursor = await conn.execute(
            "select signal::text, case_id from emergency.ecg_frame where seq = 10 and at > %s",
            (platform.clock.now() - RECENT,),
        )
        signals = [(str(row[0]), str(row[1])) for row in await cursor.fetchall()]
    for signal, case_id in signals:
        if signal in _done:
            continue
        _done.add(signal)

        async def write(act: Act, signal: str = signal, case_id: str = case_id) -> None:
            await measure_signal(act, await find_case(act, case_id), signal)

        await platform.door.run(WATCHER, WATCH, write)
