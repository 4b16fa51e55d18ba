"""How audit rows become a ledger: the hash of a row, the Merkle root of a batch, what a seal signs."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

ROW = (
    "id, at, account, display, roles, institution, session, device, purpose, action, outcome, what, "
    "entities, patients, detail"
)
SIZE = 32
FIRST = bytes(SIZE)  # what the first seal is chained to


def row_hash(row: Sequence[Any]) -> bytes:
    """The hash of one row in the order of ROW. The leading 0 keeps leaves apart from nodes (RFC 6962)."""
    id_, at, *rest = row
    assert isinstance(at, datetime)
    text = orjson.dumps([id_, at.astimezone(UTC).isoformat(timespec="microseconds"), *rest])
    return hashlib.sha256(b"\0" + text).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root of the tree over the leaves; an odd node is carried up as it is."""
    level = list(leaves)
    while len(level) > 1:
        pairs = [
            hashlib.sha256(b"\1" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)
        ]
        level = pairs + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def split(hashes: bytes) -> list[bytes]:
    """The leaves that a seal keeps one after another."""
    return [hashes[start : start + SIZE] for start in range(0, len(hashes), SIZE)]


def statement(
    number: int, ids: Sequence[int], root: bytes, previous: bytes, low_water: int, at: datetime
) -> bytes:
    """What the seal's signature covers."""
    return orjson.dumps(
        [number, list(ids), root.hex(), previous.hex(), low_water, at.astimezone(UTC).isoformat()]
    )
