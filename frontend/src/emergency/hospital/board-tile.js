// One tile: a count with − and +, or free and busy with a time; who set it and when.
import { html, nothing } from "lit-html";
import { ageText, clock, now } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { bar, pic, shape } from "./pictures.js";
import { said } from "./words.js";

const PICTURES = { resuscitation: "bed", cathlab: "bolt", ct: "scan", ccu: "heart", icu: "pulse", theatre: "door", beds: "bed", paediatric: "bed", ecmo: "heart" };
const SWITCHED = new Set(["cathlab", "theatre", "ct"]);
const STEP_MS = 10 * 60_000;

const isSwitch = (each) => each.free === null || (each.capacity === 1 && SWITCHED.has(each.kind));

export function tile(board, each) {
  const full = each.free === 0 && each.state !== "closed" && !isSwitch(each);
  const names = ["t", isSwitch(each) ? "two2" : "", each.stale ? "old" : "", full ? "full" : "", each.pending ? "pending" : ""].join(" ");
  return html`<li class=${names} data-kind=${each.kind}><div class="hd">${pic(PICTURES[each.kind] ?? "list")}<b>${said(each.name)}</b>${each.state === "closed" ? html`<span class="tag medium">${t("Closed")}</span>` : nothing}</div>
    ${isSwitch(each) ? choice(board, each) : count(board, each, full)}
    <div class="who3"><span>${each.set_by || t("never set")}</span><span>${board.acts.waits(`tile/${each.id}`) ? t("sending") : ageText((now() - Date.parse(each.set_at)) / 1000)}${each.stale ? html` · ${t("please check")}` : nothing}</span></div></li>`;
}

function count(board, each, full) {
  const most = each.capacity ?? Infinity;
  const step = (by, words, picture) => {
    const next = each.free + by;
    return html`<button class="step" ?disabled=${!board.treats || next < 0 || next > most} aria-label=${`${said(each.name)}: ${words}`} @click=${() => board.change(each, { free: next })}>${pic(picture, "l")}</button>`;
  };
  return html`<div class="tb">${step(-1, t("one less free"), "minus")}<div class="mid3" aria-live="polite"><b>${each.free}</b> <span>${each.capacity === null ? t("units") : t("of {all} free", { all: each.capacity })}</span>
    ${each.capacity ? bar(((each.capacity - each.free) / each.capacity) * 100) : nothing}${full ? html`<span class="me-c b">${shape("medium")} ${t("full")}</span>` : nothing}</div>${step(1, t("one more free"), "plus")}</div>`;
}

function choice(board, each) {
  const set = (state) => board.change(each, { state });
  const button = (state, words) => html`<button class=${state} aria-pressed=${String(each.state === state)} ?disabled=${!board.treats} @click=${() => each.state !== state && set(state)}>${words}</button>`;
  return html`<div class="fbu" role="group" aria-label=${said(each.name)}>${button("free", t("Vacant"))}${button("busy", t("In use"))}</div>${each.state === "busy" ? until(board, each) : nothing}`;
}

// "Busy" says until when: steps of ten minutes from now, never a time that is over.
function until(board, each) {
  const known = each.until && Date.parse(each.until) > now() ? Date.parse(each.until) : null;
  const later = (by) => new Date(Math.max(now() + STEP_MS, (known ?? Math.ceil(now() / STEP_MS) * STEP_MS) + by)).toISOString();
  const button = (by, words, picture) => html`<button class="step small2" ?disabled=${!board.treats || (by < 0 && !known)} aria-label=${`${said(each.name)}: ${words}`} @click=${() => board.change(each, { state: "busy", until: later(by) })}>${pic(picture)}</button>`;
  return html`<div class="unt">${button(-STEP_MS, t("10 minutes earlier"), "minus")}<span><small>${t("free at")}</small> <b>${known ? clock(known) : "—"}</b></span>${button(STEP_MS, t("10 minutes later"), "plus")}</div>`;
}
