// The first page: who, what happened, when, what was measured and given, what is open, who signs.
import { html, nothing } from "lit-html";
import { clock, span } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { newestReading } from "../hospital/case-head.js";
import { levelChip, pic, shape } from "../hospital/pictures.js";
import { newsWords, scoreOf } from "../hospital/vitals.js";
import { ABSENT, LEVEL, PATHWAY, ROUTE, ruleName, ruleResult, said, sexAge } from "../hospital/words.js";

const ROWS = 6; // sets of vital signs that fit: the first, the last, and the worst between them

export function first(state, { pages, sha }) {
  const { patient } = state;
  return html`<section class="sheet" aria-label=${t("Page {n} of {all}", { n: 1, all: pages })}>
    ${top(state, t("Ambulance to hospital handover"), `${state.unit ? said(state.unit.name) : t("Ambulance")} → ${said(state.destination?.name) || "—"}`, 1, pages)}
    <div class="pt"><div><div class="nm">${patient.unknown || !patient.name ? t("Unknown person") : patient.name}</div><b>${[sexAge(patient), patient.birth_date].filter(Boolean).join(" · ")}</b>
      <small>${patient.resident_id_masked ? t("Resident ID {number} (checksum right)", { number: patient.resident_id_masked }) : t("identity not established")}</small></div>
    <div><small>${t("Case")}</small><b>${state.number}</b><small>${t("Contact")}</small><b>${state.caller ? [state.caller.name, state.caller.relation, state.caller.phone].filter(Boolean).join(" · ") : "—"}</b></div>
    ${allergies(state)}</div>
    ${summary(state)}
    <div class="two4"><div>${times(state)}</div><div>${drugs(state)}${history(state)}${open(state)}</div></div>
    ${vitals(state)}
    <div class="two4"><div>${scores(state)}</div><div>${remark(state)}</div></div>
    <div class="sig">${signature(t("Handed over · {who}", { who: state.unit ? said(state.unit.name) : t("Ambulance") }), state.handover?.crew)}${signature(t("Received · {who}", { who: said(state.destination?.name) }), state.handover?.hospital)}</div>
    ${footer(t("A change after signing makes a new version; the old one stays."), sha)}</section>`;
}

/** The head of each page. */
export const top = (state, title, under, page, pages) => html`<div class="top4">${levelChip(state.level, LEVEL(state.level))}<div><h2>${title}</h2><span>${under}</span></div>
  <div class="no"><b>${state.number}</b><br><span>${clock(state.call_at, "full").split(/,?\s/)[0]}</span> · <span>${t("Page {n} of {all}", { n: page, all: pages })}</span></div></div>`;

/** The foot of each page. */
export const footer = (words, sha) => html`<div class="ft"><span>${words}</span><span>${sha ? `SHA-256 ${sha}` : t("not signed by both: not a document yet")}</span></div>`;

function allergies({ history, patient }) {
  const known = history?.allergies ?? [];
  return html`<div class="all4"><small>${t("Allergy")}</small>${known.length ? known.map((each) => html`<b>${shape(each.severity === "high" ? "high" : "medium")} ${each.text}${each.reaction ? ` (${each.reaction})` : ""}</b>`)
    : html`<b class="plain">${history ? t("none recorded") : patient.unknown ? t("unknown") : t("no record")}</b>`}</div>`;
}

function summary(state) {
  const reading = newestReading(state);
  const given = state.medications.map((each) => `${each.text} ${each.dose ?? ""} ${each.unit ?? ""}`.trim()).join(t(", "));
  const hot = state.answers.filter((each) => each.hot).map((each) => said(each.answer)).join(t(", "));
  return html`<div class="one4"><b>${reading ? t("{reading} (read by {name} {time}).", { reading: reading.text, name: reading.by, time: clock(reading.at) }) : `${said(state.complaint_text)} · ${PATHWAY[state.pathway] ?? ""}`}</b>
    ${hot ? html` ${sentence(hot)}` : nothing}${state.notice?.text && state.notice.text !== "—" ? html` ${sentence(state.notice.text)}` : nothing}${given ? html` ${t("Given: {list}.", { list: given })}` : nothing}</div>`;
}

// A remark that ends its own sentence gets no second full stop.
const sentence = (text) => (/[.。!！?？]$/.test(text.trim()) ? text.trim() : `${text.trim()}${t(".")}`);

const h3 = (title, right = "") => html`<h3><span>${title}</span><span>${right}</span></h3>`;

function times(state) {
  const rows = state.timeline.filter((line) => line.point && !line.cancelled && !line.superseded);
  return html`${h3(t("Times"), t("target"))}<table><tbody>${rows.map((line) => {
    const target = state.targets.find((each) => each.to === line.point && each.limit_min && (each.state === "met" || each.state === "missed") && each.minutes !== null);
    return html`<tr><td>${said(line.title)}</td><td class="r nb">${clock(line.at, "seconds")}</td><td class="r nb goal">${target ? html`${target.state === "met" ? html`<b>✓ ${t("met")}</b>` : html`<b>✗ ${t("missed")}</b>`} ${span(target.minutes * 60)} / ${target.limit_min}` : nothing}</td></tr>`;
  })}</tbody></table>`;
}

