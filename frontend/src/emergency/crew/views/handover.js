// The handover at the hospital: what is handed over, signed by the crew; the hospital signs on its side.
import { html, nothing } from "lit-html";
import { clock } from "../../../web/clock.js";
import { t } from "../../../web/i18n.js";
import { pic } from "../pictures.js";
import { NAMES, fieldOf, newest, show } from "../vitals.js";
import { who } from "../words.js";
import { timeline } from "./timeline.js";
import { big, foot, head } from "./parts.js";

export function handover(app) {
  const { view } = app;
  const form = app.form("handover");
  const vitals = Object.entries(newest(view.vitals)).filter(([id, one]) => fieldOf(id) && one.value !== null).map(([id, one]) => `${NAMES[id]} ${show(id, one.value)}`).join(" · ");
  const line = (name, words) => html`<div class="line"><span>${name}</span><span>${words || t("none recorded")}</span></div>`;
  return html`${head(app, t("Handover"))}<main id="work" tabindex="-1"><section class="card"><header><h2>${t("What you hand over")}</h2></header>
    ${line(t("Patient"), `${who(view.patient)} ${view.patient.name ?? ""} · ${app.title}`)}${line(t("Vitals"), vitals)}
    ${line(t("Given"), view.medications.map((each) => `${clock(each.at)} ${each.text} ${each.dose ?? ""} ${each.unit ?? ""}`).join(" · "))}
    ${line(t("Scores"), view.assessments.filter((each) => each.result?.total !== undefined).map((each) => `${each.rule.toUpperCase()} ${each.result.total}`).join(" · "))}
    ${line(t("Allergy"), (view.history?.allergies ?? []).map((each) => each.text ?? each).join(", "))}</section>
    <label class="clab" for="hand-note">${t("What the hospital must know")}</label><textarea id="hand-note" class="cin" rows="3" .value=${form.values.note ?? ""} @input=${(event) => form.set({ note: event.target.value })}></textarea>
    <section class="card"><header><h2>${t("This case")}</h2></header>${timeline(app)}</section>
    ${view.handover?.hospital ? html`<p class="ok inline">${pic("check")}${t("Signed by {name}", { name: view.handover.hospital })}</p>` : nothing}</main>
    ${foot(big({ picture: "handover", title: t("Sign the handover"), text: t("{name}; the hospital signs on its own screen", { name: app.me.name }), act: () => sign(app, form) }))}`;
}

async function sign(app, form) {
  const facts = [["handover", { sign: "crew", ...(form.values.note ? { note: form.values.note } : {}) }], ["state", { unit_state: "handed_over" }]];
  await app.record(facts, { words: t("Handover signed") });
  await form.discard();
  app.go("main");
}
