"""Structural validation: every finding names its element by a FHIRPath expression."""

import json
import re
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

import msgspec

from banyan.fhir.definitions import load
from banyan.fhir.issues import Issue
from banyan.fhir.primitives import EXAMPLES
from banyan.fhir.shapes import Field, Shape, shape_of

Json = Any
#: A place as a chain: (parent, name) or (parent, name, index); written out only when something is wrong.
Place = tuple[Any, ...]
MOST_ISSUES = 50
_REFERENCE = re.compile(
    r"(?:https?://\S+/)?([A-Za-z]+)/[A-Za-z0-9\-.]{1,64}(?:/_history/[A-Za-z0-9\-.]{1,64})?"
)
_decoder = msgspec.json.Decoder(float_hook=Decimal)


def validate(body: bytes) -> list[Issue]:
    """What is wrong with a resource as text; empty when nothing is."""
    try:
        resource = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return [Issue("error", "structure", f"The body is not valid JSON: {error}.")]
    return validate_parsed(resource, body)


def validate_parsed(resource: Json, body: bytes | None = None) -> list[Issue]:
    """The same for a resource already parsed; `body`, where given, is checked for members named twice."""
    walk = _Walk()
    try:
        walk.resource(resource, ())
    except RecursionError:
        return [Issue("error", "too-costly", "The resource is nested too deeply.")]
    if body is not None and not walk.issues and _named_members(body) != walk.members:
        walk.issues += _doubles(body)
    return walk.issues[:MOST_ISSUES]


