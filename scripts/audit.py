"""Audits the dependencies: no GPL or AGPL licence, no known vulnerability."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

LISTS = ("run", "build", "dev")
FRONT_END = Path("frontend/node_modules")
REFUSED = re.compile(r"\bA?GPL|GNU (Affero )?General Public|SSPL|BUSL|Commons Clause", re.IGNORECASE)
LESSER = re.compile(r"LGPL|Lesser General Public", re.IGNORECASE)
# A package whose own words name a refused licence, and why it may stay. Each was looked at.
ALLOWED: dict[str, str] = {}


def main() -> int:
    """Exit status 1 when a licence is refused or a vulnerability known."""
    refused = [*_refused_wheels(), *_refused_packages()]
    for line in refused:
        print(line)
    if not refused:
        print("licences: nothing is under GPL or AGPL")
    return max(1 if refused else 0, _vulnerabilities())


def licence_of(package: Distribution) -> str:
    """What a package says of its licence: expression, classifiers, or the first line of its text."""
    about = package.metadata
    classifiers = [line for line in about.get_all("Classifier") or () if line.startswith("License ::")]
    words = (about.get("License-Expression") or "", *classifiers, (about.get("License") or "").split("\n")[0])
    return "; ".join(word for word in words if word) or "not stated"


def is_refused(licence: str) -> bool:
    """GPL or AGPL without a permissive or lesser alternative."""
    if " OR " in licence:
        return all(is_refused(part) for part in licence.split(" OR "))
    return bool(REFUSED.search(LESSER.sub("", licence)))


def _refused_wheels() -> Iterator[str]:
    for name in sorted(_pinned()):
        try:
            licence = licence_of(distribution(name))
        except PackageNotFoundError:
            continue  # for another platform
        if is_refused(licence) and name not in ALLOWED:
            yield f"{name}: {licence}. GPL and AGPL are refused: find another package."


def _refused_packages() -> Iterator[str]:
    for file in sorted(FRONT_END.glob("**/package.json")):
        about = json.loads(file.read_text(encoding="utf-8"))
        licence = about.get("license")
        if isinstance(licence, str) and is_refused(licence.strip("()")):
            yield f"{about.get('name', file)}: {licence} (front end)"


def _pinned() -> set[str]:
    texts = (Path(f"requirements/{name}.txt").read_text(encoding="utf-8") for name in LISTS)
    return {match[1].lower() for text in texts for match in re.finditer(r"^([A-Za-z0-9._-]+)==", text, re.M)}


def _vulnerabilities() -> int:
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "-f", "json"]
    command += ["--progress-spinner", "off", "-r", "requirements/run.txt"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        print("known vulnerabilities: the advisories cannot be reached from here; nothing is known")
        return 0
    asked = [package for package in packages if "vulns" in package]
    known = [(package["name"], found["id"]) for package in asked for found in package["vulns"]]
    for name, number in known:
        print(f"{name}: {number} is known to be vulnerable: raise it in requirements/, then `make lock`")
    print(
        f"known vulnerabilities: {len(known)} ({len(asked)} of {len(packages)} packages could be looked up)"
    )
    return 1 if known else 0


if __name__ == "__main__":
    sys.exit(main())
