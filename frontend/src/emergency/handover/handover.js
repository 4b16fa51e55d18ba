// The handover on two A4 pages: what a doctor needs at a glance, and the ECG in true millimetres.
import { html, nothing, render } from "lit-html";
import { get, request } from "../../web/api.js";
import { clock } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { subscribe } from "../../web/live.js";
import { fromFrames } from "../ecg/recording.js";
import { decodeAll } from "../frame.js";
import { clear, failed } from "../hospital/page.js";
import { pic } from "../hospital/pictures.js";
import { patientWords } from "../hospital/words.js";
import { first } from "./first.js";
import { second } from "./second.js";

const { case: id } = document.body.dataset;
const api = `/api/emergency/cases/${encodeURIComponent(id)}`;
const place = (name) => document.getElementById(name);
const held = { state: null, problem: null, recordings: new Map(), file: null };

async function load() {
  try {
    held.state = await get(api);
    held.problem = null;
    await Promise.all([fingerprint(), ...held.state.ecgs.map((ecg) => samples(ecg))]);
  } catch (problem) {
    held.problem = problem;
  }
  draw();
}

async function samples(ecg) {
  if (held.recordings.has(ecg.signal)) return;
  try {
    const answer = await request("GET", `${api}/ecg/${ecg.signal}/frames?from=0&to=11`, undefined, { raw: true });
    held.recordings.set(ecg.signal, fromFrames(decodeAll(new Uint8Array(await answer.arrayBuffer()))));
  } catch {
    held.recordings.delete(ecg.signal); // the sheet says that its frames are not here
  }
}

// The fingerprint of the signed document, so that the paper names the version that it shows.
async function fingerprint() {
  const document_ = held.state.handover?.document;
  if (!document_ || held.file?.of === document_ || !crypto.subtle) return;
  try {
    const answer = await request("GET", `${api}/document`, undefined, { raw: true });
    const bytes = await crypto.subtle.digest("SHA-256", await answer.arrayBuffer());
    const hex = [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    held.file = { of: document_, sha: `${hex.slice(0, 4)} ${hex.slice(4, 8)} … ${hex.slice(-4)}` };
  } catch {
    held.file = null; // the sheet stands without a fingerprint
  }
}

function draw() {
  if (!held.state) {
    if (held.problem) render(failed(held.problem, load), place("sheets"));
    return;
  }
  const { state } = held;
  document.title = `${t("Handover")} · ${patientWords(state.patient)}`;
  const pages = 1 + Math.max(1, state.ecgs.length);
  render(bar(state), place("bar"));
  render(html`${first(state, { pages, sha: held.file?.sha })}${(state.ecgs.length ? state.ecgs : [null]).map((ecg, i) =>
    second(state, ecg, { page: i + 2, pages, recording: ecg && held.recordings.get(ecg.signal), sha: held.file?.sha }))}`, place("sheets"));
  place("sheets").removeAttribute("aria-busy");
}

function bar(state) {
  const { crew = null, hospital = null, document: file = null } = state.handover ?? {};
  const last = [crew?.at, hospital?.at].filter(Boolean).sort().at(-1);
  const words = crew && hospital ? t("signed by both · {time}", { time: clock(last, "seconds") }) : crew ? t("signed by the crew, not by the hospital yet") : hospital ? t("signed by the hospital, not by the crew yet") : t("not signed yet");
  return html`<h1><span>${t("Handover")} · ${patientWords(state.patient)}</span> <small>${words}</small></h1>
    <span class="acts">${file ? html`<a class="btn" href="${api}/document" download="handover-${state.number}.json">${pic("download")}<span>${t("FHIR document")}</span></a>` : nothing}
    <button class="btn go" @click=${() => print()}>${pic("print")}<span>${t("Print")}</span></button></span>`;
}

// Paper is always light, whatever the page's theme is.
let theme = null;
addEventListener("beforeprint", () => { theme = document.documentElement.dataset.theme; document.documentElement.dataset.theme = "light"; });
addEventListener("afterprint", () => { if (theme) document.documentElement.dataset.theme = theme; });

clear(place("sheets"), place("bar"));
let due = 0;
subscribe([`case/${id}`], ({ kind }) => { if (kind === "case") due ||= setTimeout(() => { due = 0; load(); }, 300); }, { onSync: ({ reset }) => reset && load() });
load();
