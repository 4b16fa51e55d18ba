"""The one door: who may do what with the record, and the trail that each act leaves."""

from banyan.access.accounts import Account, Accounts
from banyan.access.act import Act
from banyan.access.audit import AuditTrail, Entry, Look
from banyan.access.decide import Decision, Facts
from banyan.access.door import Door
from banyan.access.errors import AccessError, AccountError, Denied, PolicyError, ShiftError, SignInError
from banyan.access.keys import Keys
from banyan.access.principal import CLINICIANS, ROLES, Principal, platform_principal
from banyan.access.sealer import seal

__all__ = [
    "CLINICIANS",
    "ROLES",
    "AccessError",
    "Account",
    "AccountError",
    "Accounts",
    "Act",
    "AuditTrail",
    "Decision",
    "Denied",
    "Door",
    "Entry",
    "Facts",
    "Keys",
    "Look",
    "PolicyError",
    "Principal",
    "ShiftError",
    "SignInError",
    "platform_principal",
    "seal",
]
