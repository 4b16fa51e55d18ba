"""Everything that the demo's record holds before the first call, as FHIR resources."""

from collections.abc import Iterable
from datetime import date

from banyan.demo.histories import histories
from banyan.demo.names import Resource
from banyan.demo.places import places
from banyan.demo.staff import staff
from banyan.demo.story import story_resources
from banyan.region import Region


def demo_bundle(region: Region, today: date) -> list[Resource]:
    """Places, staff and the story's patients, each after what it refers to."""
    return [*places(region), *staff(), *story_resources(today)]


def history_bundles() -> list[Resource]:
    """One transaction for each person with a whole history."""
    return [transaction(person) for person in histories()]


def transaction(resources: Iterable[Resource]) -> Resource:
    """A transaction Bundle that writes each resource under its own id; written twice, nothing changes."""
    entries = [
        {
            "resource": resource,
            "request": {"method": "PUT", "url": f"{resource['resourceType']}/{resource['id']}"},
        }
        for resource in resources
    ]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}
