"""Carries out bundles: a transaction all or nothing with its references resolved, a batch entry by entry."""

import base64
import binascii
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import orjson

from banyan.fhir.plans import plan_of
from banyan.record import locks, reading
from banyan.record.bodies import decode, read_content
from banyan.record.bundle_entries import Operation, read_bundle
from banyan.record.errors import BadRequest, NotSupported, RecordError
from banyan.record.ids import any_patient_shard, new_id, shard_of
from banyan.record.references import resolve_conditional, rewrite
from banyan.record.search.query import parse_query
from banyan.record.search.run import run_search
from banyan.record.values import Scope, Stored, Written

if TYPE_CHECKING:
    from banyan.record.transaction import Transaction

ScopeOf = Callable[[str], Scope]
Json = dict[str, Any]


async def carry_out(transaction: "Transaction", bundle: bytes | Json, scope_of: ScopeOf | None) -> Json:
    """The response bundle, its entries in the order of the request."""
    kind, operations = read_bundle(bundle)
    for operation in operations:
        transaction.record.require_type(operation.type)
    if kind == "batch":
        entries = [await _batch_entry(transaction, operation, scope_of) for operation in operations]
    else:
        entries = await _Whole(transaction, operations, scope_of).carry_out()
    return {"resourceType": "Bundle", "type": f"{kind}-response", "entry": entries}


async def _batch_entry(transaction: "Transaction", operation: Operation, scope_of: ScopeOf | None) -> Json:
    await transaction.flush()
    mark = transaction.mark()
    try:
        async with transaction.conn.transaction():
            answers = await _Whole(transaction, [operation], scope_of).carry_out()
            await transaction.flush()
            return answers[0]
    except RecordError as error:
        transaction.rewind(mark)
        return {"response": {"status": str(error.status), "outcome": error.outcome}}


