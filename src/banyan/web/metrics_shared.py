"""The figures of all server processes in one answer, whichever of them is asked."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

EVERY = 5.0  # seconds between two notes of a process
FRESH = 20.0  # a note older than this is of a process that has ended


class SharedFigures:
    """Each process leaves a note of its figures in a folder and reads those of the others."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own = folder / f"{os.getpid()}.prom"

    @contextlib.asynccontextmanager
    async def noting(self, figures: CollectorRegistry) -> AsyncIterator[None]:
        """Keeps this process's note up to date while the server runs."""
        self._folder.mkdir(parents=True, exist_ok=True)
        task = asyncio.create_task(self._keep(figures), name="figures")
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            self._own.unlink(missing_ok=True)

    async def _keep(self, figures: CollectorRegistry) -> None:
        while True:
            await asyncio.to_thread(self._write, generate_latest(figures))
            await asyncio.sleep(EVERY)

    def _write(self, text: bytes) -> None:
        new = self._own.with_suffix(".new")
        with contextlib.suppress(OSError):  # a full disk must not end the server; /health says it
            new.write_bytes(text)
            new.replace(self._own)

    def everybody(self, own: bytes) -> bytes:
        """This process's figures and the others' last notes, each family once; labels tell them apart."""
        registry = CollectorRegistry()
        registry.register(_Merged([own.decode(), *self._others()]))
        return generate_latest(registry)

    def _others(self) -> Iterator[str]:
        for note in self._folder.glob("*.prom"):
            with contextlib.suppress(OSError):
                if note != self._own and time.time() - note.stat().st_mtime < FRESH:
                    yield note.read_text()


class _Merged:
    """Metric families of several texts, the samples of one name together."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._families: dict[str, Metric] = {}
        for text in texts:
            for family in text_string_to_metric_families(text):
                known = self._families.setdefault(family.name, family)
                if known is not family:
                    known.samples.extend(family.samples)

    def collect(self) -> Iterator[Metric]:
        yield from self._families.values()
