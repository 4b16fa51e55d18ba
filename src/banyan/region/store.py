"""A region's folder: arrays that are mapped into memory, names, zones, and what it is called."""

import shutil
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from banyan.region.roads import Roads
from banyan.region.zones import Zone

FORM: Final = 1
ABOUT, NAMES, ZONES, SPEEDS, TILES = "region.json", "names.json", "zones.npz", "speeds.yaml", "tiles.pmtiles"


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a region is called, where it lies and whom its map credits."""

    name: dict[str, str]  # by language: {"zh-CN": …, "en": …}
    timezone: str
    bounds: tuple[float, float, float, float]  # west, south, east, north
    credit: str
    snap_metres: float = 1500.0  # farther from any road than this is outside the region
    form: int = FORM
    made_from: str = ""  # SHA-256 of the source file and of what built the region from it


class _Names(msgspec.Struct, frozen=True):
    classes: tuple[str, ...]
    names: tuple[str, ...]


class RegionFolderError(Exception):
    """The folder is not a region that this version can read."""


def save(folder: Path, about: About, roads: Roads, zones: tuple[Zone, ...]) -> None:
    """Writes everything but the topologies, the speeds and the tiles."""
    arrays = folder / "roads"
    shutil.rmtree(arrays, ignore_errors=True)
    arrays.mkdir(parents=True)
    for name, values in roads.arrays().items():
        np.save(arrays / f"{name}.npy", values, allow_pickle=False)
    (folder / NAMES).write_bytes(msgspec.json.encode(_Names(roads.classes, roads.names)))
    np.savez(folder / ZONES, **_packed(zones))
    (folder / ABOUT).write_bytes(msgspec.json.format(msgspec.json.encode(about), indent=2))


def read_about(folder: Path) -> About:
    """Reads the region's description; says what to do where the folder holds none."""
    try:
        about = msgspec.json.decode((folder / ABOUT).read_bytes(), type=About)
    except FileNotFoundError as error:
        raise RegionFolderError(
            f"{folder} holds no region. Build one: banyan region build FILE --folder {folder}"
        ) from error
    except msgspec.DecodeError as error:
        raise RegionFolderError(f"{folder / ABOUT}: {error}. Build the region again.") from error
    if about.form != FORM:
        raise RegionFolderError(
            f"{folder} has form {about.form}, this version reads {FORM}. Build the region again."
        )
    return about


def read_roads(folder: Path) -> Roads:
    """Maps the arrays; nothing is read before it is used."""
    names = msgspec.json.decode((folder / NAMES).read_bytes(), type=_Names)
    try:
        files = (folder / "roads").glob("*.npy")
        arrays: dict[str, Any] = {f.stem: np.load(f, mmap_mode="r").view(np.ndarray) for f in files}
        return Roads(**arrays, classes=names.classes, names=names.names)
    except (TypeError, ValueError) as error:
        raise RegionFolderError(
            f"{folder / 'roads'} is incomplete ({error}). Build the region again."
        ) from error


def read_zones(folder: Path) -> tuple[Zone, ...]:
    """Reads the zones; a region from a bare road extract has none."""
    with np.load(folder / ZONES, allow_pickle=False) as packed:
        rings = np.split(packed["points"], packed["ring_ends"][:-1]) if len(packed["ring_ends"]) else []
        owner = packed["ring_zone"]
        return tuple(
            Zone(
                str(name),
                float(people),
                tuple(ring for ring, zone in zip(rings, owner, strict=True) if zone == n),
            )
            for n, (name, people) in enumerate(zip(packed["ids"], packed["population"], strict=True))
        )


def _packed(zones: tuple[Zone, ...]) -> dict[str, Any]:
    rings = [(n, ring) for n, zone in enumerate(zones) for ring in zone.rings]
    return {
        "ids": np.array([zone.id for zone in zones], dtype=np.str_),
        "population": np.array([zone.population for zone in zones], dtype=np.float64),
        "ring_zone": np.array([n for n, _ in rings], dtype=np.int32),
        "ring_ends": np.cumsum([len(ring) for _, ring in rings]).astype(np.int64),
        "points": np.concatenate([ring for _, ring in rings]) if rings else np.empty((0, 2)),
    }
