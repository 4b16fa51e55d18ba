"""Locks that the kernel releases when a process dies: who runs the database, and who uses it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path


class Hold:
    """An advisory lock on one file; the holder's number and verb stand in it for others to read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def take(self, *, shared: bool = False, note: str = "") -> bool:
        """Takes the lock if it is free; True if it is ours now."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        if not shared:
            os.ftruncate(file, 0)
            os.pwrite(file, f"{os.getpid()} {note}".encode(), 0)
        self._file = file
        return True

    def release(self) -> None:
        """Gives the lock back; nothing happens if it is not held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def holder(self) -> str:
        """Who wrote last that they hold it, such as `4711 load`."""
        try:
            return self._path.read_text(encoding="utf-8").strip() or "another process"
        except OSError:
            return "another process"


def wait_for(
    hold: Hold, *, shared: bool, seconds: float, note: str = "", tell: Callable[[str], None]
) -> bool:
    """Takes the lock, waiting for those who hold it; tells once whom it waits for."""
    deadline, told = time.monotonic() + seconds, False
    while not hold.take(shared=shared, note=note):
        if time.monotonic() > deadline:
            return False
        if not told:
            tell(f"waiting for process {hold.holder()}")
            told = True
        time.sleep(0.05)
    return True


@contextlib.contextmanager
def using(path: Path) -> Iterator[None]:
    """Marks this process as a user of the database, so that no other verb stops it meanwhile."""
    hold = Hold(path)
    wait_for(hold, shared=True, seconds=60, tell=lambda _: None)
    try:
        yield
    finally:
        hold.release()
