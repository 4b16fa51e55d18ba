// The review of one case: one moment, chosen on the time line, shown in signals, on the map and in what was said.
import { html, nothing, render } from "lit-html";
import { get } from "../../web/api.js";
import { clock, span } from "../../web/clock.js";
import { icon } from "../../web/icons.js";
import { t } from "../../web/i18n.js";
import { subscribe } from "../../web/live.js";
import { shortcuts } from "../../web/shell.js";
import { toast } from "../../web/ui.js";
import { level, mark, tri } from "../desk/parts.js";
import { said, unitName, who } from "../desk/words.js";
import { Ecgs } from "./ecg.js";
import { messages, pointsTable, targets } from "./panes.js";
import { csvOf, linesOf, pointsOf, spanOf } from "./story.js";
import { scale, timeline } from "./timeline.js";
import { Track } from "./track.js";

const API = "/api/emergency";
const STEP_MS = 5000, BIG_STEP_MS = 60_000, PLAY_MS = 60;
const KEY_TARGETS = ["FMC2W", "D2W", "DNT", "FMC2ECG", "RESPONSE"];
const root = document.getElementById("review");
const ecgBox = document.getElementById("ecg-sheet");
const state = { id: root.dataset.case, view: null, now: 0, playing: 0, tab: "targets", place: null, before: null, after: null };
const ecgs = new Ecgs(state.id, API);
let track = null;

// ---- head ----------------------------------------------------------------------------------------------

function verdicts(view) {
  const judged = view.targets.filter((each) => ["met", "missed"].includes(each.state) && each.minutes !== null);
  const key = KEY_TARGETS.map((id) => judged.find((each) => each.id === id)).find(Boolean) ?? judged[0];
  const missed = judged.filter((each) => each.state === "missed" && each.limit_min !== null);
  const over = missed.reduce((sum, each) => sum + (each.minutes - each.limit_min), 0);
  return html`${key ? html`<div><div class="lab">${said(key.name)}</div><div class="val ${key.state}">${key.state === "met" ? mark(icon("check")) : tri(1)}<span class="num">${span(key.minutes * 60)}</span> <span>${key.state === "met" ? t("met") : t("missed")}</span></div></div>` : nothing}
    <div><div class="lab">${t("Targets missed")}</div><div class="val ${missed.length ? "missed" : "met"}">${missed.length ? tri(1) : mark(icon("check"))}<span class="num">${missed.length ? t("{n} of {all}, {time} in all", { n: missed.length, all: judged.length, time: span(over * 60) }) : judged.length ? t("none of {all}", { all: judged.length }) : t("none judged yet")}</span></div></div>`;
}

function head(view) {
  const to = view.destination ? ` → ${said(view.destination.name)}` : "";
  return html`<div class="hd">${level(view.level, "xl")}<div class="what"><h1>${said(view.complaint_text)}${who(view.patient) ? ` · ${who(view.patient)}` : ""}${view.ecgs?.find((ecg) => ecg.reading) ? ` · ${view.ecgs.find((ecg) => ecg.reading).reading.text}` : ""}</h1>
    <div class="sub">${t("Case {number}", { number: view.number })} · ${clock(view.call_at, "full")}${view.unit ? ` · ${unitName(view.unit.number)}${to}` : to} · ${view.address?.text ?? ""}</div></div>
    <div class="judged">${verdicts(view)}<button class="btn opt2" @click=${exportTimes}>${mark(icon("download", "s"))}${t("Times as table")}</button></div></div>`;
}

