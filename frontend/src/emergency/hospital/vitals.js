// The vital signs that the hospital watches: the newest of each, its age, its alarm, its curve.
import { now } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { describe, evaluate } from "../rules.js";
import { RISK } from "./words.js";

/** In the order in which they stand; blood pressure is two numbers in one field. */
export const SIGNS = [
  { id: "hr", label: t("HR"), unit: "/min", fields: ["hr"], low: 51, high: 90 },
  { id: "bp", label: t("BP"), unit: "mmHg", fields: ["sbp", "dbp"], low: 111, high: 140 },
  { id: "spo2", label: t("SpO₂"), unit: "%", fields: ["spo2"], low: 96, high: 100 },
  { id: "rr", label: t("RR"), unit: "/min", fields: ["rr"], low: 12, high: 20 },
  { id: "temp", label: t("Temp"), unit: "℃", fields: ["temp"], low: 36.1, high: 38, decimals: 1 },
  { id: "glucose", label: t("Glucose"), unit: "mmol/L", fields: ["glucose"], low: 3.9, high: 11.1, decimals: 1 },
  { id: "pain", label: t("Pain"), unit: "/10", fields: ["pain"], low: 0, high: 3 },
];
const NAMES = { o2: t("oxygen"), consciousness: t("consciousness"), sbp: t("BP"), dbp: t("BP"), ...Object.fromEntries(SIGNS.map((sign) => [sign.id, sign.label])) };
export const signOf = (id) => SIGNS.find((sign) => sign.id === id);
const FIELDS = ["hr", "sbp", "dbp", "spo2", "rr", "temp", "glucose", "pain", "consciousness", "o2"];

// A monitor sends each second or minute; by hand, one set in five minutes is usual.
export const EXPECTED_S = { device: 60, manual: 300 };

/** The newest entry of each field over sets in the order of time: {value, at, source, alarm, unlikely, absent}. */
export function newest(sets) {
  const found = {};
  for (const set of sets) for (const field of FIELDS) {
    const value = set[field];
    if (value !== undefined && value !== null) {
      found[field] = { value, at: set.at, source: set.source, alarm: set.alarms?.[field] ?? null, unlikely: Boolean(set.unlikely?.includes(field)), absent: null };
    } else if (set.absent?.[field]) found[field] = { value: null, at: set.at, source: set.source, alarm: null, absent: set.absent[field] };
  }
  return found;
}

const RANK = { high: 3, medium: 2, low: 1 };

/** One sign as it stands: text, time, alarm; `stale` when older than twice what is expected of its source. */
export function stand(sign, found) {
  const parts = sign.fields.map((field) => found[field]).filter(Boolean);
  if (!parts.length) return { text: "—", at: null, alarm: null, stale: false, why: t("not measured yet") };
  const [first] = parts;
  const shown = (entry) => (entry?.value === null || entry?.value === undefined ? "—" : entry.value.toFixed(sign.decimals ?? 0));
  const text = sign.id === "bp" ? `${shown(found.sbp)}/${shown(found.dbp)}` : shown(first);
  const alarm = parts.map((entry) => entry.alarm).sort((a, b) => (RANK[b] ?? 0) - (RANK[a] ?? 0))[0] ?? null;
  const seconds = (now() - Date.parse(first.at)) / 1000;
  return { text, at: first.at, alarm, absent: first.absent, unlikely: parts.some((entry) => entry.unlikely), stale: seconds > 2 * (EXPECTED_S[first.source] ?? EXPECTED_S.manual) };
}

/** The word beside the shape: which way it is wrong. */
export function direction(sign, found) {
  const value = found[sign.fields[0]]?.value;
  if (value === null || value === undefined) return "";
  if (value < sign.low) return sign.id === "hr" || sign.id === "rr" ? t("slow") : t("low");
  if (value > sign.high) return sign.id === "hr" || sign.id === "rr" ? t("fast") : t("high");
  return "";
}

/** The curve of a sign: its values over the sets, a refusal as a gap. */
export function curve(sign, sets, most = 40) {
  const [field] = sign.fields;
  return sets.filter((set) => (set[field] ?? null) !== null || set.absent?.[field]).map((set) => set[field] ?? null).slice(-most);
}

/** NEWS2 of the newest value of each sign; an event may carry one sign only, the score needs all of them. */
export function newsOf(found, age) {
  if (age !== null && age !== undefined && age < 16) return null;
  const names = describe("news2").inputs.map(({ name }) => name).filter((name) => found[name]);
  if (!names.length) return null;
  return evaluate("news2", { ...Object.fromEntries(names.map((name) => [name, found[name].absent ?? found[name].value])), scale: 1 });
}

/** NEWS2 as words: number, risk, what drove it; or what is missing. */
export function newsWords(news2) {
  if (!news2) return null;
  const missing = news2.missing ?? news2.incomplete;
  if (Array.isArray(missing)) return { text: t("NEWS2 incomplete"), alarm: "low", detail: t("missing: {list}", { list: missing.map((field) => NAMES[field] ?? field).join(t(", ")) }), total: null };
  if (news2.total === undefined) return { text: t("NEWS2 incomplete"), alarm: "low", detail: "", total: null };
  const [alarm, risk] = RISK[news2.risk] ?? ["", news2.risk];
  const drove = Object.entries(news2.parts ?? {}).filter(([, points]) => points > 0).sort((a, b) => b[1] - a[1]);
  return { text: `NEWS2 ${news2.total}`, total: news2.total, alarm, risk, detail: drove.map(([field, points]) => `${NAMES[field] ?? field} +${points}`).join(" · ") };
}

/** The score of one set of values with its parts, for the printed table; null where it is no adult's. */
export function scoreOf(set, age) {
  if (age !== null && age !== undefined && age < 16) return null;
  const given = Object.fromEntries(describe("news2").inputs.map(({ name }) => [name, set[name]]).filter(([, value]) => value !== undefined && value !== null));
  return evaluate("news2", { ...given, ...(set.absent ?? {}), scale: 1 });
}
