"""May this one pass? Cedar's answer for rows at hand, with the reason in words."""

from collections.abc import Sequence
from dataclasses import dataclass

import cedarpy
import orjson

from banyan.access.policies import Policies
from banyan.access.predicate import needs_grants
from banyan.access.principal import ROLES, Principal


@dataclass(frozen=True, slots=True)
class Facts:
    """What a policy may know of one row."""

    type: str
    id: str = ""
    patient: str | None = None
    institution: str | None = None
    sensitivity: int = 3  # N, normal


@dataclass(frozen=True, slots=True)
class Decision:
    allowed: bool
    reason: str
    policies: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.allowed


def decide(
    policies: Policies,
    who: Principal,
    action: str,
    rows: Sequence[tuple[Facts, frozenset[str]]],
    purpose: str,
) -> list[Decision]:
    """One decision a row, all in one call; a policy whose evaluation fails denies."""
    if action not in policies.actions:
        return [Decision(False, f'No policy names the action "{action}".')] * len(rows)
    # A handle is taken as it is; a JSON text of entities would be checked against the schema once more.
    entities = cedarpy.Entities.from_json_str(orjson.dumps(_entities(who, rows)).decode())
    context = orjson.dumps({"purpose": purpose}).decode()
    requests = [
        {
            "principal": {"type": "User", "id": who.user},
            "action": {"type": "Action", "id": action},
            "resource": {"type": "Row", "id": str(number)},
            "context": context,
        }
        for number in range(len(rows))
    ]
    answers = cedarpy.is_authorized_batch(requests, policies.engine, entities, policies.schema)
    return [
        _decision(policies, who, action, facts, answer)
        for (facts, _), answer in zip(rows, answers, strict=True)
    ]


def _entities(who: Principal, rows: Sequence[tuple[Facts, frozenset[str]]]) -> list[dict[str, object]]:
    user: dict[str, object] = {
        "uid": {"type": "User", "id": who.user},
        "attrs": {
            "user": who.user,
            "kind": who.kind,
            "institution": who.institution or "",
            "unit": who.unit or "",
            "practitioner": who.practitioner or "",
            "patient": who.patient or "",
        },
        "parents": [{"type": "Role", "id": role} for role in who.roles],
    }
    return [user, *(_row(number, facts, granted) for number, (facts, granted) in enumerate(rows))]


def _row(number: int, facts: Facts, granted: frozenset[str]) -> dict[str, object]:
    return {
        "uid": {"type": "Row", "id": str(number)},
        "attrs": {
            "type": facts.type,
            "id": facts.id,
            "patient": facts.patient or "",
            "institution": facts.institution or "",
            "sensitivity": facts.sensitivity,
            "granted": sorted(granted),
        },
        "parents": [],
    }


def _decision(
    policies: Policies, who: Principal, action: str, facts: Facts, answer: cedarpy.AuthzResult
) -> Decision:
    found = answer.diagnostics
    if found.errors:
        return Decision(False, f"A policy could not be evaluated, which denies: {found.errors[0]}")
    named = [policies.names[name] for name in found.reasons]
    ids = tuple(policy.id for policy in named)
    if answer.allowed:
        return Decision(True, "; ".join(policy.says for policy in named), ids)
    if named:
        return Decision(False, "; ".join(policy.says for policy in named), ids)
    return Decision(False, why_not(policies, who, action, facts.type))


def why_not(policies: Policies, who: Principal, action: str, type_: str, purpose: str = "TREAT") -> str:
    """Why nothing permits this, in words that say what would."""
    possible = policies.predicate(who, action, type_, purpose)
    roles = ", ".join(who.roles) or "no role"
    if possible is False:
        able = able_roles(policies, action, type_, purpose)
        return f"{who.name} ({roles}) may not do {action} on {type_}. " + (
            f"Roles that may: {', '.join(able)}." if able else "No role may."
        )
    if needs_grants(possible):
        return (
            f"{who.name} ({roles}) has no care relationship with this patient now. It begins with a "
            "dispatch, a notice or a stay; in an emergency a clinician can break the glass with a reason."
        )
    return f"This {type_} belongs to another institution or patient than {who.name} ({roles}) works for."


def able_roles(policies: Policies, action: str, type_: str | None, purpose: str = "TREAT") -> list[str]:
    """The roles that may do this on some row of this type."""

    def able(role: str) -> bool:
        one = Principal(user="", name="", roles=(role,), institution="-", practitioner="-", patient="-")
        return policies.predicate(one, action, type_, purpose) is not False

    return [role for role in ROLES if able(role)]
