"""A full disk stops writing and says so; what was acknowledged stays, and all goes on when there is room."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from banyan.record.postgres import DiskFull, EmbeddedPostgres, supervisor
from tests.faults.writing import VITAL
from tests.served import Served, serve

pytestmark = [pytest.mark.faults, pytest.mark.slow]
SIZE = "260m"


@contextlib.contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    """A disk of its own with little room (root only)."""
    place.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", place], check=True, capture_output=True
    )
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=False)


def may_mount() -> bool:
    """Whether this machine lets the tests make a small disk."""
    trial = Path(f"/tmp/banyan-mount-{uuid.uuid4().hex[:8]}")
    try:
        with small_disk(trial):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False
    finally:
        if trial.exists():
            trial.rmdir()


def test_a_start_without_room_says_how_much_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "LEAST_FREE", 1 << 60)
    with pytest.raises(DiskFull, match=r"is full: \d+ MiB are free, the database needs"):
        EmbeddedPostgres(tmp_path / "data").start()


def put(served: Served, token: str, identity: str, size: int) -> int:
    body = VITAL | {"id": identity, "valueString": os.urandom(size // 2).hex()}
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/fhir+json"}
    try:
        where = f"{served.url}/fhir/Observation/{identity}"
        return httpx.put(where, json=body, headers=headers, timeout=30).status_code
    except httpx.HTTPError:
        return 0


def put_until(served: Served, token: str, *, accepted: bool, seconds: float) -> list[str]:
    """Puts until one is refused (or accepted); returns those that were acknowledged."""
    deadline, done = time.monotonic() + seconds, []
    while time.monotonic() < deadline:
        identity = str(uuid.uuid4())
        status = put(served, token, identity, 200_000)
        if status == 201:
            done.append(identity)
        if (status == 201) is accepted:
            return done
        if accepted:
            time.sleep(0.5)
    raise AssertionError(f"no write was {'accepted' if accepted else 'refused'} within {seconds:.0f} s")


if os.geteuid() == 0 and may_mount():

    def test_writing_stops_and_goes_on_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
        with small_disk(tmp_path / "disk") as disk:
            ballast = disk / "ballast"
            ballast.write_bytes(bytes(60 << 20))
            with serve(disk / "data") as served:
                served.add_user("monitor", role="integrator", institution="h1")
                token = served.token("monitor")
                done = put_until(served, token, accepted=False, seconds=120)
                assert put(served, token, str(uuid.uuid4()), 200_000) in (0, 500, 503, 507)
                ballast.unlink()
                done += put_until(served, token, accepted=True, seconds=90)
                headers = {"Authorization": f"Bearer {token}"}
                for identity in done:
                    answer = httpx.get(
                        f"{served.url}/fhir/Observation/{identity}", headers=headers, timeout=30
                    )
                    assert answer.status_code == 200
