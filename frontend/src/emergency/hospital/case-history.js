// What the record knows of the patient, and what the crew has done, found and written.
import { html, nothing } from "lit-html";
import { clock } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { pic, shape } from "./pictures.js";
import { ROUTE, ruleName, ruleResult, said } from "./words.js";

const line = (name, content) => html`<div class="line2"><span>${name}</span><span>${content}</span></div>`;
const list = (items, words) => (items.length ? items.map((each) => each.text).join(t(", ")) : html`<span class="two">${words}</span>`);

export function historyCard(state) {
  const { history } = state;
  return html`<section class="card" aria-labelledby="hist"><header>${pic("history")}<h2 id="hist">${t("Health record")}</h2><span class="end two small">${history?.sources?.join(" · ") ?? ""}</span></header>
    ${history ? html`${line(t("Allergy"), history.allergies.length ? history.allergies.map((each) => html`<b class=${each.severity === "high" ? "hi" : "me-c"}>${shape(each.severity === "high" ? "high" : "medium")} ${each.text}${each.reaction ? ` (${each.reaction})` : ""}</b> `) : html`<span class="two">${t("none recorded")}</span>`)}
      ${line(t("Takes"), list(history.medications, t("nothing recorded")))}${line(t("Problems"), list(history.problems, t("none recorded")))}
      ${line(t("Last ECG"), history.last_ecg ? html`${history.last_ecg.at?.slice(0, 10)} ${history.last_ecg.text}` : html`<span class="two">${t("none")}</span>`)}`
      : line(t("Health record"), html`<span class="two">${state.patient.unknown ? t("Nobody knows yet who this is: the record opens when the crew identifies the patient.") : t("The region's record has nothing of this patient.")}</span>`)}
    ${line(t("Identity"), state.patient.resident_id_masked ? html`${state.patient.resident_id_masked}${state.patient.birth_date ? ` · ${state.patient.birth_date}` : ""}` : html`<span class="two">${t("not identified")}</span>`)}
    ${state.caller ? line(t("Contact"), [state.caller.name, state.caller.relation, state.caller.phone].filter(Boolean).join(" · ")) : nothing}</section>`;
}

const row = (at, content, by) => html`<li><time datetime=${at}>${clock(at)}</time><span>${content}</span><small>${by}</small></li>`;

/** Medicines, scores, notes, photos and answers of the call: nothing is shown where nothing is. */
export function fromCrew(state) {
  const hot = state.answers.filter((each) => each.answer);
  if (!state.medications.length && !state.assessments.length && !state.notes.length && !state.photos.length && !hot.length) return nothing;
  return html`<section class="card crewdid" aria-labelledby="crewdid"><header>${pic("clipboard")}<h2 id="crewdid">${t("From call and crew")}</h2></header><div class="cols4">
    ${part(t("Medicines given"), state.medications.map((each) => row(each.at, html`<b>${each.text}</b> ${[each.dose, each.unit].filter((word) => word !== null && word !== undefined).join(" ")} ${ROUTE[each.route] ?? each.route ?? ""}`, each.by)))}
    ${part(t("Assessments"), state.assessments.map((each) => row(each.at, assessment(each), each.by)))}
    ${part(t("Notes"), state.notes.map((each) => row(each.at, each.text, each.by)))}
    ${part(t("Answers at the call"), hot.map((each) => html`<li class="qa"><span>${said(each.text)}</span><b class=${each.hot ? "me-c" : ""}>${each.hot ? shape("medium") : nothing} ${said(each.answer)}</b></li>`))}
    </div>${state.photos.length ? html`<ul class="photos">${state.photos.map((each) => html`<li><a href=${each.url} target="_blank" rel="noopener"><img src=${each.url} alt=${each.text || t("Photo of the crew, {time}", { time: clock(each.at) })} loading="lazy"></a></li>`)}</ul>` : nothing}</section>`;
}

const part = (name, rows) => (rows.length ? html`<div><h3>${name}</h3><ul class="did">${rows}</ul></div>` : nothing);

function assessment(each) {
  const result = ruleResult(each.overridden ?? each.result);
  return html`<b>${ruleName(each.rule)}</b> ${result.text} ${each.overridden ? html`<span class="tag">${t("set by a person")}</span>` : nothing}${each.status === "memory" ? html`<span class="tag medium">${t("rule unverified: never decides alone")}</span>` : nothing}`;
}
