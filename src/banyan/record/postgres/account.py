"""Which account the database runs under: the caller's own, or an unprivileged one for root."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from banyan.record.postgres.binaries import Binaries
from banyan.record.postgres.errors import DatabaseError

PREFERRED = ("banyan", "nobody")
UNNEEDED = shutil.ignore_patterns("*.py", "*.pyc", "*.a")
CACHES = (Path("/var/cache/banyan"), Path(tempfile.gettempdir()) / "banyan-cache")
HERE = Path("/proc/self/cwd")  # Linux: the current folder, reached without passing through its parents


@dataclass(frozen=True)
class Account:
    """A user of the operating system."""

    name: str
    uid: int
    gid: int
    foreign: bool  # not the caller's own: the caller is root and steps down

    def owns(self, folder: Path) -> bool:
        """Whether the folder belongs to this account."""
        return folder.stat().st_uid == self.uid

    def spawn_options(self) -> dict[str, Any]:
        """What subprocess needs so that the child runs as this account and ends with its parent."""
        stepping_down = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.foreign else {}
        return {**stepping_down, "preexec_fn": ends_with_parent(signal.SIGINT), "umask": 0o077}


def database_account() -> Account:
    """The caller; for root, the account `banyan` if the machine has one, else `nobody`."""
    if os.geteuid() != 0:
        return Account(_name_of(os.geteuid()), os.geteuid(), os.getegid(), foreign=False)
    for name in PREFERRED:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(name, entry.pw_uid, entry.pw_gid, foreign=True)
    raise DatabaseError(
        "PostgreSQL refuses to run as root, and this machine has neither an account `banyan` nor `nobody`. "
        "Make one (useradd --system --no-create-home banyan) or call banyan as an ordinary user."
    )


def ends_with_parent(by: signal.Signals) -> Callable[[], None] | None:
    """A step for the child before its program starts: on Linux it gets `by` when its parent dies."""
    if not sys.platform.startswith("linux"):
        return None
    libc, set_death_signal, parent = ctypes.CDLL(None), 1, os.getpid()

    def step() -> None:
        libc.prctl(set_death_signal, int(by))
        if os.getppid() != parent:  # the parent died between fork and prctl
            os.kill(os.getpid(), by)

    return step


def reachable(binaries: Binaries, account: Account) -> Binaries:
    """The same programs where the account can run them: a copy, if they lie in a folder closed to it."""
    if not account.foreign or _can_run(binaries.program("postgres"), account):
        return binaries
    top = binaries.folder.parent.parent
    with binaries.program("postgres").open("rb") as program:
        build = hashlib.file_digest(program, "sha256").hexdigest()[:12]
    copied = _copy(top, f"postgresql-{binaries.version}-{build}", account)
    return Binaries(copied / top.name / binaries.folder.relative_to(top), binaries.version, binaries.source)


def _can_run(program: Path, account: Account) -> bool:
    try:
        subprocess.run(
            [program, "--version"], check=True, capture_output=True, timeout=20, **account.spawn_options()
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _copy(top: Path, name: str, account: Account) -> Path:
    """Copies the wheel's folder (and the libraries beside it) to the machine's cache, owned by root."""
    for cache in CACHES:
        with contextlib.suppress(OSError):
            cache.mkdir(mode=0o755, exist_ok=True)
            if cache.is_symlink() or cache.stat().st_uid != 0:
                continue
            target = cache / name
            if not target.exists():
                _fill(target, top)
            if _can_run(target / top.name / "pginstall" / "bin" / "postgres", account):
                return target
    raise DatabaseError(
        f"The account {account.name}, under which root runs the database, cannot reach the programs "
        f"of PostgreSQL in {top}, and no copy in /var/cache/banyan can be made or run. Install Banyan in "
        "a folder that everybody may enter (chmod a+x on its parents), or call it as an ordinary user."
    )


def _fill(target: Path, top: Path) -> None:
    making = Path(tempfile.mkdtemp(prefix=target.name, dir=target.parent))
    try:
        making.chmod(0o755)
        for part in (top, top.with_name(top.name + ".libs")):
            if part.exists():
                shutil.copytree(
                    part, making / part.name, ignore=shutil.ignore_patterns("*.py", "*.pyc", "*.a")
                )
        making.rename(target)
    except OSError:
        shutil.rmtree(making, ignore_errors=True)
        if not target.exists():  # else another process was quicker
            raise


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        raise DatabaseError(
            f"The user number {uid} has no name on this machine, and PostgreSQL needs one. "
            f"Add it (useradd --uid {uid} banyan), or in a container call banyan as a user of /etc/passwd."
        ) from None
