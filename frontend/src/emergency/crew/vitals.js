// The vital signs that the crew takes: names, units, steps, limits, alarms, and the score as they type.
import { t } from "../../web/i18n.js";
import { describe, evaluate } from "../rules.js";

const inputs = Object.fromEntries(describe("news2").inputs.map((input) => [input.name, input]));

// What the NEWS2 table does not hold keeps the limits of banyan.apps.emergency.vitals.
const OWN = { dbp: { low: 0, high: 250 }, glucose: { low: 0, high: 100 }, pain: { low: 0, high: 10 } };

/** Numbers in the order in which they are taken. `start`: where the stepper begins when nothing was measured. */
export const NUMBERS = [
  { id: "rr", label: t("Respiration"), short: t("RR"), unit: "/min", step: 1, start: 18, decimals: 0, low: 12, high: 20 },
  { id: "spo2", label: t("SpO₂"), short: t("SpO₂"), unit: "%", step: 1, start: 96, decimals: 0, low: 96, high: 100 },
  { id: "sbp", label: t("Systolic"), short: t("SBP"), unit: "mmHg", step: 2, start: 120, decimals: 0, low: 111, high: 140 },
  { id: "dbp", label: t("Diastolic"), short: t("DBP"), unit: "mmHg", step: 2, start: 80, decimals: 0, low: 60, high: 90 },
  { id: "hr", label: t("Heart rate"), short: t("HR"), unit: "/min", step: 1, start: 80, decimals: 0, low: 51, high: 90 },
  { id: "temp", label: t("Temperature"), short: t("Temp"), unit: "℃", step: 0.1, start: 36.5, decimals: 1, low: 36.1, high: 38 },
  { id: "glucose", label: t("Glucose"), short: t("Glucose"), unit: "mmol/L", step: 0.1, start: 6, decimals: 1, low: 3.9, high: 11.1 },
  { id: "pain", label: t("Pain (0–10)"), short: t("Pain"), unit: "/10", step: 1, start: 5, decimals: 0, low: 0, high: 3 },
];
export const fieldOf = (id) => NUMBERS.find((field) => field.id === id);

export const NAMES = {
  ...Object.fromEntries(NUMBERS.map((field) => [field.id, field.short])),
  o2: t("Oxygen"), consciousness: t("Consciousness"), bp: t("BP"),
};

export const CONSCIOUSNESS = [
  ["A", t("alert")], ["C", t("confused")], ["V", t("voice")], ["P", t("pain")], ["U", t("none")],
];
export const ABSENT = { refused: t("refused"), "not-measurable": t("not measurable") };

/** What a value may be at all: [low, high]. Outside, the page does not take it and says why. */
export function limitsOf(id) {
  const { low, high } = inputs[id] ?? OWN[id];
  return [low, high];
}

/** Whether a value is likely a slip of a digit or a unit: taken, but shown to be looked at again. */
export function unlikely(id, value) {
  const { soft_low: low, soft_high: high } = inputs[id] ?? {};
  return (low !== undefined && value < low) || (high !== undefined && value > high);
}

export const show = (id, value) => (value === null || value === undefined ? "—" : value.toFixed(fieldOf(id)?.decimals ?? 0));

const PRIORITY = { 3: "hi", 2: "me", 1: "lo" };

/** "hi", "me", "lo" or "": the alarm priority of one value, by its NEWS2 points. */
export function priority(id, value) {
  if (id === "consciousness") return value && value !== "A" ? "hi" : "";
  const bands = inputs[id]?.bands ?? (id === "spo2" ? describe("news2").tables.scale_1 : null);
  if (!bands || value === null || value === undefined) return own(id, value);
  const band = bands.find(([low, high]) => (low === null || value >= low) && (high === null || value <= high));
  return PRIORITY[band?.[2]] ?? "";
}

function own(id, value) {
  if (id !== "glucose" || value === null || value === undefined) return "";
  return value <= 3 || value >= 30 ? "hi" : value <= 3.9 || value >= 20 ? "me" : "";
}

/** The word beside the shape: which way it is wrong. */
export function direction(id, value) {
  const field = fieldOf(id);
  if (!field || value === null || value === undefined || !priority(id, value)) return "";
  if (value < field.low) return id === "rr" || id === "hr" ? t("slow") : t("low");
  return id === "rr" || id === "hr" ? t("fast") : t("high");
}

/** NEWS2 of one set of values; age decides whether it may be used at all. */
export function news2(values, { age } = {}) {
  const { absent = {}, dbp: _dbp, glucose: _glucose, pain: _pain, ...given } = values;
  return evaluate("news2", { scale: 1, ...given, ...absent, ...(age === undefined || age === null ? {} : { age }) });
}

export const RISK = {
  high: ["hi", t("High")], medium: ["me", t("Medium")], "low-medium": ["me", t("Low–medium")], low: ["lo", t("Low")],
};

/** The values newest per vital over all sets: {hr: {value, at, source, pending}}; `absent` reasons count as newest too. */
export function newest(sets) {
  const found = {};
  for (const set of sets) {
    for (const id of [...NUMBERS.map((field) => field.id), "o2", "consciousness"]) {
      if (set[id] !== undefined && set[id] !== null) found[id] = { value: set[id], at: set.at, source: set.source, pending: set.pending };
      else if (set.absent?.[id]) found[id] = { value: null, absent: set.absent[id], at: set.at, source: set.source, pending: set.pending };
    }
  }
  return found;
}

/** One vital over time, newest last: [{at, value}]; a refusal is a gap. */
export const seriesOf = (sets, id) => sets.filter((set) => set[id] !== undefined || set.absent?.[id]).map((set) => ({ at: set.at, value: set[id] ?? null, absent: set.absent?.[id] }));
