"""Ids that the server makes: ordered by time, with the shard inside; and the shard of what is new."""

import os
import re
import time
import uuid

from banyan.fhir.keys import reference_hash

#: Logical shards of patients; 0 holds what has no patient. Immutable once data is stored.
PATIENT_SHARDS = 16
OWN_FORM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-8([0-9a-f]{3})-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
ID_FORM = re.compile(r"[A-Za-z0-9\-.]{1,64}")


def shard_of(patient: str | None) -> int:
    """Where the data of a patient lives: read from an id of ours, else by hash; 0 without a patient."""
    if patient is None:
        return 0
    own = OWN_FORM.fullmatch(patient)
    return int(own[1], 16) if own else 1 + reference_hash(f"Patient/{patient}") % PATIENT_SHARDS


def home_of(resource_id: str, patient: str | None) -> int:
    """The shard of a resource: the one in its id where the server made it, else its patient's."""
    return shard_of(resource_id if OWN_FORM.fullmatch(resource_id) else patient)


def any_patient_shard() -> int:
    return 1 + int.from_bytes(os.urandom(1)) % PATIENT_SHARDS


def new_id(shard: int) -> str:
    """A UUID of version 8: 48 bits of milliseconds, 12 of the shard, 62 random."""
    moment = time.time_ns() // 1_000_000
    chance = int.from_bytes(os.urandom(8)) >> 2
    return str(uuid.UUID(int=(moment << 80) | (0x8 << 76) | (shard << 64) | (0b10 << 62) | chance))
