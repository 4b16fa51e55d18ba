// The head of a case: who, what, from where; the target that runs out next; when they are here.
import { html, nothing } from "lit-html";
import { clock, now, span } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { bar, levelChip, pic, shape } from "./pictures.js";
import { LEVEL, PATHWAY, patientWords, said } from "./words.js";

/** The newest physician's reading of any ECG of the case. */
export const newestReading = (state) => state.ecgs.map((ecg) => ecg.reading).filter(Boolean).sort((a, b) => Date.parse(a.at) - Date.parse(b.at)).at(-1) ?? null;

export function head(page, state) {
  const reading = newestReading(state);
  const unit = state.unit ? said(state.unit.name) : t("no ambulance yet");
  const taken = state.notice?.acknowledged;
  return html`<div class="hrow">${levelChip(state.level, LEVEL(state.level))}
    <div class="hwho"><h1>${patientWords(state.patient)} · ${reading ? reading.text : said(state.complaint_text)}</h1>
    <p><span>${unit}${state.unit?.crew ? ` · ${state.unit.crew}` : ""}</span>${state.unit?.silent ? html` <span class="lo">${shape("low")} ${t("silent since {time}", { time: clock(state.unit.silent_since) })}</span>` : nothing}
    · <span>${PATHWAY[state.pathway] ?? state.pathway}</span> ${takenWords(page, state, taken)}</p></div>
    ${target(state)}${arrival(state)}</div>`;
}

function takenWords(page, state, taken) {
  if (taken) return html`· <span>${t("taken by {name} {time}", { name: taken.by, time: clock(taken.at) })}</span>`;
  return state.notice ? html`· <b class="me-c">${t("taken by nobody yet")}</b>` : nothing;
}

function target(state) {
  if (state.status === "closed") return nothing; // its clocks have stopped; the story says what was met
  const running = state.targets.filter((each) => each.begun && each.limit_min && each.state === "pending" && each.due_at);
  const late = state.targets.filter((each) => each.overdue && each.due_at);
  const next = [...running, ...late].sort((a, b) => Date.parse(a.due_at) - Date.parse(b.due_at));
  const first = next.find((each) => !each.overdue) ?? next[0];
  if (!first) return nothing;
  const spent = first.limit_min * 60 - (Date.parse(first.due_at) - now()) / 1000;
  const over = spent > first.limit_min * 60;
  return html`<div class="tgt ${over ? "over" : ""}" title=${first.source}><small><span>${said(first.name)}</span><span>${t("by {time}", { time: clock(first.due_at) })}</span></small>
    <b>${over ? shape("medium") : nothing}${span(spent)} / ${span(first.limit_min * 60)}</b>${bar((spent / (first.limit_min * 60)) * 100, over ? "me" : "br")}
    ${first.status === "memory" ? html`<small class="two">${t("target unverified")}</small>` : nothing}</div>`;
}

function arrival(state) {
  const where = state.destination;
  if (state.status === "handed-over" || state.status === "closed") return html`<div class="heta"><b>${pic("check", "l")}</b><small>${state.status === "closed" ? t("closed") : t("handed over")}</small></div>`;
  if (state.times.arrive_door) return html`<div class="heta"><b class="here">${t("Here")}</b><small>${clock(state.times.arrive_door.at)}</small></div>`;
  if (!where?.eta_at) return html`<div class="heta"><b>—</b><small>${where ? t("arrival unknown") : t("no hospital chosen")}</small></div>`;
  const minutes = Math.max(0, Math.ceil((Date.parse(where.eta_at) - now()) / 60_000));
  const old = state.unit?.silent;
  return html`<div class="heta ${old ? "stale" : ""}"><b>${minutes}</b> <span>${t("min")}</span><small>${clock(where.eta_at)}${where.straight ? html` · ${t("straight line")}` : nothing}${old ? html` · ${t("old estimate")}` : nothing}</small></div>`;
}
