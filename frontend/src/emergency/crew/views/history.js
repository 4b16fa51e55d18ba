// The history that matters in the next hour: allergies, medicines, problems, the last ECG.
import { html, nothing } from "lit-html";
import { t } from "../../../web/i18n.js";
import { pic, shape } from "../pictures.js";

const list = (items) => items.map((item) => item.text ?? item).join(t(", "));

export function historyCard(app) {
  const { history, patient, complaintDetail, contact } = app.view;
  if (!history) {
    const words = patient.identified ? t("The record holds no history of this person.") : t("Identify the patient to see allergies, medicines and earlier ECGs.");
    return html`<button class="card hist" @click=${() => app.go("identity")}><span class="line"><span>${t("History")}</span><span class="mute">${words}</span></span>${more(complaintDetail, contact)}</button>`;
  }
  return html`<button class="card hist" @click=${() => app.float("history")}>${lines(history)}${more(complaintDetail, contact)}</button>`;
}

export function lines(history) {
  const { allergies = [], medicines = [], problems = [], lastEcg } = history;
  return html`<span class="line"><span>${t("Allergy")}</span><span>${allergies.length ? html`<b class="me inline">${shape("me")}<span>${list(allergies)}</span></b>` : t("none recorded")}</span></span>
    <span class="line"><span>${t("Takes")}</span><span>${medicines.length ? list(medicines) : t("none recorded")}</span></span>
    <span class="line"><span>${t("History")}</span><span>${problems.length ? list(problems) : t("none recorded")}${lastEcg ? html` · ${t("last ECG {words}", { words: lastEcg })}` : nothing}</span></span>`;
}

const more = (complaint, contact) => html`${complaint ? html`<span class="line wl"><span>${t("Complaint")}</span><span>${complaint}</span></span>` : nothing}
  ${contact ? html`<span class="line wl"><span>${t("Contact")}</span><span>${contact}</span></span>` : nothing}`;

export const foundHead = (title, sources) => html`<header>${pic("list")}<h2>${title}</h2><span class="mute small">${sources}</span></header>`;
