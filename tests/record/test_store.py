"""Create, read, update, patch, delete and history of single resources."""

from __future__ import annotations

import asyncio

import orjson
import pytest

from banyan.record import Author, Record, Scope
from banyan.record.errors import BadRequest, Gone, Invalid, NotFound, VersionConflict
from tests.record.build import a_patient, an_observation, stored
from tests.record.conftest import ME


async def test_a_body_is_kept_as_written(record: Record) -> None:
    body = (
        b'{"resourceType": "Observation",\n "status": "final", "code": {"text": "K"}, '
        b'"valueQuantity": {"value": 6.30}}'
    )
    [made] = await stored(record, body)
    read = await record.read("Observation", made.id)
    assert b'"valueQuantity":{"value":6.30}' in read.body
    assert read.resource()["meta"]["versionId"] == "1"
    assert read.resource()["id"] == made.id
    assert read.institution == "first-hospital"


async def test_an_exponent_stays_an_exponent(record: Record) -> None:
    body = (
        b'{"resourceType":"Observation","status":"final","code":{"text":"K"},'
        b'"valueQuantity":{"value":1.2E+2}}'
    )
    [made] = await stored(record, body)
    assert b'"value":1.2E+2' in (await record.read("Observation", made.id)).body


async def test_the_server_ignores_a_client_id_on_create(record: Record) -> None:
    [made] = await stored(record, a_patient(id="mine", meta={"versionId": "7", "tag": [{"code": "t"}]}))
    assert made.id != "mine"
    assert made.resource()["meta"]["tag"] == [{"code": "t"}]
    assert made.version == 1


async def test_equal_content_makes_no_new_version(record: Record) -> None:
    [made] = await stored(record, a_patient())
    async with record.transaction(ME) as transaction:
        again = await transaction.update(made.body)
    assert not again.changed
    assert again.stored.version == 1
    async with record.transaction(ME) as transaction:
        changed = await transaction.update({**made.resource(), "gender": "female"})
    assert changed.changed
    assert changed.stored.version == 2


async def test_an_update_creates_under_the_clients_id_and_counts_on_after_a_deletion(record: Record) -> None:
    ward = {"resourceType": "Location", "id": "ward-1", "name": "Ward"}
    async with record.transaction(ME) as transaction:
        assert (await transaction.update(ward)).created
    async with record.transaction(ME) as transaction:
        await transaction.delete("Location", "ward-1")
    with pytest.raises(Gone):
        await record.read("Location", "ward-1")
    async with record.transaction(ME) as transaction:
        revived = await transaction.update(ward)
    assert revived.created
    assert revived.stored.version == 3
    history = await record.history("Location", "ward-1")
    assert [(v.version, v.deleted) for v in history.versions] == [(3, False), (2, True), (1, False)]


async def test_if_match_names_the_current_version(record: Record) -> None:
    [made] = await stored(record, a_patient())
    with pytest.raises(VersionConflict, match="is at version 1, not 5"):
        async with record.transaction(ME) as transaction:
            await transaction.update({**made.resource(), "gender": "other"}, if_match=5)


async def test_json_patch_and_merge_patch(record: Record) -> None:
    [made] = await stored(record, a_patient(birthDate="1974-12-25"))
    async with record.transaction(ME) as transaction:
        patched = await transaction.patch(
            "Patient", made.id, [{"op": "replace", "path": "/gender", "value": "female"}]
        )
        patched = await transaction.patch("Patient", made.id, {"birthDate": None})
    assert patched.stored.version == 3
    read = (await record.read("Patient", made.id)).resource()
    assert read["gender"] == "female"
    assert "birthDate" not in read


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        ([{"op": "replace", "path": "/nothing/0", "value": 1}], "nothing is missing"),
        ([{"op": "test", "path": "/gender", "value": "x"}], "another value"),
        ([{"op": "replace", "path": "/id", "value": "x"}], "must not change"),
        ([{"op": "add", "path": "/name/01", "value": "x"}], "not a position"),
        ([{"op": "jump", "path": "/name"}], "no operation"),
    ],
)
async def test_a_patch_that_does_not_fit_is_refused(record: Record, patch: list[dict], message: str) -> None:
    [made] = await stored(record, a_patient())
    with pytest.raises(BadRequest, match=message):
        async with record.transaction(ME) as transaction:
            await transaction.patch("Patient", made.id, patch)
    assert (await record.read("Patient", made.id)).version == 1


async def test_old_versions_are_read_and_missing_ones_named(record: Record) -> None:
    [made] = await stored(record, a_patient())
    async with record.transaction(ME) as transaction:
        await transaction.update({**made.resource(), "gender": "female"})
    assert (await record.vread("Patient", made.id, 1)).resource()["gender"] == "male"
    assert (await record.vread("Patient", made.id, 2)).resource()["gender"] == "female"
    with pytest.raises(NotFound, match="no version 9"):
        await record.vread("Patient", made.id, 9)
    with pytest.raises(NotFound, match="no resource type 'Ward'"):
        await record.read("Ward", made.id)


