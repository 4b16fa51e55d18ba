"""Static files: hashed names never change, and travel as they were compressed at build time."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from banyan.web.assets import STATIC
from banyan.web.problems import Refused

FOREVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=3600"
KINDS = {".mjs": "text/javascript", ".js": "text/javascript", ".webmanifest": "application/manifest+json"}
TWINS = (("br", ".br"), ("gzip", ".gz"))


def static_response(request: Request, path: Path, cache: str = FOREVER) -> Response:
    """A file in the smallest form that the browser takes."""
    kind = KINDS.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    headers = {"Cache-Control": cache, "Vary": "Accept-Encoding"}
    accepted = {part.split(";")[0].strip() for part in request.headers.get("accept-encoding", "").split(",")}
    for name, suffix in TWINS:
        twin = path.with_name(path.name + suffix)
        if name in accepted and twin.is_file():
            return FileResponse(twin, media_type=kind, headers=headers | {"Content-Encoding": name})
    return FileResponse(path, media_type=kind, headers=headers)


async def _static(request: Request) -> Response:
    path = (STATIC / request.path_params["path"]).resolve()
    if not path.is_relative_to(STATIC) or not path.is_file():
        raise Refused(
            404, "There is no such file. A page that was open during an upgrade finds it after loading again."
        )
    hashed = path.is_relative_to(STATIC / "built")
    return static_response(request, path, FOREVER if hashed else BRIEFLY)


async def _tiles(request: Request) -> Response:
    """The region's map as one file, of which the map asks for ranges."""
    if request.state.principal is None:
        raise Refused(401, "The region's map is for people who are signed in.")
    path = request.app.state.platform.settings.region_folder / "tiles.pmtiles"
    if not path.is_file():
        raise Refused(404, "The region has no map tiles. Build them: banyan region build")
    headers = {"Cache-Control": "private, max-age=86400", "Vary": "Cookie"}
    return FileResponse(path, media_type="application/vnd.pmtiles", headers=headers)


def routes() -> list[BaseRoute]:
    return [Route("/static/{path:path}", _static), Route("/region/tiles.pmtiles", _tiles)]
