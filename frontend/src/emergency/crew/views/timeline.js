// What happened in this case, newest last, with where each entry came from.
import { html } from "lit-html";
import { clock } from "../../../web/clock.js";
import { t } from "../../../web/i18n.js";
import { POINT, SOURCE } from "../words.js";

function words(entry) {
  switch (entry.kind) {
    case "time": return POINT[entry.point] ?? entry.point;
    case "vitals": return t("Vital signs");
    case "assessment": return `${entry.rule.toUpperCase().replaceAll("_", " ")} ${entry.result?.total ?? ""}`.trim();
    case "medication": return [entry.text, entry.dose, entry.unit].filter(Boolean).join(" ");
    case "ecg": return t("12-lead ECG");
    case "photo": return t("Photo");
    case "note": return entry.text;
    case "destination": return t("Destination {name}", { name: entry.text ?? "" });
    case "notice": return t("Notice to the hospital");
    case "handover": return t("Handover");
    default: return entry.text || entry.kind;
  }
}

export function timeline(app) {
  const entries = app.view.timeline.slice(-12);
  if (!entries.length) return html`<p class="mute pad">${t("Nothing recorded yet: the steps and findings appear here.")}</p>`;
  return html`<ol class="tl">${entries.map((entry) => html`<li><time datetime=${entry.at}>${clock(entry.at, "seconds")}</time><span>${words(entry)}</span>
    <span class=${entry.pending ? "me" : ""}>${entry.pending ? t("waiting") : SOURCE[entry.by] ?? entry.by ?? ""}</span></li>`)}</ol>`;
}
