// The right pane while a call is taken: where, what, how bad, who, on one screen.
import { html, nothing } from "lit-html";
import { now, span } from "../../web/clock.js";
import { icon } from "../../web/icons.js";
import { t } from "../../web/i18n.js";
import { closer, level, mark } from "./parts.js";
import { answered, asking, countOf } from "./questions.js";
import { LEVELS, said } from "./words.js";

const SEXES = [["female", t("Female")], ["male", t("Male")], ["unknown", t("Not known")]];

function wrong(draft, field) {
  const { problem } = draft;
  return problem && problem.field?.startsWith(field) ? html`<p class="msg" role="alert">${mark(icon("alert-circle"))}<span>${problem.text}</span></p>` : nothing;
}

function addressKeys(draft, event) {
  const { found } = draft;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (!found.length) return;
    event.preventDefault();
    draft.at = (draft.at + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length;
    draft.draw();
  } else if (event.key === "Enter" && found.length) {
    event.preventDefault();
    event.stopPropagation();
    draft.take(found[Math.max(0, draft.at)]);
  } else if (event.key === "Escape" && found.length) {
    event.stopPropagation();
    draft.found = [];
    draft.draw();
  }
}

/** What the point means: a street, a rough place, the sea. */
function verdict(draft) {
  const { lat } = draft.call.address, { place } = draft;
  if (lat === undefined || lat === null) return html`<p class="hint two">${t("Type a street or a crossing (A × B), or click on the map.")}</p>`;
  if (place?.problem) return html`<p class="msg ask">${mark(icon("alert-circle"))}<span>${place.problem}</span></p>`;
  if (place?.outside) return html`<p class="msg me-c" role="alert">${mark(icon("map-off"))}<span>${t("This point is {km} km from any road of the region: at sea, or outside. The call is kept and marked; times are by straight line.", { km: (place.metres_away / 1000).toFixed(1) })}</span></p>`;
  if (place?.rough) return html`<p class="hint two">${mark(icon("map-pin", "s"))} ${t("On the street's middle: click on the map for the exact place.")}</p>`;
  return html`<p class="hint ok-c">${mark(icon("check", "s"))} ${place?.street ? t("On {street}", { street: place.street }) : t("Point set")}</p>`;
}

function address(draft) {
  const { call, found, at } = draft;
  return html`<div class="field ${draft.problem?.field?.startsWith("address") ? "bad" : ""}"><label for="nc-address">${t("Where")}</label>
    <div class="with">${mark(icon("map-pin", "s"))}<input class="inp" id="nc-address" autocomplete="off" role="combobox" aria-expanded=${String(found.length > 0)} aria-controls="nc-streets" aria-autocomplete="list"
      aria-activedescendant=${at >= 0 ? `street-${at}` : ""} placeholder=${t("Street, crossing or place")} .value=${call.address.text ?? ""} @input=${(event) => draft.type(event.target.value)} @keydown=${(event) => addressKeys(draft, event)}></div>
    <ul class="streets float" id="nc-streets" role="listbox" aria-label=${t("Streets that fit")} ?hidden=${!found.length}>${found.map((street, index) => html`<li id="street-${index}" role="option" aria-selected=${String(index === at)}
      @mousedown=${(event) => { event.preventDefault(); draft.take(street); }}>${street.label}</li>`)}</ul>
    ${verdict(draft)}${wrong(draft, "address")}
    <input class="inp sm" aria-label=${t("How to find it: floor, lift, gate")} placeholder=${t("Floor, lift, gate …")} autocomplete="off" .value=${call.address.note ?? ""} @input=${(event) => draft.set("address.note", event.target.value)}></div>`;
}

function alike(desk, draft) {
  const found = draft.alike;
  if (!found.length) return nothing;
  return html`<div class="same" role="status">${mark(icon("copy", "s"))}<div class="grow"><b>${t("The same incident?")}</b>
    ${found.slice(0, 3).map(({ row, away }) => html`<button type="button" class="link" @click=${() => desk.open(row.case, { pinned: true })}>${row.number} ${said(row.complaint_text)} · ${Math.round(away)} m · ${t("{n} min ago", { n: Math.floor((now() - Date.parse(row.call_at)) / 60000) })}</button>`)}</div></div>`;
}

function complaints(desk, draft) {
  const { call } = draft;
  return html`<fieldset class="field ${draft.problem?.field === "complaint" ? "bad" : ""}"><legend>${t("What")}</legend>
    ${desk.board.sets.length ? html`<div class="chips" id="nc-complaint">${desk.board.sets.map((set) => html`<label class="chip1"><input type="radio" class="vh" name="complaint" .checked=${call.complaint === set.id} value=${set.id}
      @change=${() => desk.chooseComplaint(set.id)}><span>${said(set.title)}</span></label>`)}</div>` : html`<p class="two">${t("The question sets are not here yet.")}</p>`}${wrong(draft, "complaint")}</fieldset>`;
}

