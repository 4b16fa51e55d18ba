// Which unit: ranked with reasons, those passed over with theirs, and the button that sends.
import { html, nothing } from "lit-html";
import { clock } from "../../web/clock.js";
import { icon } from "../../web/icons.js";
import { t } from "../../web/i18n.js";
import { mark } from "./parts.js";
import { KIND, km, minutes, said, unitName } from "./words.js";

const REASONS = [t("Knows the place"), t("Asked for by the caller"), t("The first is needed elsewhere"), t("Road blocked")];
const SHOWN = 3;

const reasons = (option) => option.reasons.map(said).filter(Boolean).join(" · ");

function option(desk, each, at) {
  const { board } = desk;
  const chosen = board.picked?.unit === each.unit;
  const out = each.passed_over;
  return html`<button type="button" class="opt ${out ? "out" : ""}" role="radio" data-unit=${each.unit} aria-checked=${String(chosen)} tabindex=${chosen ? 0 : -1} @click=${() => desk.pick(each)}>
    ${out ? html`<span class="no">${mark(icon("x", "s"))}</span>` : html`<span class="no"><kbd>${at + 1}</kbd></span>`}
    <span class="eta num">${each.straight && each.seconds !== null ? "≈ " : ""}${minutes(each.seconds)} <span class="unit">${t("min")}</span></span>
    <span><span class="row"><b class="nb">${unitName(each.number)}</b><span class="tag ${out ? "" : "line"}">${KIND[each.kind] ?? each.kind}</span>${out ? html`<span class="tag">${t("passed over")}</span>` : nothing}
      ${each.eta && !out ? html`<span class="two small nb">${t("there {time}", { time: clock(each.eta) })}</span>` : html`<span class="two cut small">${said(each.base)}</span>`}</span>
      <span class="why">${reasons(each)}${each.drive?.metres ? html`<span class="wide"> · ${km(each.drive.metres)}</span>` : nothing}${each.straight ? html` <span class="two">(${t("straight line, not by road")})</span>` : nothing}</span></span></button>`;
}

function whyOther(desk) {
  if (!desk.other) return nothing;
  const { reason } = desk.other;
  return html`<div class="other" role="group" aria-label=${t("Why this unit")}><div class="row wrap">${REASONS.map((words) => html`<button type="button" class="btn tiny" aria-pressed=${String(reason === words)} @click=${() => desk.because(words)}>${words}</button>`)}</div>
    <input class="inp sm" id="other-reason" autocomplete="off" aria-label=${t("Why not the first unit")} placeholder=${t("Why not the first unit? One word is enough.")} .value=${reason} @input=${(event) => { desk.other.reason = event.target.value; desk.draw(); }}
      @keydown=${(event) => { if (event.key === "Enter") { event.preventDefault(); event.stopPropagation(); desk.sendNow(); } }}>${desk.other.asked && !reason ? html`<p class="msg me-c" role="alert">${mark(icon("alert-circle"))}<span>${t("Say why, then Enter sends.")}</span></p>` : nothing}</div>`;
}

function nobody(board) {
  const text = board.ranking?.problem ?? (board.ranking ? t("No unit can be sent now: every one is on a case, off duty or silent.") : "");
  if (!text) return html`<div class="skeleton" role="status"><span class="vh">${t("Loading")}</span><span class="sk w0"></span><span class="sk w2"></span></div>`;
  return html`<p class="none">${text}</p>`;
}

export function ranked(desk) {
  const { board, acts } = desk;
  const { ranking } = board;
  const conflict = acts.conflict?.case === board.chosen ? acts.conflict.text : "";
  const picked = board.picked;
  const rankedOnes = board.ranked, passed = board.passed;
  const list = desk.other ? [...rankedOnes, ...passed] : [...rankedOnes.slice(0, Math.max(2, SHOWN - Math.min(1, passed.length))), ...nearer(rankedOnes, passed)];
  const hidden = rankedOnes.length + passed.length - list.length;
  const sending = acts.sending?.case === board.chosen ? acts.sending : null;
  const kept = desk.radio.of(board.chosen).find((item) => item.kind === "dispatch" && !item.refused);
  return html`<div class="rank ${board.offline ? "old" : ""}">
    ${conflict ? html`<div class="alarm conflict" role="alert"><span class="pri">${mark(icon("users", "s"))}</span><span class="grow">${conflict}</span></div>` : nothing}
    <div class="sec"><span>${t("Recommended units")}</span><span>${ranking?.computed_at ? t("computed {time}", { time: clock(ranking.computed_at, "seconds") }) : ""}${board.offline ? ` · ${t("before the line was lost")}` : ""}</span></div>
    ${list.length ? html`<div role="radiogroup" aria-label=${t("Recommended units")} id="options" class=${desk.other ? "all" : ""}>${list.map((each) => option(desk, each, rankedOnes.indexOf(each)))}</div>` : nobody(board)}
    ${hidden > 0 ? html`<button type="button" class="link more" @click=${() => desk.openOther()}>${t("{n} more units and why not", { n: hidden })}</button>` : nothing}
    ${whyOther(desk)}
    <div class="act">${sending || kept ? html`<button type="button" class="btn go big sent" id="send" aria-disabled="true"><span class="pend row"><span>${kept ? t("By radio · to log") : t("Sending…")}</span></span></button>`
      : html`<button type="button" class="btn go big" id="send" ?disabled=${!picked} @click=${() => desk.sendNow()}><span>${picked ? (board.offline ? t("Send unit {n} by radio", { n: picked.number }) : t("Send unit {n}", { n: picked.number })) : t("No unit")}</span> <kbd>Enter</kbd></button>`}
      <button type="button" class="btn big" id="other" aria-pressed=${String(Boolean(desk.other))} @click=${() => desk.openOther()}>${t("Other unit")} <kbd>O</kbd></button></div></div>`;
}

/** The one passed over that would be quicker: the question that everybody asks. */
function nearer(rankedOnes, passed) {
  const best = rankedOnes[0]?.seconds ?? Infinity;
  const near = passed.filter((each) => each.seconds !== null).sort((a, b) => a.seconds - b.seconds);
  return (near[0] && near[0].seconds < best ? near : near.slice(0, 1)).slice(0, 1);
}
