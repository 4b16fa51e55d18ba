"""Wrong passwords are counted: by account and place, by account, by place."""

from typing import Any

from psycopg import AsyncConnection

from banyan.access.errors import SignInError

WINDOW_MINUTES = 15
# One person mistypes; a whole ward behind one address mistypes more; neither must shut the others out.
PER_ACCOUNT_AND_ADDRESS, PER_ACCOUNT, PER_ADDRESS = 5, 20, 100


def _limits(account: str, address: str) -> dict[str, int]:
    return {
        f"account:{account}@{address}": PER_ACCOUNT_AND_ADDRESS,
        f"account:{account}": PER_ACCOUNT,
        f"address:{address}": PER_ADDRESS,
    }


async def check(conn: AsyncConnection[Any], account: str, address: str) -> None:
    """Raises SignInError("locked") where too many wrong passwords came lately."""
    limits = _limits(account, address)
    cursor = await conn.execute(
        "select subject, count(*), ceil(extract(epoch from max(at) + %s * interval '1 minute' - now())) "
        "from access.failure where subject = any(%s) and at > now() - %s * interval '1 minute' group by 1",
        (WINDOW_MINUTES, list(limits), WINDOW_MINUTES),
    )
    for subject, count, seconds in await cursor.fetchall():
        if count >= limits[subject]:
            raise SignInError(
                "locked",
                f"Too many wrong passwords. Sign-in is open again in {max(1, round(seconds / 60))} min.",
                retry_after=int(seconds),
            )


async def failed(conn: AsyncConnection[Any], account: str, address: str) -> int:
    """Counts a wrong password; says how many tries are left."""
    subjects = list(_limits(account, address))
    await conn.execute("insert into access.failure (subject) select unnest(%s::text[])", (subjects,))
    await conn.execute("delete from access.failure where at < now() - interval '1 day'")
    cursor = await conn.execute(
        "select count(*) from access.failure where subject = %s and at > now() - %s * interval '1 minute'",
        (subjects[0], WINDOW_MINUTES),
    )
    row = await cursor.fetchone()
    return max(0, PER_ACCOUNT_AND_ADDRESS - int(row[0] if row else 0))


async def forget(conn: AsyncConnection[Any], account: str, address: str) -> None:
    """The right password clears the account's count at this place."""
    await conn.execute("delete from access.failure where subject = %s", (f"account:{account}@{address}",))
