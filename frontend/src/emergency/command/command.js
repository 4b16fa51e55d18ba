// The command overview on a wall: where is the region failing, read from five metres.
import { html, nothing, render } from "lit-html";
import { get } from "../../web/api.js";
import { age, now, span } from "../../web/clock.js";
import { icon } from "../../web/icons.js";
import { t, tn } from "../../web/i18n.js";
import { onState, subscribe } from "../../web/live.js";
import { openMap } from "../../web/map.js";
import { shortcuts } from "../../web/shell.js";
import { toast } from "../../web/ui.js";
import { boundsOf, callMark, hospitalMark, unitMarks } from "../desk/ground.js";
import { bar, glyph, level, mark, tri } from "../desk/parts.js";
import { grouped } from "../desk/strip.js";
import { GROUPS, KIND, groupOf, said } from "../desk/words.js";
import { failing } from "./failing.js";

const $ = (id) => document.getElementById(id);
const FULL = 90;
const WALL = [1920, 1080];
const NARROW = 1100; // below this the page flows instead of scaling
const state = { data: null, problem: "", offline: false, map: null };

// ---- key numbers -------------------------------------------------------------------------------------

function waitingNow({ rows }) {
  const waiting = rows.filter((row) => row.status === "waiting");
  const oldest = [...waiting].sort((a, b) => Date.parse(a.call_at) - Date.parse(b.call_at))[0];
  const left = (row) => row.limit_s - (now() - Date.parse(row.call_at)) / 1000;
  return { oldest, tight: [...waiting].sort((a, b) => left(a) - left(b))[0], left };
}

function numbers(data) {
  const by = grouped(data.units);
  const free = by.get("free"), silent = by.get("silent").length, onDuty = data.units.length - by.get("off").length;
  const diverting = data.hospitals.filter((row) => row.diversion);
  const response = data.kpis.find((kpi) => kpi.id === "RESPONSE");
  const { oldest, tight, left } = waitingNow(data);
  const late = tight && left(tight) < 0;
  return html`
  <div class="k"><h2>${t("Open cases")}</h2><div class="v num">${data.calls_waiting + data.active}</div><div class="n">${t("Waiting")} <b>${data.calls_waiting}</b> · ${t("In progress")} <b>${data.active}</b></div></div>
  <div class="k ${free.length ? "" : "ask"}"><h2>${t("Units free")}</h2><div class="v num">${free.length} <small>/ ${onDuty}</small></div><div class="n">${KIND.ALS} <b>${free.filter((unit) => unit.kind === "ALS").length}</b> · ${KIND.BLS} <b>${free.filter((unit) => unit.kind === "BLS").length}</b>${silent ? html`<span class="pri">${tri(2)}${t("{n} silent", { n: silent })}</span>` : nothing}</div></div>
  <div class="k"><h2>${t("Median response, 24 h")}</h2><div class="v num">${response ? span(response.value * 60) : "—"}${response?.target ? html` <small>${t("target {target}", { target: response.target })}</small>` : nothing}</div><div class="n">${response ? tn("{n} case", "{n} cases", response.n) : t("no arrival yet")}</div></div>
  <div class="k ${diverting.length ? "ask" : ""}"><h2>${t("Hospitals diverting")}</h2><div class="v num">${diverting.length} <small>/ ${data.hospitals.length}</small></div><div class="n cut">${diverting.map((row) => said(row.name)).join(", ") || t("all take patients")}</div></div>
  <div class="k ${late ? "ask" : ""}"><h2>${t("Longest wait")}${late ? html`<span class="pri">${tri(2)}${t("over the limit")}</span>` : nothing}</h2><div class="v num">${oldest ? span((now() - Date.parse(oldest.call_at)) / 1000) : "0:00"} ${oldest ? html`<small>${t("limit {time}", { time: span(oldest.limit_s) })}</small>${level(oldest.level, "xl")}` : nothing}</div>
    <div class="n">${tight ? html`${t("tightest")} ${level(tight.level)}<b class="cut">${said(tight.complaint_text)}</b><b class="nb">${left(tight) < 0 ? t("{time} over", { time: span(-left(tight)) }) : t("{time} left", { time: span(left(tight)) })}</b>` : t("no call waits")}</div></div>`;
}

