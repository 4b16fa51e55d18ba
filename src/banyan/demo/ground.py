"""The demo region's ground: built once at set-up from the data package, carried by the wheel."""

import shutil
from pathlib import Path
from typing import Final

from banyan.region import About, RegionFolderError
from banyan.region import build as build_region
from banyan.region.store import SPEEDS, read_about

FOLDER: Final = Path(__file__).parent / "region"
NAME: Final = {"zh-CN": "拉塞雷纳–科金博（演示）", "en": "La Serena–Coquimbo (demonstration)"}
TIMEZONE: Final = "America/Santiago"
PACKAGED: Final = Path("aequilibrae/reference_files/coquimbo.zip")


def build(data_packages: Path) -> About:
    """Builds the region from the data packages that set-up fetched; costs nothing when nothing changed."""
    return build_region(data_packages / PACKAGED, FOLDER, name=NAME, timezone=TIMEZONE, keep_speeds=False)


def install(folder: Path) -> Path:
    """Copies the region to where an operator may edit its speeds; an edited table stays."""
    try:
        current = read_about(folder).made_from == read_about(FOLDER).made_from
    except RegionFolderError:
        current = False
    if not current:
        edited = folder / SPEEDS
        keep = shutil.ignore_patterns(SPEEDS) if edited.exists() else None
        shutil.copytree(FOLDER, folder, ignore=keep, dirs_exist_ok=True)
    return folder