class _Whole:
    """The operations of one transaction bundle, on the way to their answers."""

    def __init__(
        self, transaction: "Transaction", operations: list[Operation], scope_of: ScopeOf | None
    ) -> None:
        self.transaction = transaction
        self.operations = operations
        self.scope_of = scope_of
        self.matched: dict[int, Stored | None] = {}
        self.new_ids: dict[int, str] = {}
        self.twins: dict[int, int] = {}
        self.known: dict[str, str] = {}
        self.answers: dict[int, Json] = {}

    async def carry_out(self) -> list[Json]:
        await self._decide_conditions()
        self._name_new_resources()
        self._refuse_doubles()
        await self._resolve_references()
        await self._delete()
        await self._create()
        await self._update()
        await self.transaction.flush()
        for operation in self.operations:
            if operation.method == "GET":
                self.answers[operation.number] = await self._get(operation)
        return [self.answers[operation.number] for operation in self.operations]

    async def _decide_conditions(self) -> None:
        """Under locks taken in one order, so that equal conditions of two transactions make one resource."""
        conditional = [o for o in self.operations if o.condition is not None]
        if not conditional:
            return
        transaction = self.transaction
        await locks.lock_conditions(transaction.conn, [(o.type, o.condition or "") for o in conditional])
        await transaction.flush()
        first: dict[tuple[str, str], Operation] = {}
        for operation in conditional:
            if operation.method == "POST":
                first.setdefault((operation.type, operation.condition or ""), operation)
            self.matched[operation.number] = await transaction.find_one(
                operation.type, operation.condition or ""
            )
        self.twins = {
            o.number: first[o.type, o.condition or ""].number for o in conditional if o.method == "POST"
        }

    def _name_new_resources(self) -> None:
        """Ids for what will be made: patients first, since their shard goes into the ids of their data."""
        for operation in sorted(self.operations, key=lambda o: o.type != "Patient"):
            reference = self._reference_of(operation)
            if reference is None:
                continue
            for written in _names(operation):
                self.known[written] = reference

    def _reference_of(self, operation: Operation) -> str | None:
        matched = self.matched.get(operation.number)
        if matched is not None:
            return matched.reference
        if operation.method == "POST":
            twin = self.twins.get(operation.number, operation.number)
            if twin not in self.new_ids:
                self.new_ids[twin] = new_id(self._shard(operation))
            return f"{operation.type}/{self.new_ids[twin]}"
        if operation.method == "PUT" and operation.id is None:
            self.new_ids[operation.number] = self._own_id(operation) or new_id(self._shard(operation))
            return f"{operation.type}/{self.new_ids[operation.number]}"
        return f"{operation.type}/{operation.id}" if operation.id else None

    def _own_id(self, operation: Operation) -> str | None:
        found = decode(operation.resource or b"{}").get("id")
        return found if isinstance(found, str) else None

    def _shard(self, operation: Operation) -> int:
        if operation.type == "Patient":
            return any_patient_shard()
        code = plan_of(operation.type).patient_code
        if code is None or operation.resource is None:
            return 0
        resource = decode(operation.resource)
        for name in ("subject", "patient", "beneficiary", "individual", "for"):
            reference = resource.get(name)
            if isinstance(reference, dict) and isinstance(reference.get("reference"), str):
                target = str(reference["reference"])
                text = self.known.get(target, target)
                return shard_of(text.removeprefix("Patient/")) if text.startswith("Patient/") else 0
        return 0

    def _refuse_doubles(self) -> None:
        seen: dict[str, Operation] = {}
        for operation in self.operations:
            if operation.method in ("PUT", "PATCH", "DELETE"):
                reference = self._reference_of(operation)
                if reference in seen:
                    raise BadRequest(
                        f"{operation.place} and {seen[reference].place} both change {reference}. "
                        "A bundle may change a resource once.",
                        expression=operation.place,
                    )
                if reference:
                    seen[reference] = operation

    async def _resolve_references(self) -> None:
        bodies = [o.resource for o in self.operations if o.resource is not None]
        self.known |= await resolve_conditional(bodies, self._find)
        for operation in self.operations:
            if operation.resource is not None:
                operation.resource = rewrite(operation.resource, self.known, operation.place)

    async def _find(self, resource_type: str, query: str) -> str:
        self.transaction.record.require_type(resource_type)
        found = await self.transaction.find_one(resource_type, query)
        if found is None:
            raise BadRequest(f"No {resource_type} matches the reference {resource_type}?{query}.")
        return found.reference

    async def _delete(self) -> None:
        for operation in sorted(self._by("DELETE"), key=lambda o: (o.type, o.id or "")):
            matched = self.matched.get(operation.number)
            target = matched.id if matched else operation.id
            if target is not None:
                await self.transaction.delete(operation.type, target, if_match=operation.if_match)
            self.answers[operation.number] = {"response": {"status": "204 No Content"}}

    async def _create(self) -> None:
        for operation in self._by("POST"):
            content = operation.resource or b""
            matched = self.matched.get(operation.number)
            twin = self.twins.get(operation.number, operation.number)
            if matched is not None:
                self._answer(operation, Written(matched, created=False, changed=False))
            elif twin != operation.number:
                self.answers[operation.number] = {
                    "response": {**self.answers[twin]["response"], "status": "200 OK"}
                }
            else:
                self._check_type(operation, content)
                made = await self.transaction.create(content, new_id=self.new_ids[operation.number])
                self._answer(operation, made)

    async def _update(self) -> None:
        puts, bodies = [], []
        for operation in self._by("PUT"):
            content = self._check_type(operation, operation.resource or b"")
            matched = self.matched.get(operation.number)
            wanted = operation.id or (matched.id if matched else self.new_ids[operation.number])
            if content.id != wanted and (operation.id is not None or content.id is not None):
                raise BadRequest(
                    f"{operation.place}: the resource's id is {content.id!r}, the request's {wanted!r}.",
                    expression=f"{operation.place}.resource.id",
                )
            body = operation.resource or b""
            bodies.append(body if content.id else content.body(wanted, 1, self.transaction.moment))
            puts.append(operation)
        versions = [operation.if_match for operation in puts]
        for operation, made in zip(
            puts, await self.transaction.update_all(bodies, if_match=versions), strict=True
        ):
            self._answer(operation, made)
        for operation in sorted(self._by("PATCH"), key=lambda o: (o.type, o.id or "")):
            matched = self.matched.get(operation.number)
            target = operation.id or (matched.id if matched else "")
            patch = _patch_of(operation)
            self._answer(
                operation,
                await self.transaction.patch(operation.type, target, patch, if_match=operation.if_match),
            )

    def _check_type(self, operation: Operation, body: bytes) -> Any:
        content = read_content(body)
        if content.type != operation.type:
            raise BadRequest(
                f"{operation.place}: the request is for {operation.type}, the resource is {content.type}.",
                expression=f"{operation.place}.resource",
            )
        return content

    async def _get(self, operation: Operation) -> Json:
        if self.scope_of is None:
            raise NotSupported(
                f"{operation.place}: reading inside a bundle is not offered here.", expression=operation.place
            )
        conn, scope = self.transaction.conn, self.scope_of(operation.type)
        if operation.id is None:
            params = parse_query(operation.query or "")
            page = await run_search(
                self.transaction.record, conn, operation.type, params, self.scope_of, lenient=False
            )
            return {
                "resource": _searchset(page.matches, page.includes, page.total),
                "response": {"status": "200 OK"},
            }
        if operation.version is None:
            found = await reading.read_current(conn, operation.type, operation.id, scope)
        else:
            found = await reading.read_version(conn, operation.type, operation.id, operation.version, scope)
        return {"resource": orjson.Fragment(found.body), "response": _response(found, "200 OK")}

    def _by(self, method: str) -> list[Operation]:
        return [operation for operation in self.operations if operation.method == method]

    def _answer(self, operation: Operation, written: Written) -> None:
        status = "201 Created" if written.created else "200 OK"
        self.answers[operation.number] = {"response": _response(written.stored, status)}


def _names(operation: Operation) -> list[str]:
    """What other entries may call this one."""
    if operation.full_url is None or operation.method in ("GET", "DELETE"):
        return []
    names = [operation.full_url]
    if "/" in operation.full_url and operation.full_url.startswith("http"):
        names.append("/".join(operation.full_url.split("/")[-2:]))
    return names


def _response(stored: Stored, status: str) -> Json:
    return {
        "status": status,
        "location": f"{stored.reference}/_history/{stored.version}",
        "etag": f'W/"{stored.version}"',
        "lastModified": stored.last_updated.isoformat(timespec="milliseconds"),
    }


def _searchset(matches: list[Stored], includes: list[Stored], total: int | None) -> Json:
    entries = [
        {"fullUrl": found.reference, "resource": orjson.Fragment(found.body), "search": {"mode": mode}}
        for mode, part in (("match", matches), ("include", includes))
        for found in part
    ]
    bundle: Json = {"resourceType": "Bundle", "type": "searchset", "entry": entries}
    return bundle if total is None else {**bundle, "total": total}


def _patch_of(operation: Operation) -> list[Any]:
    """A JSON Patch travels in a bundle as the base64 data of a Binary."""
    resource = decode(operation.resource or b"{}")
    try:
        patch = decode(base64.b64decode(resource["data"], validate=True))
    except (KeyError, binascii.Error, TypeError):
        patch = None
    if not isinstance(patch, list):
        raise NotSupported(
            f"{operation.place}: a PATCH carries a Binary whose data is a JSON Patch (RFC 6902).",
            expression=f"{operation.place}.resource",
        )
    return patch
