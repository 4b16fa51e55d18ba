"""The description of /api: openapi.json for programs, a page for people."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from banyan.web.pages import page, render

METHODS = ("get", "post", "put", "patch", "delete")


def description(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of all applications' APIs, made once."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title="Banyan",
            version=app.version,
            description="The applications' own operations. Clinical data in FHIR R4 is under /fhir.",
            routes=app.routes,
        )
        schema["components"] = schema.get("components", {}) | {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "banyan_session"},
            }
        }
        schema["security"] = [{"token": []}, {"session": []}]
        app.openapi_schema = schema
    return app.openapi_schema


async def _json(request: Request) -> Response:
    return Response(orjson.dumps(description(request.app)), media_type="application/json")


@page()
async def _page(request: Request) -> Response:
    document = description(request.app)
    operations = [
        {"method": method.upper(), "path": path, **item[method]}
        for path, item in document.get("paths", {}).items()
        for method in METHODS
        if method in item
    ]
    return await render(request, "api.html", operations=operations, document=document)


def routes() -> list[BaseRoute]:
    return [Route("/api/openapi.json", _json), Route("/api", _page)]
