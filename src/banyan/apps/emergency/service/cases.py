"""Finding a case, changing it, telling who follows it."""

import uuid
from datetime import datetime
from typing import Any

from banyan.access import Act
from banyan.apps.emergency.model.call import Case
from banyan.apps.emergency.service.errors import Unknown

NAMESPACE = uuid.UUID("5f2a6f0e-3f0c-4b7e-9d0a-6f1d3b0c8e11")


def derived(*parts: str) -> str:
    """An id that follows from others, so that a retry writes the same resource."""
    return str(uuid.uuid5(NAMESPACE, "/".join(parts)))


def stamp(at: datetime) -> str:
    """FHIR's instant, with its zone, to the millisecond."""
    return at.isoformat(timespec="milliseconds")


async def find_case(act: Act, case_id: str, *, lock: bool = False) -> Case:
    """The case as this act sees it. Raises: Unknown, Denied."""
    stored = await act.read("ServiceRequest", case_id, lock=lock)
    if stored is None:
        raise Unknown(f"There is no case {case_id}.", field="case")
    return Case(stored.resource(), stored.version)


async def change_case(act: Act, case: Case, **values: dict[str, Any] | None) -> Case:
    """Writes own extensions of the call and returns it as it now stands."""
    return await rewrite_case(act, case, case.changed(**values))


async def rewrite_case(act: Act, case: Case, resource: dict[str, Any]) -> Case:
    if resource == case.resource:
        return case
    written = await act.update(resource, if_match=case.version)
    return Case(written.stored.resource(), written.stored.version)


def tell_case(act: Act, case: Case, *changed: str) -> None:
    """Tells everybody who follows this case, its hospital, its unit and the desk what changed."""
    data = {"case": case.id, "changed": list(changed)}
    act.tell(f"case/{case.id}", "case", data)
    act.tell("desk", "case", data)
    if case.unit:
        act.tell(f"unit/{case.unit}", "case", data)
    if case.destination and case.get("notice-at"):
        act.tell(f"hospital/{case.destination}", "incoming", data)
