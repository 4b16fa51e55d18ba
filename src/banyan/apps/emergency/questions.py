"""Question sets of the call desk: which there are, and what level the answers give."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
import yaml

from banyan.apps.emergency.model.codes import BASE, COMPLAINT

LEVELS = ("I", "II", "III", "IV")


class UnknownAnswer(ValueError):
    """An answer that the question set does not have: which question, what may be answered."""


class Option(msgspec.Struct, frozen=True):
    value: str
    zh: str
    en: str
    level: int | None = None
    pathway: str | None = None


class Question(msgspec.Struct, frozen=True):
    id: str
    zh: str
    en: str
    options: tuple[Option, ...]


class QuestionSet(msgspec.Struct, frozen=True):
    """One complaint: its questions, its own level (1 to 4), what to tell the caller."""

    id: str
    zh: str
    en: str
    pathway: str
    level: int
    advice: dict[str, str]
    questions: tuple[Question, ...]
    version: str = "1"


class Levelled(msgspec.Struct, frozen=True):
    """The level that the answers give, by which answer, and the pathway."""

    level: int
    determinant: str
    pathway: str
    hot: frozenset[str] = frozenset()


@cache
def own_sets() -> Mapping[str, QuestionSet]:
    """The project's own sets by complaint, in the order in which they are offered."""
    text = (files("banyan.apps.emergency.questionnaires") / "sets.yaml").read_text(encoding="utf-8")
    made = msgspec.convert(yaml.load(text, yaml.CSafeLoader), list[QuestionSet])
    return {each.id: each for each in made}


def level_of(chosen: QuestionSet, answers: Mapping[str, str]) -> Levelled:
    """The most urgent of the set's own level and those of the answers. Raises: UnknownAnswer."""
    level, because, pathway, hot = chosen.level, "", chosen.pathway, set()
    for question_id, value in answers.items():
        option = _option(chosen, question_id, value)
        if option.level is not None and option.level <= 2:
            hot.add(question_id)
        if option.level is not None and option.level < level:
            level, because = option.level, f" {question_id}={value}"
        pathway = option.pathway or pathway
    return Levelled(level, f"{chosen.id} v{chosen.version}{because}", pathway, frozenset(hot))


def _option(chosen: QuestionSet, question_id: str, value: str) -> Option:
    question = next((each for each in chosen.questions if each.id == question_id), None)
    if question is None:
        known = ", ".join(each.id for each in chosen.questions)
        raise UnknownAnswer(f'"{chosen.id}" has no question "{question_id}". It asks: {known}.')
    option = next((each for each in question.options if each.value == value), None)
    if option is None:
        known = ", ".join(each.value for each in question.options)
        raise UnknownAnswer(f'"{value}" is no answer to "{question_id}". Answers: {known}.')
    return option


def answered(chosen: QuestionSet, answers: Mapping[str, str], hot: frozenset[str]) -> list[dict[str, Any]]:
    """Questions with their answers in words, in the set's order; those without one are left out."""
    found = []
    for question in chosen.questions:
        if question.id in answers:
            option = _option(chosen, question.id, answers[question.id])
            text, answer = {"zh": question.zh, "en": question.en}, {"zh": option.zh, "en": option.en}
            found.append({"id": question.id, "text": text, "answer": answer, "hot": question.id in hot})
    return found


def as_questionnaire(chosen: QuestionSet) -> dict[str, Any]:
    """The set as a FHIR Questionnaire."""
    return {
        "resourceType": "Questionnaire",
        "id": f"call-{chosen.id}",
        "url": f"{BASE}/Questionnaire/call-{chosen.id}",
        "version": chosen.version,
        "title": chosen.zh,
        "status": "active",
        "subjectType": ["Patient"],
        "code": [{"system": COMPLAINT, "code": chosen.id, "display": chosen.en}],
        "item": [
            {
                "linkId": question.id,
                "text": question.zh,
                "type": "choice",
                "answerOption": [
                    {"valueCoding": {"system": COMPLAINT, "code": option.value, "display": option.zh}}
                    for option in question.options
                ],
            }
            for question in chosen.questions
        ],
    }


def as_response(
    chosen: QuestionSet, answers: Mapping[str, str], *, case: str, patient: str, at: str
) -> dict[str, Any]:
    """The answers of one call as a FHIR QuestionnaireResponse."""
    items = []
    for each in answered(chosen, answers, frozenset()):
        coding = {"system": COMPLAINT, "code": answers[each["id"]], "display": each["answer"]["zh"]}
        items.append({"linkId": each["id"], "text": each["text"]["zh"], "answer": [{"valueCoding": coding}]})
    return {
        "resourceType": "QuestionnaireResponse",
        "id": f"{case}-answers",
        "questionnaire": f"{BASE}/Questionnaire/call-{chosen.id}",
        "status": "completed",
        "basedOn": [{"reference": f"ServiceRequest/{case}"}],
        "subject": {"reference": f"Patient/{patient}"},
        "authored": at,
        **({"item": items} if items else {}),
    }


def offered() -> list[dict[str, Any]]:
    """All sets as the desk shows them."""
    return [
        {
            "id": each.id,
            "title": {"zh": each.zh, "en": each.en},
            "default_level": each.level,
            "advice": each.advice,
            "questions": [_offered(question) for question in each.questions],
        }
        for each in own_sets().values()
    ]


def _offered(question: Question) -> dict[str, Any]:
    options = [
        {"value": o.value, "text": {"zh": o.zh, "en": o.en}, **({"level": o.level} if o.level else {})}
        for o in question.options
    ]
    text = {"zh": question.zh, "en": question.en}
    return {"id": question.id, "text": text, "type": "choice", "options": options}
