"""What was found and given: vital signs, scores, medicines, notes, pictures."""

import base64
import binascii
from typing import Any

import orjson

from banyan.apps.emergency.model.codes import ACCOUNT, FACT, KIND, UCUM, concept, extension, reference
from banyan.apps.emergency.model.observation import score, vital_signs
from banyan.apps.emergency.model.words import Words
from banyan.apps.emergency.rules.evaluation import UnknownRule, evaluate, rule_named
from banyan.apps.emergency.service.alarms import end_alarms, raise_alarm
from banyan.apps.emergency.service.cases import derived, stamp
from banyan.apps.emergency.service.errors import EmergencyError
from banyan.apps.emergency.service.filing.filing import Filed, Filing
from banyan.apps.emergency.service.people import age_of
from banyan.apps.emergency.vitals import CheckedVitals, OutOfRange, check_vitals

PICTURES = ("image/jpeg", "image/png", "image/webp", "image/heic")
LARGEST_PICTURE = 8 * 1024 * 1024
ROUTES = (
    "oral",
    "chewed",
    "sublingual",
    "iv",
    "io",
    "im",
    "sc",
    "inhaled",
    "nasal",
    "rectal",
    "buccal",
    "other",
)


async def vitals(filing: Filing) -> Filed:
    """Vital signs as Observations, and NEWS2 from the patient's newest values."""
    try:
        checked = check_vitals(filing.data)
    except OutOfRange as wrong:
        raise EmergencyError(str(wrong), field=wrong.field) from None
    if not checked.values and not checked.absent:
        raise EmergencyError("No vital sign is given.", field="data")
    made = vital_signs(
        filing.core, checked.values, checked.absent, source=filing.source, unlikely=checked.unlikely
    )
    # The record makes these ids: the fact is the receipt, and new ids cost no look-up each.
    ids = [(await filing.act.create(_anonymous(resource))).stored.id for resource in made]
    news2 = await _news2(filing, checked, ids)
    event = {
        "case": filing.case.id,
        "id": filing.id,
        "at": stamp(filing.at),
        "source": filing.source,
        **checked.values,
        "absent": checked.absent,
        "unlikely": checked.unlikely,
        "alarms": {alarm.vital: alarm.priority for alarm in checked.alarms},
        "news2": news2,
    }
    act, case = filing.act, filing.case
    act.tell(f"case/{case.id}", "vitals", event)
    act.tell("vitals", "vitals", event)
    if case.destination and case.get("notice-at"):
        act.tell(f"hospital/{case.destination}", "vitals", event)
        await _alarm(filing, checked)
    written = [f"Observation/{id_}" for id_ in ids]
    return written, () if filing.source == "device" else ("vitals",)


async def _alarm(filing: Filing, checked: CheckedVitals) -> None:
    """A vital sign that calls for help at once stands as an alarm at the hospital until it is better."""
    act, case = filing.act, filing.case
    worst = next((each for each in checked.alarms if each.priority == "high"), None)
    if worst is None:
        await end_alarms(act, kinds=("vital",), case=case.id)
    else:
        vital = VITAL_NAMES.get(worst.vital, {"zh": worst.vital, "en": worst.vital})
        await raise_alarm(
            act,
            "vital",
            "high",
            case=case.id,
            hospital=case.destination,
            vital=vital,
            value=_shown(worst.value),
        )


VITAL_NAMES: dict[str, Words] = {
    "hr": {"zh": "心率", "en": "Heart rate"},
    "rr": {"zh": "呼吸", "en": "Respiration"},
    "sbp": {"zh": "收缩压", "en": "Systolic pressure"},
    "spo2": {"zh": "血氧", "en": "SpO₂"},
    "temp": {"zh": "体温", "en": "Temperature"},
    "glucose": {"zh": "血糖", "en": "Glucose"},
    "etco2": {"zh": "呼气末二氧化碳", "en": "End-tidal CO₂"},
    "consciousness": {"zh": "意识", "en": "Consciousness"},
}


