"""The embedded PostgreSQL: made, started, killed, adopted, refused, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from banyan.record.postgres import DatabaseError, EmbeddedPostgres
from banyan.record.postgres.leftover import running_server
from banyan.record.postgres.sharing import shared_database
from banyan.record.postgres.supervisor import LONGEST_SOCKET, socket_folder

RUN_AND_WAIT = """
import sys, time
from pathlib import Path
from banyan.record.postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
server.start()
print(server.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def server(data: Path):
    made = EmbeddedPostgres(data)
    made.start()
    yield made
    made.stop()


def one(server: EmbeddedPostgres, query: str) -> object:
    with psycopg.connect(server.dsn()) as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row else None


def test_starts_on_an_empty_folder_and_keeps_what_was_written(data: Path) -> None:
    first = EmbeddedPostgres(data)
    first.start()
    with psycopg.connect(first.dsn()) as connection:
        connection.execute("CREATE TABLE fact AS SELECT 42 AS n")
    first.stop()
    assert running_server(first.folder) is None

    again = EmbeddedPostgres(data)
    again.start()
    assert one(again, "SELECT n FROM fact") == 42
    again.stop()


def test_what_is_committed_is_on_disk_and_nothing_listens_on_a_port(server: EmbeddedPostgres) -> None:
    assert one(server, "SELECT current_setting('fsync')") == "on"
    assert one(server, "SELECT current_setting('synchronous_commit')") == "on"
    assert one(server, "SELECT current_setting('listen_addresses')") == ""
    assert one(server, "SELECT current_setting('data_checksums')") == "on"


def test_the_log_holds_no_statement_and_no_value(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.dsn()) as connection:
        connection.execute("CREATE TABLE person (number text PRIMARY KEY)")
        connection.execute("INSERT INTO person VALUES ('110101199003078515')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO person VALUES ('110101199003078515')")
    time.sleep(0.1)
    said = server.log.read_text()
    assert "duplicate key" in said
    assert "110101199003078515" not in said
    assert "INSERT" not in said


def test_comes_back_after_a_kill_with_every_commit(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("CREATE TABLE fact (n int)")
        for n in range(200):
            connection.execute("INSERT INTO fact VALUES (%s)", (n,))
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    while server.pid is not None:
        time.sleep(0.01)
    server.start()
    assert one(server, "SELECT count(*) FROM fact") == 200


def test_ends_when_its_parent_is_killed(data: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", RUN_AND_WAIT, str(data)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 20
    while running_server(data / "database") == pid and time.monotonic() < deadline:
        time.sleep(0.05)
    assert running_server(data / "database") is None


def test_stops_a_leftover_server_and_goes_on_with_its_data(data: Path) -> None:
    told: list[str] = []
    left = EmbeddedPostgres(data)
    left.start()
    with psycopg.connect(left.dsn()) as connection:
        connection.execute("CREATE TABLE fact AS SELECT 7 AS n")
    after = EmbeddedPostgres(data, tell=told.append)
    after.start()
    assert any("left behind" in line for line in told)
    assert one(after, "SELECT n FROM fact") == 7
    after.stop()
    assert left.pid is None


def test_a_path_too_long_for_a_socket_is_reached_by_a_short_link(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a-rather-long-folder-name"] * 6) / "数据"
    server = EmbeddedPostgres(deep)
    server.start()
    try:
        place = socket_folder(server.folder)
        assert len(os.fsencode(place / ".s.PGSQL.5432")) <= LONGEST_SOCKET
        assert place.parent.stat().st_mode & 0o077 == 0
        assert one(server, "SELECT 1") == 1
    finally:
        server.stop()
        place.unlink()


def test_changes_no_rights_outside_the_data_folder(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before = (closed.stat().st_mode, closed.stat().st_uid, tmp_path.stat().st_mode)
    server = EmbeddedPostgres(closed / "data")
    server.start()
    try:
        assert one(server, "SELECT 1") == 1
        assert (closed.stat().st_mode, closed.stat().st_uid, tmp_path.stat().st_mode) == before
        assert server.folder.stat().st_mode & 0o077 == 0
        if os.geteuid() == 0:
            assert server.folder.stat().st_uid != 0
    finally:
        server.stop()


def test_another_postgresql_version_is_refused_in_words(data: Path) -> None:
    server = EmbeddedPostgres(data)
    server.start()
    server.stop()
    (server.folder / "PG_VERSION").write_text("12\n")
    with pytest.raises(DatabaseError, match="was made by PostgreSQL 12"):
        server.start()


def test_a_broken_configuration_is_shown_in_the_servers_own_words(data: Path) -> None:
    server = EmbeddedPostgres(data)
    server.start()
    server.stop()
    (server.folder / "site.conf").write_text("shared_buffers = 'plenty'\n")
    with pytest.raises(DatabaseError, match="shared_buffers"):
        server.start()


def test_a_recycled_process_number_does_not_stop_the_start(data: Path) -> None:
    server = EmbeddedPostgres(data)
    server.start()
    lines = (server.folder / "postmaster.pid").read_text().split("\n")
    server.stop()
    (server.folder / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]))
    server.start()
    assert one(server, "SELECT 1") == 1
    server.stop()


def test_two_verbs_share_one_database_and_the_last_one_stops_it(data: Path) -> None:
    with shared_database(data, verb="first", tell=print) as first:
        assert first.own is not None
        with shared_database(data, verb="second", tell=print) as second:
            assert second.own is None
            with psycopg.connect(second.dsn) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
    assert running_server(data / "database") is None


def test_a_verb_that_started_the_database_leaves_it_to_one_that_still_works(
    data: Path, tmp_path: Path
) -> None:
    script = tmp_path / "verb.py"
    script.write_text(
        "import sys, time, psycopg\nfrom pathlib import Path\n"
        "from banyan.record.postgres.sharing import shared_database\n"
        "with shared_database(Path(sys.argv[1]), verb=sys.argv[2], tell=print) as db:\n"
        "    connection = psycopg.connect(db.dsn)\n"
        "    print('in', flush=True); time.sleep(float(sys.argv[2]))\n"
        "    print(connection.execute('SELECT 1').fetchone(), flush=True)\n"
    )
    short, long = (
        subprocess.Popen([sys.executable, script, str(data), seconds], stdout=subprocess.PIPE, text=True)
        for seconds in ("1.0", "2.5")
    )
    assert "(1,)" in long.communicate(timeout=60)[0]
    assert "(1,)" in short.communicate(timeout=60)[0]
    assert running_server(data / "database") is None
