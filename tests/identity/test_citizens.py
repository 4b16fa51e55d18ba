"""Citizens: found, registered once, and joined when the unknown turns out to be somebody."""

from datetime import date

import pytest

from banyan.access import Denied, Door, Facts, Principal, platform_principal
from banyan.identity import (
    RESIDENT_ID,
    by_identifier,
    candidates,
    institutions,
    link,
    parse,
    register,
    register_unknown,
    staff_of,
)
from banyan.platform import Platform
from banyan.record.errors import NotFound

ENGINE = platform_principal("test")
CREW = Principal("linyue", "Lin Yue", ("crew",), institution="ems", unit="unit-03")
NURSE = Principal("liumin", "Liu Min", ("emergency_nurse",), institution="h2")
NUMBER = parse("11010519491231002X", today=date(2026, 3, 12))


@pytest.fixture
def door(platform: Platform) -> Door:
    return platform.door


async def a_citizen(door: Door, name: str = "周秀兰") -> str:
    async with door.act(ENGINE, "write") as act:
        return (await register(act, name=name, resident_id=NUMBER)).stored.id


async def test_a_number_is_registered_once_and_says_sex_and_birth_date(door: Door) -> None:
    first, second = await a_citizen(door), await a_citizen(door, "somebody else")
    assert first == second
    found = await by_identifier(door, CREW, NUMBER.number)
    assert found is not None
    assert (found.id, found.name, found.sex, found.birth_date) == (first, "周秀兰", "female", "1949-12-31")
    assert found.number_end == "002X", "no more of the number than recognising needs"
    assert await by_identifier(door, CREW, "110105194912310999") is None


async def test_looking_for_a_citizen_is_audited_and_not_for_everybody(door: Door) -> None:
    citizen = await a_citizen(door)
    await by_identifier(door, CREW, NUMBER.number)
    look = (await door.audit.of_patient(citizen))[0]
    assert (look.user, look.action) == ("linyue", "identity.find")
    assert RESIDENT_ID in look.what
    with pytest.raises(Denied):
        await by_identifier(door, Principal("x", "X", ("quality_officer",)), NUMBER.number)
    with pytest.raises(Denied):
        await door.read(CREW, "Patient", citizen)


async def test_candidates_by_name_and_birth_date(door: Door) -> None:
    async with door.act(ENGINE, "write") as act:
        for year in (1960, 1971):
            await register(act, name="韩梅", sex="female", birth_date=date(year, 5, 1))
    assert len(await candidates(door, CREW, "韩梅")) == 2
    [one] = await candidates(door, CREW, "韩梅", birth_date=date(1971, 5, 1), sex="female")
    assert one.birth_date == "1971-05-01"
    assert await candidates(door, CREW, "韩梅", sex="male") == []


async def test_the_unknown_becomes_the_citizen_and_rights_follow(door: Door) -> None:
    citizen = await a_citizen(door)
    async with door.act(ENGINE, "write") as act:
        unknown = (await register_unknown(act, label="Unknown 03-1", sex="female", born_about=1950)).stored
        await act.grant(patient=unknown.id, unit="unit-03", because="Dispatch of unit 03")
        await act.grant(patient=unknown.id, institution="h2", because="Notice")
    assert unknown.resource()["birthDate"] == "1950"
    async with door.act(ENGINE, "write") as act:
        await link(act, unknown.id, citizen)
    patient = (await door.read(CREW, "Patient", unknown.id)).resource()
    assert patient["active"] is False
    assert patient["link"] == [{"other": {"reference": f"Patient/{citizen}"}, "type": "replaced-by"}]
    assert await candidates(door, CREW, "Unknown 03-1") == [], "the replaced entry is offered no more"
    extract = Facts("AllergyIntolerance", "x", citizen, "h9")
    document = Facts("Composition", "x", citizen, "h9")
    assert await door.permit(CREW, "read", extract) and not await door.permit(CREW, "read", document)
    assert await door.permit(NURSE, "read", document)


async def test_linking_says_what_is_wrong(door: Door) -> None:
    citizen = await a_citizen(door)
    async with door.act(ENGINE, "write") as act:
        with pytest.raises(ValueError, match="itself"):
            await link(act, citizen, citizen)
        with pytest.raises(NotFound, match="no Patient/nobody"):
            await link(act, "nobody", citizen)


async def test_institutions_and_their_staff(door: Door) -> None:
    async with door.act(ENGINE, "write") as act:
        await act.update(
            {"resourceType": "Organization", "id": "h2", "name": "市第二医院", "alias": ["City Second"]}
        )
        doctor = (await act.create({"resourceType": "Practitioner", "name": [{"text": "王磊"}]})).stored.id
        await act.create(
            {
                "resourceType": "PractitionerRole",
                "practitioner": {"reference": f"Practitioner/{doctor}"},
                "organization": {"reference": "Organization/h2"},
                "code": [{"text": "emergency doctor"}],
            }
        )
    [hospital] = [one for one in await institutions(door, CREW) if one.id == "h2"]
    assert (hospital.name, hospital.name_en) == ("市第二医院", "City Second")
    [one] = await staff_of(door, CREW, "h2")
    assert (one.practitioner, one.name, one.roles) == (doctor, "王磊", ("emergency doctor",))
