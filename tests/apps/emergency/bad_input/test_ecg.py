"""ECG that comes twice, broken, cut, with a lead missing or saturated."""

from __future__ import annotations

import base64
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.data import get_testdata_file

from banyan.apps.emergency.ecg.frame import Frame, encode, microseconds
from banyan.apps.emergency.ecg.leads import MISSING, SATURATED, TWELVE
from tests.apps.emergency.bad_input.rescue import API, City, Rescue

RATE = 500.0


@pytest.fixture(scope="module")
async def rescue(city: City) -> Rescue:
    made = await city.under_way()
    await made.states("en_route", "at_scene", "with_patient")
    return made


def a_frame(
    case: str, signal: uuid.UUID, sequence: int, at: datetime, *, height: int = 100, **more: Any
) -> Frame:
    leads = more.get("leads", TWELVE)
    data = more.get("data")
    if data is None:
        wave = np.sin(np.arange(int(RATE)) / 40) * height
        data = np.tile(wave, (len(leads), 1)).astype(np.int16)
    when = microseconds(at + timedelta(seconds=sequence))
    return Frame(uuid.UUID(case), signal, sequence, when, RATE, 2.5, leads, data)


async def send(rescue: Rescue, body: bytes, user: str | None = None) -> Any:
    client = rescue.city.people[user or rescue.crew]
    headers = {"Content-Type": "application/octet-stream"}
    return await client.post(f"{API}/frames", content=body, headers=headers)


async def test_frames_sent_twice_are_stored_once(rescue: Rescue) -> None:
    signal, at = uuid.uuid4(), rescue.city.now()
    body = b"".join(encode(a_frame(rescue.case, signal, n, at)) for n in range(3))
    first, second = await send(rescue, body), await send(rescue, body)
    assert first.json() == {"stored": 3, "duplicate": 0}
    assert second.json() == {"stored": 0, "duplicate": 3}
    back = await rescue.city.people[rescue.crew].get(
        f"{API}/cases/{rescue.case}/ecg/{signal}/frames?from=0&to=2"
    )
    assert back.content == body


async def test_another_frame_under_the_same_number_is_refused_and_nothing_changes(rescue: Rescue) -> None:
    signal, at = uuid.uuid4(), rescue.city.now()
    mine = encode(a_frame(rescue.case, signal, 0, at))
    assert (await send(rescue, mine)).status_code == 200
    other = encode(a_frame(rescue.case, signal, 1, at)) + encode(
        a_frame(rescue.case, signal, 0, at, height=50)
    )
    answer = await send(rescue, other)
    assert answer.status_code in (409, 422), answer.text
    assert "0" in answer.json()["detail"]
    back = await rescue.city.people[rescue.crew].get(f"{API}/cases/{rescue.case}/ecg/{signal}/frames")
    assert back.content == mine


@pytest.mark.parametrize("harm", ["flip", "cut", "empty", "words"])
async def test_a_damaged_frame_is_refused_with_its_place(rescue: Rescue, harm: str) -> None:
    good = encode(a_frame(rescue.case, uuid.uuid4(), 0, rescue.city.now()))
    flipped = good[:200] + bytes([good[200] ^ 1]) + good[201:]
    body = {"flip": flipped, "cut": good[:-9], "empty": b"", "words": b"not an ECG at all"}[harm]
    answer = await send(rescue, body)
    assert answer.status_code in (400, 422), answer.text
    assert len(answer.json()["detail"]) > 10


async def test_frames_of_an_unknown_case_and_from_a_stranger_are_refused(rescue: Rescue) -> None:
    lost = encode(a_frame(str(uuid.uuid4()), uuid.uuid4(), 0, rescue.city.now()))
    assert (await send(rescue, lost)).status_code in (404, 422, 202)
    mine = encode(a_frame(rescue.case, uuid.uuid4(), 0, rescue.city.now()))
    await rescue.city.shift("zhangbo", "unit-01")
    assert (await send(rescue, mine, "zhangbo")).status_code == 403


async def test_a_missing_lead_and_a_saturated_one_are_said(rescue: Rescue) -> None:
    signal, at = uuid.uuid4(), rescue.city.now()
    leads = tuple(lead for lead in TWELVE if lead != "V6")
    frames = []
    for n in range(10):
        frame = a_frame(rescue.case, signal, n, at, leads=leads)
        data = frame.data.copy()
        data[leads.index("V2")] = SATURATED
        data[leads.index("V5")] = MISSING
        frames.append(encode(a_frame(rescue.case, signal, n, at, leads=leads, data=data)))
    assert (await send(rescue, b"".join(frames))).status_code == 200
    await rescue.file("ecg", {"signal": str(signal), "format": "frames"})
    about = await rescue.city.get(rescue.crew, f"/cases/{rescue.case}/ecg/{signal}")
    measured = about["measured"]
    assert {"V6", "V5"} <= set(measured["missing"])
    assert measured["saturated"] == ["V2"]
    assert "V2" not in measured["st_uv"]


def _packaged() -> tuple[str, str]:
    path = get_testdata_file("waveform_ecg.dcm")
    assert isinstance(path, str)
    return Path(path).name, base64.b64encode(Path(path).read_bytes()).decode()


async def test_the_same_ecg_twice_is_one_ecg_with_two_receipts(rescue: Rescue) -> None:
    name, content = _packaged()
    before = len((await rescue.view())["ecgs"])
    for _ in range(2):
        data = {"signal": str(uuid.uuid4()), "format": "file", "name": name, "file_base64": content}
        await rescue.file("ecg", data)
    view = await rescue.view()
    assert len(view["ecgs"]) == before + 1
    found = await rescue.city.fhir(
        rescue.crew, f"Observation?based-on=ServiceRequest/{rescue.case}&code=http://loinc.org|11524-6"
    )
    assert len(
        [entry for entry in found["entry"] if entry["resource"]["status"] != "entered-in-error"]
    ) == len(view["ecgs"])


async def test_an_ecg_read_as_fhir_carries_its_samples(rescue: Rescue) -> None:
    found = await rescue.city.fhir(
        rescue.crew, f"Observation?based-on=ServiceRequest/{rescue.case}&code=http://loinc.org|11524-6"
    )
    one = await rescue.city.fhir(rescue.crew, f"Observation/{found['entry'][0]['resource']['id']}")
    leads = [each for each in one["component"] if "valueSampledData" in each]
    assert len(leads) >= 11
    assert len(leads[0]["valueSampledData"]["data"].split()) >= 5000


@pytest.mark.parametrize("content", [b"", b"GIF89a not an ECG", b"DICM" * 100])
async def test_a_file_that_is_no_ecg_is_refused_with_a_reason(rescue: Rescue, content: bytes) -> None:
    data = {
        "signal": str(uuid.uuid4()), "format": "file", "name": "holiday.gif",
        "file_base64": base64.b64encode(content).decode(),
    }  # fmt: skip
    [result] = await rescue.sync(rescue.fact("ecg", data))
    assert result["status"] == "refused", result
    assert not content or "holiday.gif" in result["reason"]
