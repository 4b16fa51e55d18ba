"""Dates nest, numbers round, bodies survive being taken apart, patches are exact."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec
import orjson
from hypothesis import given
from hypothesis import strategies as st

from banyan.fhir.dates import interval
from banyan.fhir.decimals import span
from banyan.fhir.keys import hash64, reference_key, reference_salt
from banyan.fhir.text import fold, search_forms
from banyan.record.bodies import read_content
from banyan.record.ids import home_of, new_id, shard_of
from banyan.record.patch import apply_patch
from banyan.record.search.ordering import decode_cursor, encode_cursor

ZONES = st.sampled_from([UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("America/Santiago")])
json = st.recursive(
    st.booleans() | st.integers(-(2**53), 2**53) | st.text(min_size=1, max_size=8).filter(str.isprintable),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(st.from_regex(r"[a-z]{1,6}", fullmatch=True), inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)


@given(st.datetimes(datetime(1900, 1, 2), datetime(2200, 1, 1)), ZONES)
def test_the_day_lies_in_its_month_and_the_month_in_its_year(moment: datetime, zone: ZoneInfo) -> None:
    forms = [moment.strftime(form) for form in ("%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S")]
    wide = [interval(form.zfill(4), zone) for form in forms]
    for outer, inner in pairwise(wide):
        assert outer.lo <= inner.lo <= inner.hi <= outer.hi


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=3))
def test_a_number_lies_in_its_own_span(number: Decimal) -> None:
    found = span(str(number))
    assert found.lo <= found.value <= found.hi


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert all(form == form[:200] for form in search_forms(text))


@given(json)
def test_a_body_is_the_same_apart_from_id_and_meta(value: object) -> None:
    body = orjson.dumps({"resourceType": "Basic", "x": value})
    content = read_content(body)
    made = orjson.loads(content.body("1", 2, datetime(2024, 1, 1, tzinfo=UTC)))
    assert made.pop("meta") == {"versionId": "2", "lastUpdated": "2024-01-01T00:00:00.000Z"}
    assert made.pop("id") == "1"
    assert made == {"resourceType": "Basic", "x": value}
    pretty = msgspec.json.format(body, indent=3)
    assert read_content(pretty).digest == content.digest


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_numbers_keep_their_digits(number: Decimal) -> None:
    text = f"{number:f}".encode()
    content = read_content(b'{"resourceType":"Basic","x":%s}' % text)
    assert b'"x":%s' % text in content.body("1", 1, datetime(2024, 1, 1, tzinfo=UTC))
    assert read_content(content.resource).digest == content.digest


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_reference_keys_are_made_by_xor(scope: str, reference: str) -> None:
    assert reference_key(scope, reference) ^ reference_salt(scope) == hash64(f"ref\0{reference}")


@given(st.integers(0, 4095))
def test_the_shard_travels_in_the_id(shard: int) -> None:
    made = new_id(shard)
    assert shard_of(made) == shard
    assert home_of(made, "anybody") == shard


@given(json, json)
def test_a_patch_changes_a_copy(before: object, after: object) -> None:
    document = {"a": before}
    assert apply_patch(document, [{"op": "replace", "path": "/a", "value": after}]) == {"a": after}
    assert apply_patch(
        document, [{"op": "add", "path": "/b", "value": after}, {"op": "remove", "path": "/a"}]
    ) == {"b": after}
    assert document == {"a": before}


@given(
    st.lists(
        st.floats(allow_nan=False) | st.integers(-(2**62), 2**62) | st.text(max_size=9),
        min_size=1,
        max_size=3,
    )
)
def test_cursors_keep_their_values(values: list[float | int | str]) -> None:
    back = decode_cursor(encode_cursor(values), len(values))
    assert [float(b) if isinstance(v, float) else b for v, b in zip(values, back, strict=True)] == values
