"""Transaction and batch bundles."""

from __future__ import annotations

import asyncio
import base64
import lzma
from pathlib import Path
from typing import Any

import orjson
import pytest

from banyan.record import Record, Scope
from banyan.record.errors import BadRequest, Invalid, MultipleMatches
from tests.record.build import a_patient, an_observation, ids, stored
from tests.record.conftest import ME

Entry = dict[str, Any]


def entry(method: str, url: str, resource: Entry | None = None, full_url: str = "", **request: Any) -> Entry:
    made: Entry = {"request": {"method": method, "url": url, **request}}
    if resource is not None:
        made["resource"] = resource
    if full_url:
        made["fullUrl"] = full_url
    return made


async def carry_out(record: Record, *entries: Entry, kind: str = "transaction") -> list[Entry]:
    bundle = {"resourceType": "Bundle", "type": kind, "entry": list(entries)}
    answer = await record.run(ME, lambda t: t.bundle(bundle, scope_of=lambda _: Scope()))
    assert answer["type"] == f"{kind}-response"
    return answer["entry"]


def place(answer: Entry) -> tuple[str, str]:
    kind, found, _, version = answer["response"]["location"].split("/")
    assert answer["response"]["etag"] == f'W/"{version}"'
    return kind, found


async def test_entries_refer_to_each_other(record: Record) -> None:
    patient, heart = (
        "urn:uuid:6f1c2c1c-0000-4000-8000-000000000001",
        "urn:uuid:6f1c2c1c-0000-4000-8000-000000000002",
    )
    observation = an_observation() | {"subject": {"reference": patient}, "hasMember": [{"reference": heart}]}
    answers = await carry_out(
        record,
        entry("POST", "Observation", observation),
        entry("POST", "Observation", an_observation(), heart),
        entry("POST", "Patient", a_patient(), patient),
    )
    assert [a["response"]["status"] for a in answers] == ["201 Created"] * 3
    read = (await record.read(*place(answers[0]))).resource()
    assert read["subject"]["reference"] == "/".join(place(answers[2]))
    assert read["hasMember"][0]["reference"] == "/".join(place(answers[1]))
    assert place(answers[0])[1][15:18] == place(answers[2])[1][15:18]


async def test_a_dangling_urn_is_refused_by_name(record: Record) -> None:
    wrong = an_observation() | {"subject": {"reference": "urn:uuid:6f1c2c1c-0000-4000-8000-00000000000f"}}
    with pytest.raises(BadRequest, match=r"Bundle\.entry\[0\] refers to urn:uuid"):
        await carry_out(record, entry("POST", "Observation", wrong))


async def test_one_wrong_entry_undoes_all(record: Record) -> None:
    with pytest.raises(Invalid, match=r"Patient\.gender"):
        await carry_out(
            record,
            entry("PUT", "Location/undone", {"resourceType": "Location", "id": "undone", "name": "x"}),
            entry("POST", "Patient", a_patient(gender="man")),
        )
    assert await ids(record, "Location", ("_id", "undone")) == []


async def test_a_conditional_create_happens_once(record: Record) -> None:
    mine = a_patient(identifier=[{"system": "urn:s", "value": "once"}])
    condition = {"ifNoneExist": "identifier=urn:s|once"}
    urn = "urn:uuid:6f1c2c1c-0000-4000-8000-000000000009"
    first = await carry_out(
        record, entry("POST", "Patient", mine, **condition), entry("POST", "Patient", mine, **condition)
    )
    again = await carry_out(
        record,
        entry("POST", "Patient", mine, urn, **condition),
        entry("POST", "Observation", an_observation() | {"subject": {"reference": urn}}),
    )
    assert place(first[0]) == place(first[1]) == place(again[0])
    assert [a["response"]["status"] for a in (*first, again[0])] == ["201 Created", "200 OK", "200 OK"]
    assert (await record.read(*place(again[1]))).resource()["subject"]["reference"] == "/".join(
        place(first[0])
    )


async def test_equal_conditions_at_the_same_moment_make_one_resource(record: Record) -> None:
    mine = a_patient(identifier=[{"system": "urn:s", "value": "race"}])
    condition = {"ifNoneExist": "identifier=urn:s|race"}
    answers = await asyncio.gather(
        *(carry_out(record, entry("POST", "Patient", mine, **condition)) for _ in range(8)),
        *(record.run(ME, lambda t: t.create(mine, if_none_exist="identifier=urn:s|race")) for _ in range(4)),
    )
    assert len(await ids(record, "Patient", ("identifier", "urn:s|race"))) == 1
    statuses = [a[0]["response"]["status"] for a in answers if isinstance(a, list)]
    created = [a.created for a in answers if not isinstance(a, list)]
    assert statuses.count("201 Created") + created.count(True) == 1


async def test_a_condition_that_matches_several_is_refused(record: Record) -> None:
    twin = a_patient(identifier=[{"system": "urn:s", "value": "twin"}])
    await stored(record, twin, twin)
    with pytest.raises(MultipleMatches):
        await carry_out(record, entry("POST", "Patient", twin, ifNoneExist="identifier=urn:s|twin"))