async def test_history_pages_meet_without_gap_or_double(record: Record) -> None:
    [made] = await stored(record, a_patient())
    for number in range(6):
        async with record.transaction(ME) as transaction:
            await transaction.update({**made.resource(), "birthDate": f"1970-01-0{number + 1}"})
    seen: list[int] = []
    cursor = None
    while True:
        page = await record.history("Patient", made.id, count=3, cursor=cursor)
        seen += [version.version for version in page.versions]
        if (cursor := page.next) is None:
            break
    assert seen == [7, 6, 5, 4, 3, 2, 1]


async def test_the_whole_records_history_pages(record: Record) -> None:
    await stored(record, *[a_patient(f"P{n}") for n in range(5)])
    newest = [v.reference for v in (await record.history(count=12)).versions]
    paged: list[str] = []
    cursor = None
    while len(paged) < 12:
        page = await record.history(count=4, cursor=cursor)
        paged += [version.reference for version in page.versions]
        cursor = page.next
    assert paged == newest
    assert len(set(newest[:5])) == 5


async def test_a_refused_resource_leaves_nothing(record: Record) -> None:
    before = (await record.history(count=1)).versions[0].reference
    with pytest.raises(Invalid, match=r"Patient\.gender") as refused:
        async with record.transaction(ME) as transaction:
            await transaction.create(a_patient("Gone"))
            await transaction.create(a_patient(gender="man"))
    assert refused.value.outcome["issue"][0]["expression"] == ["Patient.gender"]
    assert (await record.history(count=1)).versions[0].reference == before


async def test_a_scope_hides_rows_from_reads_searches_and_history(record: Record) -> None:
    async with record.transaction(Author("other", "second-hospital")) as transaction:
        theirs = (await transaction.create(a_patient("Hidden", birthDate="1900-01-01"))).stored
        await transaction.update({**theirs.resource(), "gender": "female"})
    mine = Scope("r.institution = %s AND r.type = %s", ("first-hospital", "Patient"))
    with pytest.raises(NotFound):
        await record.read("Patient", theirs.id, scope=mine)
    page = await record.search("Patient", [("birthdate", "1900-01-01")], scope_of=lambda _: mine)
    assert page.matches == []
    with pytest.raises(NotFound):
        await record.history("Patient", theirs.id, scope=mine)
    everything = await record.history(count=100, scope_of=lambda _: mine)
    assert theirs.id not in {version.id for version in everything.versions}


async def test_two_upserts_of_one_new_id_make_one_resource(record: Record) -> None:
    async def put(number: int) -> int:
        async def work(transaction):  # type: ignore[no-untyped-def]
            return await transaction.update({"resourceType": "Location", "id": "same", "name": f"n{number}"})

        return (await record.run(ME, work)).stored.version

    versions = await asyncio.gather(*(put(number) for number in range(8)))
    assert sorted(versions) == list(range(1, 9))
    assert (await record.read("Location", "same")).version == 8


async def test_no_update_is_lost(record: Record) -> None:
    [made] = await stored(record, a_patient(multipleBirthInteger=0))

    async def add_one(transaction):  # type: ignore[no-untyped-def]
        current = await transaction.read("Patient", made.id, lock=True)
        body = current.resource()
        body["multipleBirthInteger"] += 1
        await transaction.update(body)

    await asyncio.gather(*(record.run(ME, add_one) for _ in range(20)))
    final = await record.read("Patient", made.id)
    assert orjson.loads(final.body)["multipleBirthInteger"] == 20
    assert final.version == 21


async def test_opposite_orders_of_locking_are_cured_by_repeating(record: Record) -> None:
    a, b = await stored(record, a_patient("A"), a_patient("B"))

    async def work(transaction, first, second):  # type: ignore[no-untyped-def]
        for patient in (first, second):
            current = await transaction.read("Patient", patient.id, lock=True)
            body = current.resource()
            body["multipleBirthInteger"] = body.get("multipleBirthInteger", 0) + 1
            await transaction.update(body)
            await transaction.flush()

    await asyncio.gather(
        *(
            record.run(ME, lambda t, x=x, y=y: work(t, x, y))  # type: ignore[misc]
            for x, y in [(a, b), (b, a)] * 4
        )
    )
    assert (await record.read("Patient", a.id)).resource()["multipleBirthInteger"] == 8


async def test_sensitivity_comes_from_the_label(record: Record) -> None:
    label = {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}
    plain, secret = await stored(record, a_patient(), a_patient(meta={"security": [label]}))
    assert (plain.sensitivity, secret.sensitivity) == (3, 4)


async def test_an_observation_lies_in_its_patients_compartment(record: Record) -> None:
    [patient] = await stored(record, a_patient())
    [observation] = await stored(record, an_observation(patient))
    assert observation.patient == patient.id
    assert observation.id[15:18] == patient.id[15:18]  # the shard travels in ids of ours
