"""What a FHIR request asks for beside its content: form, version, preference, purpose."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Literal

import orjson
from starlette.requests import Request

from banyan.web.problems import Refused

if TYPE_CHECKING:
    from banyan.access import Principal

FORMS = frozenset({"application/fhir+json", "application/json", "json", "text/json", "*/*", "application/*"})
BODIES = frozenset({"application/fhir+json", "application/json", "text/json"})
PATCHES = frozenset({"application/json-patch+json", "application/merge-patch+json"})
OWN = frozenset({"_format", "_pretty"})
VERSION = re.compile(r'^\s*(?:W/)?"?(\d+)"?\s*$')
Return = Literal["minimal", "representation", "OperationOutcome"]


def who(request: Request) -> Principal:
    principal: Principal | None = request.state.principal
    if principal is None:
        raise Refused(
            401,
            "Sign in, or send a token: Authorization: Bearer … (banyan token create).",
            headers={"WWW-Authenticate": 'Bearer realm="banyan"'},
        )
    return principal


def purpose(request: Request) -> str:
    """Why the data is used, from the header X-Purpose-Of-Use; treatment where nothing is said."""
    return request.headers.get("x-purpose-of-use", "TREAT").strip().upper()


def check_form(request: Request) -> None:
    """Refuses a form of answer other than JSON."""
    wanted = request.query_params.get("_format")
    if wanted is not None:
        if _media(wanted.replace(" ", "+")) not in FORMS:  # an unescaped "+" arrives as a space
            raise Refused(406, f'The form "{wanted}" is not served. Ask for application/fhir+json.')
        return
    accepted = [_media(part) for part in request.headers.get("accept", "*/*").split(",") if part.strip()]
    if accepted and not FORMS & set(accepted):
        raise Refused(406, f'None of "{request.headers["accept"]}" is served. Accept application/fhir+json.')


async def body(request: Request, kinds: frozenset[str] = BODIES) -> bytes:
    """The body, when it is of a kind that is read here."""
    kind = _media(request.headers.get("content-type", ""))
    if kind not in kinds:
        raise Refused(415, f'The content type "{kind}" is not read here. Send {" or ".join(sorted(kinds))}.')
    content = await request.body()
    if not content.strip():
        raise Refused(400, "The body is empty. Send the resource as JSON.")
    return content


async def resource(request: Request, type_: str) -> bytes:
    """The body as a resource of the type in the address; its bytes stay as they came."""
    content = await body(request)
    parsed = parse(content)
    found = parsed.get("resourceType")
    if found != type_:
        raise Refused(
            400, f'The body is of type "{found}", the address asks for {type_}. Send it to /fhir/{found}.'
        )
    return content


def parse(content: bytes) -> dict[str, object]:
    try:
        parsed = orjson.loads(content)
    except orjson.JSONDecodeError as wrong:
        raise Refused(400, f"The body is not JSON: {wrong}.") from None
    if not isinstance(parsed, dict):
        raise Refused(400, "The body is not a JSON object.")
    return parsed


def if_match(request: Request) -> int | None:
    """The version that a write insists on."""
    given = request.headers.get("if-match")
    if given is None:
        return None
    found = VERSION.match(given)
    if found is None:
        raise Refused(
            400, f'If-Match is {given!r}. Send the ETag of the version that you read, such as W/"3".'
        )
    return int(found[1])


def unchanged(request: Request, version: int, updated: datetime) -> bool:
    """Whether the asker has this version already (If-None-Match, If-Modified-Since)."""
    given = request.headers.get("if-none-match")
    if given is not None:
        tags = [VERSION.match(part) for part in given.split(",")]
        return any(tag is not None and int(tag[1]) == version for tag in tags)
    since = request.headers.get("if-modified-since")
    if since is None:
        return False
    try:
        return updated.replace(microsecond=0) <= parsedate_to_datetime(since).astimezone(UTC)
    except ValueError:
        return False


def prefer(request: Request) -> Return:
    """What a write's answer carries; the resource, where nothing is said."""
    for part in request.headers.get("prefer", "").replace(";", ",").split(","):
        name, _, value = part.strip().partition("=")
        if name == "return" and value in ("minimal", "representation", "OperationOutcome"):
            return value  # type: ignore[return-value]
    return "representation"


def strict(request: Request) -> bool:
    """Whether an unknown search parameter is an error to the asker (Prefer: handling=strict)."""
    return "handling=strict" in request.headers.get("prefer", "").replace(" ", "")


async def search_params(request: Request) -> list[tuple[str, str]]:
    """The search parameters in their order: of the address, and of the form for POST _search."""
    pairs = list(request.query_params.multi_items())
    if request.method == "POST":
        kind = _media(request.headers.get("content-type", "application/x-www-form-urlencoded"))
        if kind != "application/x-www-form-urlencoded":
            raise Refused(415, "POST _search reads application/x-www-form-urlencoded.")
        form = await request.form()
        pairs += [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    return [(name, value) for name, value in pairs if name not in OWN]


def base_url(request: Request) -> str:
    """The FHIR base as the asker knows it."""
    settings = request.app.state.platform.settings
    top = (
        settings.base_url.rstrip("/") if settings.base_url else f"{request.url.scheme}://{request.url.netloc}"
    )
    return f"{top}/fhir"


def _media(value: str) -> str:
    return value.split(";")[0].strip().lower()
