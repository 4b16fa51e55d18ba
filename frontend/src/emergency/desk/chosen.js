// The right pane: the chosen call, its questions, what the record knows, what the crew is told.
import { html, nothing } from "lit-html";
import { clock, span } from "../../web/clock.js";
import { icon } from "../../web/icons.js";
import { t, tn } from "../../web/i18n.js";
import { course } from "./course.js";
import { left } from "./left.js";
import { level, mark } from "./parts.js";
import { answered, asking, countOf, nextOf } from "./questions.js";
import { ranked } from "./rank.js";
import { OUTCOME, masked, said, who } from "./words.js";

const TO_CREW = [t("Stair chair"), t("Family waits"), t("Traffic"), t("Police called")];

function head(desk, view) {
  const row = desk.board.row(view.id);
  const rest = row && view.status === "waiting" ? left(row) : null;
  return html`<div class="head"><div class="line1">${level(view.level, "xl")}<h2 class="h1">${said(view.complaint_text)}${who(view.patient) ? html` · ${who(view.patient)}` : nothing}</h2>
    ${rest === null ? nothing : html`<div class="left0"><b class="key num ${rest < 0 ? "late" : ""}">${rest < 0 ? "+" : ""}${span(Math.abs(rest))}</b><div class="small two">${rest < 0 ? t("over the limit") : t("to the limit")}</div></div>`}</div>
    <div class="meta"><span>${t("Case {number}", { number: view.number })}</span><span>${t("called {time}", { time: clock(view.call_at, "seconds") })}</span>${view.determinant ? html`<span title=${view.determinant}>${t("Question set {name}", { name: said(view.complaint_text) })}</span>` : nothing}${view.taken_by ? html`<span>${view.taken_by}</span>` : nothing}</div></div>`;
}

const line = (name, content, tag = nothing) => html`${mark(name)}<div>${content}</div>${tag}`;

function knownHistory(history) {
  if (!history) return [t("No record known yet"), nothing];
  const problems = history.problems.map((each) => each.text), medicines = history.medications.map((each) => each.text);
  const allergies = history.allergies.length ? t("allergic: {names}", { names: history.allergies.map((each) => each.text).join(", ") }) : t("no allergy known");
  const count = problems.length + medicines.length + history.allergies.length;
  return [[problems.slice(0, 3).join(", "), medicines.slice(0, 3).join(", "), allergies].filter(Boolean).join(" · "), html`<span class="tag">${tn("{n} fact", "{n} facts", count)}</span>`];
}

function facts(view) {
  const { address = {}, caller, patient } = view;
  const [words, tag] = knownHistory(view.history);
  const place = address.outside ? html`<span class="tag medium">${mark(icon("map-off"))}${t("outside the region")}</span>`
    : address.lat !== null && address.lat !== undefined ? html`<span class="tag good">${mark(icon("check"))}${t("on the map")}</span>` : html`<span class="tag medium">${t("no point")}</span>`;
  return html`<div class="facts2">${line(icon("map-pin"), html`<b>${address.text || "—"}</b>${address.note ? html`<br><span class="two">${address.note}</span>` : nothing}`, place)}
    ${caller ? line(icon("phone"), html`${[caller.name, caller.relation].filter(Boolean).join(" · ")} ${caller.phone ? html`<a href="tel:${caller.phone}" class="nb" title=${caller.phone}>${masked(caller.phone)}</a>` : nothing}`, html`<span></span>`) : nothing}
    ${line(icon("file-text"), html`${patient?.name && !patient.unknown ? html`<b>${patient.name}</b> · ` : nothing}${words}`, tag === nothing ? html`<span></span>` : tag)}</div>`;
}

function same(desk, view) {
  const found = desk.board.duplicates.get(view.id) ?? [];
  if (!found.length || view.unit) return nothing;
  return html`<div class="same" role="status">${mark(icon("copy", "s"))}<div class="grow"><b>${t("The same incident?")}</b>
    ${found.slice(0, 3).map((each, at) => html`<div class="row wrap"><span>${each.number ?? ""} ${said(each.complaint)} · ${each.address ?? ""} · ${each.distance_m === null || each.distance_m === undefined ? "" : `${Math.round(each.distance_m)} m · `}${t("{n} min ago", { n: Math.round(each.minutes_ago) })} · ${said(each.because)}</span>
      <button class="btn tiny" @click=${() => desk.acts.merge(view.id, each.case, each.number)}>${t("Join with {number}", { number: each.number ?? "" })} ${at ? nothing : html`<kbd>M</kbd>`}</button></div>`)}
    <button class="link" @click=${() => desk.apart(view.id)}>${t("No, another incident")}</button></div></div>`;
}

function questions(desk, view) {
  const set = desk.board.setOf(view.complaint);
  if (!set) return nothing;
  const answers = desk.acts.answers(view, set);
  const question = desk.again ?? nextOf(set, answers);
  return html`${view.status === "closed" ? nothing : asking(question, (which, option) => desk.answer(which, option))}
    <p class="say"><b>${t("Tell the caller:")}</b> ${said(view.advice ?? set.advice)}</p>
    <div class="row qhead"><span class="sec grow">${t("Answered {n} of {all}", { n: countOf(set, answers), all: set.questions.length })}</span>${question ? html`<span class="small two"><kbd>Q</kbd> ${t("next question")}</span>` : nothing}</div>
    ${answered(set, answers, (each) => { desk.again = each; desk.draw(); desk.focusSoon("asking"); })}`;
}

