"""Who may follow which live topic, and what is read when an event is delivered."""

from collections.abc import Awaitable, Callable

from banyan.access import Denied, Facts, Principal
from banyan.platform import Platform
from banyan.record.errors import Gone, NotFound

HOSPITAL = ("emergency_nurse", "emergency_doctor", "cardiologist")


async def desk(_platform: Platform, who: Principal, _topic: str) -> bool:
    return who.has("dispatcher", "chief")


async def hospital(_platform: Platform, who: Principal, topic: str) -> bool:
    """Its own staff, and chiefs of the region."""
    own = who.institution == topic.partition("/")[2]
    return (own and who.has(*HOSPITAL, "quality_officer")) or who.has("chief", "dispatcher")


async def case(platform: Platform, who: Principal, topic: str) -> bool:
    """Whoever may see the case itself."""
    try:
        stored = await platform.record.read("ServiceRequest", topic.partition("/")[2])
    except (NotFound, Gone):
        return False
    facts = Facts(stored.type, stored.id, stored.patient, stored.institution, stored.sensitivity)
    try:
        return bool(await platform.door.permit(who, "emergency.view", facts))
    except Denied:
        return False


async def vitals(_platform: Platform, who: Principal, _topic: str) -> bool:
    """All vital signs of the region: for those who watch over all cases."""
    return who.has("chief", "dispatcher")


async def unit(_platform: Platform, who: Principal, topic: str) -> bool:
    return who.unit == topic.partition("/")[2] or who.has("dispatcher")


async def resources(_platform: Platform, who: Principal, _topic: str) -> bool:
    return who.has(*HOSPITAL, "dispatcher", "chief", "crew", "quality_officer")


TOPICS: dict[str, Callable[[Platform, Principal, str], Awaitable[bool]]] = {
    "desk": desk,
    "hospital": hospital,
    "case": case,
    "ecg": case,
    "vitals": vitals,
    "unit": unit,
    "resources": resources,
}
