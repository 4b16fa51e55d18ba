"""`banyan load`: FHIR bundles and NDJSON files into the record; one that was cut off goes on."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer

from banyan.cli.running import DEFAULT_DATA, Data, fail, operator, tell, with_platform

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from banyan.platform import Platform

BATCH = 500
OWN_IDS = uuid.UUID("5b7c5f0e-6a5e-4f0c-9a34-2f1f0b7f4b53")


def command(
    files: Annotated[list[Path], typer.Argument(exists=True, help="Bundles (.json), NDJSON, or folders.")],
    institution: Annotated[str | None, typer.Option(help="The institution that the data comes from.")] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Loads files. What is in the record already makes no new version; a load that was cut off goes on."""
    found = list(_files(files))
    if not found:
        fail("None of these files ends in .json or .ndjson.")

    async def work(platform: Platform) -> int:
        return await _load_all(platform, found, institution)

    tell(f"{with_platform(data, 'load', work)} resources from {len(found)} files are in the record")


@dataclass(frozen=True)
class Batch:
    """Some resources of one file, written in one transaction."""

    first: int  # line of an NDJSON file, or 1
    last: int
    end: int  # the byte after it: where a load that was cut off goes on
    resources: list[dict[str, Any]]
    bundle: dict[str, Any] | None = None

    @property
    def count(self) -> int:
        return len(self.bundle.get("entry", ())) if self.bundle else len(self.resources)


async def _load_all(platform: Platform, files: list[Path], institution: str | None) -> int:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    total = 0
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("loading", total=sum(file.stat().st_size for file in files))
        for file in files:
            progress.update(task, description=file.name[:40])
            total += await _load_file(platform, file, institution, progress, task)
    return total


async def _load_file(
    platform: Platform, file: Path, institution: str | None, progress: Progress, task: TaskID
) -> int:
    mark = Mark(platform.settings.data / "loads", file)
    done = mark.read()
    progress.advance(task, done)
    count, place = 0, done
    for batch in _batches(file, done):
        await _write(platform, file, batch, institution)
        mark.write(batch.end)
        progress.advance(task, batch.end - place)
        place, count = batch.end, count + batch.count
    return count


async def _write(platform: Platform, file: Path, batch: Batch, institution: str | None) -> None:
    from banyan.access.audit import Entry, write
    from banyan.record import Author, Transaction
    from banyan.record.errors import RecordError

    who, where = operator(), f"{file.name} lines {batch.first}-{batch.last}"
    author = Author(user=who.user, institution=institution, system="load", message=where)
    at = "the bundle"

    async def put(transaction: Transaction) -> None:
        nonlocal at
        if batch.bundle is not None:
            await transaction.bundle(batch.bundle)
        for resource in batch.resources:
            at = f"{resource['resourceType']}/{resource['id']}"
            await transaction.update(resource)
        entry = Entry(who=who, action="load", what=where, detail=f"{batch.count} resources")
        await write(transaction.conn, entry)

    try:
        await platform.record.run(author, put)
    except RecordError as wrong:
        fail(f"{where}, {at}: {wrong} What came before these lines is in the record.")


class Mark:
    """How far a file has been loaded, kept after each commit; a file that changed starts anew."""

    def __init__(self, folder: Path, file: Path) -> None:
        state = file.stat()
        name = f"{file.absolute()} {state.st_size} {state.st_mtime_ns}"
        self._path = folder / hashlib.sha256(name.encode()).hexdigest()[:24]

    def read(self) -> int:
        return int(self._path.read_text(encoding="ascii")) if self._path.exists() else 0

    def write(self, place: int) -> None:
        self._path.parent.mkdir(mode=0o700, exist_ok=True)
        half = self._path.with_suffix(".new")
        half.write_text(str(place), encoding="ascii")
        half.replace(self._path)


def _files(given: list[Path]) -> Iterator[Path]:
    for path in given:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in inside if file.suffix in (".json", ".ndjson") and file.is_file())


def _batches(file: Path, start: int) -> Iterator[Batch]:
    return _of_lines(file, start) if file.suffix == ".ndjson" else _of_bundle(file, start)


def _of_bundle(file: Path, start: int) -> Iterator[Batch]:
    if start:
        return
    content = file.read_bytes()
    found = _object(content, file, 1)
    if found.get("resourceType") != "Bundle":
        yield Batch(1, 1, len(content), [_with_id(found, file, 1)])
    elif found.get("type") in ("transaction", "batch"):
        yield Batch(1, 1, len(content), [], found)
    else:
        entries = [entry["resource"] for entry in found.get("entry", ()) if "resource" in entry]
        yield Batch(1, 1, len(content), [_with_id(one, file, number) for number, one in enumerate(entries)])


def _of_lines(file: Path, start: int) -> Iterator[Batch]:
    resources: list[dict[str, Any]] = []
    with file.open("rb") as opened:
        first = number = sum(1 for _ in iter(lambda: opened.tell() < start and opened.readline(), False))
        for line in iter(opened.readline, b""):
            number += 1
            if line.strip():
                resources.append(_with_id(_object(line, file, number), file, number))
            if len(resources) == BATCH:
                yield Batch(first + 1, number, opened.tell(), resources)
                resources, first = [], number
        if resources:
            yield Batch(first + 1, number, opened.tell(), resources)


def _object(content: bytes, file: Path, line: int) -> dict[str, Any]:
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError as wrong:
        fail(f"{file} line {line} is not JSON: {wrong}. What came before it is in the record.")
    if not isinstance(found, dict) or "resourceType" not in found:
        fail(f"{file} line {line} is no FHIR resource: it has no resourceType.")
    return found


def _with_id(resource: dict[str, Any], file: Path, line: int) -> dict[str, Any]:
    """A resource without an id gets one that is the same when the file is loaded again."""
    if "id" in resource:
        return resource
    return {**resource, "id": str(uuid.uuid5(OWN_IDS, f"{file.name}:{line}"))}
