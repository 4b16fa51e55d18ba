// The left pane: who waits, the most urgent first, and what is in progress.
import { html, nothing } from "lit-html";
import { now, span } from "../../web/clock.js";
import { icon } from "../../web/icons.js";
import { t } from "../../web/i18n.js";
import { level, mark } from "./parts.js";
import { STATE, said, who } from "./words.js";

const since = (iso) => Math.max(0, (now() - Date.parse(iso)) / 1000);

/** Seconds left until this call's limit; negative when it has passed. */
export const left = (row) => (row.limit_s ? row.limit_s - since(row.call_at) : null);

function limit(row) {
  const rest = left(row);
  if (rest === null) return nothing;
  return html`<span class="left num ${rest < 0 ? "late" : ""}">${rest < 0 ? t("{time} over", { time: span(-rest) }) : t("{time} left", { time: span(rest) })}</span>`;
}

function tags(desk, row) {
  const { board, radio } = desk;
  const same = board.duplicates.get(row.case)?.[0];
  const kept = radio.of(row.case).some((item) => !item.refused);
  return [
    row.taken_by ? html`<span class="tag">${mark(icon("user"))}${row.taken_by}</span>` : nothing,
    row.duplicate_of || same ? html`<span class="tag low">${mark(icon("copy"))}${t("Same as {number}?", { number: same?.number ?? board.row(row.duplicate_of)?.number ?? "" })}</span>` : nothing,
    row.outside ? html`<span class="tag medium">${mark(icon("map-off"))}${t("outside the region")}</span>` : nothing,
    kept ? html`<span class="tag medium">${mark(icon("radio"))}${t("to log")}</span>` : nothing,
  ];
}

function call(desk, row) {
  const { board } = desk;
  return html`<li><button class="call" data-case=${row.case} aria-current=${String(board.chosen === row.case)} @click=${() => desk.open(row.case)}>
    ${level(row.level)}<span class="what cut">${said(row.complaint_text)} <span class="two">${who(row)}</span></span>
    <span class="wait num">${span(since(row.call_at))}</span><span class="two cut">${row.address || t("no address yet")}</span>${limit(row)}
    <span class="tags">${row.note ? html`<span class="cond">${row.note}</span>` : nothing}${tags(desk, row)}</span></button></li>`;
}

/** To the scene or the hospital: the moment that the server gave, or its seconds from when it gave them. */
function arrives(board, row) {
  if (["at_hospital", "handed_over"].includes(row.unit_state)) return t("arrived");
  const unknown = row.eta_s === null || row.eta_s === undefined;
  if (!row.eta_at && unknown) return "—";
  const rest = row.eta_at ? (Date.parse(row.eta_at) - now()) / 1000 : row.eta_s - (now() - board.at) / 1000;
  return rest < 30 ? t("arriving") : t("in {n} min", { n: Math.max(1, Math.round(rest / 60)) });
}

/** What a unit on a case is doing, in a few words. */
function doing(board, row) {
  const unit = typeof row.unit === "string" ? board.units.get(row.unit) : row.unit;
  const number = board.numberOf(row.unit);
  if (!unit) return STATE[row.status] ?? row.status;
  const live = board.units.get(unit.id) ?? unit;
  if (live.silent) return html`<b class="silent">${t("{n} silent for {time} min", { n: number, time: Math.floor(since(live.silent_since) / 60) })}</b>`;
  if (["to_hospital", "stopover"].includes(live.state) && row.destination) return html`${number} → ${board.hospitalName(row.destination)}`;
  return `${number} ${STATE[live.state] ?? ""}`;
}

function job(desk, row) {
  const { board } = desk;
  return html`<li><button class="job" data-case=${row.case} aria-current=${String(board.chosen === row.case)} @click=${() => desk.open(row.case)}>
    ${level(row.level)}<span class="cut">${said(row.complaint_text)} <span class="two">${doing(board, row)}</span></span><span class="two small nb">${arrives(board, row)}</span></button></li>`;
}

const empty = (desk) => html`<div class="void tight">${mark(icon("phone-call", "l"))}<h3>${t("No call waits")}</h3>
  <p class="two">${t("New calls appear here by themselves. Take one with F2.")}</p></div>`;

export function leftPane(desk) {
  const { board, radio } = desk;
  const calls = board.filtered(board.calls), active = board.filtered(board.active);
  return html`<header><h2>${t("Waiting calls")}<span class="count">${board.calls.length}</span></h2><span class="grow"></span>
    <button class="btn tiny" id="new-call" @click=${() => desk.newCall()}>${mark(icon("plus", "s"))}${t("Take a call")} <kbd>F2</kbd></button></header>
  <div class="finder"><div class="with">${mark(icon("search", "s"))}<input class="inp sm" id="find" type="search" autocomplete="off" placeholder=${t("Address, case, unit")}
    aria-label=${t("Find a call by address, case or unit")} .value=${board.find} @input=${(event) => { board.find = event.target.value; desk.draw(); }}><kbd class="suf">/</kbd></div></div>
  <div class="scroll" tabindex="-1">
  ${desk.drafts.length ? html`<ul>${desk.drafts.map((row) => call(desk, row))}</ul>` : nothing}
  ${calls.length ? html`<ul id="calls">${calls.map((row) => call(desk, row))}</ul>` : board.calls.length || desk.drafts.length ? html`<p class="none two">${board.find ? t("No waiting call fits.") : ""}</p>` : empty(desk)}
  <header class="between"><h2>${t("In progress")}<span class="count">${board.active.length}</span></h2><span class="grow"></span>
    ${board.parked ? html`<button class="btn tiny" id="parked" @click=${() => desk.openParked()}>${mark(icon("inbox", "s"))}${t("To file ({n})", { n: board.parked })} <kbd>P</kbd></button>` : nothing}</header>
  ${active.length ? html`<ul id="jobs">${active.map((row) => job(desk, row))}</ul>` : html`<p class="none two">${board.find ? t("No case in progress fits.") : t("Cases with a unit appear here, with who arrives when.")}</p>`}
  ${radioList(radio)}</div>`;
}

function radioList(radio) {
  if (!radio.items.length) return nothing;
  return html`<header class="between"><h2>${t("By radio, to log later")}<span class="count">${radio.items.length}</span></h2></header>
    ${radio.full ? html`<p class="none late" role="alert">${t("This browser's storage is full: note these on paper.")}</p>` : nothing}
    <ul id="radio">${radio.items.map((item) => html`<li class="radio"><span>${item.words}</span>
      ${item.refused ? html`<span class="late">${item.refused}</span><button class="btn tiny" @click=${() => radio.drop(item.id)}>${t("Settled by hand")}</button>` : html`<span class="two small">${t("waits for the line")}</span>`}</li>`)}</ul>`;
}
