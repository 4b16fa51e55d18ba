// The words of steps, times, rules and pathways, so that every view says them alike.
import { t } from "../../web/i18n.js";

/** Each step: what the button says, what the record says afterwards, the button's picture. */
export const STEP = {
  accept: [t("Accept"), t("Accepted"), "check"],
  depart: [t("Depart"), t("Departed"), "ambulance"],
  "at-scene": [t("Arrived at scene"), t("At scene"), "flag"],
  "with-patient": [t("With patient"), t("With the patient"), "user"],
  leave: [t("Leave for hospital"), t("Left the scene"), "ambulance"],
  arrived: [t("Arrived at hospital"), t("At the hospital"), "hospital"],
  handover: [t("Hand over"), t("Handed over"), "handover"],
  back: [t("Ready for the next call"), t("Ready again"), "check"],
};

export const POINT = {
  onset: t("Onset"), last_known_well: t("Last known well"), call: t("Call"), answered: t("Answered"), dispatch: t("Dispatched"),
  depart_base: t("Departed"), arrive_scene: t("At scene"), fmc: t("First medical contact"), ecg_done: t("First ECG"),
  ecg_sent: t("ECG sent"), ecg_read: t("ECG read"), notice: t("Notice to the hospital"), notice_ack: t("Hospital confirmed"),
  depart_scene: t("Left the scene"), arrive_door: t("At the hospital"), handover: t("Handover"), back_in_service: t("Ready again"),
  wire_cross: t("Wire crossed"), puncture: t("Puncture"), lysis_start: t("Lysis begun"), ct_start: t("CT begun"),
  cathlab_called: t("Cath lab called"), cathlab_ready: t("Cath lab ready"), blood_drawn: t("Blood drawn"),
};

export const PATHWAY = {
  stemi: t("STEMI"), chest_pain: t("Chest pain"), stroke: t("Stroke"), trauma: t("Trauma"), paediatric: t("Child"), arrest: t("Arrest"),
  burns: t("Burns"), obstetric: t("Obstetric"), poisoning: t("Poisoning"), psychiatric: t("Psychiatric"), other: t("Other"),
};

export const SOURCE = { manual: t("by hand"), device: t("monitor"), geofence: "GPS", system: t("system") };

export const SEX = { male: t("M"), female: t("F"), unknown: t("sex unknown"), other: t("sex unknown") };

/** "F 81", "M about 60", "sex unknown". */
export function who(patient) {
  const sex = SEX[patient.sex] ?? "";
  const age = patient.age ?? null;
  const years = age === null ? "" : patient.ageAbout ? t("about {age}", { age }) : String(age);
  return [sex, years].filter(Boolean).join(" ") || t("Patient");
}

/** The size of what waits, as people read it. */
export const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
