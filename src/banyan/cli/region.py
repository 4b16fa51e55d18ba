"""`banyan region build`: a region's roads, driving times, zones and map from a file of roads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from banyan.cli.running import DEFAULT_DATA, Data, fail, settings_of, tell

app = typer.Typer(no_args_is_help=True)


@app.callback()
def group() -> None:
    """Regions."""


@app.command()
def build(
    source: Annotated[
        Path, typer.Argument(exists=True, help="OpenStreetMap (.osm.pbf) or AequilibraE (.zip).")
    ],
    name: Annotated[str, typer.Option(help="The region's name in English.")] = "Region",
    name_zh: Annotated[str | None, typer.Option(help="Its name in Chinese.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Such as Asia/Shanghai.")] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Where to; the data folder's `region` by default.")
    ] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Builds a region; a source that has not changed costs nothing."""
    from banyan.region import RegionFolderError
    from banyan.region import build as build_region

    settings = settings_of(data, timezone=timezone, region=folder)
    names = {"en": name, "zh-CN": name_zh or name}
    try:
        build_region(source, settings.region_folder, name=names, timezone=settings.timezone, say=tell)
    except (ValueError, OSError, RegionFolderError) as wrong:
        fail(f"The region could not be built from {source}: {wrong}")
    tell(f"the region is in {settings.region_folder}")
