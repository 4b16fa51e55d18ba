"""The demo's story told quickly to a chosen minute, and from there at the pace of life: pages to take pictures of."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from banyan.clock import ClockSetting
from banyan.demo.ground import TIMEZONE, install
from banyan.demo.preparing import START_UP
from banyan.demo.seed import reset, seed
from banyan.platform import open_platform
from banyan.record.postgres.account import ends_with_parent
from banyan.settings import Settings, load_settings

STORY = "banyan.demo.play"
PACE = 15.0
PATIENCE_S = 180.0


def run(data: Path, minute: float, pace: float) -> int:
    """Serves the story: `minute` minutes of it in quick time, the rest as it would take."""
    from banyan.serve.tree import serve

    settings = msgspec.structs.replace(load_settings(data, port=0), timezone=TIMEZONE, demo=True)
    install(settings.region_folder)
    os.environ["BANYAN_DEMO"] = json.dumps({"speed": pace, "exitAtEnd": False})
    return serve(asyncio.run(_filled(settings, minute, pace)), _tell, verb="demo", story=STORY)


async def _filled(settings: Settings, minute: float, pace: float) -> Settings:
    """The record ready for a telling, and a clock that meets the wall's at that minute."""
    async with open_platform(settings, verb="demo", tell=_tell) as platform:
        region = await seed(platform)
        wall = datetime.now(UTC) + START_UP
        story = wall - timedelta(minutes=minute) * (1 - 1 / pace)
        await reset(platform, region, story)
    clock = ClockSetting(wall_start=wall, story_start=story, rate=pace)
    return msgspec.structs.replace(settings, clock=clock)


def _tell(text: str) -> None:
    print(text, flush=True)


@contextlib.contextmanager
def story(data: Path, minute: float, *, pace: float = PACE, wait: bool = True) -> Iterator[str]:
    """The address of a served story, when it has come to that minute or just begun; it ends with the block."""
    data.parent.mkdir(parents=True, exist_ok=True)
    log = data.parent / f"{data.name}-story.log"
    with log.open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "scripts.staged", str(data), str(minute), str(pace)],
            stdout=said, stderr=said, stdin=subprocess.DEVNULL,
            preexec_fn=ends_with_parent(signal.SIGTERM),  # noqa: PLW1509  no threads yet
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
    try:
        url = _address(process, log)
        time.sleep(minute * 60 / pace if wait else 0)
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        if found := re.search(r"ready at (https?://\S+)", log.read_text()):
            return found[1]
        time.sleep(0.2)
    raise RuntimeError(f"The story was not served:\n{log.read_text()}")


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])))
