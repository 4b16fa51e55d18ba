// A case as a story in time: its points, signals and messages with their moments, and how long it all took.
import { t } from "../../web/i18n.js";
import { said } from "../desk/words.js";

const BEFORE_MS = 10 * 60_000; // an onset hours ago does not squeeze the rescue: it stands at the edge
const AFTER_MS = 2 * 60_000;
const ms = (iso) => Date.parse(iso);

export const SOURCE = { manual: t("by hand"), device: t("device"), geofence: "GPS", system: t("system"), import: t("imported") };

/** The valid time points in order, with their names, and whether a missed target ends there. */
export function pointsOf(view) {
  const names = new Map((view.timeline ?? []).filter((line) => line.point).map((line) => [line.point, line.title]));
  const missed = new Set((view.targets ?? []).filter((target) => target.state === "missed" && !target.overdue).map((target) => target.to));
  return Object.entries(view.times ?? {}).filter(([, entry]) => entry?.at).map(([point, entry]) => ({
    point, name: said(names.get(point)) || point, at: ms(entry.at), by: entry.by, source: entry.source, precision: entry.precision_s ?? entry.precision, offset: entry.offset_ms,
    recorded: entry.recorded_at, bad: missed.has(point),
  })).sort((a, b) => a.at - b.at);
}

/** Messages, readings, medicines, notes, ECGs: what was said and done, in order. */
export function linesOf(view) {
  const lines = [
    ...(view.messages ?? []).map((each) => ({ at: each.at, who: `${said(each.from)} → ${said(each.to)}`, text: each.text })),
    ...(view.timeline ?? []).filter((line) => line.kind !== "time" && !line.cancelled).map((line) => ({ at: line.at, who: line.by, text: [said(line.title), said(line.detail)].filter(Boolean).join(": ") })),
    ...(view.ecgs ?? []).filter((ecg) => !ecg.cancelled).map((ecg) => ({ at: ecg.at, who: [ecg.by, ecg.device].filter(Boolean).join(" · "), text: t("12-lead ECG"), ecg })),
  ];
  if (view.notice) lines.push({ at: view.notice.at, who: t("to the hospital"), text: [t("Notice, level {n}", { n: ["", "I", "II", "III", "IV"][view.notice.level] ?? view.notice.level }), view.notice.text].filter(Boolean).join(": ") });
  if (view.notice?.escalated_at) lines.push({ at: view.notice.escalated_at, who: t("system"), text: t("Nobody had confirmed: escalated"), bad: true });
  if (view.notice?.acknowledged) lines.push({ at: view.notice.acknowledged.at, who: view.notice.acknowledged.by, text: t("Notice confirmed") });
  for (const member of view.team ?? []) lines.push({ at: member.at, who: said(member.name), text: { called: t("called"), coming: t("coming"), here: t("here") }[member.status] ?? member.status });
  return lines.filter((line) => line.at).map((line) => ({ ...line, at: ms(line.at) })).sort((a, b) => a.at - b.at);
}

/** From when to when the page shows. */
export function spanOf(view, points, lines) {
  const call = ms(view.call_at);
  const ends = [...points.map((point) => point.at), ...lines.map((line) => line.at), ...(view.vitals ?? []).map((row) => ms(row.at)), ...(view.track ?? []).map((place) => ms(place.at))].filter((at) => at >= call);
  const last = Math.max(call + 10 * 60_000, ...ends);
  return [call - (points.some((point) => point.at < call) ? BEFORE_MS : 60_000), last + AFTER_MS];
}

export const LANES = [ // band: what scores no point in NEWS2
  { field: "hr", name: t("Heart rate"), unit: "1/min", low: 40, high: 150, band: [51, 90] },
  { field: "sbp", second: "dbp", name: t("Pressure"), unit: "mmHg", low: 40, high: 200, band: [111, 180] },
  { field: "spo2", name: "SpO₂", unit: "%", low: 80, high: 100, band: [96, 100] },
  { field: "rr", name: t("Breathing"), unit: "1/min", low: 6, high: 36, band: [12, 20] },
];

/** The newest value of a field at a moment, with its age in ms; null before the first. */
export function valueAt(vitals, lane, at) {
  const before = vitals.filter((row) => row[lane.field] !== undefined && row[lane.field] !== null && ms(row.at) <= at);
  const row = before.at(-1);
  return row ? { text: lane.second && row[lane.second] ? `${row[lane.field]}/${row[lane.second]}` : String(row[lane.field]), age: at - ms(row.at) } : null;
}

/** Where the unit was at a moment, between two reports; null before the first. */
export function placeAt(track, at) {
  const after = track.findIndex((place) => ms(place.at) > at);
  if (after === 0 || !track.length) return null;
  if (after < 0) return { ...track.at(-1), kmh: 0 };
  const [a, b] = [track[after - 1], track[after]], gap = ms(b.at) - ms(a.at), part = (at - ms(a.at)) / gap;
  const metres = Math.hypot((b.lon - a.lon) * Math.cos((a.lat * Math.PI) / 180), b.lat - a.lat) * 111_320;
  const heading = (Math.atan2((b.lon - a.lon) * Math.cos((a.lat * Math.PI) / 180), b.lat - a.lat) * 180) / Math.PI;
  return { lat: a.lat + (b.lat - a.lat) * part, lon: a.lon + (b.lon - a.lon) * part, kmh: Math.round((metres / (gap / 1000)) * 3.6), heading };
}

export function lengthKm(places) {
  let metres = 0;
  for (let at = 1; at < places.length; at++) metres += Math.hypot((places[at].lon - places[at - 1].lon) * Math.cos((places[at].lat * Math.PI) / 180), places[at].lat - places[at - 1].lat) * 111_320;
  return (metres / 1000).toFixed(1);
}

/** The time points as a table for a spreadsheet. */
export function csvOf(view, points) {
  const cell = (text) => `"${String(text ?? "").replaceAll('"', '""')}"`;
  const rows = points.map((point) => [view.number, point.point, point.name, new Date(point.at).toISOString(), point.source, point.by, point.precision ?? "", point.offset ?? "", point.recorded ?? ""]);
  return [["case", "point", "name", "at", "source", "by", "precision_s", "clock_offset_ms", "recorded_at"], ...rows].map((row) => row.map(cell).join(",")).join("\r\n");
}
