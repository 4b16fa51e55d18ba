"""Cedar policies become conditions on rows: what is known of who asks is filled in, the rest is left."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cedarpy import pst

from banyan.access.errors import PolicyError
from banyan.access.predicate import (
    COLUMNS,
    All,
    AnyOf,
    Compare,
    Equal,
    Granted,
    Not,
    OneOf,
    Predicate,
    both,
    either,
    negate,
)

ORDER = {"less": "<", "less_eq": "<=", "greater": ">", "greater_eq": ">="}
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Column:
    name: str


@dataclass(frozen=True, slots=True)
class Purposes:
    """The set `resource.granted`."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A whole variable, before one of its attributes is taken."""

    name: str


@dataclass(frozen=True)
class Known:
    """What is known when a policy is translated."""

    user: str
    principal: Mapping[str, str]
    roles: frozenset[str]
    actions: frozenset[str]  # the action and the groups it is in
    context: Mapping[str, str]
    row: Mapping[str, str | int]  # the columns already known, at least the type as a rule


class Untranslatable(Exception):
    """This form has no counterpart in SQL."""


def translate(policy: pst.Template, known: Known) -> Predicate:
    """The rows to which the policy applies, for what is known."""
    name = policy.annotations.get("id", policy.id)
    try:
        parts: list[Predicate] = [
            _principal(policy.principal, known),
            _action(policy.action, known),
            _resource(policy.resource),
        ]
        for clause in policy.clauses:
            holds = _condition(clause.expr, known)
            parts.append(holds if isinstance(clause, pst.When) else negate(holds))
    except Untranslatable as error:
        raise PolicyError(
            f'Policy "{name}" cannot become SQL: {error}. Searches filter in the database, so such a '
            "policy is not loaded; rewrite it with ==, !=, <, <=, >, >=, &&, ||, !, in, contains, "
            "containsAny, containsAll on attributes of principal, resource and context."
        ) from error
    return both(*parts)


def _principal(scope: pst.PrincipalOrResourceConstraint, known: Known) -> bool:
    match scope:
        case pst.ScopeAny() | pst.ScopeIs():
            return True
        case pst.ScopeEq(pst.EntityUid() as uid):
            return _is_principal(uid, known)
        case pst.ScopeIn(pst.EntityUid() as uid) | pst.ScopeIsIn(_, pst.EntityUid() as uid):
            return _within(uid, known)
    raise Untranslatable("the principal is a template's slot")


def _action(scope: pst.ActionConstraint, known: Known) -> bool:
    match scope:
        case pst.ScopeAny():
            return True
        case pst.ActionEq(uid):
            return uid.id in known.actions
        case pst.ActionIn(uids):
            return any(uid.id in known.actions for uid in uids)


def _resource(scope: pst.PrincipalOrResourceConstraint) -> bool:
    if isinstance(scope, pst.ScopeAny | pst.ScopeIs):
        return True
    raise Untranslatable("the resource is one named row")


def _is_principal(uid: pst.EntityUid, known: Known) -> bool:
    return str(uid.type) == "User" and uid.id == known.user


def _within(uid: pst.EntityUid, known: Known) -> bool:
    return (str(uid.type) == "Role" and uid.id in known.roles) or _is_principal(uid, known)


def _condition(expr: pst.Expr, known: Known) -> Predicate:
    value = _value(expr, known)
    if isinstance(value, bool | Equal | OneOf | Compare | Granted | Not | All | AnyOf):
        return value
    raise Untranslatable("a condition that is not true or false")


