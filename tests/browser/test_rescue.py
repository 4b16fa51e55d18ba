"""One whole rescue in signed-in browsers, from the call to both signatures, then read back from the record."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect
from pydicom.data import get_testdata_file

from banyan.demo.story import story_patients
from tests.browser.rescue_story import Reader, Record, monitor, signed_in
from tests.seeded import served_copy
from tests.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

TIME_POINT = "https://banyan.example/CodeSystem/time-point"
HOSPITAL = "city-second"
READING = "Acute inferior infarction"
BAR_WORDS = "Straight to the cath lab."
PATIENT = story_patients(datetime.now().date())["stemi"]
KEYS = {"RR": "Respiration", "SpO₂": "SpO₂", "SBP": "Systolic", "HR": "Heart rate", "Temp": "Temperature"}


@pytest.fixture
def city(seeded: Path, tmp_path: Path) -> Iterator[Served]:
    with served_copy(seeded, tmp_path / "data") as (served, _):
        yield served


@dataclass
class People:
    """Who takes part, each in a browser context of their own."""

    served: Served
    dispatcher: Reader
    crew: Reader
    nurse: Reader
    cardiologist: Reader
    case: str = ""


@pytest.fixture
async def people(chromium: Browser, city: Served, tmp_path: Path) -> AsyncIterator[People]:
    dispatcher = await signed_in(chromium, city, "wangmin", "/emergency/desk")
    crew = await signed_in(chromium, city, "linyue", "/emergency/crew", width=390, height=844)
    nurse = await signed_in(chromium, city, "liumin", "/emergency/incoming")
    cardiologist = await signed_in(
        chromium, city, "chenzhiyuan", "/emergency/incoming", width=820, height=1180
    )
    everybody = (dispatcher, crew, nurse, cardiologist)
    yield People(city, *everybody)
    for name, reader in zip(("dispatcher", "crew", "nurse", "cardiologist"), everybody, strict=True):
        await reader.page.screenshot(path=tmp_path / f"{name}.png")  # where it stood, should it have failed
        await reader.context.close()
    assert [said for reader in everybody for said in reader.complaints] == []


async def test_a_whole_rescue(people: People) -> None:
    await begin_the_shift(people.crew.page)
    await take_the_call(people)
    await send_the_first_unit(people)
    await reach_the_patient(people)
    await identify(people.crew.page)
    await record_vitals(people.crew.page)
    await announce(people.crew.page)
    await take_the_patient(people.nurse.page, people.case)
    await work_without_network(people)
    await stream_and_read(people)
    await prepare_and_talk(people)
    await arrive_and_sign(people)
    await the_record_holds_it(people)


# ---- the acts, each by whose page ------------------------------------------------------------------


async def begin_the_shift(page: Page) -> None:
    await page.get_by_role("button", name="Choose my ambulance").tap()
    await page.get_by_role("button", name=re.compile("Unit 03|03 车")).tap()
    await expect(page.get_by_role("heading", name="No call for you now")).to_be_visible()
    await page.wait_for_selector("html[data-installed=yes]", timeout=30_000)


async def take_the_call(people: People) -> None:
    """By keyboard alone: where, what, the answers, who."""
    page = people.dispatcher.page
    await page.locator("#desk[data-loaded]").wait_for(timeout=30_000)
    await page.keyboard.press("F2")
    await expect(page.get_by_role("combobox", name="Where")).to_be_focused()
    await page.keyboard.type("Errázuriz")
    await page.locator("#nc-streets [role=option]").first.wait_for()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.type("5th floor, no lift")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await expect(page.get_by_role("radio", name="Chest pain")).to_be_checked()
    await page.locator("#nc-phone").focus()
    await page.keyboard.type("13800002716")
    await page.keyboard.press("Tab")
    await page.keyboard.type("周建国, son")
    await page.locator("#asking").focus()
    for key in ("Y", "2", "1", "1", "Y", "U"):
        await page.keyboard.press(key)
    await page.locator("#nc-age").focus()
    await page.keyboard.type("81")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#send")).to_contain_text("Send unit", timeout=15_000)
    [row] = (await Record(people.dispatcher, people.served.url).get("/api/emergency/desk"))["calls"]
    people.case = row["case"]
    assert row["level"] == 1


async def send_the_first_unit(people: People) -> None:
    """Enter sends the unit that the ranking recommends."""
    page = people.dispatcher.page
    first = page.locator("#options [role=radio]").first
    await expect(first).to_have_attribute("aria-checked", "true")
    await expect(first).to_have_attribute("data-unit", "unit-03")
    await page.keyboard.press("Enter")
    await expect(people.crew.page.locator(".order")).to_be_visible(timeout=15_000)


async def reach_the_patient(people: People) -> None:
    page = people.crew.page
    await page.locator(".order .big").tap()
    for words in ("Depart", "Arrived at scene", "With patient"):
        await page.locator(".big", has_text=words).tap()
    await saved(page)
    await expect(people.dispatcher.page.locator("#right")).to_contain_text(
        "First medical contact", timeout=15_000
    )


async def identify(page: Page) -> None:
    """The resident number on the keypad; the record answers with the allergy."""
    await page.locator(".whoid").tap()
    for sign in PATIENT.resident.resident_id:
        await page.locator(f".keys button[aria-label='{sign}']").tap()
    await expect(page.locator(".cfound")).to_contain_text(PATIENT.resident.zh)
    await page.get_by_role("button", name="This is the patient").tap()
    await expect(page.locator("#work")).to_contain_text("青霉素", timeout=15_000)
    await saved(page)


async def record_vitals(page: Page) -> None:
    """By the keypad; NEWS2 says what is missing, then the total."""
    await page.locator(".v").first.tap()
    for field_, value in (("RR", "24"), ("SpO₂", "91"), ("SBP", "92"), ("HR", "94")):
        await type_value(page, field_, value)
    await page.locator("button.ch", has_text="Air").tap()
    await expect(page.locator(".score")).to_contain_text("incomplete")
    await page.locator("button.ch", has_text="alert").tap()
    await type_value(page, "Temp", "36.4")
    await expect(page.locator(".score .total")).to_have_text("8")
    await page.locator(".big", has_text="Save").tap()
    await page.locator(".clocks").wait_for()
    await saved(page)


async def type_value(page: Page, field_: str, value: str) -> None:
    await page.locator(f".val[aria-label^='{KEYS[field_]}']").tap()
    for key in value:
        await page.locator(f".keys button[aria-label='{key}']").tap()
    await page.locator(".csheet .big").tap()


async def announce(page: Page) -> None:
    """The destination that ranks first, then the notice."""
    await page.locator(".dest").tap()
    first = page.get_by_role("radio").first
    await expect(first).to_contain_text("Best", timeout=15_000)
    await page.get_by_role("button", name=re.compile("^Go to")).tap()
    await page.locator(".tell").tap()
    await page.get_by_role("button", name=re.compile("STEMI")).tap()
    await page.get_by_role("button", name=re.compile("^Send to")).tap()
    await saved(page)


async def take_the_patient(page: Page, case: str) -> None:
    row = page.locator(f"li[data-case='{case}']")
    await expect(row).to_contain_text("周秀兰", timeout=20_000)
    await row.get_by_role("button", name="I take this patient").click()
    await expect(row.locator(".ack")).to_contain_text("刘敏")
    await row.locator(".pwho").click()
    await page.locator("#case .prep").wait_for()


async def work_without_network(people: People) -> None:
    """The cable is cut while an ECG is taken: all is kept, sent once afterwards."""
    page, phone = people.crew.page, people.crew
    await phone.network(False)
    await page.locator(".cacts button", has_text="12-lead").tap()
    await page.set_input_files("input[type=file]", str(get_testdata_file("waveform_ecg.dcm")))
    await expect(page.locator(".sync").first).to_have_attribute("data-waiting", "1")
    await page.get_by_role("button", name="Back").tap()
    await page.locator(".cacts button", has_text="Drugs").tap()
    for chip in ("Aspirin", "300"):
        await page.locator(".chip", has_text=chip).first.tap()
    await page.locator(".big", has_text="Given").tap()
    await expect(page.locator(".sync").first).to_have_attribute("data-waiting", "2")
    await expect(page.locator(".sync").first).to_contain_text("Offline")
    await expect(people.nurse.page.locator("#case")).to_contain_text("No ECG yet")
    await phone.network(True)
    await saved(page, 15_000)
    await expect(people.nurse.page.locator(".ecgc canvas").first).to_be_visible(timeout=15_000)


async def stream_and_read(people: People) -> None:
    """On the way the monitor streams; the hospital sees it live and the cardiologist reads it."""
    await people.crew.page.locator(".big", has_text="Leave for hospital").tap()
    page = people.cardiologist.page
    await page.locator(f"li[data-case='{people.case}'] .pwho").click()
    await page.locator(".ecgc canvas").first.wait_for()
    stream = asyncio.create_task(monitor(people.served, "linyue", people.case, seconds=12))
    await expect(page.locator(".ecgc .tag.good")).to_have_text("live", timeout=60_000)
    await stream
    await page.get_by_label("Reading of the ECG").fill(READING)
    await page.get_by_role("button", name="Sign the reading").click()
    await expect(page.locator(".read .dx")).to_have_text(READING)
    await expect(people.nurse.page.locator(".read .dx")).to_have_text(READING, timeout=15_000)


async def prepare_and_talk(people: People) -> None:
    page = people.nurse.page
    await page.get_by_role("button", name="Call the whole team").click()
    boxes = page.get_by_role("checkbox")
    for at in range(await boxes.count()):
        await boxes.nth(at).click()
        await expect(boxes.nth(at)).to_be_checked()
    await page.get_by_role("button", name=BAR_WORDS).click()
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(people.crew.page.locator("#work")).to_contain_text(BAR_WORDS, timeout=15_000)


async def arrive_and_sign(people: People) -> None:
    page, nurse = people.crew.page, people.nurse.page
    for words in ("Arrived at hospital", "Hand over", "Sign the handover"):
        await page.locator(".big", has_text=words).tap()
    await saved(page)
    await expect(nurse.locator(".sigs")).to_contain_text("林悦", timeout=15_000)
    await nurse.get_by_label("Remark (may stay empty)").fill("Taken over at the door of the laboratory")
    await nurse.get_by_role("button", name="Sign for the hospital").click()
    await nurse.get_by_role("dialog").get_by_role("button", name="Sign", exact=True).click()
    await expect(nurse.locator(".sigs")).to_contain_text("刘敏", timeout=15_000)
    await page.locator(".big", has_text="Ready for the next call").tap()
    await saved(page)
    await nurse.get_by_role("link", name="Handover sheet").click()
    await expect(nurse.locator("#sheets")).to_contain_text("周秀兰", timeout=15_000)


async def saved(page: Page, timeout: float = 15_000) -> None:
    await page.wait_for_selector("[data-sync-state=saved]", timeout=timeout)


# ---- the record afterwards ---------------------------------------------------------------------------


async def the_record_holds_it(people: People) -> None:
    nurse, dispatcher = (Record(who, people.served.url) for who in (people.nurse, people.dispatcher))
    based = f"based-on=ServiceRequest/{people.case}"
    await the_case_is_closed(dispatcher, people.case)
    [task] = await dispatcher.find(f"Task?focus=ServiceRequest/{people.case}")
    assert task["status"] == "completed"
    stays = {one["class"]["code"]: one for one in await nurse.find(f"Encounter?{based}")}
    assert set(stays) == {"FLD", "EMER"}
    assert stays["FLD"]["status"] == "finished"
    await the_observations_are_there(people, nurse, based)
    said = await nurse.find(f"Communication?{based}")
    kinds = {one["category"][0]["coding"][0]["code"]: one for one in said}
    assert sorted(one["category"][0]["coding"][0]["code"] for one in said) == ["message", "notice"]
    assert kinds["notice"]["status"] == "completed" and kinds["notice"]["received"]
    [report] = await nurse.find(f"DiagnosticReport?{based}")
    assert report["conclusion"] == READING
    assert report["resultsInterpreter"][0]["display"] == "陈志远"
    [given] = await nurse.find(f"MedicationAdministration?context=Encounter/{stays['FLD']['id']}")
    assert given["dosage"]["dose"]["value"] == 300
    [signed] = await nurse.find(f"Composition?encounter=Encounter/{stays['FLD']['id']}")
    assert signed["status"] == "final" and len(signed["attester"]) == 2
    document = await nurse.get(f"/api/emergency/cases/{people.case}/document")
    assert document["type"] == "document"


async def the_case_is_closed(record: Record, case: str) -> None:
    """The crew's last touch may still be on its way."""
    for _ in range(60):
        request = await record.get(f"/fhir/ServiceRequest/{case}")
        if request["status"] == "completed":
            return
        await asyncio.sleep(0.25)
    raise AssertionError(f"The call is still {request['status']}.")


