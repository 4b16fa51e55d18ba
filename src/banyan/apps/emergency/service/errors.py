"""What the emergency refuses, each with what was wrong and what to do."""

from typing import Any


class EmergencyError(Exception):
    """`status` is the HTTP status; `field` names what was wrong; `more` goes with the answer."""

    status = 422

    def __init__(self, message: str, *, field: str | None = None, **more: Any) -> None:
        super().__init__(message)
        self.field, self.more = field, more


class Unknown(EmergencyError):
    """No such case, unit, hospital or signal."""

    status = 404


class Conflict(EmergencyError):
    """Somebody else was quicker, or the case has moved on."""

    status = 409


class Parked(Exception):
    """A fact that is right but has no place: kept for a person to decide."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
