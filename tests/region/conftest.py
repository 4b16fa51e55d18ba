"""Regions that the tests drive in."""

from pathlib import Path

import pytest

from banyan.demo.ground import FOLDER
from banyan.region import Region, build

AUCKLAND = "emergency/cities/auckland/models/1"


@pytest.fixture(scope="session")
def coquimbo() -> Region:
    """The demo region, as set-up built it."""
    return Region.load(FOLDER)


@pytest.fixture(scope="session")
def model(shared_data: Path) -> Path:
    """The folder of the Auckland model."""
    return shared_data / AUCKLAND


@pytest.fixture(scope="session")
def auckland(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Region:
    """The roads of the Auckland model, 54,370 nodes, built here."""
    folder = tmp_path_factory.mktemp("auckland")
    build(
        model / "travel/roads/roads.zip",
        folder,
        name={"en": "Auckland"},
        timezone="Pacific/Auckland",
        tiles=False,
    )
    return Region.load(folder)
