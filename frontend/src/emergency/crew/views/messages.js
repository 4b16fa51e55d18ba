// What the hospital and the dispatcher say, and a line back.
import { html, nothing } from "lit-html";
import { clock } from "../../../web/clock.js";
import { t } from "../../../web/i18n.js";
import { big, foot, head, tabs } from "./parts.js";

const QUICK = [t("Understood"), t("On our way"), t("Please repeat"), t("Patient is worse"), t("Family on board")];

export function messages(app) {
  const form = app.form("message");
  const to = form.values.to ?? "hospital";
  const send = async (text) => {
    await app.record([["message", { to, text }]], { words: t("Message kept and sent") });
    await form.discard();
  };
  for (const message of app.view.messages) if (!message.mine) app.read?.(message);
  return html`${head(app, t("Messages"))}<main id="work" tabindex="-1">
    ${app.view.messages.length ? html`<ol class="talk" aria-live="polite">${app.view.messages.map((message) => html`<li class=${message.mine ? "mine" : ""}>
      <small>${message.mine ? t("You") : message.from ?? ""} · ${clock(message.at)}${message.pending ? ` · ${t("waiting")}` : ""}</small><p>${message.text}</p></li>`)}</ol>`
      : html`<section class="empty small"><p>${t("No messages yet: what the hospital or dispatch writes appears here and on the main screen.")}</p></section>`}
    ${tabs([["hospital", t("Hospital"), "hospital"], ["dispatch", t("Dispatch"), "phone"]], to, (value) => form.set({ to: value }), t("To whom"))}
    <div class="chips">${QUICK.map((words) => html`<button class="chip" @click=${() => send(words)}>${words}</button>`)}</div>
    <label class="clab" for="message-text">${t("In your words")}</label>
    <textarea id="message-text" class="cin" rows="3" .value=${form.values.text ?? ""} @input=${(event) => form.set({ text: event.target.value })}></textarea>
  </main>${form.values.text ? foot(big({ picture: "send", title: t("Send"), text: "", act: () => send(form.values.text) })) : nothing}`;
}
