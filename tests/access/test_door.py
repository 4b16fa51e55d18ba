"""The door over the real record: who passes, who does not, and what the trail keeps."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from banyan.access import AccessError, Act, AuditTrail, Denied, Door, Facts, Principal, platform_principal
from banyan.platform import Platform
from banyan.record.errors import NotFound

DISPATCHER = Principal("wangmin", "Wang Min", ("dispatcher",), institution="ems")
CREW = Principal("linyue", "Lin Yue", ("crew",), institution="ems", unit="unit-03")
NURSE = Principal("liumin", "Liu Min", ("emergency_nurse",), institution="h2")
OTHER = Principal("gaoxiang", "Gao Xiang", ("emergency_nurse",), institution="h6")
ADMIN = Principal("admin", "Admin", ("administrator",))
CHIEF = Principal("chief", "Chief", ("chief",))
LIS = Principal("lis", "LIS", ("integrator",), institution="h2", kind="system")
ENGINE = platform_principal("test")


@pytest.fixture(scope="module")
async def door(platform: Platform) -> AsyncIterator[Door]:
    yield platform.door


async def a_patient(door: Door, name: str = "Zhou Xiulan", institution: str | None = "ems", **more) -> str:
    who = Principal(ENGINE.user, ENGINE.name, ENGINE.roles, institution=institution, kind="system")
    async with door.act(who, "create") as act:
        written = await act.create({"resourceType": "Patient", "name": [{"text": name}], **more})
    return written.stored.id


async def an_allergy(door: Door, patient: str, institution: str = "h9", security: str | None = None) -> str:
    who = Principal(ENGINE.user, ENGINE.name, ENGINE.roles, institution=institution, kind="system")
    resource = {"resourceType": "AllergyIntolerance", "patient": {"reference": f"Patient/{patient}"}}
    if security:
        system = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
        resource["meta"] = {"security": [{"system": system, "code": security}]}
    async with door.act(who, "create") as act:
        return (await act.create(resource)).stored.id


async def entrust(door: Door, patient: str, **grant) -> None:
    async with door.act(ENGINE, "write") as act:
        await act.grant(patient=patient, because="test", **grant)


async def test_a_grant_opens_the_record_and_its_end_closes_it(door: Door) -> None:
    patient = await a_patient(door)
    with pytest.raises(Denied, match="no care relationship"):
        await door.read(NURSE, "Patient", patient)
    await entrust(door, patient, institution="h2")
    assert (await door.read(NURSE, "Patient", patient)).patient == patient
    with pytest.raises(Denied):
        await door.read(OTHER, "Patient", patient)
    async with door.act(ENGINE, "write") as act:
        assert await act.revoke(patient=patient, institution="h2") == 1
    with pytest.raises(Denied):
        await door.read(NURSE, "Patient", patient)


async def test_a_grant_lasts_until_its_time(door: Door) -> None:
    patient = await a_patient(door)
    await entrust(door, patient, institution="h2", until=door.clock.now() - timedelta(seconds=1))
    with pytest.raises(Denied):
        await door.read(NURSE, "Patient", patient)


async def test_what_is_not_there_is_not_found(door: Door) -> None:
    with pytest.raises(NotFound):
        await door.read(NURSE, "Patient", "nobody")


async def test_search_shows_only_what_read_allows(door: Door) -> None:
    mine, others = await a_patient(door, "Search Mine"), await a_patient(door, "Search Others")
    await entrust(door, mine, institution="h2")
    page = await door.search(NURSE, "Patient", [("name", "search")])
    assert [stored.id for stored in page.matches] == [mine]
    page = await door.search(ENGINE, "Patient", [("name", "search")])
    assert {stored.id for stored in page.matches} == {mine, others}
    with pytest.raises(Denied, match="Roles that may"):
        await door.search(ADMIN, "Condition", [])


async def test_includes_are_filtered_too(door: Door) -> None:
    patient = await a_patient(door)
    await an_allergy(door, patient)
    page = await door.search(
        DISPATCHER, "Patient", [("_id", patient), ("_revinclude", "AllergyIntolerance:patient")]
    )
    assert [stored.id for stored in page.matches] == [patient]
    assert page.includes == [], "a dispatcher sees no allergy, not even as an include"


async def test_the_extract_gives_what_matters_and_no_more(door: Door) -> None:
    patient = await a_patient(door, institution="h9")
    allergy = await an_allergy(door, patient)
    secret = await an_allergy(door, patient, security="V")
    await entrust(door, patient, unit="unit-03", purpose="ETREAT")
    assert await door.read(CREW, "AllergyIntolerance", allergy)
    with pytest.raises(Denied):
        await door.read(CREW, "AllergyIntolerance", secret)
    decision = await door.permit(CREW, "read", Facts("Composition", "x", patient, "h9"))
    assert not decision


async def test_every_read_and_every_denial_is_in_the_trail(door: Door) -> None:
    patient = await a_patient(door)
    with pytest.raises(Denied):
        await door.read(OTHER, "Patient", patient)
    await entrust(door, patient, institution="h2")
    await door.read(NURSE, "Patient", patient)
    await door.search(NURSE, "Patient", [("_id", patient)])
    looks = await door.audit.of_patient(patient)
    assert [(look.user, look.action, look.outcome) for look in looks] == [
        ("liumin", "search", "done"),
        ("liumin", "read", "done"),
        (ENGINE.user, "write", "done"),
        ("gaoxiang", "read", "denied"),
        (ENGINE.user, "create", "done"),
    ]
    assert looks[0].what == f"Patient?_id={patient}"


async def test_a_refused_step_undoes_the_whole_act(door: Door) -> None:
    with pytest.raises(Denied):
        async with door.act(LIS, "write") as act:
            kept = await act.create({"resourceType": "Observation", "status": "final", "code": {"text": "K"}})
            mine = kept.stored.id
            await act.update({"resourceType": "Organization", "id": await _an_organization(door)})
    with pytest.raises(NotFound):
        await door.read(ENGINE, "Observation", mine)
    [look] = await door.audit.of_user("lis", count=1)
    assert look.outcome == "denied"


async def _an_organization(door: Door) -> str:
    who = Principal(ENGINE.user, ENGINE.name, ENGINE.roles, institution="ems", kind="system")
    async with door.act(who, "create") as act:
        return (await act.create({"resourceType": "Organization", "name": "EMS"})).stored.id


async def test_an_act_and_its_audit_row_stand_or_fall_together(door: Door, platform: Platform) -> None:
    before = await _audit_rows(platform)
    with pytest.raises(ZeroDivisionError):
        async with door.act(ENGINE, "create") as act:
            await act.create({"resourceType": "Patient"})
            raise ZeroDivisionError
    assert await _audit_rows(platform) == before


async def _audit_rows(platform: Platform) -> int:
    async with platform.pool.connection() as conn:
        row = await (await conn.execute("select count(*) from access.audit")).fetchone()
    return row[0]


async def test_an_act_that_nobody_named_is_a_mistake(door: Door) -> None:
    with pytest.raises(AccessError, match="No policy names"):
        async with door.act(ENGINE, "emergency.fly"):
            pass


async def test_who_may_do_nothing_is_told_who_may(door: Door) -> None:
    with pytest.raises(Denied, match=r"Roles that may: .*integrator"):
        async with door.act(NURSE, "write"):
            pass


async def test_an_integrator_writes_only_for_its_institution(door: Door) -> None:
    async with door.act(LIS, "write") as act:
        mine = await act.create({"resourceType": "Observation", "status": "final", "code": {"text": "K"}})
    assert mine.stored.institution == "h2"
    theirs = await a_patient(door, institution="h6")
    with pytest.raises(Denied):
        async with door.act(LIS, "write") as act:
            await act.patch("Patient", theirs, [{"op": "add", "path": "/active", "value": False}])


async def test_bundles_are_judged_entry_by_entry(door: Door) -> None:
    theirs = await a_patient(door, institution="h6")
    bundle = {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {
                "resource": {"resourceType": "Basic", "code": {"text": "x"}},
                "request": {"method": "POST", "url": "Basic"},
            },
            {
                "resource": {"resourceType": "Patient", "id": theirs, "active": False},
                "request": {"method": "PUT", "url": f"Patient/{theirs}"},
            },
        ],
    }
    with pytest.raises(Denied):
        async with door.act(LIS, "write") as act:
            await act.bundle(bundle)
    assert (await door.read(CHIEF, "Patient", theirs)).version == 1
    bundle["entry"] = bundle["entry"][:1]
    async with door.act(LIS, "write") as act:
        answer = await act.bundle(bundle)
    assert answer["entry"][0]["response"]["status"].startswith("201")


async def test_breaking_the_glass_is_possible_loud_and_reviewed(door: Door, platform: Platform) -> None:
    patient = await a_patient(door, institution="h9")
    secret = await an_allergy(door, patient, security="V")
    with pytest.raises(AccessError, match="reason"):
        await door.break_glass(OTHER, patient, "  x ")
    with pytest.raises(Denied):
        await door.break_glass(ADMIN, patient, "I would like to look at this")
    until = await door.break_glass(OTHER, patient, "Unconscious, no family, allergies needed")
    assert until - door.clock.now() <= timedelta(hours=1)
    assert await door.read(OTHER, "AllergyIntolerance", secret)
    look = next(look for look in await door.audit.of_patient(patient) if look.action == "access.break_glass")
    assert "Unconscious" in look.detail and look.purpose == "BTG"
    async with platform.pool.connection() as conn:
        row = await (
            await conn.execute("select events from record.change order by seq desc limit 1")
        ).fetchone()
    assert b"break-glass" in bytes(row[0])


async def test_facts_are_judged_by_the_right_held_then(door: Door) -> None:
    patient = await a_patient(door)
    start = door.clock.now()
    await entrust(
        door, patient, unit="unit-03", starts=start - timedelta(hours=2), until=start - timedelta(hours=1)
    )
    facts = Facts("Observation", "x", patient, "h9")
    assert await door.permit(CREW, "read", facts, at=start - timedelta(minutes=90))
    assert not await door.permit(CREW, "read", facts)


async def test_an_act_reads_what_it_may(door: Door) -> None:
    patient = await a_patient(door, institution="h9")

    async def look(act: Act) -> None:
        await act.read("Patient", patient)

    with pytest.raises(Denied):
        await door.run(LIS, "write", look)
    await door.run(ENGINE, "write", look)
    assert f"read Patient/{patient}/_history/1" in (await door.audit.of_patient(patient))[0].entities


async def test_an_act_finds_only_what_it_may(door: Door) -> None:
    mine = await a_patient(door, "Act Mine", institution="h2")
    await a_patient(door, "Act Theirs", institution="h6")
    async with door.act(LIS, "write") as act:
        fresh = await act.create({"resourceType": "Patient", "name": [{"text": "Act Fresh"}]})
        page = await act.search("Patient", [("name", "act")])
    assert {stored.id for stored in page.matches} == {mine, fresh.stored.id}


async def test_history_and_versions_pass_the_same_door(door: Door) -> None:
    patient = await a_patient(door)
    async with door.act(ENGINE, "write") as act:
        await act.patch("Patient", patient, [{"op": "add", "path": "/active", "value": False}])
    with pytest.raises(Denied):
        await door.vread(NURSE, "Patient", patient, 1)
    await entrust(door, patient, institution="h2")
    assert (await door.vread(NURSE, "Patient", patient, 1)).version == 1
    page = await door.history(CHIEF, "Patient", patient)
    assert [stored.version for stored in page.versions] == [2, 1]
    assert all(v.patient != patient for v in (await door.history(OTHER)).versions)


async def test_the_audit_must_be_written_before_bytes_leave(door: Door, platform: Platform) -> None:
    patient = await a_patient(door)
    broken = Door(platform.record, AuditTrail(platform.pool), clock=platform.clock)
    async with platform.pool.connection() as conn:
        await conn.execute("alter table access.audit rename to away")
    try:
        with pytest.raises(Exception, match="audit"):
            await broken.read(CHIEF, "Patient", patient)
    finally:
        async with platform.pool.connection() as conn:
            await conn.execute("alter table access.away rename to audit")
