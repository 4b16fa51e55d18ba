"""The R4 definitions as the server holds them: structures, search parameters, codes of required bindings."""

from functools import cache
from importlib import resources

import msgspec
import zstandard

COMPILED = "r4.msgpack.zst"
FORM = 1


class Element(msgspec.Struct, array_like=True, frozen=True):
    """One child of a structure; `max` 0 means many, `nested` names the structure of a backbone element."""

    name: str
    min: int
    max: int
    types: list[str]
    targets: list[str] = []
    binding: str | None = None
    nested: str | None = None
    choice: bool = False


class Structure(msgspec.Struct, array_like=True, frozen=True):
    """A resource, datatype or backbone element; `kind` is resource, complex, backbone or primitive."""

    name: str
    kind: str
    elements: list[Element]


class Component(msgspec.Struct, array_like=True, frozen=True):
    """One part of a composite search parameter."""

    code: str
    type: str
    expression: str


class SearchParameter(msgspec.Struct, array_like=True, frozen=True):
    """An official search parameter."""

    url: str
    code: str
    type: str
    base: list[str]
    expression: str
    targets: list[str] = []
    components: list[Component] = []


class Definitions(msgspec.Struct, array_like=True, frozen=True):
    """Everything that validation and search need, read once at start."""

    form: int
    version: str
    structures: dict[str, Structure]
    parameters: list[SearchParameter]
    codes: dict[str, list[str]]
    unchecked_bindings: list[tuple[str, str]]
    patient_compartment: dict[str, list[str]]

    @property
    def resource_types(self) -> list[str]:
        return [s.name for s in self.structures.values() if s.kind == "resource"]

    def parameters_of(self, resource_type: str) -> list[SearchParameter]:
        return [p for p in self.parameters if resource_type in p.base]


class DefinitionsMissing(RuntimeError):
    """The compiled file is not there, or is of another form."""


@cache
def load() -> Definitions:
    """Read the compiled definitions (about 60 ms, once per process)."""
    file = resources.files("banyan.fhir") / "compiled" / COMPILED
    if not file.is_file():
        raise DefinitionsMissing(f"{file} is missing. Run `make setup`, which compiles the R4 definitions.")
    packed = zstandard.ZstdDecompressor().decompress(file.read_bytes())
    definitions = msgspec.msgpack.decode(packed, type=Definitions)
    if definitions.form != FORM:
        raise DefinitionsMissing(f"{file} is of form {definitions.form}, not {FORM}. Run `make setup` again.")
    return definitions
