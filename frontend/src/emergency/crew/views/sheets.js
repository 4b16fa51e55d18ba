// What floats over the page: a new order, more, sign-in, choosing a unit, the history in full.
import { html, nothing } from "lit-html";
import { age } from "../../../web/clock.js";
import { t } from "../../../web/i18n.js";
import { levelChip, pic, shape } from "../pictures.js";
import { lines } from "./history.js";
import { sheet, tabs } from "./parts.js";
import { padSheet, vitalSheet } from "./vitals.js";

/** The order that came: over everything, loud, one touch to accept. */
export function orderScreen(app) {
  const [order] = app.orders;
  const ago = age(order.at).text;
  return html`<div class="order" role="alertdialog" aria-modal="true" aria-labelledby="order-title" aria-describedby="order-what">
    <header>${pic("bell", "xl")}<b>${t("New call")}</b><time>${ago}</time></header>
    <div class="what">${levelChip(order.level)}<h1 id="order-title">${order.complaint || t("Emergency")}</h1>
      <p id="order-what">${order.who ?? ""}</p><p class="place">${pic("flag")}<span>${order.address || t("Place on the map")}</span></p>
      ${order.minutes ? html`<p class="key">${t("{n} min by road", { n: order.minutes })}</p>` : nothing}${order.note ? html`<p>${order.note}</p>` : nothing}</div>
    <button class="big huge" @click=${() => app.accept(order)} autofocus>${pic("check", "xl")}<span><b>${t("Accept")}</b><span>${t("One touch: dispatch sees it at once")}</span></span><span></span></button>
    <button class="btn" @click=${() => app.float("decline", { order })}>${t("Cannot go")}</button></div>`;
}

const DECLINE = [t("Vehicle broken"), t("Crew not complete"), t("Still with a patient"), t("Road blocked")];

function declineSheet(app) {
  const { order } = app.sheet;
  const say = async (reason) => {
    app.sink();
    await app.decline(order, reason);
  };
  return sheet(app, t("Why can you not go?"), html`<div class="chips">${DECLINE.map((reason) => html`<button class="chip" @click=${() => say(reason)}>${reason}</button>`)}</div>
    <p class="mute">${t("Dispatch is told at once and sends another unit.")}</p>`);
}

function moreSheet(app) {
  const root = document.documentElement;
  return sheet(app, t("More"), html`
    <div class="cacts tri3">${app.view ? html`<button @click=${() => { app.sink(); app.go("messages"); }}>${pic("message")}<span>${t("Messages")}</span></button>
      <button @click=${() => { app.sink(); app.go("times"); }}>${pic("clock")}<span>${t("Times")}</span></button>` : nothing}
      <button @click=${() => { app.sink(); app.go("waiting"); }}>${pic("cloudup")}<span>${t("What waits")}</span></button>
      <button @click=${() => app.float("shift")}>${pic("ambulance")}<span>${t("My unit")}</span></button>
      <button @click=${() => app.signOut()}>${pic("out")}<span>${t("Sign out")}</span></button></div>
    <p class="clab">${t("Light")}</p>${tabs([["light", t("Day"), "sun"], ["dark", t("Night"), "moon"], ["auto", t("By the hour"), "clock"]], app.light ?? root.dataset.theme, (value) => app.setLight(value), t("Light"))}
    <p class="clab">${t("Language")}</p>${tabs([["zh-CN", "中文"], ["en", "English"]], root.lang, (value) => app.setLanguage(value), t("Language"))}`);
}

function shiftSheet(app) {
  const { units, problem } = app.sheet;
  if (!units && !problem) app.askUnits();
  return sheet(app, t("Which ambulance are you on?"), html`
    ${problem ? html`<p class="warn me" role="alert">${shape("me")}${problem}</p>` : nothing}
    ${!units && !problem ? html`<p class="mute" role="status">${t("Asking for the list…")}</p>` : nothing}
    <div class="chips">${(units ?? []).map((unit) => html`<button class="chip" aria-pressed=${String(unit.id === app.me.unit)} @click=${() => app.takeUnit(unit)}>${unit.name}</button>`)}</div>`);
}

/** The session ran out in the field: sign in here, nothing typed is lost. */
function signInSheet(app) {
  const { problem, busy } = app.sheet;
  const submit = (event) => {
    event.preventDefault();
    const fields = new FormData(event.target);
    app.signIn(fields.get("user"), fields.get("password"));
  };
  return sheet(app, t("Sign in again"), html`<p>${t("Your session has ended. Everything is kept on this device ({n} waiting) and is sent after you sign in.", { n: app.mark.count })}</p>
    <form class="signin" @submit=${submit}><label class="clab" for="in-user">${t("User name")}</label><input id="in-user" class="cin" name="user" autocomplete="username" required .value=${app.me.user}>
    <label class="clab" for="in-password">${t("Password")}</label><input id="in-password" class="cin" name="password" type="password" autocomplete="current-password" required>
    ${problem ? html`<p class="warn hi" role="alert">${shape("hi")}${problem}</p>` : nothing}
    <button class="big slim" ?disabled=${busy}>${pic("lock")}<span><b>${t("Sign in")}</b></span><span></span></button></form>`);
}

const historySheet = (app) => sheet(app, t("History that matters"), html`<div class="card">${lines(app.view.history)}</div>
  <p class="mute">${t("From the record; ask the patient and the family too.")}</p>`);

const SHEETS = { pad: padSheet, vital: vitalSheet, more: moreSheet, shift: shiftSheet, signin: signInSheet, history: historySheet, decline: declineSheet };

export const floating = (app) => (app.sheet ? SHEETS[app.sheet.name](app) : nothing);

/** Ten seconds to take an act back, with the seconds that are left. */
export function undoBar(app) {
  const act = app.undoable;
  if (act) {
    const left = Math.ceil((act.until - Date.now()) / 1000);
    if (left > 0) return html`<div class="toast above" role="status"><span>${act.words}</span><button @click=${() => app.undo()}>${t("Undo")} <span class="n">${left}</span></button></div>`;
  }
  const [note] = app.notices.filter((each) => each.until > Date.now());
  return note ? html`<div class="toast above ${note.kind}" role=${note.kind === "problem" ? "alert" : "status"}><span>${note.words}</span></div>` : nothing;
}
