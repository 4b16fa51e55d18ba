"""What the worker looks after each second: orders, notices, silent units, arrivals, diversions, what leaves."""

from collections.abc import Awaitable, Callable

from banyan.apps.emergency.service.arrivals import watch_arrivals
from banyan.apps.emergency.service.attention import (
    watch_boards,
    watch_notices,
    watch_orders,
    watch_units,
    watch_waiting,
)
from banyan.apps.emergency.service.measuring import watch_ecgs
from banyan.apps.emergency.service.outgoing import deliver
from banyan.apps.emergency.service.reconsidering import watch_destinations
from banyan.platform import Platform

WATCHERS: tuple[Callable[[Platform], Awaitable[None]], ...] = (
    watch_orders,
    watch_waiting,
    watch_notices,
    watch_units,
    watch_arrivals,
    watch_destinations,
    watch_boards,
    watch_ecgs,
    deliver,
)
