"""References between the entries of a bundle, rewritten in the bytes: nothing else of a resource changes."""

import re
from collections.abc import Awaitable, Callable, Mapping

from banyan.record.errors import BadRequest

#: Members that may hold a reference or the address of another entry.
_MEMBER = re.compile(
    rb'"(reference|url|uri|valueUri|valueUrl|valueUuid|valueOid|valueCanonical)"(\s*:\s*)"((?:[^"\\]|\\.)*)"'
)
_CONDITIONAL = re.compile(rb'"reference"\s*:\s*"([A-Za-z]+)\?((?:[^"\\]|\\.)+)"')


def conditional_references(body: bytes) -> list[tuple[str, str]]:
    """The references that are searches: (type, search)."""
    if b"?" not in body:
        return []
    return [(kind.decode(), query.decode()) for kind, query in _CONDITIONAL.findall(body)]


def rewrite(body: bytes, known: Mapping[str, str], place: str) -> bytes:
    """The body with each reference to an entry (or a search) replaced by the resource's own.

    Raises BadRequest for a urn:uuid that no entry has.
    """

    def replaced(found: re.Match[bytes]) -> bytes:
        name, blank, value = found.groups()
        text = value.decode()
        own = known.get(text)
        if own is None:
            if name == b"reference" and text.startswith(("urn:uuid:", "urn:oid:")):
                raise BadRequest(
                    f"{place} refers to {text}, which no entry of the bundle has as its fullUrl.",
                    expression=f"{place}.resource",
                )
            return found.group()
        return b'"%s"%s"%s"' % (name, blank, own.encode())

    return _MEMBER.sub(replaced, body)


async def resolve_conditional(
    bodies: list[bytes], find: Callable[[str, str], Awaitable[str]]
) -> dict[str, str]:
    """What the searches among the references stand for."""
    found: dict[str, str] = {}
    for body in bodies:
        for kind, query in conditional_references(body):
            text = f"{kind}?{query}"
            if text not in found:
                found[text] = await find(kind, query)
    return found
