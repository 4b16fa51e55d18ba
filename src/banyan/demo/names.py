"""The codes, systems and both-language names that the demo's resources are written with."""

from typing import Any, Final

BASE: Final = "https://banyan.example"
CAPABILITY: Final = f"{BASE}/CodeSystem/capability"
UNIT_TYPE: Final = f"{BASE}/CodeSystem/unit-type"
EQUIPMENT_CODES: Final = f"{BASE}/CodeSystem/equipment"
EQUIPMENT: Final = f"{BASE}/StructureDefinition/equipment"
UNIT_NUMBER: Final = f"{BASE}/NamingSystem/unit-number"
STAFF_NUMBER: Final = f"{BASE}/NamingSystem/staff-number"
RESIDENT_ID: Final = f"{BASE}/NamingSystem/resident-id"
ROLE: Final = f"{BASE}/CodeSystem/role"
ROLE_CODES: Final = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
PLACE_KIND: Final = "http://terminology.hl7.org/CodeSystem/location-physical-type"
TRANSLATION: Final = "http://hl7.org/fhir/StructureDefinition/translation"

Resource = dict[str, Any]

# The codes that banyan.apps.emergency ranks hospitals by.
CAPABILITIES: Final = {
    "emergency": ("急诊", "Emergency department"),
    "pci": ("急诊 PCI", "Primary PCI, day and night"),
    "thrombolysis": ("溶栓", "Thrombolysis"),
    "ct": ("CT", "CT"),
    "stroke_unit": ("卒中单元", "Stroke unit"),
    "thrombectomy": ("取栓", "Thrombectomy"),
    "trauma": ("创伤中心", "Trauma centre"),
    "trauma_high": ("高级创伤中心", "Trauma centre of the highest level"),
    "icu": ("重症监护", "Intensive care"),
    "paediatrics": ("儿科急诊", "Paediatric emergencies"),
    "paediatric_icu": ("儿童重症监护", "Paediatric intensive care"),
    "obstetrics": ("产科", "Obstetrics"),
    "neonatal_icu": ("新生儿重症监护", "Neonatal intensive care"),
    "burns": ("烧伤", "Burns"),
    "poisoning": ("中毒救治", "Poisoning"),
}
EQUIPMENT_NAMES: Final = {
    "12-lead": ("12 导心电图机", "12-lead ECG"),
    "defibrillator": ("除颤仪", "Defibrillator"),
    "aed": ("自动除颤仪", "AED"),
    "ventilator": ("呼吸机", "Ventilator"),
    "monitor": ("监护仪", "Monitor"),
    "infusion-pump": ("输液泵", "Infusion pump"),
    "paediatric-kit": ("儿童急救包", "Paediatric kit"),
    "incubator": ("转运暖箱", "Transport incubator"),
    "stair-chair": ("搬运椅", "Stair chair"),
}


def translated(text: str) -> Resource:
    """The extension beside a name that gives it in English; the name itself is Chinese."""
    parts = [{"url": "lang", "valueCode": "en"}, {"url": "content", "valueString": text}]
    return {"extension": [{"url": TRANSLATION, "extension": parts}]}


def concept(system: str, code: str, zh: str, en: str) -> Resource:
    """A code with its name in both languages."""
    return {"coding": [{"system": system, "code": code, "display": en}], "text": zh}


def capability(code: str) -> Resource:
    return concept(CAPABILITY, code, *CAPABILITIES[code])


def equipment(code: str) -> Resource:
    return {"url": EQUIPMENT, "valueCodeableConcept": concept(EQUIPMENT_CODES, code, *EQUIPMENT_NAMES[code])}


def reference(kind: str, id: str, zh: str | None = None) -> Resource:
    return {"reference": f"{kind}/{id}", **({"display": zh} if zh else {})}
