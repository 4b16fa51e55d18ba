"""Grants: rows that say whom a patient is entrusted to, for what and until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from banyan.access.principal import Principal

# A grant reaches rows up to its sensitivity: positions in v3-Confidentiality, as in the record.
NORMAL, RESTRICTED, VERY_RESTRICTED = 3, 4, 5

Conn = AsyncConnection[Any]


@dataclass(frozen=True, kw_only=True)
class Grant:
    patient: str
    starts: datetime
    because: str
    institution: str | None = None
    user: str | None = None
    role: str | None = None
    unit: str | None = None
    purpose: str = "TREAT"
    sensitivity: int = RESTRICTED
    until: datetime | None = None


def applies(who: Principal, at: datetime) -> tuple[str, tuple[Any, ...]]:
    """Which grants reach this one at this moment."""
    sql = (
        "(g.account is null or g.account = %s) and (g.institution is null or g.institution = %s) "
        "and (g.unit is null or g.unit = %s) and (g.role is null or g.role = any(%s)) "
        "and g.starts <= %s and (g.until is null or g.until > %s)"
    )
    return sql, (who.user, who.institution, who.unit, list(who.roles), at, at)


def row_condition(who: Principal, at: datetime, purposes: frozenset[str]) -> tuple[str, tuple[Any, ...]]:
    """SQL over r: this one holds a grant on the row's patient for one of the purposes."""
    reaching, params = applies(who, at)
    sql = (
        "exists (select from access.grant g where g.patient = r.patient and g.purpose = any(%s) "
        f"and g.sensitivity >= r.sensitivity and {reaching})"
    )
    return sql, (sorted(purposes), *params)


async def granted(
    conn: Conn, who: Principal, at: datetime, rows: list[tuple[str, int]]
) -> dict[tuple[str, int], frozenset[str]]:
    """For each (patient, sensitivity) the purposes for which this one holds a grant."""
    reaching, params = applies(who, at)
    patients = sorted({patient for patient, _ in rows if patient})
    found: list[tuple[str, str, int]] = []
    if patients:
        cursor = await conn.execute(
            "select g.patient, g.purpose, max(g.sensitivity) from access.grant g "
            f"where g.patient = any(%s) and {reaching} group by 1, 2",
            (patients, *params),
        )
        found = await cursor.fetchall()
    return {
        (patient, sensitivity): frozenset(
            purpose for p, purpose, reach in found if p == patient and reach >= sensitivity
        )
        for patient, sensitivity in rows
    }


async def add(conn: Conn, grant: Grant, *, made_by: str) -> int:
    """Writes a grant in the caller's transaction; an equal live one is kept instead of a second."""
    cursor = await conn.execute(
        "insert into access.grant (patient, institution, account, role, unit, purpose, sensitivity, starts, "
        "until, because, made_by) select %(patient)s, %(institution)s, %(user)s, %(role)s, %(unit)s, "
        "%(purpose)s, %(sensitivity)s, %(starts)s, %(until)s, %(because)s, %(by)s "
        "where not exists (select from access.grant g where g.patient = %(patient)s "
        "and g.purpose = %(purpose)s and g.institution is not distinct from %(institution)s "
        "and g.account is not distinct from %(user)s and g.role is not distinct from %(role)s "
        "and g.unit is not distinct from %(unit)s and g.sensitivity = %(sensitivity)s "
        "and g.until is not distinct from %(until)s and g.until is null and g.starts <= %(starts)s) "
        "returning id",
        {
            "patient": grant.patient,
            "institution": grant.institution,
            "user": grant.user,
            "role": grant.role,
            "unit": grant.unit,
            "purpose": grant.purpose,
            "sensitivity": grant.sensitivity,
            "starts": grant.starts,
            "until": grant.until,
            "because": grant.because,
            "by": made_by,
        },
    )
    row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def end(
    conn: Conn,
    *,
    patient: str,
    at: datetime,
    institution: str | None = None,
    user: str | None = None,
    unit: str | None = None,
    purpose: str | None = None,
) -> int:
    """Ends the live grants on a patient that match everything given; says how many."""
    cursor = await conn.execute(
        "update access.grant set until = greatest(%(at)s, starts) where patient = %(patient)s "
        "and (until is null or until > %(at)s) "
        "and (%(institution)s::text is null or institution = %(institution)s) "
        "and (%(user)s::text is null or account = %(user)s) and (%(unit)s::text is null or unit = %(unit)s) "
        "and (%(purpose)s::text is null or purpose = %(purpose)s)",
        {
            "patient": patient,
            "at": at,
            "institution": institution,
            "user": user,
            "unit": unit,
            "purpose": purpose,
        },
    )
    return cursor.rowcount


async def carry_over(conn: Conn, source: str, target: str, *, at: datetime, made_by: str) -> None:
    """What is granted on one patient's entry holds on the entry that replaces it.

    A crew keeps to the emergency extract of the citizen's record; an institution keeps its relationship. Each
    begins when it began: what a crew recorded before the identification and sends after it is still its right.
    """
    await conn.execute(
        "insert into access.grant (patient, institution, account, role, unit, purpose, sensitivity, starts, "
        "until, because, made_by) select %(target)s, institution, account, role, unit, "
        "case when institution is null and purpose = 'TREAT' then 'ETREAT' else purpose end, "
        "sensitivity, starts, until, because, %(by)s from access.grant g "
        "where patient = %(source)s and purpose <> 'BTG' and (until is null or until > %(at)s)",
        {"source": source, "target": target, "at": at, "by": made_by},
    )
