"""The crew's page: bytes of the first load, offline from the second visit, half an hour of facts synced."""

from __future__ import annotations

import asyncio
import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.report import quick_wanted, report

TOP = Path(__file__).parent.parent


def bring_browser_tools() -> None:
    """A browser is driven by what the tests need, which `make setup` alone does not install."""
    if importlib.util.find_spec("playwright") is None:
        uv = Path(sys.executable).parent / "uv"
        needs = TOP / "requirements" / "dev.txt"
        subprocess.run([uv, "pip", "install", "-q", "--require-hashes", "-r", needs], check=True)


def main() -> int:
    quick = quick_wanted(__doc__ or "")
    bring_browser_tools()
    from tests.browser.crew_figures import measure
    from tests.browser.crew_story import a_region
    from tests.seeded import fill

    with (
        tempfile.TemporaryDirectory() as folder,
        a_region(fill(Path(folder) / "seeded"), Path(folder)) as rescue,
    ):
        figures = asyncio.run(measure(rescue, quick))
    return 0 if report("crew", figures, quick=quick) else 1


if __name__ == "__main__":
    raise SystemExit(main())
