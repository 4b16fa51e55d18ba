"""A data folder of an older version is backed up, then migrated; of a newer one it is refused."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from banyan.record.postgres import EmbeddedPostgres
from banyan.record.postgres.backup import read_contents
from banyan.record.postgres.datafolder import read_made
from banyan.record.postgres.errors import DataFolderTooNew
from banyan.record.postgres.upgrade import bring_up_to_date, check_folder

FIRST = "-- depends:\nCREATE TABLE fact (n int);\n"
SECOND = "-- depends: 0001-facts\nALTER TABLE fact ADD COLUMN unit text NOT NULL DEFAULT '/min';\n"


@pytest.fixture
def older(tmp_path: Path) -> Path:
    return folder(tmp_path / "older", {"0001-facts": FIRST})


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    return folder(tmp_path / "newer", {"0001-facts": FIRST, "0002-units": SECOND})


def folder(place: Path, migrations: dict[str, str]) -> Path:
    place.mkdir()
    for name, text in migrations.items():
        (place / f"{name}.sql").write_text(text)
    return place


async def test_an_older_folder_is_backed_up_then_migrated(tmp_path: Path, older: Path, newer: Path) -> None:
    server, told = EmbeddedPostgres(tmp_path / "data"), []
    server.start()
    try:
        await bring_up_to_date(server.dsn(), server.data, [older], told.append)
        with psycopg.connect(server.dsn()) as connection:
            connection.execute("INSERT INTO fact VALUES (88)")
        assert not (server.data / "backups").exists()

        made = await bring_up_to_date(server.dsn(), server.data, [newer], told.append)

        assert made == ["0002-units"]
        [backup] = (server.data / "backups").glob("before-*.banyan")
        assert read_contents(backup).rows["public.fact"] == 1
        with psycopg.connect(server.dsn()) as connection:
            assert connection.execute("SELECT n, unit FROM fact").fetchall() == [(88, "/min")]
        assert read_made(server.data).schema == ("0001-facts", "0002-units")
        assert "backing it up" in told[0]
    finally:
        server.stop()


async def test_a_newer_folder_is_refused_before_anything_starts(
    tmp_path: Path, older: Path, newer: Path
) -> None:
    server = EmbeddedPostgres(tmp_path / "data")
    server.start()
    try:
        await bring_up_to_date(server.dsn(), server.data, [newer], print)
        with pytest.raises(DataFolderTooNew, match="0002-units is unknown here"):
            await bring_up_to_date(server.dsn(), server.data, [older], print)
    finally:
        server.stop()
    with pytest.raises(DataFolderTooNew, match="Nothing was changed"):
        check_folder(server.data, [older])


async def test_a_second_start_changes_nothing(tmp_path: Path, newer: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "data")
    server.start()
    try:
        await bring_up_to_date(server.dsn(), server.data, [newer], print)
        written = (server.data / "banyan.json").stat().st_mtime_ns
        assert await bring_up_to_date(server.dsn(), server.data, [newer], print) == []
        assert (server.data / "banyan.json").stat().st_mtime_ns == written
    finally:
        server.stop()


def test_a_record_of_the_folder_that_cannot_be_read_is_refused(tmp_path: Path, newer: Path) -> None:
    (tmp_path / "banyan.json").write_text('{"form": 2}')
    with pytest.raises(DataFolderTooNew, match="another version, or damaged"):
        check_folder(tmp_path, [newer])
