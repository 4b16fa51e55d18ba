// Parts that every view of the crew page shares: heads, the sync mark, the big button, choices.
import { html, nothing } from "lit-html";
import { clock } from "../../../web/clock.js";
import { t } from "../../../web/i18n.js";
import { pic } from "../pictures.js";

/** The sync mark: always at the same place, always one of a few words; touched, it shows what waits. */
export function syncMark(app) {
  const { state, count, since, parked } = app.mark;
  const [css, picture, first, second] = {
    saved: ["ok", "cloud", t("Saved"), ""],
    sending: ["wait", "cloudup", t("Waiting ({n})", { n: count }), ""],
    waiting: ["wait", "cloudup", t("Waiting ({n})", { n: count }), ""],
    offline: ["off", "cloudoff", count ? t("Offline ({n})", { n: count }) : t("Offline"), since ? t("since {time}", { time: clock(since) }) : ""],
    "sign-in": ["off", "lock", t("Sign in"), t("kept ({n})", { n: count })],
  }[state];
  return html`<button class="sync ${css}" data-sync-state=${state} data-waiting=${count} @click=${() => (state === "sign-in" ? app.float("signin") : app.go("waiting"))}>
    ${pic(picture)}<span>${first}</span>${second ? html`<span class="nw">${second}</span>` : nothing}
    ${parked ? html`<span class="hi nw">${t("{n} not filed", { n: parked })}</span>` : nothing}</button>`;
}

/** The head of a step over the main screen. */
export const head = (app, title, extra = nothing) => html`<header class="vhead">
  <button class="ico" aria-label=${t("Back")} @click=${() => app.go("main")}>${pic("left", "l")}</button>
  <h1>${title}</h1>${extra}${syncMark(app)}</header>`;

/** The big button: what it does, and a line of words under it. */
export function big({ picture = "check", title, text = "", act, disabled = false, arrow = false, css = "" }) {
  return html`<button class="big ${css}" ?disabled=${disabled} @click=${act}>${pic(picture)}
    <span><b>${title}</b>${text ? html`<span>${text}</span>` : nothing}</span>${arrow ? pic("right") : html`<span></span>`}</button>`;
}

export const foot = (...content) => html`<footer class="cfoot">${content}</footer>`;

/** One of several, as large chips: options are [value, words, small?]. */
export const chips = (options, chosen, choose, label) => html`<div class="chips" role="group" aria-label=${label}>
  ${options.map(([value, words, small]) => html`<button class="chip" aria-pressed=${String(chosen === value)}
    @click=${() => choose(chosen === value ? undefined : value)}><span>${words}</span>${small ? html`<small>${small}</small>` : nothing}</button>`)}</div>`;

/** Tabs as a segmented choice. */
export const tabs = (options, chosen, choose, label) => html`<div class="seg big3" role="tablist" aria-label=${label}>
  ${options.map(([value, words, picture]) => html`<button role="tab" aria-selected=${String(chosen === value)} @click=${() => choose(value)}>
    ${picture ? pic(picture) : nothing}<span>${words}</span></button>`)}</div>`;

/** A sheet from below over a scrim. */
export function sheet(app, title, content, { close = true } = {}) {
  return html`<div class="csheet" role="dialog" aria-modal="true" aria-label=${title} @click=${(event) => event.target === event.currentTarget && close && app.sink()}><div>
    <header class="sheethead"><h2>${title}</h2>${close ? html`<button class="ico" aria-label=${t("Close")} @click=${() => app.sink()}>${pic("x")}</button>` : nothing}</header>
    ${content}</div></div>`;
}

/** A number being typed on a keypad of our own: the system's keyboard is too small for gloves. */
export function keypad({ value, press, go, goWords = t("Done"), extra = "" }) {
  const key = (label, sent = label) => html`<button @click=${() => press(sent)} aria-label=${sent === "back" ? t("Delete") : label}>${sent === "back" ? pic("back") : label}</button>`;
  return html`<div class="keys" role="group" aria-label=${t("Keypad")}>
    ${["1", "2", "3", "4", "5", "6", "7", "8", "9"].map((digit) => key(digit))}
    ${extra ? key(extra) : html`<span></span>`}${key("0")}${key("⌫", "back")}</div>
    ${go ? html`<button class="big slim" @click=${go}>${pic("check")}<span><b>${goWords}</b></span><span>${value}</span></button>` : nothing}`;
}

/** Pressing long means more: history and reasons. Answers the three listeners. */
export function longPress(act, ms = 500) {
  let timer = null;
  let fired = false;
  return {
    down: () => { fired = false; clearTimeout(timer); timer = setTimeout(() => { fired = true; act(); }, ms); },
    up: () => clearTimeout(timer),
    click: (event, tap) => { clearTimeout(timer); if (fired) { event.preventDefault(); event.stopPropagation(); fired = false; } else tap(event); },
  };
}
