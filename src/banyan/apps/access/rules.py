"""The pages that explain the rules: what each role may do, and why this person may see this patient."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from banyan.access import ROLES, Decision, Facts, Principal
from banyan.access.relationships import Relationship, Relationships
from banyan.apps.access.requests import MANAGERS, manages, platform_of, said, who_asks
from banyan.web.i18n import N_
from banyan.web.pages import page, render

# The columns of the matrix: words, action, type of resource.
COLUMNS = (
    (N_("Calls"), "read", "ServiceRequest"),
    (N_("Record"), "read", "Condition"),
    (N_("Medicines, allergies"), "read", "AllergyIntolerance"),
    (N_("Find a citizen"), "identity.find", "Patient"),
    (N_("Break glass"), "access.break_glass", "Patient"),
    (N_("Write data"), "create", "Observation"),
    (N_("Give rights"), "access.manage", "Account"),
    (N_("Audit"), "access.audit", "AuditEvent"),
)
KINDS = (
    ("Condition", N_("Diagnoses")),
    ("AllergyIntolerance", N_("Allergies")),
    ("MedicationRequest", N_("Medicines")),
    ("Observation", N_("Vital signs, laboratory, ECG")),
    ("ServiceRequest", N_("Calls and orders")),
    ("Composition", N_("Documents")),
    ("Patient", N_("Name, birth date, address")),
)
SENSITIVITIES = ((3, N_("ordinary")), (4, N_("restricted")), (5, N_("very restricted")))


@page(roles=(*MANAGERS, "auditor", "chief"))
async def _roles(request: Request) -> Response:
    platform = platform_of(request)
    policies = platform.door.policies
    accounts = await platform.accounts.all()

    def cell(role: str, action: str, type_: str) -> str:
        one = Principal("", "", (role,), institution="-", practitioner="-", patient="-")
        possible = policies.predicate(one, action, type_, "TREAT")
        return "yes" if possible is True else "no" if possible is False else "part"

    rows = [
        (role, sum(role in a.roles and a.disabled_at is None for a in accounts),
         [cell(role, action, type_) for _, action, type_ in COLUMNS],
         [said(request, policy.says) for policy in policies.for_role(role)])
        for role in ROLES
    ]  # fmt: skip
    return await render(
        request, "access/roles.html", rows=rows, columns=[words for words, *_ in COLUMNS],
        number=len(policies.policies),
    )  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """Why, or why not."""

    decision: Decision
    says: tuple[str, ...]
    held: tuple[Relationship, ...]
    may_break: bool

    @property
    def until(self) -> object:
        ends = [one.until for one in self.held if one.until is not None]
        return max(ends) if ends and len(ends) == len(self.held) else None


@page(roles=(*MANAGERS, "auditor"))
async def _why(request: Request) -> Response:
    platform, asked = platform_of(request), request.query_params
    people = [a for a in await platform.accounts.all() if manages(who_asks(request), a.institution)]
    chosen = next((a for a in people if a.name == asked.get("who")), None)
    patient, kind = asked.get("patient", "").removeprefix("Patient/").strip(), asked.get("kind", "Condition")
    level = int(asked["level"]) if asked.get("level", "") in ("3", "4", "5") else 3
    answer = None
    cannot: list[str] = []
    general: list[str] = []
    if chosen is not None:
        principal = platform.accounts.as_principal(chosen)
        general = [said(request, one.says) for one in platform.door.policies.reaching(principal)]
        predicate = platform.door.policies.predicate
        cannot = [
            said(request, words)
            for type_, words in KINDS
            if predicate(principal, "read", type_, "TREAT") is False
        ]
        if patient:
            answer = await _answer(request, principal, Facts(kind, "", patient, None, level))
    return await render(
        request,
        "access/why.html",
        people=people, chosen=chosen, patient=patient, kind=kind, level=level, kinds=KINDS,
        levels_of=SENSITIVITIES, answer=answer, general=general, cannot=cannot,
    )  # fmt: skip


async def _answer(request: Request, who: Principal, facts: Facts) -> Answer:
    platform = platform_of(request)
    door, now = platform.door, platform.clock.now()
    decision = await door.permit(who, "read", facts)
    held = await Relationships(platform.pool).of(who, now, patient=facts.patient)
    glass = await door.permit(who, "access.break_glass", Facts("Patient", facts.patient or "", facts.patient))
    names = {policy.id: policy.says for policy in door.policies.policies}
    says = tuple(said(request, names[id_]) for id_ in decision.policies)
    return Answer(decision, says, tuple(held), bool(glass))


routes: tuple[BaseRoute, ...] = (Route("/access/roles", _roles), Route("/access/why", _why))