def source_of(observation: dict[str, Any]) -> str:
    """Whether a person, a device, a fence or the system recorded a time point."""
    return next(
        str(each["valueCode"]) for each in observation["extension"] if each["url"].endswith("-source")
    )


async def the_observations_are_there(people: People, nurse: Record, based: str) -> None:
    observations = await nurse.find(f"Observation?{based}")
    by_code: dict[str, list[str]] = {}
    for one in observations:
        for coding in one["code"]["coding"]:
            by_code.setdefault(coding["code"], []).append(one["id"])
    for vital in ("8867-4", "9279-1", "85354-9", "2708-6", "8310-5", "news2"):
        assert len(by_code.get(vital, ())) == 1, (vital, by_code)
    ecgs = by_code["11524-6"]
    assert len(ecgs) == 2  # the file sent once although the network broke, and the monitor's
    for ecg in ecgs:
        sampled = await nurse.get(f"/fhir/Observation/{ecg}")
        assert sum("valueSampledData" in part for part in sampled["component"]) == 12
    points = [
        (coding["code"], one["valueDateTime"], source_of(one))
        for one in observations
        for coding in one["code"]["coding"]
        if coding["system"] == TIME_POINT
    ]
    expected = "call dispatch depart_base arrive_scene fmc ecg_done ecg_read depart_scene notice notice_ack arrive_door"
    assert set(expected.split()) | {"handover"} <= {code for code, _, _ in points}
    assert len(points) == len(set(points)), sorted(points)  # no moment of a point is there twice
    view = await nurse.get(f"/api/emergency/cases/{people.case}")
    assert view["parked"] == 0
    assert [one["dose"] for one in view["medications"]] == [300]
    assert len(view["vitals"]) == 1 and len(view["ecgs"]) == 2
