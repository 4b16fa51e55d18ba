// The words of the desk: units' states, levels, ages, what a person is called.
import { lang, t } from "../../web/i18n.js";

/** The reader's language of a text that comes in both. */
export const said = (text) =>
  (text === null || text === undefined ? "" : typeof text === "string" ? text : text[lang.startsWith("zh") ? "zh" : "en"] ?? text.zh ?? text.en ?? "");

export const LEVELS = ["", "I", "II", "III", "IV"];

/** Units by what they do, in the order of the strip; a silent unit stands apart whatever its state. */
export const GROUPS = [
  { id: "free", name: t("Free"), states: ["available", "leaving", "returning"] },
  { id: "go", name: t("Sent · to scene"), states: ["dispatched", "en_route"] },
  { id: "at", name: t("On scene"), states: ["at_scene", "with_patient"] },
  { id: "load", name: t("To hospital"), states: ["to_hospital", "stopover"] },
  { id: "in", name: t("At hospital"), states: ["at_hospital", "handed_over"] },
  { id: "silent", name: t("Silent"), states: [] },
  { id: "off", name: t("Off duty"), states: ["off_duty", "out_of_service"] },
];

export const groupOf = (unit) => (unit.silent ? "silent" : GROUPS.find((group) => group.states.includes(unit.state))?.id ?? "off");

export const STATE = {
  available: t("free"), leaving: t("leaving the hospital"), returning: t("returning to base"), dispatched: t("order sent"), en_route: t("to scene"),
  at_scene: t("on scene"), with_patient: t("with the patient"), to_hospital: t("to hospital"), stopover: t("stopover"),
  at_hospital: t("at hospital"), handed_over: t("handed over"), off_duty: t("off duty"), out_of_service: t("out of service"),
};

export const KIND = { ALS: t("ALS"), BLS: t("BLS") };

export const SEX = { male: t("M"), female: t("F") };

/** "F 81", "M", "" */
export const who = ({ sex, age } = {}) => [SEX[sex], age === null || age === undefined ? "" : age < 2 && age % 1 ? t("{n} months", { n: Math.round(age * 12) }) : Math.floor(age)].filter((part) => part !== undefined && part !== "").join(" ");

export const POINT = {
  call: t("Call"), answered: t("Answered"), dispatch: t("Sent"), depart_base: t("Departed"), arrive_scene: t("On scene"),
  fmc: t("First contact"), ecg_done: t("First ECG"), ecg_sent: t("ECG sent"), ecg_read: t("ECG read"), notice: t("Hospital told"),
  notice_ack: t("Hospital confirmed"), depart_scene: t("Left scene"), arrive_door: t("At hospital"), handover: t("Handed over"),
};

export const TASK = {
  requested: t("waiting for the crew's answer"), accepted: t("accepted"), "in-progress": t("under way"), completed: t("done"),
  rejected: t("refused"), cancelled: t("recalled"),
};

export const OUTCOME = {
  "no-transport": t("No transport"), cancelled: t("Caller cancelled"), hoax: t("Hoax"), duplicate: t("Duplicate"), done: t("Done"),
};

/** The unit's number as people say it. */
export const unitName = (number) => t("Unit {n}", { n: number });

/** A phone number that a passer-by cannot read off the screen. */
export const masked = (phone) => (phone && phone.length > 7 ? `${phone.slice(0, 3)} **** ${phone.slice(-4)}` : phone ?? "");

/** Minutes to say, never 0: "6", or "—" when unknown. */
export const minutes = (seconds) => (seconds === null || seconds === undefined ? "—" : String(Math.max(1, Math.round(seconds / 60))));

export const km = (metres) => (metres ? `${(metres / 1000).toFixed(1)} km` : "");
