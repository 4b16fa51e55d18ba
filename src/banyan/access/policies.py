"""The policies that rule the door: loaded once, checked against the schema, refused when one has no SQL."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import cedarpy
from cedarpy import pst

from banyan.access.errors import PolicyError
from banyan.access.predicate import Predicate, both, either, negate
from banyan.access.principal import Principal
from banyan.access.translate import Known, translate

HERE = Path(__file__).parent
BASE = HERE / "policy.cedar"
READS = ("read", "search", "history")
WRITES = ("create", "update", "delete")
# Acts of the platform itself; an application's acts are the actions that its policies name.
PLATFORM_ACTS = (
    "write",
    "access.manage",
    "access.audit",
    "access.break_glass",
    "identity.find",
    "identity.keep",
)


@dataclass(frozen=True)
class Policy:
    id: str
    says: str
    source: str
    template: pst.Template


@dataclass(frozen=True)
class Policies:
    policies: tuple[Policy, ...]
    actions: frozenset[str]
    engine: cedarpy.PolicySet
    schema: cedarpy.Schema
    names: dict[str, Policy] = field(default_factory=dict)  # by the engine's own id

    def predicate(self, who: Principal, action: str, type_: str | None, purpose: str) -> Predicate:
        """The rows on which this one may do this."""
        return _predicate(self, _key(who), action, type_, purpose)

    def reaching(self, who: Principal) -> list[Policy]:
        """The policies that let this one do something on some row."""
        key = _key(who)
        return [
            policy
            for policy in self.policies
            if policy.template.effect == "permit"
            and any(
                translate(policy.template, _known(key, action, None, "TREAT")) is not False
                for action in self.actions
            )
        ]

    def for_role(self, role: str) -> list[Policy]:
        """The policies that a role has beyond what everybody has."""
        everybody = {policy.id for policy in self.reaching(Principal("", "", institution="-"))}
        one = Principal("", "", (role,), institution="-", practitioner="-", patient="-")
        return [policy for policy in self.reaching(one) if policy.id not in everybody]

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


def load(files: Sequence[Path] = ()) -> Policies:
    """The base policy and the applications' ones as one set."""
    sources = [(str(path), path.read_text("utf-8")) for path in (BASE, *files)]
    return parse(sources)


def parse(sources: Iterable[tuple[str, str]]) -> Policies:
    """Policies from texts, each with the name of where it comes from."""
    kept: list[Policy] = []
    texts: list[str] = []
    for source, text in sources:
        kept += _read(source, text)
        texts.append(text)
    _refuse_twins(kept)
    actions = frozenset((*READS, *WRITES, *PLATFORM_ACTS, *_named(kept)))
    schema = cedarpy.Schema.from_str(_schema(actions))
    whole = "\n".join(texts)
    result = cedarpy.validate_policies(whole, schema)
    engine = cedarpy.PolicySet.from_str(whole)
    ids = dict(zip(_engine_ids(whole), kept, strict=True))
    if not result.validation_passed:
        raise PolicyError("; ".join(_complaint(error, ids) for error in result.errors))
    policies = Policies(tuple(kept), actions, engine, schema, ids)
    _translate_all(policies)
    return policies


def _read(source: str, text: str) -> list[Policy]:
    try:
        parsed = cedarpy.policies_to_pst(text)
    except ValueError as error:
        raise PolicyError(f"{source} does not parse as Cedar: {error}") from error
    if parsed.templates or parsed.template_links:
        raise PolicyError(f"{source} holds a template; write whole policies.")
    return [_named_policy(source, template) for _, template in _in_order(parsed)]


def _named_policy(source: str, template: pst.Template) -> Policy:
    name = template.annotations.get("id")
    if not name:
        raise PolicyError(f'{source}: a policy has no @id. Write @id("app.what") above it.')
    return Policy(name, template.annotations.get("says", name), source, template)


def _in_order(parsed: pst.PolicySet) -> list[tuple[str, pst.Template]]:
    return sorted(parsed.static_policies.items(), key=lambda item: int(item[0].removeprefix("policy")))


def _engine_ids(whole: str) -> list[str]:
    return [name for name, _ in _in_order(cedarpy.policies_to_pst(whole))]


def _refuse_twins(policies: Sequence[Policy]) -> None:
    seen: dict[str, str] = {}
    for policy in policies:
        if policy.id in seen:
            raise PolicyError(f'Two policies are called "{policy.id}" ({seen[policy.id]}, {policy.source}).')
        seen[policy.id] = policy.source


def _named(policies: Sequence[Policy]) -> set[str]:
    return {
        uid.id
        for policy in policies
        for uid in pst.entity_uids(policy.template)
        if str(uid.type) == "Action" and re.fullmatch(r"[a-z_]+\.[a-z_]+", uid.id)
    }


def groups(action: str) -> tuple[str, ...]:
    """The groups an action is in: its application's (emergency.dispatch is in emergency)."""
    return (action.split(".")[0],) if "." in action else ()


def _schema(actions: Iterable[str]) -> str:
    names = sorted(actions)
    heads = sorted({group for name in names for group in groups(name)})
    lines = [(HERE / "schema.cedarschema").read_text("utf-8"), *(f'action "{head}";' for head in heads)]
    for name in names:
        inside = f' in ["{groups(name)[0]}"]' if groups(name) else ""
        lines.append(
            f'action "{name}"{inside} appliesTo '
            "{ principal: [User], resource: [Row], context: { purpose: String } };"
        )
    return "\n".join(lines)


def _complaint(error: cedarpy.ValidationError, ids: dict[str, Policy]) -> str:
    policy = ids.get(error.policy_id)
    where = f'Policy "{policy.id}" ({policy.source})' if policy else "A policy"
    return f"{where} does not fit the schema: {error.error}"


def _translate_all(policies: Policies) -> None:
    nobody = _key(Principal(user="", name=""))
    for policy in policies.policies:
        translate(policy.template, _known(nobody, "read", None, "TREAT"))


Key = tuple[str, frozenset[str], str, str, str, str, str]


def _key(who: Principal) -> Key:
    return (
        who.user,
        frozenset(who.roles),
        who.kind,
        who.institution or "",
        who.unit or "",
        who.practitioner or "",
        who.patient or "",
    )


def _known(key: Key, action: str, type_: str | None, purpose: str) -> Known:
    user, roles, kind, institution, unit, practitioner, patient = key
    return Known(
        user=user,
        principal={
            "user": user,
            "kind": kind,
            "institution": institution,
            "unit": unit,
            "practitioner": practitioner,
            "patient": patient,
        },
        roles=roles,
        actions=frozenset((action, *groups(action))),
        context={"purpose": purpose},
        row={} if type_ is None else {"type": type_},
    )


@lru_cache(maxsize=20_000)
def _predicate(policies: Policies, key: Key, action: str, type_: str | None, purpose: str) -> Predicate:
    known = _known(key, action, type_, purpose)
    permits: list[Predicate] = []
    forbids: list[Predicate] = []
    for policy in policies.policies:
        where = permits if policy.template.effect == "permit" else forbids
        where.append(translate(policy.template, known))
    return both(either(*permits), negate(either(*forbids)))