def _shown(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _anonymous(resource: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in resource.items() if key != "id"}


async def _news2(filing: Filing, checked: CheckedVitals, derived_from: list[str]) -> dict[str, Any] | None:
    """NEWS2 of one complete set; a partial set gives what is missing, and is written only by hand."""
    given = {key: checked.values[key] for key in _NEWS2 if key in checked.values}
    if not given or (await _too_young(filing)):
        return None
    result = evaluate("news2", {**given, "scale": filing.data.get("scale", 1)})
    if "incomplete" in result:
        return {"incomplete": result["missing"]}
    if "total" not in result:
        return None
    if filing.source != "device":
        inputs = orjson.dumps(given, option=orjson.OPT_SORT_KEYS).decode()
        await filing.act.update(
            score(filing.core("news2"), "news2", result, inputs, derived_from=derived_from)
        )
    return {key: result[key] for key in ("total", "risk", "parts", "version", "status") if key in result}


_NEWS2 = ("rr", "spo2", "o2", "sbp", "hr", "consciousness", "temp")


async def _too_young(filing: Filing) -> bool:
    if filing.source == "device" and filing.case.get("adult") is True:
        return False
    age = await age_of(filing.act, filing.case.patient)
    return age is not None and age < 16


async def assessment(filing: Filing) -> Filed:
    """A rule's result, computed here whatever the device computed; with a person's override and its reason."""
    name, given = str(filing.need("rule")), filing.data.get("input") or {}
    try:
        rule = rule_named(name)
    except UnknownRule as unknown:
        raise EmergencyError(str(unknown), field="rule") from None
    result = evaluate(rule.name, given)
    if result.get("rejected") is True and result.get("problem"):
        raise EmergencyError(str(result["problem"]), field=str(result.get("field")))
    inputs = orjson.dumps(given, option=orjson.OPT_SORT_KEYS).decode()
    resource = score(filing.core("score"), rule.name, result, inputs, derived_from=[])
    if filing.data.get("override") is not None:
        reason = filing.need("override_reason")
        resource["extension"] += [
            extension("override", valueString=str(filing.data["override"])),
            extension("override-reason", valueString=str(reason)),
        ]
    await filing.act.update(resource)
    return [f"Observation/{resource['id']}"], ("assessments",)


async def medication(filing: Filing) -> Filed:
    """A medicine given, as MedicationAdministration."""
    text, dose, unit = str(filing.need("text")), filing.data.get("dose"), filing.data.get("unit")
    if dose is not None and (isinstance(dose, bool) or not isinstance(dose, int | float) or dose <= 0):
        raise EmergencyError(f"The dose is {dose!r}; it is a number above 0.", field="dose")
    if dose is not None and not unit:
        raise EmergencyError("A dose needs its unit (mg, mL, …).", field="unit")
    route = filing.data.get("route")
    if route is not None and route not in ROUTES:
        raise EmergencyError(f'"{route}" is no route. Known: {", ".join(ROUTES)}.', field="route")
    case, at = filing.case, str(filing.data.get("time") or stamp(filing.at))
    dosage: dict[str, Any] = {"text": " ".join(str(part) for part in (dose, unit, route) if part)}
    if route:
        dosage["route"] = concept(KIND, f"route-{route}", text=route)
    if dose is not None:
        dosage["dose"] = {"value": dose, "unit": unit, "system": UCUM, "code": unit}
    code = filing.data.get("code")
    named = concept("http://www.whocc.no/atc", code, text=text) if code else {"text": text}
    id_ = derived(filing.id, "medication")
    await filing.act.update(
        _without_nothing(
            {
                "resourceType": "MedicationAdministration",
                "id": id_,
                "identifier": [{"system": FACT, "value": filing.id}],
                "status": "completed",
                "medicationCodeableConcept": named,
                "subject": reference("Patient", case.patient),
                "context": reference("Encounter", case.encounter) if case.encounter else None,
                "supportingInformation": [reference("ServiceRequest", case.id)],
                "effectiveDateTime": at,
                "performer": [{"actor": _person(filing)}],
                "dosage": dosage,
            }
        )
    )
    return [f"MedicationAdministration/{id_}"], ("medications",)


def _person(filing: Filing) -> dict[str, Any]:
    who = filing.act.who
    return {"type": "Practitioner", "identifier": {"system": ACCOUNT, "value": who.user}, "display": who.name}


def _without_nothing(resource: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in resource.items() if value is not None}


async def note(filing: Filing) -> Filed:
    """Free text of the crew, as an Observation of the case."""
    text = str(filing.need("text")).strip()
    if len(text) > 4000:
        raise EmergencyError("A note has at most 4,000 characters.", field="text")
    resource = filing.core("note") | {
        "category": [concept(KIND, "note", "Note")],
        "code": concept(KIND, "note", "Note"),
        "valueString": text,
    }
    await filing.act.update(resource)
    return [f"Observation/{resource['id']}"], ("notes",)


async def photo(filing: Filing) -> Filed:
    """A picture as Binary, with a Media that says whose it is."""
    mime = str(filing.need("mime"))
    if mime not in PICTURES:
        raise EmergencyError(
            f'"{mime}" is no picture that is taken here: {", ".join(PICTURES)}.', field="mime"
        )
    try:
        raw = base64.b64decode(str(filing.need("base64")), validate=True)
    except binascii.Error:
        raise EmergencyError("The picture is not base64.", field="base64") from None
    if len(raw) > LARGEST_PICTURE:
        raise EmergencyError("The picture is larger than 8 MiB. Take it smaller.", field="base64")
    case, binary, id_ = filing.case, derived(filing.id, "binary"), derived(filing.id, "photo")
    content = base64.b64encode(raw).decode()
    await filing.act.update(
        {
            "resourceType": "Binary",
            "id": binary,
            "contentType": mime,
            "securityContext": reference("Patient", case.patient),
            "data": content,
        }
    )
    await filing.act.update(
        _without_nothing(
            {
                "resourceType": "Media",
                "id": id_,
                "identifier": [{"system": FACT, "value": filing.id}],
                "basedOn": [reference("ServiceRequest", case.id)],
                "status": "completed",
                "type": concept("http://terminology.hl7.org/CodeSystem/media-type", "image"),
                "subject": reference("Patient", case.patient),
                "encounter": reference("Encounter", case.encounter) if case.encounter else None,
                "createdDateTime": stamp(filing.at),
                "content": {"contentType": mime, "url": f"Binary/{binary}"},
                "note": [{"text": str(filing.data["text"])}] if filing.data.get("text") else None,
            }
        )
    )
    return [f"Media/{id_}", f"Binary/{binary}"], ("photos",)