class _Walk:
    """One walk over one resource; `members` counts the members of all objects."""

    __slots__ = ("issues", "members")

    def __init__(self) -> None:
        self.issues: list[Issue] = []
        self.members = 0

    def note(self, place: Place, code: str, text: str) -> None:
        expression = _expression(place)
        self.issues.append(Issue("error", code, f"{expression}: {text}", expression))

    def resource(self, value: Json, place: Place) -> None:
        if type(value) is not dict:
            return self.note(place or (None, "Resource"), "structure", "a resource must be a JSON object.")
        kind = value.get("resourceType")
        if type(kind) is not str or kind not in _resource_types():
            wanted = "FHIR R4 has no such type." if kind else "resourceType is missing."
            near = get_close_matches(str(kind), _resource_types(), 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            return self.note(
                place or (None, "Resource"), "structure", f"resourceType {kind!r}: {wanted}{hint}"
            )
        return self.object(shape_of(kind), value, place or (None, kind))

    def object(self, shape: Shape, value: Json, place: Place) -> None:
        if type(value) is not dict:
            return self.note(place, "structure", f"must be an object ({shape.name}).")
        if not value:
            return self.note(place, "structure", "must not be empty.")
        self.members += len(value)
        fields = shape.fields
        chosen: dict[str, str] = {}
        for name, item in value.items():
            field = fields.get(name)
            if field is None:
                self.unknown(shape, name, place)
                continue
            if field.choice is not None:
                first = chosen.setdefault(field.choice, name)
                if first.lstrip("_") != name.lstrip("_"):
                    self.note(
                        (place, field.choice), "structure", f"has both {first} and {name}; one is allowed."
                    )
            if field.many:
                self.list(field, item, place, value)
            elif type(item) is list:
                self.note((place, name), "structure", "takes one value, not a list.")
            else:
                self.one(field, item, (place, name))
        for name, names in shape.required:
            if not any(n in value for n in names):
                self.note((place, name), "required", "is required.")
        for name in shape.required_choices:
            if name not in chosen:
                self.note((place, name), "required", "is required (one of its types).")
        if shape.rule is not None and (broken := shape.rule(value)) is not None:
            self.note(place, "invariant", f"{broken[1]} ({broken[0]})")
        return None

    def unknown(self, shape: Shape, name: str, place: Place) -> None:
        if name == "resourceType" and shape.is_resource:
            return
        near = get_close_matches(name, [n for n in shape.fields if n[0] != "_"], 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        self.note((place, name), "structure", f"{shape.name} has no such element.{hint}")

    def list(self, field: Field, items: Json, place: Place, parent: dict[str, Json]) -> None:
        if type(items) is not list:
            return self.note((place, field.name), "structure", "takes a list, even for one value.")
        if not items:
            return self.note((place, field.name), "structure", "must not be an empty list: leave it out.")
        other = None
        if field.check is not None or field.is_companion:
            other = parent.get(field.name[1:] if field.is_companion else f"_{field.name}")
            if (
                field.is_companion
                and other is not None
                and (type(other) is not list or len(other) != len(items))
            ):
                self.note((place, field.name), "structure", f"must be as long as {field.name[1:]}.")
        for number, item in enumerate(items):
            if item is None and type(other) is list and number < len(other) and other[number] is not None:
                continue
            self.one(field, item, (place, field.name, number))
        return None

    def one(self, field: Field, value: Json, place: Place) -> None:
        if value is None:
            self.note(place, "structure", "must not be null: leave it out.")
        elif field.check is not None:
            if not field.check(value):
                text = value if type(value) is str else str(value)
                shown = text if len(text) < 60 else f"{text[:57]}..."
                wanted = EXAMPLES[field.kind]
                self.note(place, "value", f"{shown!r} is not of type {field.kind}: it must be {wanted}.")
            elif field.codes is not None and value not in field.codes:
                self.note(place, "code-invalid", f"{value!r} is not one of: {_some(field.codes)}.")
        elif field.is_resource:
            self.resource(value, place)
        elif field.shape is not None:
            self.object(field.shape, value, place)
            if type(value) is dict and (field.codes is not None or field.kind == "Reference"):
                self.bound(field, value, place)

    def bound(self, field: Field, value: dict[str, Json], place: Place) -> None:
        if field.kind == "Reference":
            self.target(field, value, place)
        elif field.codes is not None:
            codings = value.get("coding", ()) if field.kind == "CodeableConcept" else [value]
            codes = (
                [c.get("code") for c in codings if type(c) is dict] if type(codings) in (list, tuple) else []
            )
            if not any(code in field.codes for code in codes):
                given = ", ".join(str(code) for code in codes) or "no code"
                self.note(place, "code-invalid", f"{given}: one code must be of: {_some(field.codes)}.")

    def target(self, field: Field, value: dict[str, Json], place: Place) -> None:
        text = value.get("reference")
        if type(text) is not str:
            return
        found = _REFERENCE.fullmatch(text)
        if found is None:
            return
        kind = found[1]
        if kind not in _resource_types():
            if not text.startswith("http"):
                self.note((place, "reference"), "value", f"{text!r}: FHIR R4 has no resource type {kind}.")
        elif field.targets is not None and kind not in field.targets:
            allowed = ", ".join(sorted(field.targets))
            self.note((place, "reference"), "value", f"must refer to {allowed}, not to {kind}.")


_types: frozenset[str] = frozenset()


def _resource_types() -> frozenset[str]:
    global _types
    if not _types:
        _types = frozenset(load().resource_types)
    return _types


def _some(codes: frozenset[str]) -> str:
    shown = sorted(codes)
    return ", ".join(shown) if len(shown) <= 12 else f"{', '.join(shown[:10])} … ({len(shown)} codes)"


def _expression(place: Place | None) -> str:
    parts: list[str] = []
    while place:
        parts.append(f"{place[1]}[{place[2]}]" if len(place) == 3 else str(place[1]))
        place = place[0]
    return ".".join(reversed(parts))


def _named_members(body: bytes) -> int:
    """How many members the text names; too few where it has blanks, and a closer look follows."""
    return body.count(b'":') - body.count(b'\\":')


def _doubles(body: bytes) -> list[Issue]:
    """The members that stand twice in one object."""
    issues: list[Issue] = []

    def pairs(found: list[tuple[str, Json]]) -> dict[str, Json]:
        names = [name for name, _ in found]
        doubles = sorted({name for name in names if names.count(name) > 1})
        issues.extend(
            Issue("error", "structure", f"{name} stands twice in one object.", name) for name in doubles
        )
        return dict(found)

    json.loads(body, object_pairs_hook=pairs)
    return issues
