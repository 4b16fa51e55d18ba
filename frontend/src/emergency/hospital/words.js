// The words of the hospital's pages: who, where, how ill, which team, which time.
import { lang, t } from "../../web/i18n.js";
import { age } from "../../web/clock.js";

const zh = lang.startsWith("zh");

/** The reader's language of a text that comes in both. */
export const said = (text) => (text === null || text === undefined ? "" : typeof text === "string" ? text : text[zh ? "zh" : "en"] ?? text.zh ?? text.en ?? "");

const SEX = { male: t("M"), female: t("F") };

/** "F 81", "M 45", "sex unknown". */
export function sexAge({ sex, age: years }) {
  const shown = years === null || years === undefined ? "" : String(Math.floor(years));
  return [SEX[sex] ?? (shown ? "" : t("sex unknown")), shown].filter(Boolean).join(" ");
}

/** A patient in a few words: "F 81 · Zhou Xiulan". */
export const patientWords = (patient) => [sexAge(patient), patient.unknown || !patient.name ? t("Unknown person") : patient.name].filter(Boolean).join(" · ");

export const LEVEL = (level) => t("Level {numeral}", { numeral: ["–", "I", "II", "III", "IV"][level ?? 0] ?? "–" });

export const PATHWAY = {
  stemi: t("ST-elevation infarction"), chest_pain: t("Chest pain"), stroke: t("Stroke"), trauma: t("Trauma"), paediatric: t("Child"), burns: t("Burns"),
  arrest: t("Cardiac arrest"), obstetric: t("Obstetrics"), poisoning: t("Poisoning"), psychiatric: t("Psychiatry"), other: t("Other"),
};

export const RISK = { high: ["high", t("High risk")], medium: ["medium", t("Medium risk")], "low-medium": ["medium", t("Low–medium risk")], low: ["", t("Low risk")] };

export const STATUS = { called: t("called"), coming: t("coming"), here: t("here") };

export const SOURCE = { manual: "", device: t("monitor"), geofence: t("GPS, automatic"), system: t("system"), import: t("imported") };

export const POINT = {
  arrive_door: t("At the hospital"), cathlab_called: t("Cath lab called"), cathlab_ready: t("Cath lab ready"), consent_start: t("Consent talk begun"),
  consent_signed: t("Consent signed"), blood_drawn: t("Blood drawn"), troponin_reported: t("Troponin reported"), arrive_cathlab: t("In the cath lab"),
  puncture: t("Puncture"), angio_start: t("Angiography begun"), wire_cross: t("Wire crossed"), lysis_start: t("Lysis begun"), lysis_end: t("Lysis ended"),
  ct_start: t("CT begun"), groin_puncture: t("Groin puncture"), recanalised: t("Recanalised"), team_ready: t("Team ready"), chest_xray: t("Chest X-ray"),
  pelvis_xray: t("Pelvis X-ray"), fast_scan: t("FAST scan"), transfusion_start: t("Transfusion begun"), airway: t("Airway secured"),
  surgery_start: t("Surgery begun"), leave_ed: t("Left the ED"),
};

const ED = ["arrive_door", "blood_drawn"];

/** The time points that a hospital takes in each pathway, in their usual order. */
export const POINTS_OF = {
  stemi: ["cathlab_called", "cathlab_ready", "consent_start", "consent_signed", "arrive_door", "blood_drawn", "troponin_reported", "arrive_cathlab", "puncture", "angio_start", "wire_cross", "lysis_start", "leave_ed"],
  chest_pain: [...ED, "troponin_reported", "cathlab_called", "arrive_cathlab", "leave_ed"],
  stroke: ["team_ready", ...ED, "ct_start", "consent_signed", "lysis_start", "lysis_end", "groin_puncture", "recanalised", "leave_ed"],
  trauma: ["team_ready", "arrive_door", "airway", "fast_scan", "chest_xray", "pelvis_xray", "blood_drawn", "transfusion_start", "surgery_start", "leave_ed"],
  burns: ["team_ready", "arrive_door", "airway", "blood_drawn", "leave_ed"],
  arrest: ["team_ready", "arrive_door", "airway", "blood_drawn", "cathlab_called", "leave_ed"],
  obstetric: ["team_ready", ...ED, "surgery_start", "leave_ed"],
  paediatric: ["team_ready", "arrive_door", "airway", "blood_drawn", "leave_ed"],
  other: [...ED, "ct_start", "leave_ed"],
};

const RULES = { gcs: "GCS", qsofa: "qSOFA", heart: "HEART", killip: "Killip", lams: "LAMS", race: "RACE", fast_ed: "FAST-ED", rts: "RTS", pts: "PTS", pgcs: "pGCS", pews_brighton: "PEWS", mews: "MEWS", rosier: "ROSIER", nihss: "NIHSS", news2: "NEWS2", shock_index: t("Shock index"), stemi_ecg: t("ECG limits"), reperfusion: t("Reperfusion") };
export const ruleName = (rule) => RULES[rule] ?? rule.replaceAll("_", " ").toUpperCase();

/** What a rule found, in a word or a number; what is missing where it is incomplete. */
export function ruleResult(result) {
  if (result.missing?.length || result.incomplete) return { text: t("incomplete"), incomplete: true };
  const value = result.total ?? result.value ?? result.score ?? result.index ?? result.class ?? result.level ?? result.choice;
  if (value !== undefined && value !== null) return { text: String(value) };
  if (typeof result.meets === "boolean") return { text: result.meets ? t("limit reached") : t("limit not reached") };
  return { text: result.risk ?? result.positive?.toString() ?? "—" };
}

export const ago = (iso) => age(iso).text;

/** How a medicine was given. */
export const ROUTE = {
  oral: t("by mouth"), chewed: t("chewed"), sublingual: t("under the tongue"), iv: t("intravenous"), io: t("intraosseous"), im: t("into the muscle"),
  sc: t("under the skin"), inhaled: t("inhaled"), nasal: t("into the nose"), rectal: t("rectal"), buccal: t("into the cheek"), other: "",
};

/** Why a number is absent: refused, not measurable. */
export const ABSENT = { refused: t("refused"), "not-measurable": t("not measurable") };
