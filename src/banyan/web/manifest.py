"""What an application tells the house front about itself: its manifest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.routing import BaseRoute

from banyan.platform import extensions

if TYPE_CHECKING:
    from banyan.access import Principal
    from banyan.platform import Platform

MayFollow = Callable[["Platform", "Principal", str], Awaitable[bool]]
Expander = Callable[["Platform", list[dict[str, Any]]], Awaitable[list[bytes]]]
Watcher = Callable[["Platform"], Awaitable[None]]
# The body of a resource as it is given out, where part of it lies in an application's own table.
Renderer = Callable[["Platform", bytes], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One line of the navigation; without roles, everybody who is signed in sees it."""

    path: str
    label: str
    icon: str
    roles: tuple[str, ...] = ()

    def shown_to(self, roles: tuple[str, ...]) -> bool:
        return not self.roles or bool(set(self.roles) & set(roles))


@dataclass(frozen=True, slots=True)
class Need:
    """One thing on the home page that asks for its reader: what, why, and where to act."""

    title: str
    path: str
    action: str
    detail: str = ""
    due: str = ""
    priority: int = 0  # 0 none, 1 low, 2 medium, 3 high: the number of triangles
    level: int | None = None  # triage level 1 to 4, where there is one


@dataclass(frozen=True, slots=True)
class Figure:
    """One number on the home page, with its age."""

    label: str
    value: str
    at: str  # ISO time of the value
    unit: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class HomeCard:
    """What an application puts on the home page of one reader: most urgent need first."""

    needs: tuple[Need, ...] = ()
    figures: tuple[Figure, ...] = ()
    says: str = ""  # the page's headline, when this application has the most urgent need
    topics: tuple[str, ...] = ()  # an event on one of these brings the page up to date


@dataclass(frozen=True, slots=True)
class App:
    """An application: name, menu, routes, API, live topics, jobs. Its `api` is served under /api/<name>."""

    name: str
    title: str
    icon: str = "apps"
    menu: tuple[MenuItem, ...] = ()
    routes: tuple[BaseRoute, ...] = ()
    api: APIRouter | None = None
    topics: Mapping[str, MayFollow] = field(default_factory=dict)
    expanders: Mapping[str, Expander] = field(default_factory=dict)
    renderers: Mapping[str, Renderer] = field(default_factory=dict)  # by resource type, for FHIR reads
    watchers: tuple[Watcher, ...] = ()
    policies: Path | None = None
    migrations: Path | None = None
    locale: Path | None = None
    templates: Path | None = None
    home: Callable[[Request], Awaitable[HomeCard]] | None = None
    start: Callable[[Platform], Awaitable[None]] | None = None


def installed_apps() -> tuple[App, ...]:
    """Every application found through the entry-point group `banyan.apps`, by name."""
    return tuple(_checked(app) for app in extensions())


def _checked(app: object) -> App:
    if isinstance(app, App):
        return app
    raise TypeError(f"An entry point of the group banyan.apps names {app!r}, which is not a manifest (App).")
