"""Observations of a case: time points, vital signs, scores, ECG, written and read."""

from collections.abc import Mapping
from typing import Any

import orjson

from banyan.apps.emergency.model.codes import (
    ABSENT,
    ABSENT_REASONS,
    ACCOUNT,
    BLOOD_PRESSURE,
    CATEGORY,
    ECG,
    FACT,
    KIND,
    LOINC,
    PRESSURES,
    RULE,
    TIME_POINT,
    UCUM,
    VITALS,
    concept,
    extension,
    reference,
)

_REASONS = {fhir: ours for ours, fhir in ABSENT_REASONS.items()}


def of_case(
    id_: str,
    case: str,
    patient: str,
    encounter: str | None,
    at: str,
    by: tuple[str, str],
    *,
    fact: str | None,
) -> dict[str, Any]:
    """What every Observation of a case carries: whose, of which case and transport, when, by whom."""
    return {
        "resourceType": "Observation",
        "id": id_,
        "basedOn": [reference("ServiceRequest", case)],
        "status": "final",
        "subject": reference("Patient", patient),
        "effectiveDateTime": at,
        "performer": [{"identifier": {"system": ACCOUNT, "value": by[0]}, "display": by[1]}],
        **({"encounter": reference("Encounter", encounter)} if encounter else {}),
        **({"identifier": [{"system": FACT, "value": fact}]} if fact else {}),
    }


def time_point(
    core: dict[str, Any],
    point: str,
    display: str,
    *,
    source: str,
    recorded: str,
    precision_s: float = 0,
    offset_ms: int | None = None,
    place: tuple[float, float] | None = None,
) -> dict[str, Any]:
    """One moment of the case, with where its time comes from."""
    notes = [extension("source", valueCode=source), extension("recorded", valueDateTime=recorded)]
    if precision_s:
        notes.append(extension("precision-s", valueDecimal=precision_s))
    if offset_ms is not None:
        notes.append(extension("clock-offset-ms", valueInteger=offset_ms))
    if place:
        notes.append(extension("position", valueString=f"{place[0]:.6f},{place[1]:.6f}"))
    return {
        **core,
        "extension": notes,
        "category": [concept(KIND, "time-point", "Time point")],
        "code": concept(TIME_POINT, point, display),
        "valueDateTime": core["effectiveDateTime"],
    }


def vital_signs(
    core_of: Any,
    values: Mapping[str, Any],
    absent: Mapping[str, str],
    *,
    source: str,
    unlikely: tuple[str, ...],
) -> list[dict[str, Any]]:
    """One Observation for each vital sign, blood pressure as one with two components (R4 vital signs).

    `core_of(field)` gives the common part with an id of its own.
    """
    made = []
    for field in VITALS:
        if field in values or field in absent:
            code, display, unit = VITALS[field]
            value = _value(field, values.get(field), unit, absent.get(field))
            made.append(
                {
                    **_sign(core_of(field), source, field in unlikely),
                    "code": concept(LOINC, code, display),
                    **value,
                }
            )
    if any(field in values or field in absent for field in PRESSURES):
        parts = [
            {
                "code": concept(LOINC, code, display),
                **_value(field, values.get(field), unit, absent.get(field)),
            }
            for field, (code, display, unit) in PRESSURES.items()
            if field in values or field in absent
        ]
        flagged = any(field in unlikely for field in PRESSURES)
        made.append(
            {
                **_sign(core_of("bp"), source, flagged),
                "code": concept(LOINC, *BLOOD_PRESSURE),
                "component": parts,
            }
        )
    return made


def _sign(core: dict[str, Any], source: str, unlikely: bool) -> dict[str, Any]:
    notes = [extension("source", valueCode=source)]
    if unlikely:
        notes.append(extension("unlikely", valueBoolean=True))
    return {**core, "extension": notes, "category": [concept(CATEGORY, "vital-signs", "Vital Signs")]}


def _value(field: str, value: Any, unit: str, reason: str | None) -> dict[str, Any]:
    if value is None:
        return {
            "dataAbsentReason": concept(ABSENT, ABSENT_REASONS[reason or "not-measurable"], text=reason or "")
        }
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if field == "consciousness":
        return {"valueCodeableConcept": concept(KIND, f"acvpu-{value}", text=str(value))}
    return {"valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit}}


_FIELD_OF = {code: field for field, (code, _, _) in (VITALS | PRESSURES).items()}


def read_vital(resource: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str], bool]:
    """Values by field, absent reasons by field, and whether a person should confirm them."""
    values: dict[str, Any] = {}
    absent: dict[str, str] = {}
    for part in resource.get("component") or (resource,):
        field = next(
            (_FIELD_OF[c["code"]] for c in part["code"]["coding"] if c.get("code") in _FIELD_OF), None
        )
        if field is None:
            continue
        if "dataAbsentReason" in part:
            absent[field] = _REASONS.get(part["dataAbsentReason"]["coding"][0]["code"], "not-measurable")
        elif "valueBoolean" in part:
            values[field] = part["valueBoolean"]
        elif "valueQuantity" in part:
            values[field] = part["valueQuantity"]["value"]
        elif "valueCodeableConcept" in part:
            values[field] = part["valueCodeableConcept"].get("text")
    unlikely = any(e["url"].endswith("emergency-unlikely") for e in resource.get("extension", ()))
    return values, absent, unlikely


def score(
    core: dict[str, Any], rule: str, result: Mapping[str, Any], inputs: str, *, derived_from: list[str]
) -> dict[str, Any]:
    """The result of a rule: which version, on which inputs. An incomplete one carries no total."""
    value = next((result[key] for key in ("total", "value", "killip", "kg") if key in result), None)
    shown: dict[str, Any] = {}
    if isinstance(value, int | float) and not isinstance(value, bool):
        shown = {"valueQuantity": {"value": value, "unit": "{score}", "system": UCUM, "code": "{score}"}}
    elif "incomplete" in result:
        shown = {"dataAbsentReason": concept(ABSENT, "unknown", text="incomplete")}
    else:
        words = ("category", "level", "choice", "shown", "risk", "lead_meets")
        shown = {"valueString": str(next((result[key] for key in words if key in result), dict(result)))}
    return {
        **core,
        "extension": [
            extension("rule-version", valueString=str(result.get("version", ""))),
            extension("rule-status", valueCode=str(result.get("status", "checked"))),
            extension("rule-input", valueString=inputs),
            extension("rule-result", valueString=_text(result)),
        ],
        "category": [concept(CATEGORY, "survey", "Survey")],
        "code": concept(RULE, rule),
        **shown,
        **(
            {"derivedFrom": [{"reference": f"Observation/{id_}"} for id_ in derived_from]}
            if derived_from
            else {}
        ),
    }


def _text(result: Mapping[str, Any]) -> str:

    return orjson.dumps(dict(result), option=orjson.OPT_SORT_KEYS).decode()


def ecg(
    core: dict[str, Any],
    signal: str,
    *,
    device: str,
    demonstration: bool,
    digest: str | None,
    measured: str | None,
) -> dict[str, Any]:
    """A 12-lead ECG; its samples lie as frames beside it and are rendered as SampledData on read."""
    notes = [extension("signal", valueString=signal), extension("demonstration", valueBoolean=demonstration)]
    if digest:
        notes.append(extension("content-sha256", valueString=digest))
    if measured:
        notes.append(extension("measured", valueString=measured))
    return {
        **core,
        "extension": notes,
        "category": [concept(CATEGORY, "procedure", "Procedure")],
        "code": concept(LOINC, *ECG),
        **({"device": {"display": device}} if device else {}),
    }
