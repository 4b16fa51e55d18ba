"""How each kind of fact becomes resources of the record."""

from collections.abc import Awaitable, Callable

from banyan.apps.emergency.service.filing.clinical import assessment, medication, note, photo, vitals
from banyan.apps.emergency.service.filing.course import (
    destination,
    handover,
    message,
    notice,
    state,
    time,
    undo,
)
from banyan.apps.emergency.service.filing.filing import Filed, Filing
from banyan.apps.emergency.service.filing.identity import identity
from banyan.apps.emergency.service.filing.signal import ecg

FILERS: dict[str, Callable[[Filing], Awaitable[Filed]]] = {
    "time": time,
    "state": state,
    "vitals": vitals,
    "identity": identity,
    "assessment": assessment,
    "medication": medication,
    "note": note,
    "photo": photo,
    "ecg": ecg,
    "destination": destination,
    "notice": notice,
    "message": message,
    "handover": handover,
    "undo": undo,
}

__all__ = ["FILERS", "Filed", "Filing"]
