"""The patient of a case: who, how old, and the history that matters to a rescue."""

from datetime import UTC, date, datetime
from typing import Any

from banyan.access import Act
from banyan.apps.emergency.model.codes import ECG, LOINC, RESIDENT_ID

HISTORY = ("AllergyIntolerance", "MedicationRequest", "Condition")


async def patient_of(act: Act, patient_id: str) -> dict[str, Any]:
    stored = await act.read("Patient", patient_id)
    return stored.resource() if stored else {"resourceType": "Patient", "id": patient_id}


async def age_of(act: Act, patient_id: str) -> float | None:
    return age_in_years((await patient_of(act, patient_id)).get("birthDate"), act.at)


def age_in_years(birth_date: str | None, now: datetime) -> float | None:
    """Completed years; half a year of doubt where only the year of birth is known."""
    if not birth_date:
        return None
    if len(birth_date) == 4:
        return float(max(0, now.year - int(birth_date)))
    born = date.fromisoformat(birth_date if len(birth_date) == 10 else f"{birth_date}-15")
    days = (now.astimezone(UTC).date() - born).days
    return float(int(days / 365.2425)) if days >= 730 else round(days / 365.2425, 2)


def patient_view(patient: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The patient as pages show them; the resident number only by its ends."""
    numbers = [i["value"] for i in patient.get("identifier", ()) if i.get("system") == RESIDENT_ID]
    name = patient.get("name", [{}])[0]
    return {
        "id": patient["id"],
        "unknown": name.get("use") == "temp" or not name.get("text"),
        "name": name.get("text"),
        "sex": patient.get("gender", "unknown"),
        "age": age_in_years(patient.get("birthDate"), now),
        "birth_date": patient.get("birthDate"),
        "resident_id_masked": f"{numbers[0][:3]}***********{numbers[0][-4:]}" if numbers else None,
    }


async def history_of(act: Act, patient_id: str, *, without_case: str) -> dict[str, Any] | None:
    """Allergies, medicines, problems and the last ECG of the citizen's record; None where it has none."""
    found: dict[str, list[dict[str, Any]]] = {}
    for type_ in HISTORY:
        page = await act.search(type_, [("patient", f"Patient/{patient_id}"), ("_count", "50")])
        found[type_] = [stored.resource() for stored in page.matches]
    last_ecg = await _last_ecg(act, patient_id, without_case)
    if not any(found.values()) and last_ecg is None:
        return None
    return {
        "allergies": [_allergy(each) for each in found["AllergyIntolerance"] if _stands(each)],
        "medications": [
            _medicine(each) for each in found["MedicationRequest"] if each.get("status") == "active"
        ],
        "problems": [{"text": _text(each.get("code"))} for each in found["Condition"] if _stands(each)],
        "last_ecg": last_ecg,
        "sources": sorted({_source(each) for group in found.values() for each in group} - {""}),
    }


def _stands(resource: dict[str, Any]) -> bool:
    status = resource.get("clinicalStatus", {}).get("coding", [{}])[0].get("code", "active")
    verified = resource.get("verificationStatus", {}).get("coding", [{}])[0].get("code", "confirmed")
    return status not in ("resolved", "inactive", "remission") and verified not in (
        "entered-in-error",
        "refuted",
    )


def _text(concept: dict[str, Any] | None) -> str:
    if not concept:
        return "—"
    codings = concept.get("coding", [{}])
    return str(concept.get("text") or codings[0].get("display") or codings[0].get("code") or "—")


def _allergy(resource: dict[str, Any]) -> dict[str, Any]:
    reactions = [_text(m) for r in resource.get("reaction", ()) for m in r.get("manifestation", ())]
    severity = {"high": "high", "low": "low"}.get(resource.get("criticality", ""), "medium")
    return {"text": _text(resource.get("code")), "reaction": "、".join(reactions), "severity": severity}


def _medicine(resource: dict[str, Any]) -> dict[str, Any]:
    dosage = resource.get("dosageInstruction", [{}])
    return {"text": _text(resource.get("medicationCodeableConcept")), "dosage": dosage[0].get("text", "")}


async def _last_ecg(act: Act, patient_id: str, without_case: str) -> dict[str, Any] | None:
    page = await act.search(
        "Observation",
        [
            ("patient", f"Patient/{patient_id}"),
            ("code", f"{LOINC}|{ECG[0]}"),
            ("_sort", "-date"),
            ("_count", "5"),
        ],
    )
    for stored in page.matches:
        resource = stored.resource()
        cases = [ref["reference"] for ref in resource.get("basedOn", ())]
        if f"ServiceRequest/{without_case}" not in cases:
            return {"at": resource.get("effectiveDateTime"), "text": resource.get("valueString", "")}
    return None


def _source(resource: dict[str, Any]) -> str:
    reference = resource.get("requester") or resource.get("recorder") or {}
    return str(reference.get("display", ""))
