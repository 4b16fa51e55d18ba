"""The story of a case in the order of time, each line with who and where it comes from."""

from typing import TYPE_CHECKING, Any

from banyan.apps.emergency.model.codes import extended
from banyan.apps.emergency.model.words import Words, words
from banyan.apps.emergency.reasons import N_
from banyan.apps.emergency.service.points import TimePoints, read_point
from banyan.apps.emergency.timepoints import time_points

if TYPE_CHECKING:
    from banyan.apps.emergency.service.case_view import CaseData


def times_view(points: TimePoints) -> dict[str, Any]:
    """The valid time of each point."""
    return {
        point: {
            "at": resource["valueDateTime"],
            "by": resource.get("performer", [{}])[0].get("display", ""),
            "source": record.source,
            "precision_s": record.precision.total_seconds() or None,
            "offset_ms": extended(resource, "clock-offset-ms"),
            "recorded_at": extended(resource, "recorded"),
            "place": extended(resource, "position"),
        }
        for point, (record, resource) in points.items()
    }


def timeline(data: "CaseData", points: TimePoints) -> list[dict[str, Any]]:
    """Time points, medicines, notes, messages, readings: what happened, in order."""
    valid = {resource["id"] for _, resource in points.values()}
    lines = [_point(resource, resource["id"] in valid) for resource in data.points]
    lines += [
        _line(
            each,
            "medication",
            each["effectiveDateTime"],
            _same(each["medicationCodeableConcept"].get("text", "")),
            _same(each["dosage"].get("text", "")),
        )
        for each in data.medications
    ]
    lines += [
        _line(each, "note", each["effectiveDateTime"], words(N_("Note")), _same(each["valueString"]))
        for each in data.notes
    ]
    lines += [
        _line(each, "reading", each["issued"], words(N_("ECG read")), _same(each.get("conclusion", "")))
        for each in data.readings
    ]
    lines += [_line(each, "photo", each["createdDateTime"], words(N_("Photo")), None) for each in data.photos]
    return sorted(lines, key=lambda line: line["at"])


def _same(text: str) -> Words:
    return {"zh": text, "en": text}


def _point(resource: dict[str, Any], valid: bool) -> dict[str, Any]:
    record = read_point(resource)
    known = time_points()[record.point]
    return {
        "id": resource["id"],
        "at": resource["valueDateTime"],
        "kind": "time",
        "point": record.point,
        "title": {"zh": known.zh, "en": known.en},
        "detail": None,
        "by": resource.get("performer", [{}])[0].get("display", ""),
        "source": record.source,
        "cancelled": resource.get("status") == "entered-in-error",
        "superseded": not valid,
    }


def _line(resource: dict[str, Any], kind: str, at: str, title: Words, detail: Words | None) -> dict[str, Any]:
    performer = (resource.get("performer") or resource.get("resultsInterpreter") or [{}])[0]
    return {
        "id": resource["id"],
        "at": at,
        "kind": kind,
        "title": title,
        "detail": detail,
        "by": performer.get("display") or performer.get("actor", {}).get("display", ""),
        "source": "manual",
        "cancelled": resource.get("status") == "entered-in-error",
        "superseded": False,
    }
