// Makes facts: an id of the device's own, the time with its zone, both clocks.
import { now } from "../../web/clock.js";

let measured = null; // ms that the server's clock is ahead of this device's; null: never measured

/** Learns the difference from one question to the server's clock; the quickest answer of ten minutes counts. */
export function learnOffset(sentAt, serverMs, heardAt) {
  const trip = heardAt - sentAt;
  const old = measured && heardAt - measured.at < 600_000 ? measured : null;
  if (!old || trip <= old.trip) measured = { offset: Math.round(serverMs - (sentAt + heardAt) / 2), trip, at: heardAt };
  return measured.offset;
}

export const offset = () => measured?.offset ?? null;

/** Takes up what an earlier page on this device measured. */
export function recallOffset(kept) { measured ??= kept; }
export const offsetToKeep = () => measured;

/** ISO with the zone of the device's place, as a clock on the wall there would say it. */
export function withZone(ms) {
  const date = new Date(ms);
  const minutes = -date.getTimezoneOffset();
  const two = (n) => String(Math.trunc(Math.abs(n))).padStart(2, "0");
  const local = new Date(ms + minutes * 60_000).toISOString().slice(0, -1);
  return `${local}${minutes < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}

export function makeFact(caseId, kind, data, { at = now(), source = "manual" } = {}) {
  return {
    id: crypto.randomUUID(), case: caseId, kind, at: withZone(at),
    clock: { device: withZone(Date.now()), offset_ms: offset() }, source, data,
  };
}
