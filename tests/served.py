"""A Banyan that is really served: `banyan serve` as a child process, its address, its accounts."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from banyan.record.postgres.account import ends_with_parent

PATIENCE = 120.0


@dataclass(frozen=True)
class Served:
    """One running server."""

    url: str
    data: Path
    process: subprocess.Popen[str]
    prefix: tuple[str, ...] = ()  # the command that runs it as another user

    @property
    def pid(self) -> int:
        """The process at the root of the tree."""
        return self.process.pid

    def add_user(
        self, name: str, *, role: str, password: str = "banyan-demo-1", institution: str | None = None
    ) -> None:
        """Adds an account by the command line."""
        words = ["user", "add", name, "--role", role, "--data", str(self.data)]
        banyan(
            *words,
            *(["--institution", institution] if institution else []),
            given=password + "\n",
            prefix=self.prefix,
        )

    def token(self, user: str) -> str:
        """A bearer token of an account."""
        return banyan("token", "create", "--user", user, "--data", str(self.data), prefix=self.prefix).strip()


def command(*words: str) -> list[str]:
    """The command line of a verb, by this interpreter."""
    return [sys.executable, "-m", "banyan.cli", *words]


def banyan(*words: str, given: str = "", check: bool = True, prefix: Sequence[str] = ()) -> str:
    """Runs one verb to its end and returns what it printed."""
    done = subprocess.run(
        command(*words), input=given, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    if check and done.returncode != 0:
        raise AssertionError(
            f"banyan {' '.join(words)}: exit status {done.returncode}\n{done.stdout}\n{done.stderr}"
        )
    return done.stdout


@contextlib.contextmanager
def serve(data: Path, *words: str, prefix: Sequence[str] = ()) -> Iterator[Served]:
    """Starts `banyan serve` on a free port, waits until it answers, stops it in good order."""
    log = data.parent / f"{data.name}-served.log"
    with log.open("a+") as said:
        start = said.tell()
        process = subprocess.Popen(
            [*prefix, *command("serve", "--data", str(data), "--port", "0", *words)],
            stdout=said, stderr=said, stdin=subprocess.DEVNULL, text=True, start_new_session=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            preexec_fn=ends_with_parent(signal.SIGTERM),
        )  # fmt: skip
    try:
        yield Served(_address(process, log, start), data, process, tuple(prefix))
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            raise AssertionError(
                f"banyan serve did not stop on SIGTERM within 60 s:\n{log.read_text()}"
            ) from None


def _address(process: subprocess.Popen[str], log: Path, start: int) -> str:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        said = log.read_text()[start:]
        if found := re.search(r"ready at (https?://\S+)", said):
            return found[1]
        if process.poll() is not None:
            raise AssertionError(f"banyan serve ended with {process.returncode}:\n{said}")
        time.sleep(0.05)
    raise AssertionError(f"banyan serve was not ready within {PATIENCE:.0f} s:\n{log.read_text()}")