// ---- hospitals, what fails, targets --------------------------------------------------------------------

function coming(data) {
  const count = new Map();
  for (const row of data.rows) if (row.destination && !["handed-over", "closed"].includes(row.status)) {
    const name = said(row.destination);
    count.set(name, (count.get(name) ?? 0) + 1);
  }
  return count;
}

function hospital(row, ways) {
  const name = said(row.name), known = row.load_percent !== null && row.load_percent !== undefined;
  const more = row.diversion ? html`<span class="dv">${t("diverting")}</span>` : row.stale ? html`<span class="age">${row.updated_at ? age(row.updated_at).text : t("never reported")}</span>`
    : ways.get(name) ? html`<span>${t("{n} coming", { n: ways.get(name) })}</span>` : nothing;
  return html`<div class=${row.stale ? "stale" : ""}><div class="nm"><b>${name}</b> ${more}</div><span class="pc num">${known ? `${Math.round(row.load_percent)}%` : "—"}</span>
    ${bar(known ? row.load_percent : 0, { css: row.stale ? "old" : row.load_percent >= FULL ? "over" : "", tick: FULL })}</div>`;
}

function hospitals(data) {
  if (!data.hospitals.length) return html`<p class="none two">${t("No hospital is in the directory yet.")}</p>`;
  const ways = coming(data);
  const sorted = [...data.hospitals].sort((a, b) => Number(Boolean(b.diversion)) - Number(Boolean(a.diversion)) || (b.load_percent ?? -1) - (a.load_percent ?? -1));
  return sorted.slice(0, 9).map((row) => hospital(row, ways));
}

const fails = (data) => {
  const list = failing(data);
  if (!list.length) return html`<p class="none two">${mark(icon("check"))} ${t("Nothing is late, and nobody is silent.")}</p>`;
  return html`<ol>${list.map((each) => html`<li class=${each.late ? "first" : ""}><div class="t num">${each.late ? html`${tri(2)}` : nothing}${each.when}</div><div><b>${each.level ? level(each.level) : nothing} ${each.title}</b><p>${each.why}</p>${each.act ? html`<p class="do">→ ${each.act}</p>` : nothing}</div></li>`)}</ol>`;
};

function kpi(each) {
  const met = each.state === "met", judged = each.state !== "measured";
  return html`<div class="kpi ${each.state}"><span class="nm cut">${said(each.name)}</span><b class="num">${span(each.value * 60)}</b>
<span class="two num">${each.target ? each.target : t("no target")}</span>
    ${judged ? html`<span class="mark">${met ? mark(icon("check")) : tri(2)}${met ? t("met") : t("missed")}</span>` : html`<span class="mark two">${t("measured")}</span>`}</div>`;
}

function targets(data) {
  const shown = [...data.kpis].sort((a, b) => ["missed", "met", "measured"].indexOf(a.state) - ["missed", "met", "measured"].indexOf(b.state)).slice(0, 6);
  return shown.length ? shown.map(kpi) : html`<p class="none two">${t("Targets appear when the first cases of the day have their times.")}</p>`;
}

const legend = () => html`${["free", "go", "at", "load"].map((id) => html`<span>${mark(glyph(id))}${GROUPS.find((group) => group.id === id).name}</span>`)}<span>${level(2)}${t("Waiting call")}</span>`;

// ---- page --------------------------------------------------------------------------------------------------