function drugs(state) {
  return html`${h3(t("Medicines given"))}${state.medications.length ? html`<table><tbody>${state.medications.map((each) => html`<tr><td class="nb">${clock(each.at)}</td><td><b>${each.text}</b> ${[each.dose, each.unit, ROUTE[each.route] ?? each.route].filter((word) => word !== null && word !== undefined).join(" ")}</td><td class="r nb">${each.by}</td></tr>`)}</tbody></table>` : html`<p>${t("none")}</p>`}`;
}

function history({ history: known }) {
  const list = (items) => items.map((each) => each.text).join(t(", "));
  return html`${h3(t("History, medicines"), known?.sources?.join(t(", ")) ?? "")}<p>${known ? [list(known.problems), list(known.medications)].filter(Boolean).join(t("; ")) || t("none recorded") : t("The region's record has nothing of this patient.")}</p>`;
}

function open(state) {
  const items = [
    ...state.ecgs.filter((ecg) => !ecg.reading).map((ecg) => t("ECG of {time} not read by a physician", { time: clock(ecg.at) })),
    ...state.preparation.filter((each) => !each.done).map((each) => said(each.text)),
    ...state.messages.filter((each) => !each.read_at).map((each) => t("unread: {text}", { text: each.text })),
  ];
  return html`${h3(t("Still open"))}<p>${items.length ? items.slice(0, 8).join(t("; ")) : t("nothing")}</p>`;
}

// The first, the last and the worst in between: what a page holds.
function chosen(sets, age) {
  if (sets.length <= ROWS) return sets;
  const inner = sets.slice(1, -1).map((set, i) => [scoreOf(set, age)?.total ?? -1, i + 1]).sort((a, b) => b[0] - a[0]).slice(0, ROWS - 2).map(([, i]) => i);
  return [0, ...inner.sort((a, b) => a - b), sets.length - 1].map((i) => sets[i]);
}

function vitals(state) {
  const { age } = state.patient;
  const sets = state.vitals;
  const value = (set, field, points) => (set[field] === undefined || set[field] === null ? html`<i>${set.absent?.[field] ? ABSENT[set.absent[field]] : "—"}</i>` : html`${typeof set[field] === "boolean" ? (set[field] ? t("oxygen") : t("air")) : set[field]}${points?.[field] ? html` <small>+${points[field]}</small>` : nothing}`);
  return html`<div>${h3(t("Vital signs"), sets.length > ROWS ? t("{n} of {all} sets; small: NEWS2 points, no total when one is missing", { n: ROWS, all: sets.length }) : t("small: NEWS2 points, no total when one is missing"))}
    ${sets.length ? html`<table class="vt4"><thead><tr><th><span class="vh">${t("Time")}</span></th><th>${t("RR")} /min</th><th>${t("SpO₂")} %</th><th>O₂</th><th>${t("BP")} mmHg</th><th>${t("HR")} /min</th><th>AVPU</th><th>${t("Temp")} ℃</th><th>NEWS2</th></tr></thead><tbody>
    ${chosen(sets, age).map((set) => {
      const score = scoreOf(set, age);
      const words = newsWords(score);
      const points = score?.parts;
      return html`<tr><td><b>${clock(set.at)}</b></td><td>${value(set, "rr", points)}</td><td>${value(set, "spo2", points)}</td><td>${value(set, "o2", points)}</td><td>${value(set, "sbp", points)}/${value(set, "dbp")}</td><td>${value(set, "hr", points)}</td><td>${value(set, "consciousness", points)}</td><td>${value(set, "temp", points)}</td>
        <td>${words?.total !== null && words?.total !== undefined ? html`<b>${shape(words.alarm)} ${words.total} ${words.risk}</b>` : html`<i>${score ? t("incomplete") : "—"}</i>`}</td></tr>`;
    })}</tbody></table>` : html`<p>${t("none taken")}</p>`}</div>`;
}

function scores(state) {
  const shown = state.assessments.filter((each) => each.rule !== "news2");
  return html`${h3(t("Assessments"))}${shown.length ? html`<table><tbody>${shown.slice(-8).map((each) => html`<tr><td>${ruleName(each.rule)}${each.status === "memory" ? html` <small>${t("rule unverified")}</small>` : nothing}</td><td class="r">${ruleResult(each.overridden ?? each.result).text}</td></tr>`)}</tbody></table>` : html`<p>${t("none")}</p>`}`;
}

function remark(state) {
  const notes = state.notes.map((each) => each.text).join(t("; "));
  const note = state.handover?.note && state.handover.note !== "—" ? state.handover.note : "";
  return html`${h3(t("Remarks"))}<p>${[note, notes].filter(Boolean).join(t("; ")) || t("none")}</p>`;
}

const signature = (side, signed) => html`<div><small>${side}</small><div class="ln">${signed ? html`<b>${signed.by}</b><span>${pic("check", "s")} ${clock(signed.at, "seconds")}</span>` : html`<b class="plain">${t("not signed yet")}</b>`}</div>
  <small>${signed ? t("signed electronically with their own account") : t("sign on the case's page")}</small></div>`;
