"""What the worker looks after each second: orders, notices, silent units, arrivals, diversions, what leaves."""

from collections.abc import Awaitable, Callable

from banyan.platform import Platform

WATCHERS: tuple[Callable[[Platform], Awaitable[None]], ...] = ()
