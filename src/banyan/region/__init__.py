"""The ground under the work: a region's roads, driving times, streets, zones and map."""

from banyan.region.build import build
from banyan.region.reach import Reach
from banyan.region.region import Region
from banyan.region.route import Position, Route, position_along, straight_line
from banyan.region.snap import OutOfRegion, Snap
from banyan.region.store import About, RegionFolderError
from banyan.region.streets import Street

__all__ = [
    "About",
    "OutOfRegion",
    "Position",
    "Reach",
    "Region",
    "RegionFolderError",
    "Route",
    "Snap",
    "Street",
    "build",
    "position_along",
    "straight_line",
]
