// One patient on the incoming board.
import { html, nothing } from "lit-html";
import { ageText, clock, now, span } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { heardAt, isLoud, isSilent, SECOND_LINE_S, waitedOf } from "./incoming-state.js";
import { CSS, levelChip, pic, shape, spark } from "./pictures.js";
import { direction, newsWords, signOf, stand } from "./vitals.js";
import { LEVEL, PATHWAY, STATUS, patientWords, said } from "./words.js";

/** A row; `acts` says who may take patients, how, and how the ECG stands. */
export function row(each, { treats, take, waits, ecg }) {
  const loud = isLoud(each);
  const old = isSilent(each);
  return html`<li class="p ${loud ? "loud" : ""} ${old ? "old" : ""}" data-case=${each.case}>
    ${loud ? flag(each) : nothing}
    ${arrival(each, old)}${levelChip(each.level, LEVEL(each.level))}${who(each, old)}${signs(each)}${picture(each, ecg)}${readiness(each)}${answer(each, { treats, take, waits, loud })}</li>`;
}

const flag = (each) => html`<p class="flag">${shape("high")}<span>${t("New critical patient, taken by nobody yet")}</span>
  <span class="end">${t("waiting {time}", { time: span(waitedOf(each)) })}</span></p>`;

function arrival(each, old) {
  if (each.status === "handed-over" || each.unit_state === "at_hospital") return html`<div class="eta here"><b>${t("Here")}</b><small>${each.status === "handed-over" ? t("handed over") : t("at the door")}</small></div>`;
  if (!each.eta_at) return html`<div class="eta q"><b>—</b><small>${t("no place known of the ambulance")}</small></div>`;
  if (old) return html`<div class="eta q"><b>${clock(each.eta_at)}</b><small>${t("estimate of {age}", { age: ageText((now() - (heardAt(each) || now())) / 1000) })}</small></div>`;
  const minutes = Math.max(0, Math.ceil((Date.parse(each.eta_at) - now()) / 60_000));
  return html`<div class="eta"><b>${minutes}</b><i>${t("min")}</i><small>${clock(each.eta_at)}${each.straight ? html` <span class="tag">${t("straight line")}</span>` : nothing}</small></div>`;
}

function who(each, old) {
  const unit = each.unit_number ? t("Ambulance {number}", { number: each.unit_number }) : t("no ambulance yet");
  const heard = heardAt(each);
  return html`<a class="pwho" href="/emergency/cases/${each.case}"><span class="pa">${patientWords(each)}</span>
    <span class="pb">${said(each.complaint_text)}${each.pathway && each.pathway !== "other" ? html` · ${PATHWAY[each.pathway] ?? ""}` : nothing}</span>
    <span class="pc ${old ? "lo" : ""}">${unit}${old && heard ? html` · ${t("no data since {time}", { time: clock(heard) })}` : each.crew ? html` · ${each.crew}` : nothing}</span></a>`;
}

const SHOWN = ["hr", "bp", "spo2", "rr"];

function signs(each) {
  const news = newsWords(each.news2);
  const heard = heardAt(each);
  const child = each.age !== null && each.age !== undefined && each.age < 16;
  const shown = child && each.found.temp?.alarm ? ["hr", "bp", "spo2", "temp"] : SHOWN;
  return html`<div class="vs">${shown.map((id) => sign(each, signOf(id)))}
    <div class="sc">${news ? html`<b class=${CSS[news.alarm] ?? ""}>${shape(news.alarm)}<span>${news.text}${news.risk ? html` · ${news.risk}` : nothing}</span></b><span class="why">${news.detail}</span>`
      : child ? html`<span class="two">${t("NEWS2 is for 16 years and older")}</span>` : nothing}
    ${heard ? html`<span class="age">${ageText((now() - heard) / 1000)}</span>` : html`<span class="two">${t("no vital signs yet")}</span>`}</div></div>`;
}

