"""The people of the demo's story, each with the history that matters to a rescue."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from banyan.demo.names import Resource, reference
from banyan.demo.people import Resident, patient, resident_number

_ATC: Final = "http://www.whocc.no/atc"
_ICD: Final = "http://hl7.org/fhir/sid/icd-10"
_ACTIVE: Final = "active"


@dataclass(frozen=True)
class StoryPatient:
    """One person of the story; what the scenario needs to know of them before the call."""

    id: str
    resident: Resident
    complaint: str
    resources: tuple[Resource, ...]


def story_patients(today: date) -> dict[str, StoryPatient]:
    """By role: stemi, stroke, trauma, child. The unknown patient has, as such, no record.

    Ages are as the story tells them whatever the year in which it is played.
    """
    return {
        "stemi": _stemi(_resident("周秀兰", "Zhou Xiulan", True, today, 81, 226)),
        "stroke": _stroke(_resident("何永康", "He Yongkang", False, today, 67, 117)),
        "trauma": _trauma(_resident("高志强", "Gao Zhiqiang", False, today, 34, 335)),
        "child": _child(_resident("林雨桐", "Lin Yutong", True, today, 6, 148)),
    }


def _resident(zh: str, en: str, female: bool, today: date, age: int, order: int) -> Resident:
    born = date(today.year - age, 1, 1 + order % 28) if today.month > 1 else date(today.year - age - 1, 12, 5)
    return Resident(
        zh, en, female, born, resident_number(born, order), f"13{order % 10}****{order * 9 % 10000:04d}"
    )


def _stemi(person: Resident) -> StoryPatient:
    id = "story-stemi"
    return StoryPatient(
        id,
        person,
        "chest-pain",
        (
            patient(id, person),
            _allergy(id, "penicillin", "J01C", "青霉素", "Penicillin", "皮疹、呼吸困难", "high"),
            _condition(id, "diabetes", "E11", "2 型糖尿病", "Type 2 diabetes", "2009-04"),
            _condition(id, "hypertension", "I10", "高血压", "Hypertension", "2003-10"),
            _condition(id, "fibrillation", "I48", "心房颤动", "Atrial fibrillation", "2021-06"),
            _medicine(id, "digoxin", "C01AA05", "地高辛", "Digoxin", 0.125, "mg", 1, "care-nanshan"),
            _medicine(
                id, "glibenclamide", "A10BB01", "格列本脲", "Glibenclamide", 2.5, "mg", 2, "care-nanshan"
            ),
            _observation(id, "creatinine", "2160-0", "肌酐", "Creatinine", 96, "umol/L", "2025-11-18"),
            _observation(id, "hba1c", "4548-4", "糖化血红蛋白", "HbA1c", 7.9, "%", "2025-11-18"),
            _last_ecg(id, "2025-11-18", "心房颤动，心室率 78 次/分，无 ST 段抬高"),
        ),
    )


def _stroke(person: Resident) -> StoryPatient:
    id = "story-stroke"
    return StoryPatient(
        id,
        person,
        "stroke",
        (
            patient(id, person),
            _condition(id, "fibrillation", "I48", "心房颤动", "Atrial fibrillation", "2022-02"),
            _condition(id, "hypertension", "I10", "高血压", "Hypertension", "2011-05"),
            _medicine(id, "rivaroxaban", "B01AF01", "利伐沙班", "Rivaroxaban", 20, "mg", 1, "city-first"),
            _medicine(id, "amlodipine", "C08CA01", "氨氯地平", "Amlodipine", 5, "mg", 1, "care-heping"),
            _observation(id, "creatinine", "2160-0", "肌酐", "Creatinine", 88, "umol/L", "2025-10-09"),
        ),
    )


def _trauma(person: Resident) -> StoryPatient:
    id = "story-trauma"
    return StoryPatient(
        id,
        person,
        "trauma",
        (
            patient(id, person),
            _allergy(id, "iodine", "V08A", "含碘造影剂", "Iodinated contrast", "荨麻疹", "low"),
            _observation(
                id, "blood-group", "882-1", "血型", "ABO and Rh group", None, "O 型 Rh 阳性", "2019-03-02"
            ),
        ),
    )


def _child(person: Resident) -> StoryPatient:
    id = "story-child"
    return StoryPatient(
        id,
        person,
        "child",
        (
            patient(id, person),
            _condition(id, "febrile-seizure", "R56.0", "热性惊厥", "Febrile seizure", "2023-01"),
            _allergy(id, "egg", None, "鸡蛋", "Egg", "皮疹", "low"),
            _observation(id, "weight", "29463-7", "体重", "Body weight", 20.5, "kg", "2025-09-01"),
        ),
    )


def _allergy(
    person: str, name: str, atc: str | None, zh: str, en: str, reaction: str, criticality: str
) -> Resource:
    code = {"coding": [{"system": _ATC, "code": atc, "display": en}]} if atc else {}
    system = "http://terminology.hl7.org/CodeSystem/allergyintolerance"
    return {
        "resourceType": "AllergyIntolerance",
        "id": f"{person}-allergy-{name}",
        "clinicalStatus": {"coding": [{"system": f"{system}-clinical", "code": _ACTIVE}]},
        "verificationStatus": {"coding": [{"system": f"{system}-verification", "code": "confirmed"}]},
        "category": ["medication" if atc else "food"],
        "criticality": criticality,
        "code": {**code, "text": zh},
        "patient": reference("Patient", person),
        "reaction": [{"manifestation": [{"text": reaction}]}],
    }


def _condition(person: str, name: str, icd: str, zh: str, en: str, since: str) -> Resource:
    system = "http://terminology.hl7.org/CodeSystem/condition"
    return {
        "resourceType": "Condition",
        "id": f"{person}-{name}",
        "clinicalStatus": {"coding": [{"system": f"{system}-clinical", "code": _ACTIVE}]},
        "verificationStatus": {"coding": [{"system": f"{system}-ver-status", "code": "confirmed"}]},
        "category": [{"coding": [{"system": f"{system}-category", "code": "problem-list-item"}]}],
        "code": {"coding": [{"system": _ICD, "code": icd, "display": en}], "text": zh},
        "subject": reference("Patient", person),
        "onsetDateTime": since,
    }


def _medicine(
    person: str, name: str, atc: str, zh: str, en: str, dose: float, unit: str, daily: int, by: str
) -> Resource:
    quantity = {"value": dose, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}
    return {
        "resourceType": "MedicationRequest",
        "id": f"{person}-{name}",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"coding": [{"system": _ATC, "code": atc, "display": en}], "text": zh},
        "subject": reference("Patient", person),
        "authoredOn": "2025-11-18",
        "requester": reference("Organization", by),
        "dosageInstruction": [
            {
                "text": f"{dose:g} {unit}，每日 {daily} 次",
                "timing": {"repeat": {"frequency": daily, "period": 1, "periodUnit": "d"}},
                "doseAndRate": [{"doseQuantity": quantity}],
            }
        ],
    }


def _observation(
    person: str, name: str, loinc: str, zh: str, en: str, value: float | None, unit: str, on: str
) -> Resource:
    """A result; without a value, what stands for the unit is the result in words."""
    quantity = {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}
    result: dict[str, Any] = {"valueString": unit} if value is None else {"valueQuantity": quantity}
    return {
        "resourceType": "Observation",
        "id": f"{person}-{name}",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": loinc, "display": en}], "text": zh},
        "subject": reference("Patient", person),
        "effectiveDateTime": on,
        **result,
    }


def _last_ecg(person: str, on: str, finding: str) -> Resource:
    ecg = _observation(person, "last-ecg", "11524-6", "心电图", "EKG study", None, finding, on)
    system = "http://terminology.hl7.org/CodeSystem/observation-category"
    return {**ecg, "category": [{"coding": [{"system": system, "code": "procedure"}]}]}


def story_resources(today: date) -> Iterator[Resource]:
    """All their resources, patients first."""
    for person in story_patients(today).values():
        yield from person.resources
