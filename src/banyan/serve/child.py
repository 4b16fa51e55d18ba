"""One child process of the tree: started, watched, started again with growing pauses when it dies."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from banyan.record.postgres.account import ends_with_parent

log = logging.getLogger("banyan.serve")
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 15.0
STEADY = 30.0  # seconds after which a child counts as healthy again


@dataclass
class Child:
    """A module of Banyan that runs as a process of its own."""

    name: str
    module: str
    environment: dict[str, str]
    errors: Path
    descriptors: tuple[int, ...] = ()
    once: bool = False  # its end is not a fault
    process: subprocess.Popen[bytes] | None = None
    restarts: int = 0
    _pause: float = FIRST_PAUSE
    _started: float = 0.0
    _next: float = field(default=0.0)

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    @property
    def status(self) -> int | None:
        """The exit status once it has ended."""
        return None if self.process is None else self.process.poll()

    def start(self) -> None:
        """Starts the process; the kernel ends it when this one dies."""
        self._started = time.monotonic()
        with self.errors.open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", self.module],
                env=os.environ
                | self.environment
                | {"BANYAN_CHILD": self.name, "BANYAN_PARENT": str(os.getpid())},
                pass_fds=self.descriptors,
                stdin=subprocess.DEVNULL,
                stdout=None if self.once else errors,
                stderr=None if self.once else errors,
                start_new_session=True,
                preexec_fn=ends_with_parent(signal.SIGKILL),  # noqa: PLW1509  one thread only
            )

    def watch(self) -> None:
        """Starts the process again if it has died and its pause is over."""
        now = time.monotonic()
        if self.alive:
            if now - self._started > STEADY:
                self._pause = FIRST_PAUSE
            return
        if self._next == 0.0:
            log.warning(
                "%s ended with status %s; starting it again in %.1f s", self.name, self.status, self._pause
            )
            self._next, self._pause = now + self._pause, min(self._pause * 2, LONGEST_PAUSE)
        elif now >= self._next:
            self._next = 0.0
            self.restarts += 1
            self.start()

    def ask_to_stop(self) -> None:
        """Asks the process to finish what it does and end."""
        if self.alive and self.process is not None:
            self.process.send_signal(signal.SIGTERM)

    def wait(self, seconds: float) -> None:
        """Waits for the end; a process that does not come to it is killed."""
        if self.process is None:
            return
        try:
            self.process.wait(timeout=max(0.0, seconds))
        except subprocess.TimeoutExpired:
            log.warning("%s did not stop in time and was killed", self.name)
            self.process.kill()
            self.process.wait()