function sign(each, about) {
  const now_ = stand(about, each.found);
  const words = now_.alarm ? direction(about, each.found) : "";
  return html`<div class="x ${now_.alarm ? `f-${CSS[now_.alarm]}` : ""} ${now_.stale ? "stale" : ""}" title=${now_.at ? ageText((now() - Date.parse(now_.at)) / 1000) : now_.why}>
    <div class="l"><span>${about.label}</span>${shape(now_.alarm)}${words ? html`<span class="vh">${words}</span>` : nothing}</div>
    <div class="n">${now_.text}</div>${spark(each.curves[about.fields[0]] ?? [], about.low, about.high, 100, 20)}</div>`;
}

const TERRITORY = [["V1", "V2", "V3", "V4"], ["V5", "V6", "I", "aVL"], ["II", "III", "aVF"]];

// Three leads that tell most: those that crossed a limit first, else II, V2, V5.
function leadsOf(measured) {
  const meets = measured?.meets ?? [];
  const chosen = [...meets, ...TERRITORY.map((group) => group.find((lead) => !meets.includes(lead)))];
  return meets.length ? [...new Set(chosen)].slice(0, 3) : ["II", "V2", "V5"];
}

function picture(each, line) {
  if (!each.ecg) return html`<div class="eg"><div class="none">${t("12-lead not done")}</div></div>`;
  const { reading, measured, demonstration, at } = each.ecg;
  const meets = measured?.meets ?? [];
  return html`<div class="eg"><figure data-thumb=${each.case} data-leads=${leadsOf(measured).join(" ")} data-marked=${meets.join(" ")} role="img" aria-label=${t("ECG of {name}, leads {leads}", { name: patientWords(each), leads: leadsOf(measured).join(" ") })}></figure>
    <div class="s ${reading ? "ok-c" : "lo"}">${pic(reading ? "check" : "clock", "s")}<span>${reading ? t("read, {name} {time}", { name: reading.by, time: clock(reading.at) }) : t("to be read, {time}", { time: clock(at) })}${line === "live" ? html` · ${t("live")}` : nothing}${demonstration ? html` · ${t("demonstration signal")}` : nothing}</span></div></div>`;
}

function readiness(each) {
  const { called, coming, here, of } = each.team;
  const { done, of: all } = each.prepared;
  const team = here === of && of ? "ok" : called + coming + here ? "" : "undone";
  const words = [here ? `${here}/${of} ${STATUS.here}` : "", coming ? `${coming} ${STATUS.coming}` : "", called ? `${called} ${STATUS.called}` : ""].filter(Boolean).join(" · ");
  return html`<ul class="rdy"><li class=${team}>${pic(team === "ok" ? "check" : "users")}<span><b>${t("Team")}</b> <span>${words || t("not called")}</span></span></li>
    <li class=${done === all && all ? "ok" : done ? "" : "undone"}>${pic(done === all && all ? "check" : "list")}<span><b>${t("Prepared")}</b> <span>${done}/${all}</span></span></li></ul>`;
}

function answer(each, { treats, take, waits, loud }) {
  const taken = each.acknowledged;
  if (taken) return html`<div class="ack"><span class="who2">${pic(taken.pending ? "clock" : "check")}<span>${taken.by}</span></span><small>${taken.pending ? t("sending") : clock(taken.at)}</small></div>`;
  if (!treats) return html`<div class="ack"><span class="who2">${pic("clock")}<span>${t("not taken")}</span></span><small>${span(waitedOf(each))}</small></div>`;
  const left = SECOND_LINE_S - waitedOf(each);
  return html`<div class="ack must"><button class="btn ${loud ? "alarm" : "go"}" ?disabled=${waits} @click=${() => take(each)}>${t("I take this patient")}</button>
    <small>${loud ? (left > 0 ? t("second line in {time}", { time: span(left) }) : t("second line called")) : t("waiting {time}", { time: span(waitedOf(each)) })}</small></div>`;
}
