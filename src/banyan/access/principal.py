"""Who asks: the person, system or device behind a request."""

from dataclasses import dataclass
from typing import Literal

ROLES = (
    "dispatcher",
    "crew",
    "emergency_nurse",
    "emergency_doctor",
    "cardiologist",
    "quality_officer",
    "chief",
    "administrator",
    "auditor",
    "registrar",
    "integrator",
    "citizen",
)
CLINICIANS = ("crew", "emergency_nurse", "emergency_doctor", "cardiologist")
# Held by the product's own background work only; no account can be given it.
PLATFORM_ROLE = "platform"


@dataclass(frozen=True)
class Principal:
    user: str
    name: str
    roles: tuple[str, ...] = ()
    institution: str | None = None
    practitioner: str | None = None
    session: str | None = None
    device: str | None = None
    unit: str | None = None  # the ambulance (Location id) of a crew's shift
    locale: str = "zh-CN"
    kind: Literal["person", "system", "device"] = "person"
    patient: str | None = None  # a citizen's own Patient id

    def has(self, *roles: str) -> bool:
        """Whether this one holds any of the roles."""
        return any(role in self.roles for role in roles)


def platform_principal(part: str) -> Principal:
    """The product's own background work (a watcher, the scheduler), named by its part."""
    return Principal(user=f"banyan:{part}", name=f"Banyan {part}", roles=(PLATFORM_ROLE,), kind="system")