async def test_conditional_update_creates_then_changes(record: Record) -> None:
    mine = a_patient(identifier=[{"system": "urn:s", "value": "upsert"}])
    url = "Patient?identifier=urn:s|upsert"
    made = await carry_out(record, entry("PUT", url, mine))
    changed = await carry_out(record, entry("PUT", url, {**mine, "gender": "female"}))
    same = await carry_out(record, entry("PUT", url, {**mine, "gender": "female"}))
    assert place(made[0]) == place(changed[0]) == place(same[0])
    assert [a[0]["response"]["etag"] for a in (made, changed, same)] == ['W/"1"', 'W/"2"', 'W/"2"']
    gone = await carry_out(record, entry("DELETE", url))
    assert gone[0]["response"]["status"].startswith("204")
    assert await ids(record, "Patient", ("identifier", "urn:s|upsert")) == []


async def test_conditional_references(record: Record) -> None:
    [patient] = await stored(record, a_patient(identifier=[{"system": "urn:s", "value": "ref"}]))
    observation = an_observation() | {"subject": {"reference": "Patient?identifier=urn:s|ref"}}
    [answer] = await carry_out(record, entry("POST", "Observation", observation))
    assert (await record.read(*place(answer))).resource()["subject"]["reference"] == patient.reference
    nobody = an_observation() | {"subject": {"reference": "Patient?identifier=urn:s|nobody"}}
    with pytest.raises(BadRequest, match="No Patient matches"):
        await carry_out(record, entry("POST", "Observation", nobody))


async def test_a_batch_goes_on_after_a_wrong_entry(record: Record) -> None:
    ward = {"resourceType": "Location", "id": "batch-1", "name": "Ward"}
    answers = await carry_out(
        record,
        entry("PUT", "Location/batch-1", ward),
        entry("POST", "Patient", a_patient(gender="man")),
        entry("PUT", "Location/batch-2", {**ward, "id": "batch-2"}),
        entry("GET", "Location/batch-1"),
        entry("GET", "Location?_id=batch-1,batch-2"),
        entry("GET", "Location/nothing"),
        kind="batch",
    )
    assert [a["response"]["status"][:3] for a in answers] == ["201", "422", "201", "200", "200", "404"]
    assert answers[1]["response"]["outcome"]["issue"][0]["expression"] == ["Patient.gender"]
    found = orjson.loads(orjson.dumps(answers))
    assert found[3]["resource"]["id"] == "batch-1"
    assert len(found[4]["resource"]["entry"]) == 2


async def test_patch_and_double_entries(record: Record) -> None:
    [patient] = await stored(record, a_patient())
    patch = base64.b64encode(orjson.dumps([{"op": "add", "path": "/active", "value": True}])).decode()
    binary = {"resourceType": "Binary", "contentType": "application/json-patch+json", "data": patch}
    await carry_out(record, entry("PATCH", patient.reference, binary))
    assert (await record.read("Patient", patient.id)).resource()["active"] is True
    with pytest.raises(BadRequest, match="both change"):
        await carry_out(record, entry("DELETE", patient.reference), entry("PATCH", patient.reference, binary))


async def test_crossing_transactions_never_fail(record: Record) -> None:
    wards = [{"resourceType": "Location", "id": f"cross-{n}", "name": "Ward"} for n in range(30)]

    async def put(round_: int) -> None:
        order = wards if round_ % 2 else wards[::-1]
        entries = [entry("PUT", f"Location/{w['id']}", {**w, "name": f"Ward {round_}"}) for w in order]
        await carry_out(record, *entries)

    await asyncio.gather(*(put(n) for n in range(8)))
    last = {(await record.read("Location", w["id"])).resource()["name"] for w in wards}
    assert len(last) == 1  # each transaction whole


async def test_numbers_survive_a_bundle_of_bytes(record: Record) -> None:
    body = (
        b'{"resourceType":"Bundle","type":"transaction","entry":['
        b'{"request":{"method":"POST","url":"Observation"},'
        b'"resource":{"resourceType":"Observation","status":"final","code":{"text":"K"},'
        b'"valueQuantity":{"value":6.30}}}]}'
    )
    answer = await record.run(ME, lambda t: t.bundle(body))
    assert b'"value":6.30}' in (await record.read(*place(answer["entry"][0]))).body


async def test_whole_patients_load(record: Record, shared_data: Path) -> None:
    for file in sorted((shared_data / "synthea").glob("*.xz"))[:2]:
        body = lzma.decompress(file.read_bytes())
        answer = await record.run(ME, lambda t, body=body: t.bundle(body))  # type: ignore[misc]
        assert {a["response"]["status"] for a in answer["entry"]} == {"201 Created"}
        patient = next(p for p in map(place, answer["entry"]) if p[0] == "Patient")
        page = await record.search("Observation", [("patient", patient[1]), ("_summary", "count")])
        wanted = sum(place(a)[0] == "Observation" for a in answer["entry"])
        assert page.total == wanted
