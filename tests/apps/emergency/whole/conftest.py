"""The same city as for the bad input."""

from tests.apps.emergency.bad_input.conftest import city, settings

__all__ = ["city", "settings"]
