// The incoming board: who comes, how ill, when, are we ready. Vital signs and ECG draw from the events themselves.
import { html, nothing, render } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { post } from "../../web/api.js";
import { now } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { subscribe } from "../../web/live.js";
import { say } from "../../web/ui.js";
import { Acts } from "./acts.js";
import { EcgLines } from "./ecg-lines.js";
import { arrived, isLoud, isSilent, SECOND_LINE_S, waitedOf, withVitals } from "./incoming-state.js";
import { row } from "./incoming-row.js";
import { clear, drawer, failed, liveLine, loading, offlineBar, partial } from "./page.js";
import { pic, shape } from "./pictures.js";
import { ready } from "./ready.js";
import { burst, soundState, toggleSound } from "./sound.js";
import { Truth } from "./truth.js";
import { patientWords, said } from "./words.js";

const place = (id) => document.getElementById(id);
const { hospital } = document.body.dataset;
const treats = "treats" in document.body.dataset;
const api = "/api/emergency";

const draw = drawer(view);
const line = liveLine(draw);
const truth = new Truth(`${api}/hospitals/${encodeURIComponent(hospital)}/incoming`, draw);
truth.arrived = arrived;
const stock = new Truth(`${api}/hospitals/${encodeURIComponent(hospital)}/resources`, draw);
const acts = new Acts(draw, () => truth.load());
const ecgs = new EcgLines(() => draw());
const rung = new Map(); // case → how often it has sounded

function follow() {
  const both = () => Promise.all([truth.load(), stock.load()]);
  subscribe([`hospital/${hospital}`, "resources"], heard, { onSync: both });
  both();
  setInterval(() => document.visibilityState === "visible" && truth.soon(), 30_000);
}

function heard({ kind, data }) {
  if (kind === "vitals") {
    if (withVitals(truth.state, data)) draw();
    else truth.soon();
  } else if (kind === "eta") {
    const found = truth.state?.cases.find((each) => each.case === data.case);
    if (found) Object.assign(found, { eta_s: data.eta_s, eta_at: data.eta_at, straight: data.straight });
    draw();
  } else if (kind === "resources" || kind === "hospital") stock.soon();
  else truth.soon();
}

/** Somebody takes the patient: the button turns into the name. */
const take = (each) => acts.run(`take/${each.case}`, {
  send: () => post(`${api}/cases/${each.case}/acknowledge`),
  overlay: (state) => {
    const found = state.cases.find((one) => one.case === each.case);
    if (found) found.acknowledged = { by: t("You"), at: new Date(now()).toISOString(), pending: true };
  },
});

// A new critical patient sounds once, and once more when nobody has taken it after two minutes.
function ring(cases) {
  for (const each of cases.filter((one) => isLoud(one))) {
    const due = waitedOf(each) >= SECOND_LINE_S ? 2 : 1;
    if ((rung.get(each.case) ?? 0) >= due) continue;
    if (rung.get(each.case) === undefined) say(t("New critical patient: {who}, {what}", { who: patientWords(each), what: said(each.complaint_text) }), { alarm: true });
    if (burst()) rung.set(each.case, due);
    else if (rung.get(each.case) === undefined) rung.set(each.case, 0);
  }
  for (const known of rung.keys()) if (!cases.some((each) => each.case === known && isLoud(each))) rung.delete(known);
}

function view() {
  const state = acts.over(truth.state);
  const cases = state?.cases ?? [];
  ring(cases);
  ecgs.want(cases.filter((each) => each.ecg?.signal));
  render(summary(cases), place("sum"));
  render(soundButton(), place("sound"));
  render(body(state, cases), place("list"));
  place("list").removeAttribute("aria-busy");
  render(ready(stock), place("ready"));
  ecgs.fill(place("list"));
}

function soundButton() {
  const state = soundState();
  const words = { on: t("Sound is on: tap to mute"), off: t("Muted: tap for sound"), blocked: t("Sound on: tap once") }[state];
  return html`<button class="ico soundsw ${state}" @click=${() => toggleSound(draw)} aria-pressed=${String(state === "on")} title=${words} aria-label=${words}>
    ${pic(state === "on" ? "sound" : "muted")}${state === "on" ? nothing : html`<b>${state === "off" ? t("Muted") : t("Sound on")}</b>`}</button>`;
}

function summary(cases) {
  const waiting = cases.filter((each) => !each.acknowledged).length;
  const loud = cases.some((each) => isLoud(each));
  const silent = cases.filter((each) => isSilent(each)).length;
  return html`<span><b>${cases.length}</b> <span>${t("on the way")}</span></span>
    ${waiting ? html`<span class=${loud ? "hi" : "me-c"}>${shape(loud ? "high" : "medium")}<b>${waiting}</b> <span>${t("to acknowledge")}</span></span>` : nothing}
    ${silent ? html`<span class="lo">${shape("low")}<b>${silent}</b> <span>${t("silent")}</span></span>` : nothing}`;
}

function body(state, cases) {
  if (!state) return truth.problem ? failed(truth.problem, () => truth.load()) : loading;
  return html`${offlineBar(line)}${partial(truth.problem, () => truth.load())}
    ${cases.length ? html`<ol class="rows2">${repeat(cases, (each) => each.case, (each) => row(each, { treats, take, waits: acts.waits(`take/${each.case}`), ecg: ecgs.of(each) }))}</ol>` : nobody()}`;
}

const nobody = () => html`<section class="void wide">${pic("ambulance", "l")}<h2>${t("Nobody is on the way")}</h2>
  <p class="two">${t("A patient appears here as soon as a crew announces it to this hospital: who, how ill, when, with vital signs and ECG. A critical one sounds, if the sound is on.")}</p></section>`;

clear(place("list"));
follow();
