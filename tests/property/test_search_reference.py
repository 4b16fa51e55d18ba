"""Random searches over random resources agree with a brute force over the resources, page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg_pool import AsyncConnectionPool

from banyan.fhir.dates import Interval, interval
from banyan.fhir.decimals import span
from banyan.record import Author, Record
from tests.record.conftest import template

__all__ = ["template"]  # the fixture: a database with the record's schema alone

ZONE = ZoneInfo("Asia/Shanghai")
DATES = [
    "2024",
    "2024-02",
    "2024-02-29",
    "2024-03-01",
    "2024-02-29T08:00:00+08:00",
    "2024-02-29T23:30:00Z",
    "2023-12-31",
]
NUMBERS = ["1", "1.0", "1.4", "1.5", "0.95", "2", "10", "-1"]
CODES = ["a", "b", "c"]
PREFIXES = ["", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb"]
STATUSES = ["final", "amended"]

fact = st.tuples(
    st.sampled_from(STATUSES),
    st.sampled_from(CODES),
    st.none() | st.sampled_from(DATES),
    st.none() | st.sampled_from(NUMBERS),
)
question = st.lists(
    st.one_of(
        st.tuples(st.just("status"), st.sampled_from([*STATUSES, "final,amended"])),
        st.tuples(st.just("status:not"), st.sampled_from(STATUSES)),
        st.tuples(st.just("code"), st.sampled_from(["a", "urn:s|b", "urn:s|", "|c", "urn:s|a,urn:s|c"])),
        st.tuples(st.just("date"), st.builds(str.__add__, st.sampled_from(PREFIXES), st.sampled_from(DATES))),
        st.tuples(
            st.just("value-quantity"),
            st.builds(str.__add__, st.sampled_from(PREFIXES), st.sampled_from(NUMBERS)),
        ),
        st.tuples(st.just("date:missing"), st.sampled_from(["true", "false"])),
    ),
    max_size=3,
)
order = st.sampled_from([None, "date", "-date", "_id", "-_lastUpdated", "value-quantity"])


@pytest.fixture(scope="module")
async def record(database: str) -> AsyncIterator[Record]:
    async with AsyncConnectionPool(database, min_size=1, max_size=4, open=False) as pool:
        record = Record(pool, zone=ZONE)
        yield record
        await record.close()


def body(system: str, number: int, status: str, code: str, date: str | None, value: str | None) -> bytes:
    parts = [f'"resourceType":"Observation","id":"{system}-{number}","status":"{status}"']
    parts.append(f'"code":{{"coding":[{{"system":"urn:s","code":"{code}"}}]}}')
    parts.append(f'"identifier":[{{"system":"urn:run","value":"{system}"}}]')
    if date:
        parts.append(f'"effectiveDateTime":"{date}"')
    if value:
        parts.append(f'"valueQuantity":{{"value":{value},"unit":"u"}}')
    return ("{" + ",".join(parts) + "}").encode()


def compares(prefix: str, value: Interval, low: float, high: float, within: bool) -> bool:
    return {
        "eq": within,
        "ne": not within,
        "gt": value.hi > high,
        "lt": value.lo < low,
        "ge": value.hi > high or within,
        "le": value.lo < low or within,
        "sa": value.lo > high,
        "eb": value.hi < low,
    }[prefix]


def fits(fact_: tuple, name: str, value: str) -> bool:
    status, code, date, number = fact_
    if name == "status":
        return status in value.split(",")
    if name == "status:not":
        return status != value
    if name == "code":
        return any(part == code or part in (f"urn:s|{code}", "urn:s|") for part in value.split(","))
    if name == "date:missing":
        return (date is None) == (value == "true")
    prefix, text = (value[:2], value[2:]) if value[:2] in PREFIXES[1:] else ("eq", value)
    if name == "date":
        if date is None:
            return False
        has, asked = interval(date, ZONE), interval(text, ZONE)
        return compares(prefix, has, asked.lo, asked.hi, asked.lo <= has.lo and has.hi <= asked.hi)
    if number is None:
        return False
    has, asked = float(Decimal(number)), span(text)
    within = asked.lo <= has < asked.hi
    point = Interval(has, has)
    if prefix in ("ge", "le"):
        return has >= asked.value if prefix == "ge" else has <= asked.value
    if prefix in ("sa", "eb"):
        return has > asked.hi if prefix == "sa" else has < asked.lo
    return compares(prefix, point, asked.value, asked.value, within)


run = iter(range(10**9))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=st.lists(fact, min_size=1, max_size=12), asked=question, sort=order, count=st.integers(1, 5))
async def test_searches_agree_with_brute_force(
    record: Record, facts: list[tuple], asked: list[tuple[str, str]], sort: str | None, count: int
) -> None:
    system = f"r{next(run)}"
    bodies: list[Any] = [body(system, number, *one) for number, one in enumerate(facts)]
    async with record.transaction(Author("tester")) as transaction:
        await transaction.update_all(bodies)
    wanted = {
        f"{system}-{n}" for n, one in enumerate(facts) if all(fits(one, *condition) for condition in asked)
    }
    params = [("identifier", f"urn:run|{system}"), *asked, *([("_sort", sort)] if sort else [])]
    found: list[str] = []
    cursor: str | None = None
    while True:
        more = [("_cursor", cursor)] if cursor else []
        page = await record.search(
            "Observation", [*params, ("_count", str(count)), ("_total", "accurate"), *more]
        )
        assert page.total == len(wanted)
        assert len(page.matches) == count or page.next is None
        found += [match.id for match in page.matches]
        if (cursor := page.next) is None:
            break
    assert len(found) == len(set(found))
    assert set(found) == wanted
