// Talking with the crew: what was said and whether it was read, the usual requests, one line to write.
import { html, nothing } from "lit-html";
import { clock, now } from "../../web/clock.js";
import { forget } from "../../web/forms.js";
import { t } from "../../web/i18n.js";
import { pic } from "./pictures.js";
import { said } from "./words.js";

const USUAL = {
  stemi: [t("Please add V7–V9 and V4R."), t("Straight to the cath lab."), t("North door of the ED."), t("Please repeat the blood pressure.")],
  chest_pain: [t("Please repeat the 12-lead."), t("North door of the ED."), t("Please repeat the blood pressure.")],
  stroke: [t("When was the patient last well?"), t("Straight to CT."), t("Please measure glucose."), t("Please bring a relative along.")],
  trauma: [t("Straight to the resuscitation room."), t("Blood is ready."), t("Please repeat the blood pressure.")],
  other: [t("North door of the ED."), t("Please repeat the blood pressure."), t("How long still?")],
};

const TO = { crew: t("to the crew"), hospital: t("to the hospital"), dispatch: t("to dispatch") };

export function talk(page, state) {
  readThem(page, state);
  const name = state.unit ? said(state.unit.name) : t("the crew");
  const usual = USUAL[state.pathway] ?? USUAL.other;
  return html`<section class="card talk" aria-labelledby="talk"><header>${pic("ambulance")}<h2 id="talk">${t("Talk with the crew")}</h2></header>
    <div class="msgs" role="log" aria-label=${t("Messages")} tabindex="0">${state.messages.length ? state.messages.map((each) => message(each)) : html`<p class="two">${t("Nothing was said yet. Tap a usual request, or write.")}</p>`}</div>
    ${page.treats ? html`<div class="qk">${usual.map((words) => html`<button @click=${(event) => fillIn(event, words)}>${words}</button>`)}</div>
    <form data-keep="talk" @submit=${(event) => send(page, event)}><input name="text" autocomplete="off" maxlength="400" placeholder=${t("Write to {name} …", { name })} aria-label=${t("Write to {name} …", { name })}>
    <button class="btn go" aria-label=${t("Send")}>${pic("send")}</button></form>` : nothing}</section>`;
}

function message(each) {
  const state = each.pending ? t("sending") : each.read_at ? t("read {time}", { time: clock(each.read_at) }) : t("sent, not read yet");
  return html`<div class=${each.to === "hospital" ? "" : "mine"}><small><b>${each.from}</b> ${clock(each.at, "seconds")} · ${TO[each.to] ?? ""}${each.to === "hospital" ? nothing : html` · ${state}`}</small><p>${each.text}</p></div>`;
}

function fillIn(event, words) {
  const input = event.target.closest("section").querySelector("input");
  input.value = words;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.focus();
}

// The event may be here before the answer: one line is not shown twice.
const isSame = (each, shown) => each.to === shown.to && each.text === shown.text && Date.parse(each.at) > Date.parse(shown.at) - 5000;

async function send(page, event) {
  event.preventDefault();
  const form = event.target;
  const text = form.elements.text.value.trim();
  if (!text) return form.elements.text.focus();
  const shown = { id: crypto.randomUUID?.() ?? text, at: new Date(now()).toISOString(), from: t("You"), to: "crew", text, read_at: null, pending: true };
  form.elements.text.value = "";
  const sent = await page.acts.run(`message/${shown.id}`, { send: () => page.send("message", { to: "crew", text }), overlay: (copy) => { if (!copy.messages.some((each) => isSame(each, shown))) copy.messages.push(shown); } });
  if (sent) forget(form);
  else form.elements.text.value ||= text;
  return null;
}

let asked = "";

// What was written to the hospital counts as read when it is on a visible page of its staff.
function readThem(page, state) {
  const unread = state.messages.filter((each) => each.to === "hospital" && !each.read_at).map((each) => each.id).join();
  if (!page.treats || !unread || unread === asked || document.visibilityState !== "visible") return;
  asked = unread;
  page.send("messages/read").catch(() => { asked = ""; });
}
