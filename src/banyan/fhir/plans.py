"""Extraction plans: every search parameter of a type in one walk over the resource, compiled at start."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from functools import cache
from typing import Any

from banyan.fhir import keys
from banyan.fhir.definitions import Definitions, Element, SearchParameter, load
from banyan.fhir.entries import CONVERTERS, Converter, Entries, Parameter
from banyan.fhir.paths import Path, Step, UnreadableExpression, read_paths

#: The first of these that a type has is its clinical date.
MAIN_DATES = [
    "date",
    "authored",
    "authoredon",
    "authored-on",
    "effective",
    "period",
    "started",
    "sent",
    "onset-date",
    "created",
    "issued",
    "recorded",
    "recorded-date",
    "occurrence",
    "whenhandedover",
    "whenprepared",
    "effective-time",
    "planned",
    "birthdate",
]
GENERAL = ("Resource", "DomainResource")


@dataclass(slots=True)
class Node:
    """A place in the resource: where to go on, under which conditions, and what is indexed here."""

    fields: dict[str, "Node"] = field(default_factory=dict)
    conditions: dict[tuple[str, str], "Node"] = field(default_factory=dict)
    ends: list[tuple[Parameter, Converter, str | None]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """How resources of one type are indexed, and what can be searched."""

    type: str
    root: Node
    parameters: dict[str, Parameter]
    official: dict[str, SearchParameter]
    unsupported: tuple[str, ...]
    presence: tuple[tuple[Parameter, str], ...]
    patient_code: str | None
    patient_is_single: bool
    main_date: str | None

    @property
    def searchable(self) -> list[SearchParameter]:
        """The official parameters that searches of this type understand."""
        return [self.official[code] for code in self.parameters]

    def extract(self, resource: dict[str, Any], zone: tzinfo) -> Entries:
        entries = Entries(zone)
        _walk(self.root, resource, entries)
        for parameter, name in self.presence:
            _index_presence(parameter, name, resource, entries)
        return entries


def _index_presence(parameter: Parameter, name: str, resource: dict[str, Any], entries: Entries) -> None:
    values = [v for k, v in resource.items() if k.startswith(name)]
    truth = any(value is not False for value in values)
    convert = CONVERTERS["token", "boolean"]
    convert(parameter, truth, entries)
    entries.keys.add(keys.key(parameter.scope, "p", ""))


def _walk(node: Node, item: dict[str, Any], entries: Entries) -> None:
    fields = node.fields
    for name, value in item.items():
        child = fields.get(name)
        if child is None:
            continue
        if isinstance(value, list):
            for element in value:
                if element is not None:
                    _visit(child, element, entries)
        else:
            _visit(child, value, entries)


def _visit(node: Node, item: Any, entries: Entries) -> None:
    for parameter, convert, target in node.ends:
        if target is None or _points_to(item, target):
            convert(parameter, item, entries)
            entries.keys.add(keys.key(parameter.scope, "p", ""))
    for (name, wanted), child in node.conditions.items():
        if item.get(name) == wanted:
            _visit(child, item, entries)
    if node.fields:
        _walk(node, item, entries)


def _points_to(reference: dict[str, Any], target: str) -> bool:
    text = reference.get("reference", "")
    return text.startswith(f"{target}/") or f"/{target}/" in text or reference.get("type") == target


@cache
def plan_of(resource_type: str) -> Plan:
    """The plan of a type, made on first use."""
    return _Builder(load(), resource_type).build()


class _Builder:
    """Puts the paths of all parameters of one type into one tree."""

    def __init__(self, definitions: Definitions, resource_type: str) -> None:
        self.definitions = definitions
        self.type = resource_type
        self.root = Node()
        self.parameters: dict[str, Parameter] = {}
        self.official: dict[str, SearchParameter] = {}
        self.unsupported: list[str] = []
        self.presence: list[tuple[Parameter, str]] = []
        self.single: dict[str, bool] = {}

    def build(self) -> Plan:
        for official in self.definitions.parameters:
            if self.type in official.base or any(base in GENERAL for base in official.base):
                self.official[official.code] = official
        self.paths = {code: list(self._readable(p)) for code, p in self.official.items()}
        main_date = next((c for c in MAIN_DATES if self._is_single_date(c)), None)
        for official in self.official.values():
            self._add(official, main_date)
        patient = self._patient_code()
        return Plan(
            self.type, self.root, self.parameters, self.official,
            tuple(self.unsupported), tuple(self.presence),
            patient, self.single.get(patient or "", False), main_date,
        )  # fmt: skip

    def _readable(self, official: SearchParameter) -> Iterator[Path]:
        try:
            for path in read_paths(official.expression) if official.expression else ():
                if path.root in (self.type, *GENERAL, ""):  # InsurancePlan-name has no root
                    yield path
        except UnreadableExpression:
            return

    def _is_single_date(self, code: str) -> bool:
        paths = self.paths.get(code, [])
        if self.official.get(code) is None or self.official[code].type != "date":
            return False
        names = {path.steps[0].name for path in paths if path.steps}
        return len(names) == 1 and all(self._is_single(path) for path in paths)

    def _is_single(self, path: Path) -> bool:
        structure = self.type
        for step in path.steps:
            element = self._element(structure, step.name)
            if element is None or element.max != 1:
                return False
            structure = element.nested or element.types[0]
        return True

    def _element(self, structure: str, name: str) -> Element | None:
        elements = self.definitions.structures[structure].elements
        return next((e for e in elements if e.name == name), None)

    def _add(self, official: SearchParameter, main_date: str | None) -> None:
        scope = f"{self.type}.{official.code}"
        parameter = Parameter(self.type, official.code, official.type, scope, keys.parameter_id(scope))
        parameter = replace(
            parameter,
            is_main_code=official.code == "code" and official.type == "token",
            is_main_date=official.code == main_date,
        )
        paths = self.paths[official.code]
        self.single[official.code] = bool(paths) and all(self._is_single(path) for path in paths)
        reached = [self._place(path, parameter) for path in paths]
        # A composite of the resource itself is the conjunction of its components.
        is_conjunction = official.type == "composite" and bool(paths) and not any(p.steps for p in paths)
        if any(reached) or is_conjunction or official.code in ("_id", "_lastUpdated"):
            self.parameters[official.code] = parameter
        else:
            self.unsupported.append(official.code)

    def _place(self, path: Path, parameter: Parameter) -> bool:
        if path.presence:
            self.presence.append((parameter, path.steps[0].name))
            return True
        if parameter.code in ("_id", "_lastUpdated"):
            return True
        ends = list(self._follow(self.root, self.type, path.steps)) if path.steps else []
        placed = False
        for node, kind, target in ends:
            convert = CONVERTERS.get((parameter.kind, kind))
            if convert is not None:
                node.ends.append((parameter, convert, target))
                placed = True
        return placed

    def _follow(
        self, node: Node, structure: str, steps: tuple[Step, ...]
    ) -> Iterator[tuple[Node, str, str | None]]:
        step, *rest = steps
        element = self._element(structure, step.name)
        if element is None:
            return
        for kind in element.types or [element.nested or ""]:
            if element.choice and step.cast and kind != step.cast:
                continue
            name = f"{step.name}{kind[0].upper()}{kind[1:]}" if element.choice else step.name
            child = node.fields.setdefault(name, Node())
            if step.where:
                child = child.conditions.setdefault(step.where, Node())
            if rest:
                yield from self._follow(child, element.nested or kind, tuple(rest))
            else:
                yield child, kind, step.target

    def _patient_code(self) -> str | None:
        wanted: tuple[str, ...] = (
            "patient",
            "subject",
            *self.definitions.patient_compartment.get(self.type, ()),
        )
        for code in wanted:
            if code in self.parameters and self.parameters[code].kind == "reference":
                return code
        return None
