"""What a site decides: its own question sets; and alarms that stand until somebody takes them."""

from __future__ import annotations

import pytest

from banyan.apps.emergency.questions import QuestionSet, as_questionnaire, from_questionnaire, own_sets
from banyan.apps.emergency.service.directory import forget_directory
from tests.apps.emergency.bad_input.rescue import City, a_call, load


@pytest.mark.parametrize("chosen", own_sets().values(), ids=lambda each: each.id)
def test_a_set_survives_its_questionnaire(chosen: QuestionSet) -> None:
    assert from_questionnaire(as_questionnaire(chosen)) == chosen


async def test_a_site_loads_its_own_question_set(city: City) -> None:
    form = as_questionnaire(own_sets()["other"])
    form |= {
        "id": "call-drowning",
        "url": "https://city.example/Questionnaire/drowning",
        "title": "溺水",
        "code": [form["code"][0] | {"code": "drowning", "display": "Drowning"}],
    }
    form.pop("_title")
    form["extension"][0]["valueInteger"] = 1
    unusable = {key: value for key, value in form.items() if key != "extension"} | {"id": "broken"}
    await load(city.platform, [form, unusable])
    forget_directory()
    offered = {one["id"]: one for one in await city.get("wangmin", "/questionnaires")}
    assert offered["drowning"]["title"]["zh"] == "溺水"
    assert "chest-pain" in offered
    made = await city.post("wangmin", "/calls", a_call(complaint="drowning", answers={"awake": "yes"}))
    assert made["level"] == 1
    assert made["complaint_text"]["zh"] == "溺水"


async def test_a_vital_sign_that_calls_for_help_stands_as_an_alarm_until_it_is_better(city: City) -> None:
    rescue = await city.under_way("zhangbo", "unit-05", caller={"phone": "13200000001"})
    await rescue.announced()
    await rescue.file("vitals", {"spo2": 84})
    [alarm] = [one for one in (await rescue.view("liumin"))["alarms"] if one["kind"] == "vital"]
    assert alarm["text"] == {"zh": "血氧 84", "en": "SpO₂ 84"}
    await city.post("liumin", f"/cases/{rescue.case}/alarms/{alarm['id']}/acknowledge")
    [taken] = [one for one in (await rescue.view("liumin"))["alarms"] if one["kind"] == "vital"]
    assert taken["acknowledged"]["by"] == "liumin"
    await rescue.file("vitals", {"spo2": 97})
    assert not [one for one in (await rescue.view("liumin"))["alarms"] if one["kind"] == "vital"]


async def test_a_call_that_waits_too_long_is_told_to_the_desk(city: City) -> None:
    made = await city.call(caller={"phone": "13200000002"})
    for _ in range(60):
        await city.take_watch(seconds=0.25)
        desk = await city.get("wangmin", "/desk")
        if ("cannot-wait", made["id"]) in [(one["kind"], one["case"]) for one in desk["alarms"]]:
            return
    raise AssertionError("nobody was told")
