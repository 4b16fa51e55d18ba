"""A PostgreSQL that is served elsewhere: Banyan starts none of its own and migrates that one."""

from __future__ import annotations

import uuid
from pathlib import Path

import httpx
import psycopg
import pytest

from banyan.record.postgres import EmbeddedPostgres
from tests.served import banyan, serve


@pytest.fixture
def empty(postgres: EmbeddedPostgres) -> str:
    """The DSN of an empty database of another server."""
    name = f"served_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(postgres.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return postgres.dsn(name)


def test_banyan_serves_from_it(empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANYAN_DATABASE_URL", empty)
    with serve(tmp_path / "data") as served:
        served.add_user("ward", role="integrator", institution="h1")
        headers = {"Authorization": f"Bearer {served.token('ward')}"}
        assert httpx.get(f"{served.url}/fhir/Observation", headers=headers, timeout=20).status_code == 200
    assert not (tmp_path / "data" / "database").exists()
    assert "intact" in banyan("audit", "verify", "--data", str(tmp_path / "data"))


def test_one_that_does_not_answer_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANYAN_DATABASE_URL", f"host={tmp_path} dbname=none connect_timeout=2")
    with pytest.raises(AssertionError, match="BANYAN_DATABASE_URL"):
        banyan("audit", "verify", "--data", str(tmp_path / "data"))
