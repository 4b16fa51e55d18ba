"""The city of the bad-input tests, one for each module."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from banyan.demo import ground
from banyan.platform import Platform
from banyan.settings import Settings
from tests.apps.emergency.bad_input.rescue import City, a_city, a_story_clock


@pytest.fixture(scope="module")
def settings(database: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The platform's settings, on the demo's roads and with a clock that runs fast."""
    region = ground.install(tmp_path_factory.mktemp("region") / "region")
    return Settings(
        data=tmp_path_factory.mktemp("data"),
        database_url=database,
        database_connections=8,
        region=region,
        clock=a_story_clock(),
    )


@pytest.fixture(scope="module")
async def city(settings: Settings, platform: Platform) -> AsyncIterator[City]:
    async with a_city(settings, platform) as opened:
        yield opened
