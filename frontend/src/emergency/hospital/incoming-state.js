// The rows of the incoming board as the page holds them: normalised once, brought up to date by vital-sign events.
import { now } from "../../web/clock.js";
import { priority } from "../crew/vitals.js";
import { newest, newsOf } from "./vitals.js";

const CURVES = ["hr", "sbp", "spo2", "rr", "temp"];
const CURVE = 30;
const ALARM = { hi: "high", me: "medium", lo: "low" };
const OLD_S = 300; // no data for so long: the row says so

/** The answer of /incoming with what the row needs; trends become the sets that events are added to. */
export function arrived(answer) {
  for (const each of answer.cases) prepare(each);
  return answer;
}

function prepare(each) {
  each.found = Object.fromEntries(Object.entries(each.vitals ?? {}).map(([field, entry]) => [field, { source: "manual", ...entry, alarm: ALARM[priority(field, entry.value)] ?? null }]));
  each.curves = each.trend ?? {};
}

/** Lays one vital-sign event over its row; false where the board does not know the case yet. */
export function withVitals(state, event) {
  const each = state?.cases.find((one) => one.case === event.case);
  if (!each) return false;
  for (const [field, entry] of Object.entries(newest([event]))) {
    const before = each.found[field];
    if (before && Date.parse(before.at) > Date.parse(entry.at)) continue;
    each.found[field] = entry;
    if (CURVES.includes(field)) each.curves[field] = [...(each.curves[field] ?? []), entry.value].slice(-CURVE);
  }
  each.news2 = newsOf(each.found, each.age);
  return true;
}

/** Seconds since the notice was sent. */
export const waitedOf = (each) => Math.max(0, (each.notice ? now() - Date.parse(each.notice.at) : 0) / 1000);

// After so long without an answer the second line is called (the server raises the alarm).
export const SECOND_LINE_S = 120;

/** Critical and taken by nobody: loud until somebody takes it. */
export const isLoud = (each) => each.level === 1 && !each.acknowledged;

/** When anything was last heard of the patient. */
export const heardAt = (each) => Math.max(0, ...Object.values(each.found).map((entry) => Date.parse(entry.at) || 0));

/** The unit is silent, or no value is younger than five minutes although there was one. */
export function isSilent(each) {
  const heard = heardAt(each);
  return Boolean(each.silent) || (heard > 0 && (now() - heard) / 1000 > OLD_S && each.status !== "handed-over");
}
