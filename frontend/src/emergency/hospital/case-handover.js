// The handover: what the crew has signed, the hospital's own signature, the printable sheet and the document.
import { html, nothing } from "lit-html";
import { clock } from "../../web/clock.js";
import { forget } from "../../web/forms.js";
import { t } from "../../web/i18n.js";
import { confirm } from "../../web/ui.js";
import { pic } from "./pictures.js";

export function handoverCard(page, state) {
  const { crew = null, hospital = null, document: file = null } = state.handover ?? {};
  const arrived = Boolean(state.times.arrive_door) || state.unit?.state === "at_hospital" || Boolean(crew);
  return html`<section class="card hand" aria-labelledby="hand"><header>${pic("sign")}<h2 id="hand">${t("Handover")}</h2></header>
    <dl class="sigs"><dt>${t("Crew")}</dt><dd>${signature(crew)}</dd><dt>${t("Hospital")}</dt><dd>${signature(hospital)}</dd></dl>
    ${page.treats && !hospital ? html`<form data-keep="handover" class="signing" @submit=${(event) => sign(page, event)}>
      <label class="two small" for="hnote">${t("Remark (may stay empty)")}</label><textarea id="hnote" name="note" rows="2" maxlength="2000" class="inp"></textarea>
      <button class="btn ${crew ? "go" : ""}" ?disabled=${!arrived || page.acts.waits("sign")}>${pic("sign")}<span>${t("Sign for the hospital")}</span></button>
      ${arrived ? nothing : html`<small class="two">${t("Possible when the patient is here.")}</small>`}</form>` : nothing}
    <div class="pfoot"><a class="btn" href="/emergency/handover/${page.id}">${pic("print")}<span>${t("Handover sheet")}</span></a>
    ${file ? html`<a class="btn" href="${page.api}/document" download="handover-${state.number}.json">${pic("download")}<span>${t("FHIR document")}</span></a>` : nothing}</div></section>`;
}

const signature = (signed) => (signed ? html`${pic("check", "s")} <b>${signed.by}</b> ${clock(signed.at, "seconds")}` : html`<span class="two">${t("not signed")}</span>`);

async function sign(page, event) {
  event.preventDefault();
  const form = event.target;
  const note = form.elements.note.value.trim();
  const sure = await confirm({ title: t("Sign the handover?"), text: t("From then on the patient is in your hospital's care. A signature cannot be taken back; a later change makes a new version."), act: t("Sign") });
  if (!sure) return;
  if (await page.acts.run("sign", { send: () => page.send("handover", { sign: "hospital", note }) })) forget(form);
}
