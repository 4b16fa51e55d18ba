"""The record by itself: bundles, creates, reads, searches, the way to a follower; `--quick` is short."""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from psycopg_pool import AsyncConnectionPool

from banyan.fhir.plans import plan_of
from banyan.fhir.validation import validate_parsed
from banyan.record import Author, Feed, Record
from banyan.record.bodies import decode
from banyan.record.feed import give_positions
from banyan.record.migrate import OWN_FOLDER, migrate
from banyan.record.postgres import EmbeddedPostgres

BUNDLE = 300
ME = Author("bench", "bench")
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
UCUM = "http://unitsofmeasure.org"
LOINC = ("8867-4", "8480-6", "8462-4", "2708-6", "9279-1", "8310-5")


def an_observation(patient: str, number: int) -> dict[str, Any]:
    day = f"20{10 + number % 14}-{1 + number % 12:02d}-{1 + number % 28:02d}"
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": "vital-signs"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": LOINC[number % 6]}]},
        "subject": {"reference": patient},
        "effectiveDateTime": f"{day}T08:{number % 60:02d}:00+08:00",
        "valueQuantity": {"value": 60 + number % 90, "unit": "/min", "system": UCUM, "code": "/min"},
    }


def a_bundle(number: int) -> bytes:
    patient = f"urn:uuid:00000000-0000-4000-8000-{number:012d}"
    person = {"resourceType": "Patient", "name": [{"text": f"病人 {number}"}], "gender": "female"}
    entries: list[dict[str, Any]] = [
        {"fullUrl": patient, "resource": person, "request": {"method": "POST", "url": "Patient"}}
    ]
    entries += [
        {"resource": an_observation(patient, number + n), "request": {"method": "POST", "url": "Observation"}}
        for n in range(BUNDLE - 1)
    ]
    return orjson.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries})


def rate_of_language(times: int) -> dict[str, float]:
    """Validation and extraction by themselves, without a database."""
    body = orjson.dumps(an_observation("Patient/1", 1))
    resource, plan = decode(body), plan_of("Observation")
    zone = ZoneInfo("Asia/Shanghai")
    return {
        "validations_per_s": _rate(lambda: validate_parsed(resource, body), times),
        "extractions_per_s": _rate(lambda: plan.extract(resource, zone), times),
    }


def _rate(work: Callable[[], object], times: int) -> float:
    begun = time.perf_counter()
    for _ in range(times):
        work()
    return times / (time.perf_counter() - begun)


async def milliseconds(work: Callable[[int], Awaitable[object]], times: int) -> tuple[float, float]:
    """Median and 99th percentile."""
    taken = []
    for number in range(times):
        begun = time.perf_counter()
        await work(number)
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=100)[98]


async def measure(dsn: str, bundles: int, times: int) -> dict[str, float]:
    figures: dict[str, float] = {}
    async with AsyncConnectionPool(
        dsn, min_size=2, max_size=8, open=False, kwargs={"autocommit": True}
    ) as pool:
        record, feed = Record(pool), Feed(pool)
        giver = asyncio.create_task(give_positions(dsn))
        patients = await _load(record, bundles, figures)
        await record.counts.flush()
        await _ask(record, patients, times, figures)
        await _follow(record, feed, min(times, 100), figures)
        giver.cancel()
        await asyncio.gather(giver, return_exceptions=True)
        await feed.close()
        await record.close()
    return figures


async def _load(record: Record, bundles: int, figures: dict[str, float]) -> list[str]:
    bodies = [a_bundle(number) for number in range(bundles)]
    patients, begun = [], time.perf_counter()
    for body in bodies:
        answer = await record.run(ME, lambda t, body=body: t.bundle(body))  # type: ignore[misc]
        patients.append(answer["entry"][0]["response"]["location"].split("/")[1])
    figures["transaction_resources_per_s"] = bundles * BUNDLE / (time.perf_counter() - begun)
    return patients


async def _ask(record: Record, patients: list[str], times: int, figures: dict[str, float]) -> None:
    def search(*params: tuple[str, str]) -> Callable[[int], Awaitable[object]]:
        def one(number: int) -> Awaitable[object]:
            patient = patients[number % len(patients)]
            return record.search("Observation", [("patient", patient), *params])

        return one

    async def create(number: int) -> None:
        async with record.transaction(ME) as transaction:
            await transaction.create(an_observation(f"Patient/{patients[0]}", number))

    code = ("code", "http://loinc.org|8867-4")
    asked: dict[str, Callable[[int], Awaitable[object]]] = {
        "create": create,
        "read": lambda n: record.read("Patient", patients[n % len(patients)]),
        "patient_date": search(("date", "ge2015-01-01"), ("_sort", "-date"), ("_count", "20")),
        "newest_of_code": search(code, ("_sort", "-date"), ("_count", "1")),
        "code_quantity_date": lambda n: record.search(
            "Observation", [code, ("value-quantity", "gt100||/min"), ("_sort", "-date"), ("_count", "20")]
        ),
    }
    for name, work in asked.items():
        median, high = await milliseconds(work, times)
        figures[f"{name}_ms_p50"], figures[f"{name}_ms_p99"] = median, high


async def _follow(record: Record, feed: Feed, times: int, figures: dict[str, float]) -> None:
    """From the end of a commit to a follower that holds the change."""
    cursor, taken = await feed.latest(), []
    for number in range(times):
        async with record.transaction(ME) as transaction:
            transaction.tell("bench", "tick", {"n": number})
        begun = time.perf_counter()
        while not (found := await feed.read(cursor))[0]:
            await feed.wait(0.5)
        cursor = found[1]
        taken.append((time.perf_counter() - begun) * 1000)
        await asyncio.sleep(0.025)
    figures["commit_to_follower_ms_p50"] = statistics.median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under 45 seconds")
    quick = parser.parse_args().quick
    bundles, times = (20, 200) if quick else (400, 2000)
    figures = rate_of_language(2000 if quick else 20_000)
    with tempfile.TemporaryDirectory() as folder:
        postgres = EmbeddedPostgres(Path(folder))
        postgres.start()
        try:
            migrate(postgres.dsn(), [OWN_FOLDER])
            figures |= asyncio.run(measure(postgres.dsn(), bundles, times))
        finally:
            postgres.stop()
    for name, value in figures.items():
        print(f"{name:32} {value:12,.2f}")
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))


if __name__ == "__main__":
    main()
