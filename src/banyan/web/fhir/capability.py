"""GET /fhir/metadata: the CapabilityStatement, generated from what runs."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from banyan.fhir.definitions import Definitions
    from banyan.platform import Platform

INTERACTIONS = (
    "read",
    "vread",
    "update",
    "patch",
    "delete",
    "history-instance",
    "history-type",
    "create",
    "search-type",
)
SYSTEM = ("transaction", "batch", "history-system")


def statement(platform: Platform, base: str) -> dict[str, Any]:
    """What this server does, for each resource type and search parameter of its definitions."""
    made = _statement(platform.definitions)
    return made | {"implementation": {"description": "Banyan health record", "url": base}}


def _statement(definitions: Definitions) -> dict[str, Any]:
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-01-01",
        "kind": "instance",
        "software": {"name": "Banyan", "version": version("banyan")},
        "fhirVersion": "4.0.1",
        "format": ["json", "application/fhir+json"],
        "patchFormat": ["application/json-patch+json", "application/merge-patch+json"],
        "rest": [
            {
                "mode": "server",
                "documentation": _unchecked(definitions),
                "security": _SECURITY,
                "resource": [_resource(definitions, type_) for type_ in definitions.resource_types],
                "interaction": [{"code": code} for code in SYSTEM],
            }
        ],
    }


_SECURITY = {
    "cors": False,
    "description": "A bearer token (banyan token create) or a signed-in page's session. "
    "Every read and write passes the same policy and is audited.",
}


def _resource(definitions: Definitions, type_: str) -> dict[str, Any]:
    return {
        "type": type_,
        "interaction": [{"code": code} for code in INTERACTIONS],
        "versioning": "versioned-update",
        "readHistory": True,
        "updateCreate": True,
        "conditionalCreate": True,
        "conditionalRead": "full-support",
        "conditionalUpdate": False,
        "conditionalDelete": "not-supported",
        "searchInclude": _includes(definitions, type_),
        "searchParam": [
            {"name": one.code, "definition": one.url, "type": one.type}
            for one in definitions.parameters_of(type_)
        ],
    }


def _includes(definitions: Definitions, type_: str) -> list[str]:
    references = (one for one in definitions.parameters_of(type_) if one.type == "reference")
    return sorted(f"{type_}:{one.code}" for one in references)


def _unchecked(definitions: Definitions) -> str:
    """Required bindings whose value set is not among the definitions: named, since nothing checks them."""
    if not definitions.unchecked_bindings:
        return "All required bindings are checked."
    named = ", ".join(f"{path} ({url})" for path, url in definitions.unchecked_bindings)
    return f"Not checked for want of their value sets: {named}."
