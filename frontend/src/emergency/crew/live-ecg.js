// Brings live frames and kept recordings onto the ECG paper, which is loaded when it is first needed.
import { t } from "../../web/i18n.js";
import { decode, decodeAll, fromBase64 } from "../frame.js";

let loading = null;
const tools = () => (loading ??= Promise.all([import("../ecg/paper.js"), import("../ecg/recording.js")]));

function make(attributes) {
  const paper = document.createElement("ecg-paper");
  for (const [name, value] of Object.entries(attributes)) paper.setAttribute(name, value);
  return paper;
}

async function ready(app) {
  await tools();
  app.frames.paper ??= make({ "aria-label-base": t("12-lead ECG, 25 mm/s, 10 mm/mV") });
  app.frames.strip ??= make({ layout: "strip", leads: "II", unnamed: "", "aria-label-base": t("Live ECG") });
  return app.frames;
}

/** A frame of this case came over the live line: base64 of the binary frame. */
export async function takeFrame(app, data) {
  if (!data.frame) return;
  const { frame } = decode(fromBase64(data.frame));
  const frames = await ready(app);
  const first = !frames.heard;
  frames.heard = Date.now();
  frames.paper.push(frame);
  frames.strip.push(frame);
  if (first) app.draw();
}

/** What the paper shows: the live signal, or one recording of this case. */
export async function showEcg(app, shown) {
  if (app.frames.shown === shown) return;
  app.frames.shown = shown;
  app.frames.readings = null;
  if (shown === "live") { if (app.frames.heard) app.frames.paper.thaw(); return; }
  const entry = app.view.ecgs.find((each) => each.id === shown);
  if (!entry || entry.pending) { app.frames.shown = null; return; }
  try {
    const [bytes, about, [, { fromFrames }]] = await Promise.all([app.server.frames(app.caseId, shown), app.server.ecg(app.caseId, shown), tools()]);
    const frames = await ready(app);
    frames.paper.show(fromFrames(decodeAll(bytes)));
    frames.paper.marks = marksOf(about);
    frames.readings = readings(about);
  } catch (error) {
    app.frames.shown = null;
    app.tell(error.message, "problem");
  }
  app.draw();
}

/** Leads that meet their limit, with the level that was measured. */
export function marksOf({ measured }) {
  if (!measured) return {};
  const level = (lead) => `ST ${measured.st_uv[lead] >= 0 ? "+" : "−"}${(Math.abs(measured.st_uv[lead]) / 1000).toFixed(2)} mV`;
  return Object.fromEntries(measured.meets.map((lead) => [lead, { level: "high", caption: level(lead) }]));
}

function readings({ measured, reading, demonstration, device }) {
  const rows = [];
  if (demonstration) rows.push({ name: t("Signal"), words: t("demonstration signal") });
  if (device) rows.push({ name: t("Device"), words: device });
  if (measured?.meets.length) rows.push({ name: t("Limits"), words: t("ST limit reached in {leads} (unverified rule, a physician reads)", { leads: measured.meets.join(", ") }) });
  if (measured?.missing.length) rows.push({ name: t("No signal"), words: measured.missing.join(", ") });
  if (measured?.saturated.length) rows.push({ name: t("Saturated"), words: measured.saturated.join(", ") });
  if (reading) rows.push({ name: reading.by, words: reading.text });
  return rows;
}
