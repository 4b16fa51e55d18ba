"""What in the trail deserves a second look, with the numbers that say why."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg_pool import AsyncConnectionPool

# From here on a pattern is shown; below it is ordinary work.
DENIALS, WRONG_PASSWORDS, PATIENTS, TIMES_MEDIAN = 3, 10, 30, 4


@dataclass(frozen=True, slots=True)
class Pattern:
    kind: str  # denied, volume, passwords
    user: str
    name: str
    institution: str | None
    count: int
    usual: int
    last: datetime
    patients: tuple[str, ...]


DENIED = """select account, max(display), max(institution), count(*), 0, max(at),
  (array_agg(distinct p) filter (where p is not null))[1:20]
from access.audit left join lateral unnest(patients) p on true
where outcome = 'denied' and action <> 'access.sign_in' and at > now() - %(span)s
group by account having count(*) >= %(denials)s"""

PASSWORDS = """select account, max(display), null, count(*), 0, max(at), '{}'::text[]
from access.audit where outcome = 'denied' and action = 'access.sign_in' and at > now() - %(span)s
group by account having count(*) >= %(passwords)s"""

VOLUME = """with seen as (
  select account, max(display) as name, max(institution) as institution, max(roles[1]) as role,
    count(distinct p) as patients, max(at) as last
  from access.audit, unnest(patients) p
  where outcome = 'done' and action in ('read', 'search', 'history') and at > now() - %(span)s
  group by account),
usual as (
  select role, percentile_cont(0.5) within group (order by patients) as median from seen group by role)
select account, name, institution, patients, median::int, last, '{}'::text[]
from seen join usual using (role)
where patients >= %(patients)s and patients > %(times)s * median"""


async def patterns(pool: AsyncConnectionPool[Any], *, span: timedelta = timedelta(hours=24)) -> list[Pattern]:
    """Patterns of the last day, the surest first."""
    params = {
        "span": span, "denials": DENIALS, "passwords": WRONG_PASSWORDS, "patients": PATIENTS,
        "times": TIMES_MEDIAN,
    }  # fmt: skip
    found: list[Pattern] = []
    async with pool.connection() as conn:
        for kind, sql in (("denied", DENIED), ("volume", VOLUME), ("passwords", PASSWORDS)):
            cursor = await conn.execute(sql, params)
            found += [
                Pattern(kind, user, name, institution, count, usual, last, tuple(patients or ()))
                for user, name, institution, count, usual, last, patients in await cursor.fetchall()
            ]
    return found
