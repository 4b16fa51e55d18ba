"""The real ECG files of the test data, read as a device would send them."""

import csv
import lzma
from functools import cache
from pathlib import Path

from banyan.apps.emergency.ecg.device_file import read_ecg
from banyan.apps.emergency.ecg.recording import Recording


def content(path: Path) -> bytes:
    return lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()


def found(folder: Path, name: str) -> Path:
    return next(path for path in (folder / name, folder / "wfdb" / name) if path.exists())


@cache
def recording(path: Path) -> Recording:
    """The file, with those beside it that share its stem (a WFDB header's signals)."""
    beside = {p.name: p.read_bytes() for p in path.parent.glob(f"{path.stem}.*") if p != path}
    companions = beside if path.suffix == ".hea" else {}
    return read_ecg(content(path), path.name.removesuffix(".xz"), companions=companions)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
