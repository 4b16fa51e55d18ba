"""Judges what a bundle did: each version that it wrote, the one before it, each that it read."""

from collections.abc import Iterator
from typing import Any

import orjson

from banyan.access.decide import Facts
from banyan.record.errors import Gone, NotFound
from banyan.record.reading import read_version
from banyan.record.transaction import Transaction
from banyan.record.values import Stored


async def written(transaction: Transaction) -> list[tuple[str, Facts, Stored | None]]:
    """For each write so far: the verb, and the facts of what is there now and of what was there before."""
    judged: list[tuple[str, Facts, Stored | None]] = []
    for type_, id_, version, verb, _ in tuple(transaction._entries):
        now = await transaction.read(type_, id_) if verb != "delete" else None
        if now is not None:
            judged.append((verb, facts_of(now), now))
        before = await _version(transaction, type_, id_, version - 1) if version > 1 else None
        if before is not None:
            judged.append((verb, facts_of(before), before if verb == "delete" else None))
    return judged


async def _version(transaction: Transaction, type_: str, id_: str, version: int) -> Stored | None:
    try:
        return await read_version(transaction.conn, type_, id_, version)
    except (NotFound, Gone):
        return None


def facts_of(stored: Stored) -> Facts:
    """What a policy may know of a stored version."""
    return Facts(stored.type, stored.id, stored.patient, stored.institution, stored.sensitivity)


def shown(answer: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    """The references that the answer of a bundle shows in full, each with its patient as far as it says."""
    for entry in orjson.loads(orjson.dumps(answer)).get("entry", ()):
        resource = entry.get("resource")
        if resource and resource["resourceType"] == "Bundle":
            yield from shown(resource)
        elif resource:
            yield f"{resource['resourceType']}/{resource['id']}", _patient(resource)


def _patient(resource: dict[str, Any]) -> str | None:
    if resource["resourceType"] == "Patient":
        return str(resource["id"])
    for name in ("subject", "patient", "beneficiary", "individual", "for"):
        reference = resource.get(name)
        text = str(reference.get("reference", "")) if isinstance(reference, dict) else ""
        if text.startswith("Patient/"):
            return text.removeprefix("Patient/")
    return None
