"""Time points of a case: recorded with their source, the person's prevailing over the machine's."""

from datetime import datetime, timedelta
from typing import Any

from banyan.access import Act
from banyan.apps.emergency.model.call import Case
from banyan.apps.emergency.model.codes import TIME_POINT, extended
from banyan.apps.emergency.model.observation import of_case, time_point
from banyan.apps.emergency.service.cases import derived, stamp
from banyan.apps.emergency.service.errors import EmergencyError
from banyan.apps.emergency.timepoints import BadTime, Recorded, check, current

TimePoints = dict[str, tuple[Recorded, dict[str, Any]]]


async def record_point(
    act: Act,
    case: Case,
    point: str,
    at: datetime,
    *,
    source: str = "manual",
    fact: str | None = None,
    offset_ms: int | None = None,
    precision_s: float = 0,
    place: tuple[float, float] | None = None,
) -> str:
    """Writes one time point; earlier records of the same point stay. Returns the Observation's id.

    The same moment from the same source is one record: a step's time and the unit's new state tell it both.
    Raises: EmergencyError for an unknown point or a time without zone.
    """
    try:
        known = check(point, at)
    except BadTime as bad:
        raise EmergencyError(str(bad), field="point") from None
    id_ = derived(case.id, "time", point, source, stamp(at))
    if (there := await act.read("Observation", id_)) is not None and _counts(there.resource()):
        return id_
    core = of_case(
        id_, case.id, case.patient, case.encounter, stamp(at), (act.who.user, act.who.name), fact=fact
    )
    await act.update(
        time_point(
            core,
            point,
            known.en,
            source=source,
            recorded=stamp(act.clock.now()),
            offset_ms=offset_ms,
            precision_s=precision_s,
            place=place,
        )
    )
    return id_


def _counts(resource: dict[str, Any]) -> bool:
    return resource.get("status") != "entered-in-error"


def read_points(resources: list[dict[str, Any]]) -> TimePoints:
    """The valid record of each point with its resource; cancelled ones do not count."""
    records: dict[int, dict[str, Any]] = {}
    history: list[Recorded] = []
    for resource in sorted(resources, key=lambda each: extended(each, "recorded") or ""):
        if not _counts(resource):
            continue
        record = read_point(resource)
        records[id(record)] = resource
        history.append(record)
    return {point: (record, records[id(record)]) for point, record in current(history).items()}


def read_point(resource: dict[str, Any]) -> Recorded:
    point = next(c["code"] for c in resource["code"]["coding"] if c["system"] == TIME_POINT)
    offset = extended(resource, "clock-offset-ms")
    return Recorded(
        point=point,
        at=datetime.fromisoformat(resource["valueDateTime"]),
        source=extended(resource, "source") or "manual",
        precision=timedelta(seconds=float(extended(resource, "precision-s") or 0)),
        clock_offset=None if offset is None else timedelta(milliseconds=offset),
    )


async def points_of(act: Act, case_id: str) -> TimePoints:
    """All valid time points of a case."""
    page = await act.search(
        "Observation",
        [("based-on", f"ServiceRequest/{case_id}"), ("code", f"{TIME_POINT}|"), ("_count", "500")],
    )
    return read_points([stored.resource() for stored in page.matches])
