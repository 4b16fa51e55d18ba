"""The handover: signed by crew and hospital, kept as a Composition, given out as a document."""

from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from banyan.access import Act, Principal
from banyan.apps.emergency.model.call import Case, hospital_stay
from banyan.apps.emergency.model.codes import ACCOUNT, KIND, LOINC, TIME_POINT
from banyan.apps.emergency.model.messages import handover_composition, section
from banyan.apps.emergency.service.cases import change_case, derived, find_case, stamp, tell_case
from banyan.apps.emergency.service.errors import Conflict, Unknown
from banyan.apps.emergency.service.points import record_point
from banyan.platform import Platform

MODES = {"crew": "professional", "hospital": "official"}


async def sign(
    platform: Platform, act: Act, case: Case, side: str, at: datetime, note: str
) -> tuple[Case, str]:
    """Adds one side's signature; with both, the handover is final and the hospital stay begins."""
    if case.encounter is None or case.destination is None:
        raise Conflict("There is no transport to a hospital to hand over.")
    id_ = derived(case.id, "handover")
    before = await act.read("Composition", id_, lock=True)
    signers = _signers(before.resource()) if before else {}
    if side in signers:
        return case, id_
    signers[side] = (MODES[side], act.who.user, act.who.name, stamp(at))
    final = len(signers) == len(MODES)
    sections = await _sections(act, case, note or _note_of(before.resource() if before else {}))
    ordered = [signers[key] for key in MODES if key in signers]
    await act.update(
        handover_composition(
            id_,
            case.id,
            case.patient,
            case.encounter,
            stamp(at),
            case.destination,
            ordered,
            sections,
            final=final,
        )
    )
    if final:
        await record_point(act, case, "handover", at, source="system")
        stay = derived(case.id, "stay")
        await act.update(
            hospital_stay(stay, case.id, case.encounter, case.patient, case.destination, stamp(at))
        )
        if case.status != "closed":
            case = await change_case(act, case, case_status={"valueCode": "handed-over"})
    return case, id_


def _signers(composition: dict[str, Any]) -> dict[str, tuple[str, str, str, str]]:
    sides = {mode: side for side, mode in MODES.items()}
    return {
        sides[each["mode"]]: (
            each["mode"],
            each["party"]["identifier"]["value"],
            each["party"]["display"],
            each["time"],
        )
        for each in composition.get("attester", ())
    }


def signatures(composition: dict[str, Any] | None) -> dict[str, Any] | None:
    """Who signed for which side and when."""
    if composition is None:
        return None
    signed = _signers(composition)
    return {
        side: {"by": signed[side][2], "at": signed[side][3]} if side in signed else None for side in MODES
    } | {
        "document": composition["id"] if composition["status"] == "final" else None,
        "note": _note_of(composition),
    }


def _note_of(composition: dict[str, Any]) -> str:
    for each in composition.get("section", ()):
        if each["title"] == NOTE and "text" in each:
            return str(each["text"]["div"].split(">", 1)[1].rsplit("<", 1)[0])
    return ""


NOTE = "交接说明"


async def _sections(act: Act, case: Case, note: str) -> list[dict[str, Any]]:
    based = ("based-on", f"ServiceRequest/{case.id}")
    found = {
        "vitals": await _newest(
            act, [based, ("category", "vital-signs"), ("_sort", "-date"), ("_count", "40")]
        ),
        "scores": await _newest(act, [based, ("category", "survey"), ("_sort", "-date"), ("_count", "40")]),
        "ecg": await _newest(act, [based, ("code", f"{LOINC}|11524-6"), ("_count", "20")]),
        "times": await _newest(act, [based, ("code", f"{TIME_POINT}|"), ("_count", "200")]),
        "notes": await _newest(act, [based, ("code", f"{KIND}|note"), ("_count", "50")]),
    }
    given = await act.search(
        "MedicationAdministration", [("context", f"Encounter/{case.encounter}"), ("_count", "100")]
    )
    return [
        section("主诉", "10154-3", [f"ServiceRequest/{case.id}"], case.resource["code"].get("text", "")),
        section("时间节点", "67796-3", found["times"]),
        section("生命体征", "8716-3", found["vitals"]),
        section("评分", "51848-0", found["scores"]),
        section("心电图", "11524-6", found["ecg"]),
        section("用药", "29549-3", [f"MedicationAdministration/{s.id}" for s in given.matches]),
        section("记录", "34109-9", found["notes"]),
        section(NOTE, "18776-5", [], note or "—"),
    ]


async def _newest(act: Act, params: list[tuple[str, str]]) -> list[str]:
    page = await act.search("Observation", params)
    return [
        f"Observation/{stored.id}"
        for stored in page.matches
        if stored.resource().get("status") != "entered-in-error"
    ]


async def hospital_signs(platform: Platform, who: Principal, case_id: str, note: str) -> None:
    """The hospital takes the patient over."""

    async def write(act: Act) -> None:
        case = await find_case(act, case_id, lock=True)
        case, _ = await sign(platform, act, case, "hospital", act.at, note)
        tell_case(act, case, "handover")

    await platform.door.run(who, "emergency.treat", write)


async def document(platform: Platform, who: Principal, case_id: str) -> dict[str, Any]:
    """The signed handover as a FHIR document Bundle: the Composition and everything that it refers to."""
    async with platform.door.act(who, "emergency.view") as act:
        case = await find_case(act, case_id)
        composition = await act.read("Composition", derived(case.id, "handover"))
        if composition is None or composition.resource()["status"] != "final":
            raise Unknown("The handover is not signed by both sides yet.", field="case")
        resource = composition.resource()
        wanted = {each["reference"] for part in resource["section"] for each in part.get("entry", ())}
        wanted |= {
            resource["subject"]["reference"],
            resource["encounter"]["reference"],
            resource["custodian"]["reference"],
        }
        entries = [{"fullUrl": _url(f"Composition/{composition.id}"), "resource": resource}]
        for each in sorted(wanted):
            stored = await act.read(*each.split("/"))
            if stored is not None:
                entries.append({"fullUrl": _url(each), "resource": stored.resource()})
    return {
        "resourceType": "Bundle",
        "type": "document",
        "identifier": {"system": ACCOUNT.replace("account", "document"), "value": composition.id},
        "timestamp": resource["date"],
        "entry": entries,
    }


def _url(reference: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, reference)}"
