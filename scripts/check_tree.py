"""Checks what no linter does: file sizes, empty names, registry hosts, machine paths, work undone."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

LONGEST = 500
CODE = {".py", ".js", ".mjs", ".sh"}
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base"}
HOSTS = (
    r"pypi\.o" + "rg",
    r"pythonho" + r"sted\.org",
    r"npmjs\.o" + "rg",
    r"npmjs\.c" + "om",
    r"npm" + "mirror",
)
PLACES = (r"(?<![\w.])/wo" + r"rk/", r"(?<![\w.])/ro" + r"ot/", r"(?<![\w.])/ho" + r"me/\w")
UNDONE = ("TO" + "DO", "FIX" + "ME", "XX" + "X", "Not" + "ImplementedError")
OWN_RULES = (
    (re.compile("|".join(HOSTS)), "names a package registry's host"),
    (re.compile("|".join(PLACES)), "names a path of one machine"),
)
UNDONE_RULE = (re.compile(r"\b(" + "|".join(UNDONE) + r")\b"), "says that something is not done")
BINARY = {".png", ".jpg", ".webp", ".woff2", ".pmtiles", ".dcm", ".gz", ".zip", ".npz", ".ico", ".pbf"}
PLAIN_LISTS = ("requirements/", "frontend/package-lock.json")  # hashes and versions: only hosts matter


def main() -> int:
    """Exit status 1 when something is found; each finding is a line `file:line: what`."""
    found = list(findings(tracked()))
    for line in found:
        print(line)
    return 1 if found else 0


def tracked() -> list[Path]:
    """What git knows, and what it would take."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [Path(name) for name in sorted(set(listed)) if Path(name).is_file()]


def findings(files: list[Path]) -> Iterator[str]:
    """Everything that is wrong, file by file."""
    for file in files:
        yield from _name(file)
        if file.suffix not in BINARY:
            try:
                lines = file.read_text(encoding="utf-8").splitlines()
            except UnicodeDecodeError:
                continue
            yield from _length(file, lines)
            yield from _words(file, lines)


def _name(file: Path) -> Iterator[str]:
    if file.suffix not in CODE:
        return
    for part in file.with_suffix("").parts:
        if part.lower() in EMPTY_NAMES:
            yield f"{file}: the name {part!r} says nothing; name the thing that is inside"


def _length(file: Path, lines: list[str]) -> Iterator[str]:
    if file.suffix in CODE and len(lines) > LONGEST:
        yield f"{file}: {len(lines)} lines; no file has more than {LONGEST}"


def _words(file: Path, lines: list[str]) -> Iterator[str]:
    rules = OWN_RULES if str(file).startswith(PLAIN_LISTS) else (*OWN_RULES, UNDONE_RULE)
    for number, line in enumerate(lines, 1):
        for pattern, what in rules:
            if match := pattern.search(line):
                yield f"{file}:{number}: {what} ({match[0]})"


if __name__ == "__main__":
    sys.exit(main())
