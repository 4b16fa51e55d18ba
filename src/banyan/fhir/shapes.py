"""The structures of R4 as validation walks them: each member's rule found by its name."""

from dataclasses import dataclass, field
from functools import cache

from banyan.fhir.definitions import Element, Structure, load
from banyan.fhir.invariants import RULES, Rule
from banyan.fhir.primitives import CHECKS, Check


@dataclass(slots=True)
class Field:
    """What one member may hold."""

    name: str
    kind: str
    many: bool
    check: Check | None = None
    shape: "Shape | None" = None
    codes: frozenset[str] | None = None
    targets: frozenset[str] | None = None
    choice: str | None = None
    is_resource: bool = False
    is_companion: bool = False


@dataclass(slots=True)
class Shape:
    """A structure: its members by name, and those that must be there."""

    name: str
    is_resource: bool = False
    fields: dict[str, Field] = field(default_factory=dict)
    required: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    required_choices: list[str] = field(default_factory=list)
    rule: Rule | None = None


@cache
def shape_of(name: str) -> Shape:
    """The shape of a resource, datatype or backbone element; circles of types are no problem."""
    shape, structure = _MADE.setdefault(name, Shape(name)), load().structures[name]
    shape.is_resource = structure.kind == "resource"
    shape.rule = RULES.get(name)
    for element in structure.elements:
        _add(shape, structure, element)
    return shape


_MADE: dict[str, Shape] = {}


def _lazily(name: str) -> Shape:
    """The shape, perhaps still without its members: it is filled before anybody looks inside."""
    if name in _MADE:
        return _MADE[name]
    return shape_of(name)


def _add(shape: Shape, structure: Structure, element: Element) -> None:
    kinds = element.types or ["BackboneElement"]
    for kind in kinds:
        name = f"{element.name}{kind[0].upper()}{kind[1:]}" if element.choice else element.name
        is_id = element.name == "id" and structure.kind == "resource"
        made = _field(element, name, "id" if is_id else kind)
        shape.fields[name] = made
        if made.check is not None:
            shape.fields[f"_{name}"] = _companion(made)
    if not element.min:
        return
    if element.choice:
        shape.required_choices.append(element.name)
    else:
        names = (element.name, f"_{element.name}") if f"_{element.name}" in shape.fields else (element.name,)
        shape.required.append((element.name, names))


def _field(element: Element, name: str, kind: str) -> Field:
    made = Field(
        name, kind, element.max == 0 or element.max > 1, choice=element.name if element.choice else None
    )
    codes = load().codes.get(element.binding or "")
    if codes is not None and kind in ("code", "Coding", "CodeableConcept", "string", "uri"):
        made.codes = frozenset(codes)
    if kind == "Resource":
        made.is_resource = True
    elif kind in CHECKS:
        made.check = CHECKS[kind]
    else:
        made.shape = _lazily(element.nested or kind)
    if kind == "Reference" and element.targets and "Resource" not in element.targets:
        made.targets = frozenset(element.targets)
    return made


def _companion(primitive: Field) -> Field:
    return Field(
        f"_{primitive.name}",
        "Element",
        primitive.many,
        shape=_lazily("Element"),
        choice=primitive.choice,
        is_companion=True,
    )
