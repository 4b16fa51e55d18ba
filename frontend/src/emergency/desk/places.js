// Finding where the caller is: streets of the region as one types, or a click on the map.
import { get } from "../../web/api.js";
import { GROUND, soon } from "./board.js";

const EARTH_M = 6_371_000;

/** Metres between two points, good enough within a city. */
export function metres(a, b) {
  const rad = Math.PI / 180;
  return Math.hypot((a.lon - b.lon) * rad * Math.cos(a.lat * rad), (a.lat - b.lat) * rad) * EARTH_M;
}

let asked = 0;

/** Streets that fit what is typed; null where a newer question has been asked since. */
export async function streets(text) {
  const mine = ++asked;
  const { streets: found } = await get(`${GROUND}/streets?q=${encodeURIComponent(text)}`, soon(4000));
  return mine === asked ? found : null;
}

export const placeAt = ({ lat, lon }) => get(`${GROUND}/place?lat=${lat}&lon=${lon}`, soon(4000));

export const routeTo = (from, to) => get(`${GROUND}/route?from_lat=${from.lat}&from_lon=${from.lon}&lat=${to.lat}&lon=${to.lon}`, soon(4000));

export const reachOf = ({ lat, lon }, minutes) => get(`${GROUND}/reach?lat=${lat}&lon=${lon}&minutes=${minutes}`, soon(6000));
