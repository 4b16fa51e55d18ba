"""Patients with a whole life of history: made at set-up by PySynthea, re-made for the region."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import orjson

from banyan.demo.names import Resource

FILE: Final = Path(__file__).parent / "made" / "histories.jsonl.gz"


def histories(file: Path = FILE) -> Iterator[list[Resource]]:
    """Each person's resources, the Patient first, and every reference to something earlier or known."""
    if not file.exists():
        return
    with gzip.open(file, "rb") as lines:
        for line in lines:
            yield orjson.loads(line)
