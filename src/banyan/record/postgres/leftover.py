"""Finds the database server that an earlier process left behind in a folder, and stops it in good order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from banyan.record.postgres.errors import DatabaseError

FAST_SECONDS = 90.0
QUICK_SECONDS = 20.0


def running_server(database: Path) -> int | None:
    """The process number of the server that runs on this folder now, if one does."""
    try:
        pid = int((database / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if _serves(pid, database) else None


def stop_leftover(database: Path, tell: Callable[[str], None]) -> None:
    """Stops a server that nobody supervises any more; nothing committed is lost."""
    if (pid := running_server(database)) is None:
        return
    tell(f"stopping the database that an earlier run left behind (process {pid})")
    for kind, seconds in ((signal.SIGINT, FAST_SECONDS), (signal.SIGQUIT, QUICK_SECONDS)):
        os.kill(pid, kind)
        if wait_until_gone(lambda: running_server(database) != pid, seconds):
            return
    raise DatabaseError(
        f"The database process {pid} on {database} does not stop. End it by hand (kill -9 {pid})."
    )


def forget_recycled(database: Path) -> None:
    """Removes a dead server's pid file, whose number may be another process's by now, once no backend lives.

    While backends live PostgreSQL itself needs the file: it names the shared memory that they still use.
    """
    if not sys.platform.startswith("linux") or running_server(database) is not None:
        return
    if not any(_works_in(folder, database) for folder in Path("/proc").glob("[0-9]*")):
        (database / "postmaster.pid").unlink(missing_ok=True)


def wait_until_gone(gone: Callable[[], bool], seconds: float) -> bool:
    """Waits until `gone` holds; False when the time is over."""
    deadline = time.monotonic() + seconds
    while not gone():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _serves(pid: int, database: Path) -> bool:
    if sys.platform.startswith("linux"):
        return _works_in(Path(f"/proc/{pid}"), database)
    shown = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return "postgres" in shown.stdout


def _works_in(process: Path, database: Path) -> bool:
    """Whether this living process has the database's folder as its own (Linux)."""
    try:
        state = (process / "stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
        return state != "Z" and (process / "cwd").samefile(database)
    except (OSError, IndexError):
        return False
