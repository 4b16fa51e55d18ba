"""Who the patient is: by resident number, by description, or unknown."""

from banyan.apps.emergency.model.codes import reference
from banyan.apps.emergency.service.calls import birth_year
from banyan.apps.emergency.service.cases import rewrite_case
from banyan.apps.emergency.service.errors import EmergencyError
from banyan.apps.emergency.service.filing.filing import Filed, Filing
from banyan.apps.emergency.service.people import patient_of
from banyan.identity import citizens, resident_id

SEXES = ("male", "female", "unknown")


async def identity(filing: Filing) -> Filed:
    """A resident number leads to the citizen's record; anything else describes the case's own patient."""
    number = filing.data.get("resident_id")
    sex = filing.data.get("sex")
    if sex is not None and sex not in SEXES:
        raise EmergencyError(f'"{sex}" is no sex: {", ".join(SEXES)}.', field="sex")
    if number:
        return await _by_number(filing, str(number))
    return await _described(filing)


async def _by_number(filing: Filing, number: str) -> Filed:
    act, case = filing.act, filing.case
    try:
        parsed = resident_id.parse(number, today=act.at.date())
    except resident_id.ResidentIdError as wrong:
        raise EmergencyError(str(wrong), field="resident_id") from None
    written = await citizens.register(act, name=str(filing.data.get("name") or "—"), resident_id=parsed)
    citizen = written.stored.id
    if citizen == case.patient:
        return [f"Patient/{citizen}"], ("patient",)
    await citizens.link(act, case.patient, citizen)
    await _keep_extract(filing, citizen)
    first = {"valueReference": reference("Patient", case.patients[-1])}
    filing.case = await rewrite_case(
        act, case, case.changed(first_patient=first) | {"subject": reference("Patient", citizen)}
    )
    await _move_subject(filing, citizen)
    return [f"Patient/{citizen}"], ("patient", "history")


async def _keep_extract(filing: Filing, citizen: str) -> None:
    """Whoever treats this patient now may look at what matters in an emergency."""
    because = f"identified in case {filing.case.number}"
    if filing.case.unit:
        await filing.act.grant(patient=citizen, unit=filing.case.unit, purpose="ETREAT", because=because)
    if filing.case.get("notice-at") and filing.case.destination:
        for purpose in ("TREAT", "ETREAT"):
            await filing.act.grant(
                patient=citizen, institution=filing.case.destination, purpose=purpose, because=because
            )


async def _move_subject(filing: Filing, citizen: str) -> None:
    """Transport and dispatch follow the case to the citizen; what was recorded before stays linked."""
    for type_, id_, field in (
        ("Encounter", filing.case.encounter, "subject"),
        ("Task", filing.case.task, "for"),
    ):
        if id_ is None:
            continue
        stored = await filing.act.read(type_, id_, lock=True)
        if stored is not None:
            resource = stored.resource() | {field: reference("Patient", citizen)}
            await filing.act.update(resource, if_match=stored.version)


async def _described(filing: Filing) -> Filed:
    act, case, data = filing.act, filing.case, filing.data
    patient = await patient_of(act, case.patient)
    if data.get("name") and not data.get("unknown"):
        patient["name"] = [{"use": "usual", "text": str(data["name"])}]
    if data.get("sex"):
        patient["gender"] = data["sex"]
    if data.get("birth_date"):
        patient["birthDate"] = str(data["birth_date"])
    elif data.get("age") is not None:
        age = data["age"]
        if isinstance(age, bool) or not isinstance(age, int | float) or not 0 <= age <= 130:
            raise EmergencyError(f"The age is {age!r}; it is 0 to 130 years.", field="age")
        patient["birthDate"] = birth_year(float(age), act.at)
    patient.pop("meta", None)
    await act.update(patient)
    return [f"Patient/{case.patient}"], ("patient",)
