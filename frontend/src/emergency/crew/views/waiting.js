// What is still on this device: waiting, not filed and why, and how the device's storage is.
import { html, nothing } from "lit-html";
import { clock } from "../../../web/clock.js";
import { t } from "../../../web/i18n.js";
import { pic, shape } from "../pictures.js";
import { size } from "../words.js";
import { factWords } from "./main.js";
import { big, foot, head } from "./parts.js";

export function waiting(app) {
  const { outbox, sync } = app;
  const state = { saved: t("Everything is with the server."), sending: t("Sending now."), waiting: t("Waiting for its turn."), offline: t("No network: kept here, sent once when it returns."), "sign-in": t("Sign in again to send.") }[sync.state];
  return html`${head(app, t("On this device"))}<main id="work" tabindex="-1">
    <section class="card"><header>${pic(sync.state === "saved" ? "cloud" : "cloudup")}<h2>${state}</h2></header>
    ${outbox.waiting.length ? html`<ul class="rowslist">${outbox.waiting.map((item) => html`<li><time>${clock(item.fact.at, "seconds")}</time><span>${factWords(item.fact)}</span><span class="mute">${size(item.size)}</span></li>`)}</ul>` : nothing}</section>
    ${outbox.parked.length ? html`<section class="card"><header>${shape("me")}<h2>${t("Not filed, and why")}</h2></header>
      <ul class="rowslist">${outbox.parked.map((item) => html`<li><time>${clock(item.fact.at, "seconds")}</time><span><b>${factWords(item.fact)}</b><br><span class="mute">${item.reason}</span></span>
      <span class="two1">${item.held ? html`<span class="mute">${t("dispatch decides")}</span>` : html`<button class="btn" @click=${() => app.tryAgain(item.fact.id)}>${t("Try again")}</button>`}
      <button class="btn" @click=${() => app.outbox.forget([item.fact.id])}>${t("Take off this list")}</button></span></li>`)}</ul></section>` : nothing}
    ${storage(app)}</main>
    ${outbox.waiting.length ? foot(sync.state === "sign-in" ? big({ picture: "lock", title: t("Sign in"), act: () => app.float("signin") }) : big({ picture: "cloudup", title: t("Send now"), text: t("{n} items", { n: outbox.waiting.length }), act: () => sync.kick() })) : nothing}`;
}

function storage({ health, lost, others }) {
  const line = (css, words) => html`<p class="line1 ${css}">${css ? shape(css) : pic("check")}<span>${words}</span></p>`;
  return html`<section class="card"><header><h2>${t("This device's storage")}</h2></header>
    ${!health?.works ? line("hi", t("This device keeps nothing: stay online, and do not close the page before all is sent.")) : line("", t("Kept sealed on this device for you alone."))}
    ${health?.works ? line(health.tight ? "me" : "", health.tight ? t("Nearly full: {mb} MB left. Photos first.", { mb: Math.round(health.free / 1e6) }) : t("Room enough.")) : nothing}
    ${health?.works ? line(health.lasting ? "" : "lo", health.lasting ? t("The browser will not clear it under pressure.") : t("The browser may clear it under pressure: add this page to the home screen.")) : nothing}
    ${lost ? line("me", lost) : nothing}${others ? line("lo", t("{n} items of another user wait here, sealed, until that user signs in.", { n: others })) : nothing}</section>`;
}
