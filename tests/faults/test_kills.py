"""Any process may be killed at any moment: what was acknowledged is there, and no process is left behind."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.processes import alive, descendants, kill
from tests.faults.writing import missing, writing
from tests.served import Served, banyan, serve

pytestmark = [
    pytest.mark.faults,
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds processes in /proc"),
]
ORDINARY = 65534  # nobody
STEP_DOWN = ["setpriv", "--pdeathsig=TERM", f"--reuid={ORDINARY}", f"--regid={ORDINARY}", "--clear-groups"]
# An ordinary user may enter the own folders; root's checkout may lie in one that only root may enter.
ENTER = [f"--{kind}-caps=+dac_override" for kind in ("inh", "ambient")]


def as_whom() -> list[str]:
    return ["root", "ordinary user"] if os.geteuid() == 0 and shutil.which("setpriv") else ["the caller"]


@pytest.fixture(params=as_whom())
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    """A served Banyan, run by root and by an ordinary user where the tests run as root."""
    prefix: list[str] = []
    if request.param == "ordinary user":
        os.chown(tmp_path, ORDINARY, ORDINARY)
        if (way := ordinary_way(tmp_path)) is None:
            pytest.skip("only root may enter the folder of this checkout")
        prefix = way
    with serve(tmp_path / "data", prefix=prefix) as running:
        running.add_user("monitor", role="integrator", institution="hospital-1")
        yield running


def ordinary_way(place: Path) -> list[str] | None:
    """The command that runs Banyan as an ordinary user; None where only root may enter this checkout."""
    return next((way for way in (STEP_DOWN, STEP_DOWN + ENTER) if works(way, place)), None)


def works(way: list[str], place: Path) -> bool:
    """Whether Banyan, its children and its PostgreSQL can be run this way, and the folder be written.

    PostgreSQL's initdb asks access(2) for its neighbours, which leaves capabilities out.
    """
    program = (
        "import os, subprocess, sys; from banyan.record.postgres.binaries import find_binaries; assert os.geteuid(); "
        "assert os.access(find_binaries().program('postgres'), os.X_OK); "
        "subprocess.run([sys.executable, '-c', ''], check=True); "
        "os.mkdir(sys.argv[1]); os.rmdir(sys.argv[1])"
    )
    command = [*way, sys.executable, "-c", program, str(place / "trial")]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def wait_until_answering(url: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/health", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise AssertionError("the server does not come back")


def test_every_acknowledged_observation_survives_kills_at_random_moments(served: Served) -> None:
    moments = random.Random(8)
    with writing(served.url, served.token("monitor")) as state:
        for kind in ("server", "database", "worker", "server", "database"):
            time.sleep(moments.uniform(0.3, 1.5))
            before = len(state.acknowledged)
            assert kill(served, kind) > 0
            deadline = time.monotonic() + 60
            while len(state.acknowledged) < before + 20 and time.monotonic() < deadline:
                time.sleep(0.05)
            assert len(state.acknowledged) >= before + 20, (
                f"writing does not go on after the {kind} was killed"
            )
    wait_until_answering(served.url)
    assert not state.refused
    assert len(state.acknowledged) > 100
    assert missing(state, served.url) == []


def test_nothing_is_left_behind_when_the_parent_is_killed_and_the_next_start_has_it_all(
    served: Served,
) -> None:
    with writing(served.url, served.token("monitor")) as state:
        time.sleep(1.0)
        below = descendants(served.pid)
        assert kill(served, "parent") == 1
        served.process.wait(timeout=20)
    deadline = time.monotonic() + 30
    while any(alive(pid) for pid in below) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not [pid for pid in below if alive(pid)]
    with serve(served.data, prefix=served.prefix) as again:
        wait_until_answering(again.url)
        assert missing(state, again.url) == []


def test_sigterm_stops_everything_and_the_data_is_served_again(served: Served) -> None:
    with writing(served.url, served.token("monitor")) as state:
        time.sleep(0.7)
        below = descendants(served.pid)
        os.kill(served.pid, signal.SIGTERM)
        assert served.process.wait(timeout=60) == 0
    assert not [pid for pid in below if alive(pid)]
    assert not (served.data / "database" / "postmaster.pid").exists()
    with serve(served.data, prefix=served.prefix) as again:
        assert missing(state, again.url) == []


def test_verbs_work_while_the_server_runs_and_when_it_does_not(served: Served) -> None:
    served.add_user("second", role="integrator", institution="hospital-1")
    up = served.token("second")
    os.kill(served.pid, signal.SIGTERM)
    served.process.wait(timeout=60)
    banyan("token", "create", "--user", "second", "--data", str(served.data), prefix=served.prefix)
    assert "intact" in banyan("audit", "verify", "--data", str(served.data), prefix=served.prefix)
    with serve(served.data, prefix=served.prefix) as again:
        answer = httpx.get(
            f"{again.url}/fhir/Observation", headers={"Authorization": f"Bearer {up}"}, timeout=20
        )
        assert answer.status_code == 200