function exportTimes() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`\ufeff${csvOf(state.view, state.points)}`], { type: "text/csv" }));
  link.download = `case-${state.view.number}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}

// ---- page ------------------------------------------------------------------------------------------------

function go(at, { follow = true } = {}) {
  state.now = Math.max(state.range[0], Math.min(state.range[1], at));
  draw();
  if (follow) followMessages();
}

function followMessages() {
  const box = document.getElementById("messages"), on = box?.querySelector(".on");
  if (on) box.scrollTop = Math.max(0, on.offsetTop - box.offsetTop - 40);
}

function sinceCall(view) {
  const seconds = (state.now - Date.parse(view.call_at)) / 1000;
  return seconds < 0 ? t("{time} before the call", { time: span(-seconds) }) : t("{time} after the call", { time: span(seconds) });
}

function page(view) {
  const { points, lines, range } = state;
  const width = root.clientWidth, room = scale(width, range);
  state.place = track?.draw(state.now) ?? null;
  const way = track?.legend(view) ?? { any: false };
  return html`${head(view)}
    <section class="time" aria-label=${t("Time points and vital signs")} @pointerdown=${drag}>${timeline({ view, points, range, now: state.now, width, go })}
      <div class="scrubrow"><button class="btn tiny sq" id="play" aria-label=${state.playing ? t("Pause") : t("Play")} @click=${toggle}>${mark(state.playing ? icon("player-pause", "s") : icon("player-play", "s"))}</button>
      <svg class="pad" width=${Math.max(0, room.left - 56)} height="1" aria-hidden="true"></svg><input type="range" id="scrub" min="0" max=${Math.round((range[1] - range[0]) / 1000)} step="1" aria-label=${t("Moment")} aria-valuetext=${clock(state.now, "seconds")} .value=${String(Math.round((state.now - range[0]) / 1000))} @input=${(event) => go(range[0] + Number(event.target.value) * 1000)}>
      <span class="nowbox num two">${sinceCall(view)}</span></div></section>
    <div class="three3"><section class="pane"><header><div class="tabs" role="tablist"><button role="tab" id="tab-targets" aria-controls="tabbed" aria-selected=${String(state.tab === "targets")} @click=${() => tab("targets")}>${t("Where the minutes went")}</button><button role="tab" id="tab-points" aria-controls="tabbed" aria-selected=${String(state.tab === "points")} @click=${() => tab("points")}>${t("Time points")} <span class="count">${points.length}</span></button></div></header>
        <div class="scroll" id="tabbed" role="tabpanel" tabindex="0" aria-labelledby="tab-${state.tab}">${state.tab === "targets" ? targets(view) : pointsTable(points, state.now, go)}</div></section>
      <section class="pane mapp"><header><h2>${t("Track")}</h2>${way.any ? html`<div class="tl two"><span><i class="o"></i>${t("to scene {km} km", { km: way.out })}</span><span><i></i>${t("to hospital {km} km", { km: way.back })}</span></div>` : nothing}<span class="grow"></span><span class="small two num nb">${state.place ? (state.place.kmh > 3 ? `${state.place.kmh} km/h` : t("standing")) : ""}</span></header>
        <div class="map" id="map"></div>${way.any ? nothing : html`<p class="none two">${t("No positions were received for this case.")}</p>`}</section>
      <section class="pane"><header><h2>${t("Messages and ECG")}</h2><span class="grow"></span><span class="small two">${t("follows the moment")}</span></header><div class="scroll msgw" tabindex="0">${messages(lines, state.now, { go: (at) => go(at, { follow: false }), openEcg, thumbnail: (ecg) => ecgs.thumbnail(ecg) })}</div></section></div>`;
}

const failed = () => html`<div class="void err" role="alert">${mark(icon("alert-triangle", "l"))}<h2>${t("The case could not be read")}</h2><p>${state.problem}</p><p class="two">${t("Nothing is lost. Ask again, or choose another case.")}</p><div class="row"><button class="btn go" @click=${load}>${t("Ask again")}</button><a class="btn" href="/emergency/review">${t("All cases")}</a></div></div>`;

function draw() {
  if (state.view) render(page(state.view), root);
  else if (state.problem) render(failed(), root);
}

const tab = (name) => { state.tab = name; draw(); };
const openEcg = (ecg) => ecgs.open(ecg, ecgBox);

// ---- the moment --------------------------------------------------------------------------------------------

function drag(event) {
  if (event.target.closest(".evg, button, input")) return;
  const put = ({ clientX }) => go(scale(root.clientWidth, state.range).at(clientX - root.getBoundingClientRect().left));
  put(event);
  addEventListener("pointermove", put);
  addEventListener("pointerup", () => removeEventListener("pointermove", put), { once: true });
}

function toggle() {
  if (state.playing) { clearInterval(state.playing); state.playing = 0; return draw(); }
  if (state.now >= state.range[1]) state.now = state.range[0];
  state.playing = setInterval(() => {
    go(state.now + STEP_MS);
    if (state.now >= state.range[1]) toggle();
  }, PLAY_MS);
  draw();
}

const jump = (by) => {
  const next = by < 0 ? state.points.filter((point) => point.at < state.now - 500).at(-1) : state.points.find((point) => point.at > state.now + 500);
  if (next) go(next.at);
};

function onKey(event) {
  if (document.querySelector("dialog[open]") || event.ctrlKey || event.metaKey || event.altKey || !state.view || event.target.matches("input:not([type=range]), textarea, select")) return;
  const key = event.key.toLowerCase(), ecg = [...state.view.ecgs ?? []].filter((each) => Date.parse(each.at) <= state.now).at(-1) ?? state.view.ecgs?.[0];
  const by = event.shiftKey ? BIG_STEP_MS : STEP_MS;
  if (key === " " && !event.target.closest("button, a, [role=button]")) { event.preventDefault(); toggle(); }
  else if (key === "arrowleft" && event.target.type !== "range") go(state.now - by);
  else if (key === "arrowright" && event.target.type !== "range") go(state.now + by);
  else if (key === "j") jump(-1);
  else if (key === "k") jump(1);
  else if (key === "e" && ecg) openEcg(ecg);
  else if (key === "[" && state.after) location.href = `/emergency/review/${state.after}`;
  else if (key === "]" && state.before) location.href = `/emergency/review/${state.before}`;
}

// ---- loading -------------------------------------------------------------------------------------------------

async function load() {
  try {
    const view = await get(`${API}/cases/${state.id}/review`, { signal: AbortSignal.timeout(15_000) });
    const first = !state.view, points = pointsOf(view), lines = linesOf(view), range = spanOf(view, points, lines);
    if (first) root.replaceChildren();
    Object.assign(state, { view, points, lines, range, problem: "", now: first ? (points.find((point) => point.bad) ?? points.at(-1))?.at ?? Date.parse(view.call_at) : state.now });
    document.title = `${view.number} · ${document.title.split(" · ").at(-1)}`;
    root.dataset.loaded = "";
  } catch (error) {
    state.problem = error.message;
  }
  draw();
}

async function neighbours() {
  const since = new Date(Date.parse(state.view.call_at) - 12 * 3_600_000).toISOString();
  const { cases } = await get(`${API}/cases?since=${encodeURIComponent(since)}`, { signal: AbortSignal.timeout(8000) });
  const at = cases.findIndex((row) => row.case === state.id);
  [state.after, state.before] = [cases[at - 1]?.case ?? null, cases[at + 1]?.case ?? null];
}

async function openTrack() {
  const { hospitals } = await get(`${API}/hospitals`, { signal: AbortSignal.timeout(8000) });
  track = new Track(document.getElementById("map"), root.dataset.bounds);
  track.now = state.now;
  await track.open(state.view, hospitals);
  draw();
}

shortcuts([["Space", t("Play, pause")], ["← →", t("5 s back or on, with Shift 1 min")], ["J K", t("Time point before, after")], ["[ ]", t("Newer case, older case")], ["E", t("Open the ECG")]]);
document.addEventListener("keydown", onKey);
addEventListener("resize", draw);
await load();
if (state.view) {
  subscribe([`case/${state.id}`], ({ kind }) => kind === "case" && load(), {});
  neighbours().catch(() => {});
  openTrack().catch((error) => toast(t("The map did not open: {why}.", { why: error.message }), "wait"));
}
