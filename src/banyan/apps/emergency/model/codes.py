"""Names of systems, codes and extensions that the emergency writes into the record."""

from typing import Any, Final

BASE: Final = "https://banyan.example"
LOINC: Final = "http://loinc.org"
UCUM: Final = "http://unitsofmeasure.org"
CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/observation-category"
ABSENT: Final = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
ACT_CODE: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"

CASE_NUMBER: Final = f"{BASE}/NamingSystem/case-number"
FACT: Final = f"{BASE}/NamingSystem/fact"
RESIDENT_ID: Final = f"{BASE}/NamingSystem/resident-id"
ACCOUNT: Final = f"{BASE}/NamingSystem/account"

TIME_POINT: Final = f"{BASE}/CodeSystem/time-point"
COMPLAINT: Final = f"{BASE}/CodeSystem/complaint"
RULE: Final = f"{BASE}/CodeSystem/rule"
KIND: Final = f"{BASE}/CodeSystem/emergency-kind"
PATHWAY: Final = f"{BASE}/CodeSystem/pathway"
CAPABILITY: Final = f"{BASE}/CodeSystem/capability"
UNIT_TYPE: Final = f"{BASE}/CodeSystem/unit-type"
EQUIPMENT: Final = f"{BASE}/StructureDefinition/equipment"
UNIT_NUMBER: Final = f"{BASE}/NamingSystem/unit-number"
TRANSLATION: Final = "http://hl7.org/fhir/StructureDefinition/translation"
DATA: Final = f"{BASE}/StructureDefinition/emergency"
GEO: Final = "http://hl7.org/fhir/StructureDefinition/geolocation"

# field: LOINC code, display, UCUM unit. Blood pressure is one Observation with two components (R4 vital signs).
VITALS: Final[dict[str, tuple[str, str, str]]] = {
    "hr": ("8867-4", "Heart rate", "/min"),
    "rr": ("9279-1", "Respiratory rate", "/min"),
    "spo2": ("2708-6", "Oxygen saturation in Arterial blood", "%"),
    "temp": ("8310-5", "Body temperature", "Cel"),
    "glucose": ("15074-8", "Glucose [Moles/volume] in Blood", "mmol/L"),
    "pain": ("72514-3", "Pain severity - 0-10 verbal numeric rating", "{score}"),
    "etco2": ("19889-5", "Carbon dioxide/Gas.total.at end expiration in Exhaled gas", "mm[Hg]"),
    "consciousness": ("67775-7", "Level of responsiveness", ""),
    "o2": ("57485-7", "Oxygen therapy", ""),
    "weight": ("29463-7", "Body weight", "kg"),
}
BLOOD_PRESSURE: Final = ("85354-9", "Blood pressure panel with all children optional")
PRESSURES: Final[dict[str, tuple[str, str, str]]] = {
    "sbp": ("8480-6", "Systolic blood pressure", "mm[Hg]"),
    "dbp": ("8462-4", "Diastolic blood pressure", "mm[Hg]"),
}
ECG: Final = ("11524-6", "EKG study")
ABSENT_REASONS: Final = {"refused": "asked-declined", "not-measurable": "not-performed"}


def concept(system: str, code: str, display: str = "", *, text: str = "") -> dict[str, Any]:
    """A CodeableConcept of one coding."""
    coding = {"system": system, "code": code, **({"display": display} if display else {})}
    return {"coding": [coding], **({"text": text} if text else {})}


def reference(type_: str, id_: str, display: str = "") -> dict[str, Any]:
    return {"reference": f"{type_}/{id_}", **({"display": display} if display else {})}


def extension(name: str, **value: Any) -> dict[str, Any]:
    """One of the emergency's own extensions: `extension("level", valueInteger=1)`."""
    return {"url": f"{DATA}-{name}", **value}


def extended(resource: dict[str, Any], name: str) -> Any:
    """The value of an own extension; None where it is absent."""
    url = f"{DATA}-{name}"
    for each in resource.get("extension", ()):
        if each.get("url") == url:
            return next((value for key, value in each.items() if key.startswith("value")), None)
    return None


def with_extension(resource: dict[str, Any], name: str, **value: Any) -> dict[str, Any]:
    """The resource with an own extension set, or taken away where the value is None."""
    url = f"{DATA}-{name}"
    others = [each for each in resource.get("extension", ()) if each.get("url") != url]
    if any(one is not None for one in value.values()):
        others.append(extension(name, **value))
    rest = {key: part for key, part in resource.items() if key != "extension"}
    return {**rest, "extension": others} if others else rest
