"""The processes of a served Banyan, found by what the operating system shows of them (Linux)."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.served import Served


def descendants(pid: int) -> list[int]:
    """All processes below this one."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        direct = [int(child) for child in children.read_text().split()]
    except OSError:
        return []
    return direct + [below for child in direct for below in descendants(child)]


def runs(pid: int, module: str) -> bool:
    """Whether the process runs this module or program."""
    try:
        return module.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def alive(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def targets(served: Served, kind: str) -> list[int]:
    """The processes of one kind: server, worker, database, parent."""
    if kind == "parent":
        return [served.pid]
    if kind == "database":
        try:
            return [int((served.data / "database" / "postmaster.pid").read_text().split("\n")[0])]
        except (OSError, ValueError):
            return []
    return [pid for pid in descendants(served.pid) if runs(pid, f"banyan.serve.{kind}")]


def kill(served: Served, kind: str) -> int:
    """Kills one process of a kind without warning; returns how many there were."""
    found = targets(served, kind)
    for pid in found[:1]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return 0
    return len(found)
