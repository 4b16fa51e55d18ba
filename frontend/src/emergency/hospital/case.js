// One case in the hospital: the story, vital signs and ECG live, what to prepare, the crew, the handover.
import { html, render } from "lit-html";
import { post } from "../../web/api.js";
import { now } from "../../web/clock.js";
import { keepForms } from "../../web/forms.js";
import { t } from "../../web/i18n.js";
import { subscribe } from "../../web/live.js";
import { say } from "../../web/ui.js";
import { Acts } from "./acts.js";
import { alarmBars } from "./case-alarms.js";
import { EcgPanel } from "./case-ecg.js";
import { head } from "./case-head.js";
import { fromCrew, historyCard } from "./case-history.js";
import { preparation } from "./case-prepare.js";
import { story } from "./case-story.js";
import { talk } from "./case-talk.js";
import { strip } from "./case-vitals.js";
import { clear, drawer, failed, liveLine, loading, offlineBar, partial } from "./page.js";
import { Truth } from "./truth.js";
import { newest, newsOf } from "./vitals.js";
import { patientWords } from "./words.js";

const { case: id, hospital } = document.body.dataset;
const place = (name) => document.getElementById(name);
const api = `/api/emergency/cases/${encodeURIComponent(id)}`;

const draw = drawer(view);
const truth = new Truth(api, draw);
const acts = new Acts(draw, (answer) => (answer?.timeline ? truth.take(answer) : truth.load()));

/** What the parts of the page need: the case, who looks, the acts. */
const page = {
  id, hospital, api, acts, draw, truth, line: liveLine(draw),
  treats: "treats" in document.body.dataset, reads: "reads" in document.body.dataset,
  moved: [], // what changed under the reader's eyes: identity, destination
  send: (path, body) => post(`${api}/${path}`, body),
};
page.ecg = new EcgPanel(page);

async function follow() {
  await truth.load();
  if ([403, 404].includes(truth.problem?.status)) return; // nothing to follow
  subscribe([`case/${id}`], heard, { onSync: () => truth.load() });
  subscribe([`ecg/${id}`], ({ kind, data }) => kind === "ecg.frame" && page.ecg.push(data));
  setInterval(() => document.visibilityState === "visible" && truth.soon(), 60_000);
}

function heard({ kind, data }) {
  const state = truth.state;
  if (kind === "vitals" && state) {
    if (!state.vitals.some((set) => set.id === data.id)) state.vitals.push({ absent: {}, alarms: {}, unlikely: [], ...data });
    state.vitals.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
    state.news2 = newsOf(newest(state.vitals), state.patient.age);
    draw();
  } else if (kind === "eta" && state?.destination) {
    Object.assign(state.destination, { eta_s: data.eta_s, eta_at: data.eta_at, straight: data.straight });
    draw();
  } else if (kind === "message" && state) {
    if (!state.messages.some((each) => each.id === data.id)) state.messages.push({ read_at: null, ...data });
    draw();
    truth.soon();
  } else truth.soon();
}

// What moves under a reader's eyes is said: who the patient is, where they go.
truth.arrived = (answer) => {
  const before = truth.state;
  if (before && (before.patient.id !== answer.patient.id || before.patient.name !== answer.patient.name)) {
    noteMove("identity", t("The patient is now known as {new} (before: {old}).", { new: patientWords(answer.patient), old: patientWords(before.patient) }));
  }
  answer.messages.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return answer;
};

function noteMove(kind, words) {
  page.moved = [...page.moved.filter((each) => each.kind !== kind), { kind, words, at: now() }];
  say(words, { alarm: true });
}

function view() {
  const state = acts.over(truth.state);
  page.state = state;
  if (!state) {
    render(truth.problem ? failed(truth.problem, () => truth.load()) : loading, place("case"));
    return;
  }
  document.title = `${patientWords(state.patient)} · ${t("Case")} ${state.number}`;
  render(head(page, state), place("head"));
  render(html`${offlineBar(page.line)}${partial(truth.problem, () => truth.load())}${alarmBars(page, state)}
    <div class="grid3"><div class="left">${story(state)}</div>
    <div class="mid">${strip(state)}${page.ecg.card(state)}<div class="low2">${historyCard(state)}${talk(page, state)}</div>${fromCrew(state)}</div>
    <div class="right">${preparation(page, state)}</div></div>`, place("case"));
  place("case").removeAttribute("aria-busy");
  page.ecg.attach(place("case"), state);
  keepForms(place("case"));
}

clear(place("case"));
follow();
