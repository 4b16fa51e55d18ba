"""A backup restored under a running server: readers see the restored record, followers begin anew."""

from __future__ import annotations

import time
import uuid
from pathlib import Path

import httpx
import psycopg

from banyan.record.postgres import EmbeddedPostgres
from tests.served import Served, banyan

VITAL = {"resourceType": "Observation", "status": "final", "code": {"text": "pulse"}}


def put(served: Served, token: str) -> str:
    identity = str(uuid.uuid4())
    answer = httpx.put(
        f"{served.url}/fhir/Observation/{identity}",
        json=VITAL | {"id": identity},
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/fhir+json"},
        timeout=20,
    )
    assert answer.status_code == 201, answer.text
    return identity


def status(served: Served, token: str, identity: str) -> int:
    """The status of a read, asked again while the server's processes start anew."""
    headers = {"Authorization": f"Bearer {token}"}
    for _ in range(150):
        try:
            answer = httpx.get(f"{served.url}/fhir/Observation/{identity}", headers=headers, timeout=20)
            if answer.status_code < 500:
                return answer.status_code
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise AssertionError("the server does not answer after the restore")


def epoch(served: Served) -> str:
    with psycopg.connect(EmbeddedPostgres(served.data).dsn()) as connection:
        row = connection.execute("SELECT epoch FROM record.feed LIMIT 1").fetchone()
    assert row is not None
    return str(row[0])


def test_a_restore_under_a_running_server(server: Served, tmp_path: Path) -> None:
    server.add_user("restorer", role="integrator", institution="h1")
    token = server.token("restorer")
    kept = put(server, token)
    file = tmp_path / "copy.banyan"
    banyan("db", "backup", str(file), "--data", str(server.data))
    later, before = put(server, token), epoch(server)

    banyan("db", "restore", str(file), "--yes", "--data", str(server.data))

    assert epoch(server) != before
    assert status(server, token, later) == 404
    assert status(server, token, kept) == 200
    put_again(server, token)
    assert "intact" in banyan("audit", "verify", "--data", str(server.data))


def put_again(server: Served, token: str) -> None:
    """Writing goes on once the processes have started anew."""
    for _ in range(50):
        try:
            put(server, token)
        except (AssertionError, httpx.HTTPError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError("nothing can be written after the restore")
