"""The demo's resources in a real record: written twice, nothing changes the second time."""

from datetime import date

from banyan.demo.bundle import demo_bundle, history_bundles, transaction
from banyan.demo.ground import FOLDER
from banyan.platform import Platform
from banyan.record import Author
from banyan.region import Region

AUTHOR = Author(user="demo", institution=None, system="banyan demo")


async def test_the_record_takes_it_and_finds_it(platform: Platform) -> None:
    region = Region.load(FOLDER)
    bundles = [transaction(demo_bundle(region, date(2026, 3, 12))), *history_bundles()[:2]]
    for bundle in (*bundles, *bundles):
        answer = await platform.record.run(AUTHOR, lambda tx, bundle=bundle: tx.bundle(bundle))
        assert len(answer["entry"]) == len(bundle["entry"])
    found = await platform.record.search("HealthcareService", [("service-type", "pci"), ("_count", "50")])
    assert {match.resource()["providedBy"]["reference"] for match in found.matches} == {
        "Organization/city-first",
        "Organization/city-second",
    }
    woman = await platform.record.read("Patient", "story-stemi")
    assert woman.version == 1
    allergies = await platform.record.search("AllergyIntolerance", [("patient", "story-stemi")])
    assert [match.resource()["code"]["text"] for match in allergies.matches] == ["青霉素"]
