"""How the emergency's API answers: JSON in one pass, refusals as problems that name the field."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import msgspec
import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute

from banyan.apps.emergency.service.errors import EmergencyError
from banyan.web.problems import Refused

T = TypeVar("T")


def told(content: Any, status: int = 200) -> Response:
    """The content as JSON."""
    body = orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS)
    return Response(body, status, media_type="application/json")


async def asked(request: Request, kind: type[T]) -> T:
    """The body as what it should be; refuses one that is not, naming the field."""
    try:
        return msgspec.json.decode(await request.body() or b"{}", type=kind, strict=False)
    except msgspec.ValidationError as wrong:
        raise Refused(422, str(wrong), field=_field(str(wrong))) from None
    except msgspec.DecodeError as wrong:
        raise Refused(400, f"The body is not JSON: {wrong}") from None


def _field(message: str) -> str | None:
    return message.rsplit("`$.", 1)[1].rstrip("`") if "`$." in message else None


class EmergencyRoute(APIRoute):
    """A route whose refusals are told as problems."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except EmergencyError as wrong:
                raise Refused(wrong.status, str(wrong), field=wrong.field, **wrong.more) from None

        return answer
