// Photos and free text: what no form asks for.
import { html, nothing } from "lit-html";
import { clock } from "../../../web/clock.js";
import { t } from "../../../web/i18n.js";
import { shrink } from "../photos.js";
import { pic } from "../pictures.js";
import { big, foot, head } from "./parts.js";

export function notes(app) {
  const form = app.form("note");
  const { view } = app;
  return html`${head(app, t("Photo, note"))}<main id="work" tabindex="-1">
    <label class="btn shoot">${pic("camera")}<span>${t("Take a photo")}</span><input type="file" accept="image/*" capture="environment" class="vh" @change=${(event) => photo(app, event.target)}></label>
    <p class="csub">${t("Chart, medicine boxes, scene, wound. Made small for the network; place tags are removed.")}</p>
    <label class="clab" for="note-text">${t("In words")}</label>
    <textarea id="note-text" class="cin" rows="6" .value=${form.values.text ?? ""} @input=${(event) => form.set({ text: event.target.value })}></textarea>
    ${form.problem ? html`<p class="warn me" role="alert">${t("This cannot be kept on the device just now: save it soon.")}</p>` : nothing}
    ${view.photos.length || view.notes.length ? html`<section class="card"><header><h2>${t("Kept in this case")}</h2></header><ol class="tl">
      ${[...view.photos.map((each) => ({ ...each, words: t("Photo") })), ...view.notes.map((each) => ({ ...each, words: each.text }))].map((each) => html`<li><time>${clock(each.at)}</time><span>${each.words}</span><span class=${each.pending ? "me" : ""}>${each.pending ? t("waiting") : t("sent")}</span></li>`)}</ol></section>` : nothing}
    </main>${foot(big({ title: t("Save the note"), text: "", disabled: !form.values.text?.trim(), act: () => save(app, form) }))}`;
}

async function photo(app, input) {
  const [file] = input.files;
  input.value = "";
  if (!file) return;
  try {
    const { mime, base64 } = await shrink(file);
    await app.record([["photo", { mime, base64 }]], { words: t("Photo kept") });
  } catch {
    app.tell(t("This file is no picture that the device can read."), "problem");
  }
}

async function save(app, form) {
  await app.record([["note", { text: form.values.text.trim() }]], { words: t("Note saved") });
  await form.discard();
  app.go("main");
}
