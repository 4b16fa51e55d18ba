"""Who is who: citizens and their identifiers, institutions and staff."""

from banyan.identity.citizens import (
    Candidate,
    by_identifier,
    candidates,
    link,
    register,
    register_unknown,
)
from banyan.identity.directory import Institution, Staff, institutions, staff_of
from banyan.identity.resident_id import RESIDENT_ID, ResidentId, ResidentIdError, parse

__all__ = [
    "RESIDENT_ID",
    "Candidate",
    "Institution",
    "ResidentId",
    "ResidentIdError",
    "Staff",
    "by_identifier",
    "candidates",
    "institutions",
    "link",
    "parse",
    "register",
    "register_unknown",
    "staff_of",
]