def _value(expr: pst.Expr, known: Known) -> Any:
    """A constant, a column, the purposes granted, or a predicate. Both sides of && and || are always
    translated, so that nothing hides behind a condition that happens to be false."""
    match expr:
        case pst.BoolLit(value) | pst.LongLit(value) | pst.StringLit(value):
            return value
        case pst.EntityLit(uid):
            return uid
        case pst.Var(name):
            return Unknown(name)
        case pst.Set(elements):
            return frozenset(_constant(_value(e, known)) for e in elements)
        case pst.GetAttr(pst.Var(name), attr):
            return _attribute(name, attr, known)
        case pst.UnaryOp("not", arg):
            return negate(_condition(arg, known))
        case pst.IfThenElse(cond, then, other):
            test = _condition(cond, known)
            return either(both(test, _condition(then, known)), both(negate(test), _condition(other, known)))
        case pst.BinaryOp("and", left, right):
            return both(_condition(left, known), _condition(right, known))
        case pst.BinaryOp("or", left, right):
            return either(_condition(left, known), _condition(right, known))
        case pst.BinaryOp("in", pst.Var("principal"), right):
            return _member(_value(right, known), known)
        case pst.BinaryOp("in", pst.Var("action"), right):
            return _same_action(_value(right, known), known)
        case pst.BinaryOp(op, left, right):
            return _binary(op, _value(left, known), _value(right, known), known)
    raise Untranslatable(f"the form {type(expr).__name__}")


def _constant(value: Any) -> Any:
    if isinstance(value, str | int | pst.EntityUid):
        return value
    raise Untranslatable("a set that holds something else than constants")


def _attribute(variable: str, attr: str, known: Known) -> Any:
    if variable == "principal":
        return known.principal[attr]
    if variable == "context":
        return known.context[attr]
    if attr == "granted":
        return Purposes()
    if attr in COLUMNS:
        return known.row.get(attr, Column(attr))
    raise Untranslatable(f"{variable}.{attr}")


def _uids(right: Any) -> frozenset[pst.EntityUid]:
    uids = right if isinstance(right, frozenset) else frozenset([right])
    if all(isinstance(uid, pst.EntityUid) for uid in uids):
        return uids
    raise Untranslatable('"in" something that is neither a role nor an action')


def _member(right: Any, known: Known) -> bool:
    return any(_within(uid, known) for uid in _uids(right))


def _same_action(right: Any, known: Known) -> bool:
    return any(uid.id in known.actions for uid in _uids(right))


def _binary(op: str, left: Any, right: Any, known: Known) -> Predicate:
    if op in ("eq", "not_eq"):
        equal = _equal(left, right, known)
        return equal if op == "eq" else negate(equal)
    if op in ORDER:
        return _ordered(ORDER[op], left, right)
    if op == "contains":
        return _contains(left, right)
    if op in ("contains_any", "contains_all"):
        return _overlap("any" if op == "contains_any" else "all", left, right)
    raise Untranslatable(f'the operator "{op}"')


def _equal(left: Any, right: Any, known: Known) -> Predicate:
    if isinstance(left, Column) and isinstance(right, str | int):
        return Equal(left.name, right)
    if isinstance(right, Column) and isinstance(left, str | int):
        return Equal(right.name, left)
    if isinstance(left, Unknown) and isinstance(right, pst.EntityUid):
        if left.name == "principal":
            return _is_principal(right, known)
        if left.name == "action":
            return right.id in known.actions
    if isinstance(left, str | int) and isinstance(right, str | int):
        return left == right
    raise Untranslatable("an equality of something else than a column and a constant")


def _ordered(operator: str, left: Any, right: Any) -> Predicate:
    if isinstance(left, Column) and isinstance(right, int):
        return Compare(left.name, operator, right)
    if isinstance(right, Column) and isinstance(left, int):
        return Compare(right.name, MIRRORED[operator], left)
    if isinstance(left, int) and isinstance(right, int):
        return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator]
    raise Untranslatable("a comparison of something else than a column and a number")


def _contains(left: Any, right: Any) -> Predicate:
    if isinstance(left, frozenset) and isinstance(right, Column):
        return OneOf(right.name, left)
    if isinstance(left, frozenset) and isinstance(right, str | int):
        return right in left
    if isinstance(left, Purposes) and isinstance(right, str):
        return Granted(frozenset([right]))
    raise Untranslatable('"contains" on something else than a constant set or resource.granted')


def _overlap(how: Literal["any", "all"], left: Any, right: Any) -> Predicate:
    if isinstance(left, Purposes) and isinstance(right, frozenset):
        if how == "any":
            return Granted(right) if right else False
        return both(*(Granted(frozenset([purpose])) for purpose in sorted(right)))
    if isinstance(left, frozenset) and isinstance(right, frozenset):
        return bool(left & right) if how == "any" else right <= left
    raise Untranslatable("containsAny or containsAll on something else than constants or resource.granted")
