"""Pages: templates in the reader's language, the guard before a page, the pages of refusals."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

import orjson
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from banyan.web.assets import Assets
from banyan.web.forms import Field, Form
from banyan.web.i18n import LOCALES, NAMES, Catalogues
from banyan.web.marks import LEVELS, ages, fill, triangles
from banyan.web.navigation import navigation
from banyan.web.problems import TITLES, Refused
from banyan.web.roles import ROLE_NAMES

if TYPE_CHECKING:
    from banyan.access import Principal
    from banyan.platform import Platform
    from banyan.web.manifest import App

Endpoint = Callable[[Request], Awaitable[Response]]
TEMPLATES = Path(__file__).parent / "templates"


class Pages:
    """The templates of the house front and of all applications, once for each language."""

    def __init__(self, apps: tuple[App, ...], assets: Assets, timezone: str) -> None:
        self.apps, self.assets, self.zone = apps, assets, ZoneInfo(timezone)
        self.catalogues = Catalogues(app.locale for app in apps if app.locale)
        folders = {app.name: FileSystemLoader(app.templates) for app in apps if app.templates}
        self._loader = ChoiceLoader([PrefixLoader(folders), FileSystemLoader(TEMPLATES)])
        self._environments = {locale: self._environment(locale) for locale in LOCALES}

    def _environment(self, locale: str) -> Environment:
        environment = Environment(
            loader=self._loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
            auto_reload=True,
        )
        environment.add_extension("jinja2.ext.loopcontrols")
        catalogue = self.catalogues.of(locale)
        environment.install_gettext_callables(  # type: ignore[attr-defined]
            catalogue.gettext, catalogue.ngettext, newstyle=True
        )
        environment.globals |= {
            "icon": self.assets.icon,
            "asset": self.assets.url,
            "preloads": self.assets.preloads,
            "tri": triangles,
            "fill": fill,
            "levels": LEVELS,
            "lang": locale,
            "languages": NAMES,
            "Field": Field,
            "_n": environment.globals["ngettext"],
            "role_name": lambda role: catalogue.gettext(str(ROLE_NAMES.get(role, role))),
        }
        environment.filters |= {
            "clock": functools.partial(self._clock, form="%H:%M"),
            "seconds": functools.partial(self._clock, form="%H:%M:%S"),
            "date": functools.partial(self._clock, form="%Y-%m-%d"),
            "full": functools.partial(self._clock, form="%Y-%m-%d %H:%M:%S"),
        }
        return environment

    def _clock(self, at: datetime, form: str) -> str:
        return at.astimezone(self.zone).strftime(form)

    def translate(self, locale: str, message: str) -> str:
        """One message in one language, for what is not in a template."""
        return str(self.catalogues.of(locale).gettext(message)) if message else ""

    def html(self, locale: str, name: str, context: dict[str, Any]) -> str:
        return self._environments[locale].get_template(name).render(context)


async def render(request: Request, name: str, /, status: int = 200, **context: Any) -> HTMLResponse:
    """A page, with what the shell needs: who looks, the menu, language, light and the region's clock."""
    pages: Pages = request.app.state.pages
    platform: Platform = request.app.state.platform
    state = request.state
    everywhere = {
        "request": request,
        "path": request.url.path,
        "principal": state.principal,
        "theme": state.theme,
        "menu": navigation(pages.apps, state.principal, request.url.path),
        "clock": clock_of(platform),
        "now": platform.clock.now(),
        "age": functools.partial(ages, now=platform.clock.now(), catalogue=pages.catalogues.of(state.locale)),
        "messages": pages.assets.url("locale/zh-CN.json") if state.locale == "zh-CN" else "",
        "forget": request.query_params.get("sent", ""),
        "settings": platform.settings,
    }
    return HTMLResponse(pages.html(state.locale, name, everywhere | context), status)


def clock_of(platform: Platform) -> str:
    """The region's clock for browsers, as JSON."""
    setting = platform.clock.setting() | {"timezone": platform.settings.timezone}
    return orjson.dumps(setting).decode()


def page(*, roles: tuple[str, ...] = ()) -> Callable[[Endpoint], Endpoint]:
    """A page's guard: who is not signed in signs in and comes back; who may not see it learns who may."""

    def guard(endpoint: Endpoint) -> Endpoint:
        @functools.wraps(endpoint)
        async def guarded(request: Request) -> Response:
            principal: Principal | None = request.state.principal
            if principal is None:
                return sign_in_first(request)
            if roles and not set(roles) & set(principal.roles):
                return await render(request, "states/no-permission.html", status=403, roles=roles)
            return await endpoint(request)

        return guarded

    return guard


def sign_in_first(request: Request) -> Response:
    """To the sign-in page and back; a form that was sent is kept in the browser and comes back with it."""
    here = request.url
    if "hx-request" in request.headers:
        current = urlsplit(request.headers.get("hx-current-url", "/"))
        wanted = current.path + (f"?{current.query}" if current.query else "")
        return Response(status_code=401, headers={"HX-Redirect": f"/signin?expired=1&next={quote(wanted)}"})
    if request.method == "GET":
        wanted = here.path + (f"?{here.query}" if here.query else "")
        return RedirectResponse(f"/signin?next={quote(wanted)}", 303)
    return RedirectResponse(f"/signin?expired=1&next={quote(here.path)}", 303)


async def error_page(request: Request, refused: Refused) -> Response:
    """The page of a refusal: what happened, what is safe, what to do."""
    if refused.status == 401:
        return sign_in_first(request)
    title = TITLES.get(refused.status, TITLES[500])
    number = request.state.request_id
    response = await render(
        request, "states/error.html", status=refused.status, title=title, detail=refused.detail, number=number
    )
    response.headers.update(refused.headers or {})
    return response


__all__ = ["Form", "Pages", "error_page", "page", "render"]
