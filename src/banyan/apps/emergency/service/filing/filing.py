"""One fact on its way into the record: the act it belongs to, its case, when and how it was recorded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from banyan.access import Act
from banyan.apps.emergency.model.call import Case
from banyan.apps.emergency.model.observation import of_case
from banyan.apps.emergency.service.cases import derived, stamp
from banyan.apps.emergency.service.errors import EmergencyError
from banyan.platform import Platform

# The ids of the resources written, and what changed (for those who follow the case).
Filed = tuple[list[str], tuple[str, ...]]


@dataclass
class Filing:
    platform: Platform
    act: Act
    case: Case
    id: str
    at: datetime
    source: str
    offset_ms: int | None
    data: dict[str, Any]

    def core(self, part: str) -> dict[str, Any]:
        """The common part of an Observation of this fact; the same fact gives the same ids."""
        by = (self.act.who.user, self.act.who.name)
        return of_case(
            derived(self.id, part),
            self.case.id,
            self.case.patient,
            self.case.encounter,
            stamp(self.at),
            by,
            fact=self.id,
        )

    def need(self, field: str) -> Any:
        """A required part of the data. Raises: EmergencyError."""
        value = self.data.get(field)
        if value in (None, ""):
            raise EmergencyError(f"`{field}` is missing.", field=field)
        return value
