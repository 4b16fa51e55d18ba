// Where the unit is: the device's position, sent while on a shift, kept for straight lines without network.
import { now } from "../../web/clock.js";

const EVERY_MS = 5000;

export function watchPlace(app) {
  if (!navigator.geolocation) return;
  let sent = 0;
  navigator.geolocation.watchPosition(({ coords }) => {
    app.here = { lat: coords.latitude, lon: coords.longitude };
    if (!app.me.unit || Date.now() - sent < EVERY_MS || app.mark.state === "offline") return;
    sent = Date.now();
    app.server.position(app.me.unit, coords, new Date(now()).toISOString()).catch(() => {});
  }, () => {}, { enableHighAccuracy: true, maximumAge: 5000, timeout: 20_000 });
}