function toCrew(desk, view) {
  const { acts } = desk;
  const chosen = acts.instructions(view.id);
  const words = acts.words.get(view.id) ?? "";
  return html`<div class="crewline"><span class="sec">${t("To the crew")}</span>${TO_CREW.map((each) => html`<button type="button" class="btn tiny" aria-pressed=${String(chosen.has(each))} @click=${() => acts.toggle(view.id, each)}>${each}</button>`)}
    ${desk.writing ? html`<input class="inp sm" id="crew-words" autocomplete="off" aria-label=${t("One sentence to the crew")} .value=${words} @input=${(event) => acts.words.set(view.id, event.target.value)} @keydown=${(event) => { if (event.key === "Enter" || event.key === "Escape") { event.stopPropagation(); desk.write(false); } }}>`
      : html`<button type="button" class="btn tiny ${words ? "" : "bare"}" aria-pressed=${String(Boolean(words))} @click=${() => desk.write(true)}>${words || t("Write")} <kbd>W</kbd></button>`}</div>`;
}

/** Ends a case without a unit: what became of it, in one word and a reason. */
export function closing(desk, view) {
  const { ending } = desk;
  if (!ending) return html`<button type="button" class="link quiet" @click=${() => { desk.ending = { outcome: "", reason: "" }; desk.draw(); }}>${t("Close this case without transport …")}</button>`;
  return html`<form class="other ends" @submit=${(event) => { event.preventDefault(); desk.closeCase(view.id); }}><div class="row wrap" role="group" aria-label=${t("What became of it")}>${["cancelled", "no-transport", "hoax"].map((outcome) => html`<button type="button" class="btn tiny" aria-pressed=${String(ending.outcome === outcome)} @click=${() => { ending.outcome = outcome; desk.draw(); }}>${OUTCOME[outcome]}</button>`)}</div>
    <div class="row"><input class="inp sm grow" aria-label=${t("Reason")} placeholder=${t("Reason")} .value=${ending.reason} @input=${(event) => { ending.reason = event.target.value; desk.draw(); }}><button class="btn" ?disabled=${!ending.outcome || !ending.reason.trim()}>${t("Close the case")}</button><button type="button" class="btn bare" @click=${() => { desk.ending = null; desk.draw(); }}>${t("Back")}</button></div></form>`;
}

function nothingChosen(desk) {
  const { board } = desk;
  if (board.caseProblem) return html`<div class="void err" role="alert">${mark(icon("alert-triangle", "l"))}<h2>${t("The case could not be read")}</h2><p>${board.caseProblem}</p><button class="btn" @click=${() => board.refresh()}>${t("Ask again")}</button></div>`;
  if (board.chosen) return html`<div class="skeleton" role="status"><span class="vh">${t("Loading")}</span>${["w0", "w1", "w2", "w3", "w0", "w2"].map((css) => html`<span class="sk ${css}"></span>`)}</div>`;
  return html`<div class="void tight">${mark(icon("target", "l"))}<h2>${t("No call chosen")}</h2><p class="two">${t("Choose one on the left with ↑ and ↓, or take a new one.")}</p>
    <button class="btn go" @click=${() => desk.newCall()}>${mark(icon("plus"))}${t("Take a call")} <kbd>F2</kbd></button></div>`;
}

/** A call that this desk keeps because there is no line: what is known of it. */
function keptCall(desk, item) {
  const { body } = item;
  return html`<div class="head"><div class="line1">${level(desk.draftLevel(body), "xl")}<h2 class="h1">${said(desk.board.setOf(body.complaint)?.title) || body.complaint}</h2></div><div class="meta"><span>${t("kept here, to log when the line is back")}</span></div></div>
    <div class="facts2">${line(icon("map-pin"), html`<b>${body.address.text || "—"}</b>`)}<span></span></div>
    <div class="rank"><div class="sec"><span>${t("Units free when the line was lost")}</span></div><div class="frees">${desk.freeUnits().map((unit) => html`<button class="btn" data-unit=${unit.id} @click=${() => desk.radioSend(item, unit)}>${t("Unit {n}", { n: unit.number })} <span class="tag line">${unit.kind}</span></button>`)}</div></div>`;
}

export function rightPane(desk) {
  const { board, radio } = desk;
  const kept = radio.of(board.chosen ?? "").find((item) => item.kind === "call");
  if (kept) return keptCall(desk, kept);
  const { view } = board;
  if (!view || view.id !== board.chosen) return nothingChosen(desk);
  const waiting = view.status === "waiting";
  return html`${head(desk, view)}
    <div class="scroll" tabindex="-1">${same(desk, view)}${facts(view)}${waiting ? questions(desk, view) : nothing}${waiting ? closing(desk, view) : course(desk, view)}</div>
    ${waiting ? html`${toCrew(desk, view)}${ranked(desk)}` : nothing}`;
}
