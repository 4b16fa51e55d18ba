"""Finds a Chromium for the browser tests; as root installs Debian's, else says exactly what to run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

VARIABLE = "BANYAN_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "microsoft-edge")
PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/snap/bin/chromium",
)
PACKAGES = ("chromium", "fonts-noto-cjk")


def find_chromium() -> Path | None:
    """The program that BANYAN_CHROMIUM names, else the first that is installed."""
    if named := os.environ.get(VARIABLE):
        return Path(named) if os.access(named, os.X_OK) else None
    found = [path for name in NAMES if (path := shutil.which(name))]
    found += [place for place in PLACES if os.access(place, os.X_OK)]
    return Path(found[0]) if found else None


def install() -> bool:
    """Installs Debian's packages when root on a Debian; True if they were installed."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    print(f"No Chromium for the browser tests: installing Debian's packages {' and '.join(PACKAGES)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False, stdout=subprocess.DEVNULL)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
    return subprocess.run(command, env=quiet, check=False, stdout=subprocess.DEVNULL).returncode == 0


def what_to_run() -> str:
    """The command that a person has to give on this machine."""
    if sys.platform == "darwin":
        return "brew install --cask chromium"
    return f"sudo apt install {' '.join(PACKAGES)}"


def main() -> int:
    """Exit status 0 when a Chromium is there."""
    if find_chromium() is None and not (install() and find_chromium()):
        print(
            f"The browser tests need Chromium. Run: {what_to_run()}\n"
            f"(or set {VARIABLE} to the path of a Chromium or Chrome), then call make again.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