function levels(draft) {
  if (!draft.set_) return nothing;
  const changed = draft.call.level && draft.call.level !== draft.computed;
  return html`<fieldset class="field row wrap"><legend class="vh">${t("Level")}</legend><span class="sec">${t("Level by the answers: {n}", { n: LEVELS[draft.computed] })}</span>
    <div class="row">${[1, 2, 3, 4].map((number) => html`<label class="lvpick"><input type="radio" class="vh" name="level" .checked=${draft.level === number} @change=${() => draft.set("level", number)}>${level(number)}</label>`)}</div>
    ${changed ? html`<div class="whole"><input class="inp sm" id="nc-reason" aria-label=${t("Why another level than the answers give")} placeholder=${t("Why another level?")} .value=${draft.call.level_reason} @input=${(event) => draft.set("level_reason", event.target.value)}>${wrong(draft, "level_reason")}</div>` : nothing}</fieldset>`;
}

function people(draft) {
  const { call } = draft;
  const bound = (path, value) => ({ value: value ?? "", input: (event) => draft.set(path, event.target.value) });
  const phone = bound("caller.phone", call.caller.phone), name = bound("caller.name", call.caller.name);
  return html`<div class="pair2"><div class="field"><label for="nc-phone">${t("Caller's phone")}</label><input class="inp" id="nc-phone" type="tel" inputmode="tel" autocomplete="off" .value=${phone.value} @input=${phone.input}></div>
    <div class="field"><label for="nc-name">${t("Caller")}</label><input class="inp" id="nc-name" autocomplete="off" placeholder=${t("Name, relation")} .value=${name.value} @input=${name.input}></div></div>
  <div class="pair2"><fieldset class="field"><legend>${t("Patient")}</legend><div class="seg2">${SEXES.map(([value, words]) => html`<label class="chip1"><input type="radio" class="vh" name="sex" .checked=${call.patient.sex === value} @change=${() => draft.set("patient.sex", value)}><span>${words}</span></label>`)}</div></fieldset>
    <div class="field"><label for="nc-age">${t("Age")}</label><div class="with"><input class="inp" id="nc-age" type="number" min="0" max="130" inputmode="numeric" .value=${call.patient.age ?? ""} @input=${(event) => draft.set("patient.age", event.target.value === "" ? null : Number(event.target.value))}><span class="suf">${t("years")}</span></div></div></div>`;
}

export function newCall(desk) {
  const { draft } = desk;
  const { set_: set, call } = draft;
  const general = draft.problem && !["address", "complaint", "level_reason"].some((field) => draft.problem.field?.startsWith(field));
  return html`<form class="newcall" novalidate @submit=${(event) => { event.preventDefault(); desk.saveCall(); }} aria-label=${t("New call")}>
    <div class="head"><div class="line1">${set ? level(draft.level, "xl") : mark(icon("phone-incoming", "l"))}<h2 class="h1">${set ? said(set.title) : t("New call")}</h2>
      <div class="left0"><b class="key num">${span((now() - Date.parse(call.at)) / 1000)}</b></div>${closer(() => desk.leaveCall(), t("Leave the call; what is typed is kept"))}</div>
      <div class="meta"><span>${t("Kept on this device as you type")}</span></div></div>
    <div class="scroll body" tabindex="-1">${alike(desk, draft)}${address(draft)}${complaints(desk, draft)}
      ${set ? html`${asking(draft.question, (question, option) => desk.answer(question, option))}
        <p class="say" id="say-caller"><b>${t("Tell the caller:")}</b> ${said(set.advice)}</p>
        ${countOf(set, call.answers) ? html`<div class="row qhead"><span class="sec">${t("Answered {n} of {all}", { n: countOf(set, call.answers), all: set.questions.length })}</span></div>${answered(set, call.answers, (question) => { draft.again = question; draft.draw(); desk.focusSoon("asking"); })}` : nothing}
        ${levels(draft)}` : nothing}
      ${people(draft)}${general ? html`<p class="msg bad" role="alert">${mark(icon("alert-circle"))}<span>${draft.problem.text}</span></p>` : nothing}</div>
    <div class="act"><button class="btn go big" id="take-call" ?disabled=${draft.busy}>${desk.board.offline ? t("Keep the call") : t("Take the call")} <kbd>Ctrl</kbd><kbd>Enter</kbd></button>
      <button type="button" class="btn big" @click=${() => desk.dropCall()}>${t("Discard")}</button></div></form>`;
}
