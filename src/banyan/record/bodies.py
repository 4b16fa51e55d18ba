"""A resource as bytes: read once, its members kept as written, id and meta spliced in."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any

import msgspec

from banyan.record.errors import BadRequest
from banyan.record.values import CONFIDENTIALITY, NORMAL

CONFIDENTIALITY_SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
_values = msgspec.json.Decoder(float_hook=Decimal)
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_encoder = msgspec.json.Encoder(decimal_format="number")
BLANKS = (b"\n", b'": ', b'", ', b', "')


@dataclass(frozen=True, slots=True)
class Content:
    """What a client sent, apart from what the server decides; `text` where it came as text."""

    type: str
    id: str | None
    resource: dict[str, Any]
    meta: bytes
    members: bytes
    digest: bytes
    text: bytes | None

    def body(self, resource_id: str, version: int, last_updated: datetime) -> bytes:
        moment = last_updated.strftime("%Y-%m-%dT%H:%M:%S.") + f"{last_updated.microsecond // 1000:03d}Z"
        head = (
            f'{{"resourceType":"{self.type}","id":"{resource_id}",'
            f'"meta":{{"versionId":"{version}","lastUpdated":"{moment}"'
        ).encode()
        return b"".join((head, self.meta, b"}", self.members, b"}"))

    @property
    def sensitivity(self) -> int:
        """The strictest confidentiality label in meta.security, normal where there is none."""
        labels = self.resource.get("meta", {}).get("security", ())
        ranks = [
            CONFIDENTIALITY.index(label["code"])
            for label in labels
            if label.get("system") == CONFIDENTIALITY_SYSTEM and label.get("code") in CONFIDENTIALITY
        ]
        return max(ranks, default=NORMAL)


def encode(value: Any) -> bytes:
    """JSON with decimals as numbers, digit for digit."""
    return _encoder.encode(value)


def decode(body: bytes) -> Any:
    """Parse JSON; numbers with a point or an exponent become Decimal, so that 6.30 keeps its zero.

    Raises BadRequest, naming the place, when it is no JSON.
    """
    try:
        return _values.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadRequest(f"The body is not valid JSON: {error}.") from None


def read_content(source: bytes | dict[str, Any]) -> Content:
    """Take a resource apart. Structure and types are not judged here."""
    body = source if isinstance(source, bytes) else encode(source)
    resource = decode(body)
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        raise BadRequest(
            "The body is not a FHIR resource: it has no resourceType.", expression="resourceType"
        )
    if any(blank in body for blank in BLANKS):
        body = msgspec.json.format(body, indent=-1)
    parts = _members.decode(body)
    for name in ("resourceType", "id"):
        parts.pop(name, None)
    meta = _own_meta(parts.pop("meta", None))
    members = b"".join(b',"%s":%s' % (name.encode(), bytes(raw)) for name, raw in parts.items())
    text = body if isinstance(source, bytes) else None
    digest = blake2b(meta + b"\0" + members, digest_size=16).digest()
    return Content(resource["resourceType"], resource.get("id"), resource, meta, members, digest, text)


def _own_meta(raw: msgspec.Raw | None) -> bytes:
    if raw is None:
        return b""
    try:
        parts = _members.decode(raw)
    except msgspec.ValidationError:
        raise BadRequest("meta must be an object.", expression="meta") from None
    return b"".join(
        b',"%s":%s' % (name.encode(), bytes(value))
        for name, value in parts.items()
        if name not in ("versionId", "lastUpdated")
    )
