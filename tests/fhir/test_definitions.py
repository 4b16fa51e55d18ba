"""The compiled definitions are R4's."""

from __future__ import annotations

import time
from collections import Counter

from banyan.fhir.definitions import load
from banyan.fhir.plans import plan_of


def test_all_of_r4_is_there() -> None:
    definitions = load()
    assert len(definitions.resource_types) == 146
    kinds = Counter(parameter.type for parameter in definitions.parameters)
    assert sum(kinds.values()) == 1375
    assert kinds == {
        "token": 536, "reference": 472, "string": 133, "date": 109, "composite": 46, "uri": 45,
        "quantity": 27, "number": 6, "special": 1,
    }  # fmt: skip


def test_bindings_that_cannot_be_checked_are_named() -> None:
    sets = {value_set for _, value_set in load().unchecked_bindings}
    assert "http://loinc.org/vs/LL379-9" in sets
    assert "http://hl7.org/fhir/ValueSet/observation-status" not in sets


def test_loading_is_quick() -> None:
    load.cache_clear()
    begun = time.process_time()
    load()
    assert time.process_time() - begun < 0.15


def test_every_parameter_but_a_few_has_a_plan() -> None:
    plans = [plan_of(kind) for kind in load().resource_types]
    missing = {code for plan in plans for code in plan.unsupported if plan.official[code].type != "composite"}
    assert missing == {"_content", "_text", "_query", "near", "composition", "message"}


def test_parameter_numbers_do_not_collide() -> None:
    parameters = [p for kind in load().resource_types for p in plan_of(kind).parameters.values()]
    assert len({p.number for p in parameters}) == len(parameters)


def test_clinical_dates_and_patients_are_the_expected_ones() -> None:
    plans = {kind: plan_of(kind) for kind in ("Observation", "Encounter", "Task", "ServiceRequest")}
    assert [plan.main_date for plan in plans.values()] == ["date", "date", "authored-on", "authored"]
    assert {plan.patient_code for plan in plans.values()} == {"patient"}
    assert not plan_of("Appointment").patient_is_single
