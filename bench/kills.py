"""Kills server and database in the middle of the rescue, ten times each way, and asks the record for every fact."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from bench.report import Figure, quick_wanted, report
from tests.faults.processes import alive, descendants, kill
from tests.faults.test_kills import ORDINARY, ordinary_way
from tests.served import Served, command

KEPT = re.compile(r"(\d+) of (\d+) facts of the story")


def told(folder: Path, prefix: Sequence[str], kills: int, speed: int, seed: int) -> tuple[int, int, int, int]:
    """One telling with so many kills: facts kept, facts promised, kills done, processes left behind."""
    words = command(
        "demo", "--data", str(folder / "data"), "--port", "0", "--speed", str(speed), "--exit-at-end"
    )
    process = subprocess.Popen([*prefix, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    served = Served("", folder / "data", process, tuple(prefix))
    lines: list[str] = []
    begun = threading.Event()

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            if " sent" in line:
                begun.set()

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    begun.wait(timeout=300)
    below = descendants(process.pid)
    done = _kill_at_random(served, kills, random.Random(seed))
    process.wait(timeout=900)
    listener.join(timeout=10)
    found = KEPT.search(re.sub(r"\s+", " ", " ".join(lines)))
    if found is None:
        print("".join(lines[-25:]), file=sys.stderr)
    left = [pid for pid in below if alive(pid)]
    return (int(found[1]), int(found[2]), done, len(left)) if found else (0, 1, done, len(left))


def _kill_at_random(served: Served, kills: int, moments: random.Random) -> int:
    done = 0
    for number in range(kills):
        time.sleep(moments.uniform(1.0, 4.0))
        if served.process.poll() is not None:
            break
        done += kill(served, ("server", "database")[number % 2]) > 0
    return done


def main() -> int:
    quick = quick_wanted(__doc__ or "")
    ways: dict[str, list[str]] = {"root" if os.geteuid() == 0 else "the caller": []}
    if os.geteuid() == 0 and shutil.which("setpriv") and not quick:
        with tempfile.TemporaryDirectory() as trial:
            os.chown(trial, ORDINARY, ORDINARY)
            if way := ordinary_way(Path(trial)):
                ways["an ordinary user"] = way
            else:
                print("Only root may enter this checkout's folder: not measured as an ordinary user.")
    figures = []
    for name, prefix in ways.items():
        with tempfile.TemporaryDirectory() as folder:
            if prefix:
                os.chown(folder, ORDINARY, ORDINARY)
            kept, promised, done, left = told(
                Path(folder), prefix, 2 if quick else 20, 60 if quick else 20, seed=11
            )
        figures += [
            Figure(f"facts missing after the kills ({name})", promised - kept, f"of {promised}", 0),
            Figure(f"processes left behind ({name})", left, "", 0),
            Figure(f"kills of server and database ({name})", done, "", note="at random moments of the story"),
        ]
    return 0 if report("kills", figures, quick=quick) else 1


if __name__ == "__main__":
    raise SystemExit(main())
