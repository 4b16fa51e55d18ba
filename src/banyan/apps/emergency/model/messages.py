"""What people tell each other in a case: the notice, messages, the reading of an ECG, the handover."""

from typing import Any

from banyan.apps.emergency.model.codes import (
    ACCOUNT,
    FACT,
    KIND,
    LOINC,
    concept,
    extension,
    reference,
)


def communication(
    id_: str,
    kind: str,
    case: str,
    patient: str,
    encounter: str | None,
    at: str,
    sender: tuple[str, str],
    to: str,
    text: str,
    *,
    recipient: str | None = None,
    fact: str | None = None,
    notes: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """A message of a case. `kind`: notice, message; `to`: hospital, dispatch or crew."""
    resource: dict[str, Any] = {
        "resourceType": "Communication",
        "id": id_,
        "basedOn": [reference("ServiceRequest", case)],
        "status": "in-progress",
        "category": [concept(KIND, kind)],
        "subject": reference("Patient", patient),
        "sent": at,
        "sender": {
            "type": "Practitioner",
            "identifier": {"system": ACCOUNT, "value": sender[0]},
            "display": sender[1],
        },
        "payload": [{"contentString": text or "—"}],
        "extension": [extension("to", valueCode=to), *(notes or [])],
    }
    if fact:
        resource["identifier"] = [{"system": FACT, "value": fact}]
    if encounter:
        resource["encounter"] = reference("Encounter", encounter)
    if recipient:
        resource["recipient"] = [reference("Organization", recipient)]
    return resource


def notice_notes(level: int, pathway: str) -> list[dict[str, Any]]:
    return [extension("level", valueInteger=level), extension("pathway", valueCode=pathway)]


def ecg_report(
    id_: str,
    case: str,
    patient: str,
    encounter: str | None,
    at: str,
    by: tuple[str, str],
    ecg: str,
    text: str,
) -> dict[str, Any]:
    """A physician's reading of an ECG: a person's diagnosis, never software's."""
    return {
        "resourceType": "DiagnosticReport",
        "id": id_,
        "basedOn": [reference("ServiceRequest", case)],
        "status": "final",
        "category": [concept("http://terminology.hl7.org/CodeSystem/v2-0074", "EC", "Electrocardiac")],
        "code": concept(LOINC, "11524-6", "EKG study"),
        "subject": reference("Patient", patient),
        **({"encounter": reference("Encounter", encounter)} if encounter else {}),
        "effectiveDateTime": at,
        "issued": at,
        "resultsInterpreter": [{"identifier": {"system": ACCOUNT, "value": by[0]}, "display": by[1]}],
        "result": [reference("Observation", ecg)],
        "conclusion": text,
    }


def handover_composition(
    id_: str,
    case: str,
    patient: str,
    encounter: str,
    at: str,
    hospital: str,
    signers: list[tuple[str, str, str, str]],
    sections: list[dict[str, Any]],
    *,
    final: bool,
) -> dict[str, Any]:
    """The handover as a Composition, attested by crew and hospital: (mode, account, name, time)."""
    return {
        "resourceType": "Composition",
        "id": id_,
        "extension": [extension("case", valueReference=reference("ServiceRequest", case))],
        "status": "final" if final else "preliminary",
        "type": concept(LOINC, "67796-3", "EMS patient care report - version 3 Document NEMSIS"),
        "subject": reference("Patient", patient),
        "encounter": reference("Encounter", encounter),
        "date": at,
        "author": [{"identifier": {"system": ACCOUNT, "value": signers[0][1]}, "display": signers[0][2]}],
        "title": "院前急救交接单 · Pre-hospital handover",
        "custodian": reference("Organization", hospital),
        "attester": [
            {
                "mode": mode,
                "time": when,
                "party": {"identifier": {"system": ACCOUNT, "value": account}, "display": name},
            }
            for mode, account, name, when in signers
        ],
        "section": sections,
    }


def section(title: str, code: str, references: list[str], text: str = "") -> dict[str, Any]:
    """A section with its entries; an empty one says so."""
    made: dict[str, Any] = {"title": title, "code": concept(LOINC, code)}
    if text:
        made["text"] = {
            "status": "generated",
            "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{_escaped(text)}</div>',
        }
    if references:
        made["entry"] = [{"reference": each} for each in references]
    elif not text:
        made["emptyReason"] = concept("http://terminology.hl7.org/CodeSystem/list-empty-reason", "nilknown")
    return made


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
