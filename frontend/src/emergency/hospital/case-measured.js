// The panel of what software measured: never a diagnosis, and it says when a rule is unverified.
import { html, nothing } from "lit-html";
import { t } from "../../web/i18n.js";
import { crossed, mm } from "./measured.js";

const MISSING = { age: t("age"), sex: t("sex") };

export function measuredPanel(entry) {
  const measured = entry?.measured;
  return html`<h3>${t("Measured by software, not a diagnosis")}</h3>${!measured ? html`<p class="two">${t("Measured as soon as ten seconds are there.")}</p>` : html`
    ${measured.not_measured ? html`<p class="me-c">${t("Nothing could be measured: {why}", { why: measured.not_measured })}</p>` : levels(measured)}
    ${measured.missing?.length ? html`<p><b>${t("No signal")}</b> ${measured.missing.join(", ")}</p>` : nothing}
    ${measured.saturated?.length ? html`<p><b>${t("Saturated")}</b> ${measured.saturated.join(", ")}</p>` : nothing}
    ${measured.incomplete ? html`<p class="two">${t("The limits depend on {what}: not judged.", { what: measured.incomplete.map((name) => MISSING[name] ?? name).join(t(", ")) })}</p>` : nothing}
    ${measured.unverified ? html`<p><span class="tag medium">${t("rule unverified: never decides alone")}</span></p>` : nothing}`}`;
}

function levels(measured) {
  const found = crossed(measured);
  const beat = [measured.heart_rate ? t("{n} beats/min", { n: Math.round(measured.heart_rate) }) : "", measured.qrs_ms ? `QRS ${measured.qrs_ms} ms` : ""].filter(Boolean).join(" · ");
  if (!found.length) return html`<p>${t("No lead crosses an ST limit.")} <span class="two">${beat}</span></p>`;
  return html`<p>${found.map(({ lead, uv, limit, level, down }, i) => html`${i ? " · " : nothing}${level === "high" ? html`<b>${lead} ST ${mm(uv)} mm</b>` : html`${lead} ${mm(uv)} mm`} <span class="two">${limit === undefined ? nothing : down ? t("past {limit}", { limit: mm(limit * 100) }) : t("meets {limit}", { limit: limit.toFixed(1) })}</span>`)}
    ${beat ? html`<span class="two"> · ${beat}</span>` : nothing}</p>${measured.stemi_limits ? html`<p class="b">${t("Two neighbouring leads reach the limit.")}</p>` : measured.incomplete ? nothing : html`<p class="two">${t("No two neighbouring leads reach the limit.")}</p>`}`;
}
