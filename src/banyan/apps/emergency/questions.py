"""Question sets of the call desk: which there are, and what level the answers give."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
import yaml

from banyan.apps.emergency.model.codes import BASE, COMPLAINT, TRANSLATION

LEVELS = ("I", "II", "III", "IV")
LEVEL = f"{BASE}/StructureDefinition/call-level"
PATHWAY_OF_SET = f"{BASE}/StructureDefinition/call-pathway"
ADVICE = f"{BASE}/StructureDefinition/call-advice"


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


_of_site: dict[str, QuestionSet] = {}


def own_sets() -> Mapping[str, QuestionSet]:
    """The sets in use by complaint: the project's own, a site's in their place or after them."""
    return {**_project_sets(), **_of_site} if _of_site else _project_sets()


def use_site_sets(questionnaires: Iterable[Mapping[str, Any]]) -> None:
    """Takes up the question sets that the record holds as Questionnaires; one that cannot be used is left out."""
    found = {made.id: made for each in questionnaires if (made := from_questionnaire(each)) is not None}
    project = _project_sets()
    _of_site.clear()
    _of_site.update({id_: made for id_, made in found.items() if project.get(id_) != made})


@cache
def _project_sets() -> Mapping[str, QuestionSet]:
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
    """The set as a FHIR Questionnaire; levels, pathway and advice as extensions, English as translations."""
    notes = [
        {"url": LEVEL, "valueInteger": chosen.level},
        {"url": PATHWAY_OF_SET, "valueCode": chosen.pathway},
        {"url": ADVICE, "valueString": chosen.advice["zh"], "_valueString": _english(chosen.advice["en"])},
    ]
    return {
        "resourceType": "Questionnaire",
        "id": f"call-{chosen.id}",
        "extension": notes,
        "url": f"{BASE}/Questionnaire/call-{chosen.id}",
        "version": chosen.version,
        "title": chosen.zh,
        "_title": _english(chosen.en),
        "status": "active",
        "subjectType": ["Patient"],
        "code": [{"system": COMPLAINT, "code": chosen.id, "display": chosen.en}],
        "item": [_as_item(question) for question in chosen.questions],
    }


def _as_item(question: Question) -> dict[str, Any]:
    return {
        "linkId": question.id,
        "text": question.zh,
        "_text": _english(question.en),
        "type": "choice",
        "answerOption": [_as_option(option) for option in question.options],
    }


def _as_option(option: Option) -> dict[str, Any]:
    coding = {
        "system": COMPLAINT,
        "code": option.value,
        "display": option.zh,
        "_display": _english(option.en),
    }
    notes: list[dict[str, Any]] = []
    if option.level is not None:
        notes.append({"url": LEVEL, "valueInteger": option.level})
    if option.pathway is not None:
        notes.append({"url": PATHWAY_OF_SET, "valueCode": option.pathway})
    return {**({"extension": notes} if notes else {}), "valueCoding": coding}


def _english(text: str) -> dict[str, Any]:
    parts = [{"url": "lang", "valueCode": "en"}, {"url": "content", "valueString": text}]
    return {"extension": [{"url": TRANSLATION, "extension": parts}]}


def from_questionnaire(form: Mapping[str, Any]) -> QuestionSet | None:
    """A set from a Questionnaire; None for a form that is none, is not in use, or lacks level or pathway."""
    codes = [each["code"] for each in form.get("code", ()) if each.get("system") == COMPLAINT]
    level, pathway = _noted(form, LEVEL), _noted(form, PATHWAY_OF_SET)
    if not codes or form.get("status") != "active" or level not in (1, 2, 3, 4) or pathway is None:
        return None
    questions = tuple(_from_item(item) for item in form.get("item", ()) if item.get("type") == "choice")
    notes: list[dict[str, Any]] = [each for each in form.get("extension", ()) if each["url"] == ADVICE]
    advice = notes[0] if notes else {}
    zh = str(advice.get("valueString", ""))
    return QuestionSet(
        id=codes[0],
        zh=str(form.get("title", codes[0])),
        en=_in_english(form.get("_title")) or str(form.get("title", codes[0])),
        pathway=str(pathway),
        level=level,
        advice={"zh": zh, "en": _in_english(advice.get("_valueString")) or zh},
        questions=questions,
        version=str(form.get("version", "1")),
    )


def _from_item(item: Mapping[str, Any]) -> Question:
    options = tuple(_from_option(each) for each in item.get("answerOption", ()) if "valueCoding" in each)
    text = str(item.get("text", item["linkId"]))
    return Question(str(item["linkId"]), text, _in_english(item.get("_text")) or text, options)


def _from_option(option: Mapping[str, Any]) -> Option:
    coding = option["valueCoding"]
    zh = str(coding.get("display", coding["code"]))
    return Option(
        value=str(coding["code"]),
        zh=zh,
        en=_in_english(coding.get("_display")) or zh,
        level=_noted(option, LEVEL),
        pathway=_noted(option, PATHWAY_OF_SET),
    )


def _noted(element: Mapping[str, Any], url: str) -> Any:
    for each in element.get("extension", ()):
        if each.get("url") == url:
            return next((value for key, value in each.items() if key.startswith("value")), None)
    return None


def _in_english(companion: Mapping[str, Any] | None) -> str | None:
    for each in (companion or {}).get("extension", ()):
        parts = {part["url"]: part for part in each.get("extension", ())}
        if parts.get("lang", {}).get("valueCode") == "en":
            return str(parts["content"]["valueString"])
    return None


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
