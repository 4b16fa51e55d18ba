"""Policies: what loads, what is refused, and that permit and scope never differ."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banyan.access import Facts, PolicyError, Principal, grants
from banyan.access.decide import able_roles, decide
from banyan.access.policies import load, parse
from banyan.access.predicate import to_sql
from banyan.access.principal import PLATFORM_ROLE, ROLES

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
HEAD = '@id("t.one") @says("test") permit (principal, action == Action::"read", resource)'


def test_the_base_policy_loads() -> None:
    assert len(load().policies) > 10


@pytest.mark.parametrize(
    ("condition", "complaint"),
    [
        ('resource.institution like "H*"', "cannot become SQL"),
        ("resource.institution == resource.patient", "cannot become SQL"),
        ("resource.sensitivity + 1 == 4", "cannot become SQL"),
        ('principal.institution == "x" && resource.institution like "H*"', "cannot become SQL"),
        ("resource.colour == 1", "does not fit the schema"),
        ('principal in Role::"docter"', "does not fit the schema"),
        ("resource.sensitivity ==", "does not parse"),
    ],
)
def test_a_policy_that_cannot_rule_is_refused_by_name(condition: str, complaint: str) -> None:
    with pytest.raises(PolicyError, match=complaint) as refusal:
        parse([("app/policy.cedar", f"{HEAD} when {{ {condition} }};")])
    assert "t.one" in str(refusal.value) or "app/policy.cedar" in str(refusal.value)


def test_a_policy_without_a_name_is_refused() -> None:
    with pytest.raises(PolicyError, match="no @id"):
        parse([("app", "permit (principal, action, resource);")])


def test_an_unknown_act_is_denied() -> None:
    who = Principal("u", "U", ("platform",))
    [decision] = decide(load(), who, "emergency.fly", [(Facts("Task"), frozenset())], "TREAT")
    assert not decision and "emergency.fly" in decision.reason


def test_administrators_reach_no_patient_and_dispatchers_no_condition() -> None:
    policies = load()
    assert "administrator" not in able_roles(policies, "read", "Observation")
    assert "dispatcher" not in able_roles(policies, "read", "Condition")
    assert "crew" in able_roles(policies, "read", "Condition")


PURPOSES = ["TREAT", "ETREAT", "BTG", "QUALITY"]
TYPES = [
    "Patient",
    "Observation",
    "ServiceRequest",
    "Task",
    "Location",
    "Organization",
    "AuditEvent",
    "Condition",
]
names = st.sampled_from(["", "a", "b"])
principals = st.builds(
    Principal,
    user=st.sampled_from(["u1", "u2"]),
    name=st.just("N"),
    roles=st.lists(st.sampled_from([*ROLES, PLATFORM_ROLE]), max_size=3, unique=True).map(tuple),
    institution=names.map(lambda v: v or None),
    unit=names.map(lambda v: v or None),
    patient=names.map(lambda v: v or None),
)
rows = st.builds(
    Facts,
    type=st.sampled_from(TYPES),
    id=st.sampled_from(["1", "2"]),
    patient=names.map(lambda v: v or None),
    institution=names.map(lambda v: v or None),
    sensitivity=st.integers(0, 5),
)
grant_rows = st.builds(
    grants.Grant,
    patient=st.sampled_from(["a", "b"]),
    starts=st.sampled_from([NOW - timedelta(hours=1), NOW, NOW + timedelta(hours=1)]),
    until=st.sampled_from([None, NOW - timedelta(minutes=1), NOW, NOW + timedelta(minutes=1)]),
    because=st.just("test"),
    institution=st.sampled_from(["a", "b"]),
    user=st.sampled_from([None, None, "u1"]),
    role=st.sampled_from([None, None, "crew"]),
    unit=st.sampled_from([None, None, "a"]),
    purpose=st.sampled_from(PURPOSES),
    sensitivity=st.integers(3, 5),
)


def conditions() -> st.SearchStrategy[str]:
    """Random conditions in the forms that translate."""
    text = st.sampled_from(
        ['""', '"a"', '"b"', "principal.institution", "principal.unit", "principal.patient"]
    )
    column = st.sampled_from(["resource.patient", "resource.institution", "resource.id"])
    leaf = st.one_of(
        st.tuples(column, st.sampled_from(["==", "!="]), text).map(" ".join),
        st.tuples(text, st.sampled_from(["==", "!="]), column).map(" ".join),
        st.tuples(
            st.just("resource.sensitivity"),
            st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
            st.integers(0, 5).map(str),
        ).map(" ".join),
        st.tuples(st.lists(st.sampled_from(['""', '"a"', '"b"']), min_size=1, unique=True), column).map(
            lambda pair: f"[{', '.join(pair[0])}].contains({pair[1]})"
        ),
        st.tuples(
            st.sampled_from(["containsAny", "containsAll"]),
            st.lists(st.sampled_from(PURPOSES), min_size=1, unique=True),
        ).map(lambda pair: f"resource.granted.{pair[0]}({json.dumps(pair[1])})"),
        st.sampled_from(PURPOSES).map(lambda purpose: f'resource.granted.contains("{purpose}")'),
        st.sampled_from(["crew", "chief"]).map(lambda role: f'principal in Role::"{role}"'),
        st.just('context.purpose == "TREAT"'),
        st.just('principal == User::"u1"'),
        st.just("true"),
    )
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(lambda t: f"({t[0]}) {t[1]} ({t[2]})"),
            inner.map(lambda c: f"!({c})"),
            st.tuples(inner, inner, inner).map(lambda t: f"if {t[0]} then {t[1]} else {t[2]}"),
        ),
        max_leaves=6,
    )


policy_texts = st.lists(
    st.tuples(
        st.sampled_from(["permit", "permit", "forbid"]), st.sampled_from(["when", "unless"]), conditions()
    ),
    min_size=1,
    max_size=4,
).map(
    lambda parts: "\n".join(
        f'@id("t.p{n}") {effect} (principal, action, resource) {word} {{ {condition} }};'
        for n, (effect, word, condition) in enumerate(parts)
    )
)
property_settings = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _differences(conn, policies, who, facts, held, purpose):
    """The rows on which the engine and the SQL disagree."""
    with conn.cursor() as cursor:
        cursor.execute("delete from access.grant")
        for grant in held:
            cursor.execute(
"insert into access.grant (patient, institution, account, role, unit, purpose, sensitivity, "
                "starts, until, because, made_by) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'x', 'x')",
                (grant.patient, grant.institution, grant.user, grant.role, grant.unit, grant.purpose,
                 grant.sensitivity, grant.starts, grant.until),
            )  # fmt: skip
        different = []
        for row in facts:
            applies, params = grants.applies(who, NOW)
            cursor.execute(
                f"select purpose from access.grant g where patient = %s and sensitivity >= %s and {applies}",
                (row.patient, row.sensitivity, *params),
            )
            granted = frozenset(purpose for (purpose,) in cursor.fetchall())
            [decision] = decide(policies, who, "read", [(row, granted)], purpose)
            for type_ in (row.type, None):
                predicate = policies.predicate(who, "read", type_, purpose)
                sql, values = to_sql(predicate, lambda purposes: grants.row_condition(who, NOW, purposes))
                cursor.execute(
                    f"select coalesce({sql}, false) from (select %s::text as type, %s::text as id, "
                    "%s::text as patient, %s::text as institution, %s::smallint as sensitivity) r",
                    (*values, row.type, row.id, row.patient, row.institution, row.sensitivity),
                )
                if cursor.fetchone()[0] is not decision.allowed:
                    different.append((row, type_, decision, sql, values))
    return different


@given(who=principals, facts=st.lists(rows, min_size=1, max_size=6), held=st.lists(grant_rows, max_size=5))
@property_settings
def test_permit_and_scope_agree_on_the_base_policy(access_conn, who, facts, held) -> None:
    assert _differences(access_conn, load_once(), who, facts, held, "TREAT") == []


@given(
    text=policy_texts,
    who=principals,
    facts=st.lists(rows, min_size=1, max_size=6),
    held=st.lists(grant_rows, max_size=5),
    purpose=st.sampled_from(["TREAT", "HPAYMT"]),
)
@property_settings
def test_permit_and_scope_agree_on_random_policies(access_conn, text, who, facts, held, purpose) -> None:
    assert _differences(access_conn, parse([("random", text)]), who, facts, held, purpose) == []


_loaded = load()


def load_once():
    return _loaded