function drawMap(data) {
  if (!state.map) return;
  state.map.markers("hospitals", data.hospitals.filter((row) => row.lat).map((row) => hospitalMark(row)));
  state.map.markers("units", unitMarks(data.units.filter((unit) => groupOf(unit) !== "off"), { best: null, offline: state.offline }));
  state.map.markers("calls", data.rows.filter((row) => row.status === "waiting" && row.lat !== null).map((row) => callMark(row, false)));
}

const positionsOf = (units) => Math.max(0, ...units.map((unit) => Date.parse(unit.position?.at ?? 0)).filter(Number.isFinite));

function draw() {
  const { data } = state;
  if (!data) return state.problem ? broken() : undefined;
  const fresh = data.hospitals.filter((row) => !row.stale).length, newest = positionsOf(data.units);
  const taken = (Date.now() - state.at) / 1000;
  $("answered").textContent = `${t("{n} of {all} hospitals up to date", { n: fresh, all: data.hospitals.length })}${state.offline || taken > 30 ? ` · ${t("board of {age}", { age: age(data.now).text })}` : ""}`;
  $("wall").classList.toggle("old", state.offline);
  render(numbers(data), $("keys"));
  render(hospitals(data), $("hospitals"));
  render(fails(data), $("worst"));
  render(targets(data), $("kpis"));
  render(legend(), $("legend"));
  $("mapage").textContent = newest ? t("positions {age}", { age: age(newest, 15).text }) : t("no position yet");
  drawMap(data);
  $("wall").dataset.loaded = "";
}

const broken = () => render(html`<div class="k whole" role="alert"><h2>${t("The overview could not be read")}</h2><p>${state.problem}</p><p class="two">${t("It is asked for again every 10 s.")}</p></div>`, $("keys"));

async function load() {
  try {
    const data = await get("/api/emergency/command", { signal: AbortSignal.timeout(8000) });
    Object.assign(state, { data, at: Date.now(), problem: "" });
  } catch (error) {
    state.problem = error.message;
  }
  draw();
}

let due = 0;
const soon = () => { due ||= setTimeout(() => { due = 0; load(); }, 1000); };

function moved(event) {
  if (event.kind !== "positions" || !state.data) return soon();
  const at = new Map(event.data.positions.map((position) => [position.unit, position]));
  state.data.units = state.data.units.map((unit) => (at.has(unit.id) ? { ...unit, position: at.get(unit.id), silent: false } : unit));
}

/** The wall is drawn for 1920 × 1080 and scaled to whatever screen hangs there. */
function fit() {
  const wall = $("wall"), flows = innerWidth < NARROW;
  document.body.classList.toggle("flows", flows);
  const scale = Math.min(innerWidth / WALL[0], innerHeight / WALL[1]);
  wall.style.transform = flows || Math.abs(scale - 1) < 0.001 ? "" : `scale(${scale})`;
  wall.style.left = flows ? "" : `${Math.max(0, (innerWidth - WALL[0] * scale) / 2)}px`;
}

async function openGround() {
  const bounds = boundsOf($("wall").dataset.bounds);
  if (!bounds) return;
  state.map = await openMap($("map"), { bounds });
  const points = [...state.data?.hospitals ?? [], ...(state.data?.units ?? []).map((unit) => unit.position)].filter((point) => point?.lat).map(({ lon, lat }) => [lon, lat]);
  if (points.length > 1) state.map.fit(points, { padding: 60 });
  draw();
}

shortcuts([["F", t("Whole screen")], ["R", t("Ask anew")]]);
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  if (key === "f") document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen().catch((error) => toast(error.message, "wait"));
  else if (key === "r") load();
});
addEventListener("resize", fit);
fit();
for (const id of ["keys", "hospitals", "worst"]) $(id).replaceChildren();
onState((line) => { state.offline = line === "offline"; draw(); });
subscribe(["desk"], moved, { onSync: load });
setInterval(draw, 1000);
setInterval(load, 10_000);
await load();
openGround().catch((error) => toast(t("The map did not open: {why}.", { why: error.message }), "wait"));
