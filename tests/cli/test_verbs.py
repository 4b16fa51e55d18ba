"""The verbs on an empty folder, with the server down: accounts, tokens, loads, backups, the doctor."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import psycopg
import pytest

from banyan.record.postgres.leftover import running_server
from banyan.record.postgres.sharing import shared_database
from tests.served import banyan, command


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verbs") / "data"
    banyan(
        "user",
        "add",
        "ward",
        "--role",
        "integrator",
        "--institution",
        "h1",
        "--data",
        str(folder),
        given="rain-in-may-42\n",
    )
    return folder


def run(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words), input=given, capture_output=True, text=True, check=False, timeout=120
    )


def count(data: Path, table: str) -> int:
    with (
        shared_database(data, verb="test", tell=print) as running,
        psycopg.connect(running.dsn) as connection,
    ):
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return row[0] if row else 0


def patients(number: int) -> str:
    lines = [{"resourceType": "Patient", "id": f"p{n}", "name": [{"family": "王"}]} for n in range(number)]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def test_a_token_is_all_that_is_printed(data: Path) -> None:
    done = run("token", "create", "--user", "ward", "--data", str(data))
    assert done.returncode == 0
    assert len(done.stdout.split()) == 1
    assert running_server(data / "database") is None


def test_a_token_for_nobody_is_refused_with_what_to_do(data: Path) -> None:
    done = run("token", "create", "--user", "ghost", "--data", str(data))
    assert (done.returncode, done.stdout) == (1, "")
    assert "banyan user add ghost" in done.stderr


def test_an_account_is_made_once_and_with_a_known_role(data: Path) -> None:
    again = run("user", "add", "ward", "--role", "integrator", "--data", str(data), given="rain-in-may-42\n")
    assert again.returncode == 1
    assert "taken" in again.stderr
    wrong = run("user", "add", "other", "--role", "king", "--data", str(data), given="rain-in-may-42\n")
    assert wrong.returncode == 1
    assert "king" in wrong.stderr
    empty = run("user", "add", "other", "--role", "crew", "--data", str(data))
    assert "standard input" in empty.stderr


def test_a_load_that_is_repeated_makes_no_new_version(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "patients.ndjson"
    file.write_text(patients(1200), encoding="utf-8")
    assert run("load", str(file), "--data", str(data)).returncode == 0
    versions = count(data, "record.change")
    copy = tmp_path / "same-again.ndjson"
    copy.write_text(patients(1200), encoding="utf-8")
    assert run("load", str(copy), "--data", str(data)).returncode == 0
    assert count(data, "record.change") <= versions + 3


def test_a_load_names_the_line_that_is_wrong_and_goes_on_from_there(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "broken.ndjson"
    file.write_text(patients(2) + '{"resourceType": "Patient", "gender": 7}\n', encoding="utf-8")
    done = run("load", str(file), "--data", str(data))
    assert done.returncode == 1
    assert "broken.ndjson" in done.stderr


def test_a_backup_is_restored_and_proven(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "copy.banyan"
    assert run("db", "backup", str(file), "--data", str(data)).stdout.strip() == str(file)
    accounts = count(data, "access.account")
    run("user", "add", "later", "--role", "crew", "--data", str(data), given="rain-in-may-42\n")
    assert count(data, "access.account") == accounts + 1
    done = run("db", "restore", str(file), "--yes", "--data", str(data))
    assert done.returncode == 0, done.stderr
    assert count(data, "access.account") == accounts
    assert run("audit", "verify", "--data", str(data)).returncode == 0


def test_a_damaged_backup_is_refused_and_nothing_changes(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "damaged.banyan"
    run("db", "backup", str(file), "--data", str(data))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)
    done = run("db", "restore", str(file), "--yes", "--data", str(data))
    assert done.returncode == 1
    assert "damaged" in done.stderr
    assert count(data, "access.account") > 0


def test_a_folder_of_a_newer_version_is_refused_and_left_alone(data: Path) -> None:
    file = data / "banyan.json"
    before = file.read_text()
    made = json.loads(before)
    made |= {"product": "9.0", "schema": [*made["schema"], "9999-the-future"]}
    file.write_text(json.dumps(made))
    try:
        done = run("token", "create", "--user", "ward", "--data", str(data))
        assert done.returncode == 1
        assert "9.0, which is newer" in done.stderr
        assert json.loads(file.read_text()) == made
    finally:
        file.write_text(before)


def test_the_doctor_finds_an_installation_well_enough(data: Path) -> None:
    done = run("doctor", "--data", str(data), "--json", "--port", "1")
    findings = {finding["name"]: finding for finding in json.loads(done.stdout)}
    assert findings["schema"]["state"] == "well"
    assert findings["Python"]["state"] == "well"
    assert not [finding for finding in findings.values() if finding["state"] == "failed"]


def test_the_doctor_says_which_folder_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run(
        "user",
        "add",
        "x",
        "--role",
        "crew",
        "--data",
        str(tmp_path / "file" / "data"),
        given="rain-in-may-42\n",
    )
    assert done.returncode == 1
    assert "cannot be" in done.stderr
