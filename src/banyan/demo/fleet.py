"""The ambulances of the story: they drive on real roads, and their trackers say where they are."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from banyan.demo.client import Actor, Time
from banyan.region import OutOfRegion, Region, Route, position_along

REPORT_S = 5.0


@dataclass
class Vehicle:
    """One ambulance: where it stands, or the way it is driving."""

    unit: str
    lat: float
    lon: float
    route: Route | None = None
    since: datetime | None = None
    silent: bool = False

    def report(self, now: datetime) -> dict[str, Any]:
        """What its tracker says at this moment."""
        heading, speed = 0.0, 0.0
        if self.route is not None and self.since is not None:
            place = position_along(self.route, (now - self.since).total_seconds())
            self.lat, self.lon, heading, speed = place.lat, place.lon, place.heading, place.kmh
            if place.arrived:
                self.route = None
        return {
            "unit": self.unit,
            "lat": self.lat,
            "lon": self.lon,
            "at": now.isoformat(),
            "heading": round(heading, 1),
            "speed_kmh": round(speed, 1),
        }


@dataclass
class Fleet:
    region: Region
    tracker: Actor
    time: Time
    vehicles: dict[str, Vehicle]

    async def run(self) -> None:
        """Reports every five seconds of the story (never oftener than once a second of life)."""
        while True:
            now = self.time.now()
            reports = [vehicle.report(now) for vehicle in self.vehicles.values() if not vehicle.silent]
            if reports:
                await self.tracker.post("/api/emergency/positions", {"positions": reports})
            await self.time.after(self.time.every(REPORT_S))

    async def drive(self, unit: str, lat: float, lon: float, *, lights: bool = True) -> None:
        """Drives to a place; returns on arrival."""
        vehicle = self.vehicles[unit]
        start, end = self.region.snap(vehicle.lat, vehicle.lon), self.region.snap(lat, lon)
        if isinstance(start, OutOfRegion) or isinstance(end, OutOfRegion):
            vehicle.lat, vehicle.lon = lat, lon
            return
        now = self.time.now()
        route = await asyncio.to_thread(self.region.route, start, end, at=now, lights=lights)
        vehicle.route, vehicle.since = route, now
        await self.time.after(route.seconds)
        vehicle.lat, vehicle.lon, vehicle.route = lat, lon, None
