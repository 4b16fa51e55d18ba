// A page for each ECG: 6 × 2 with a rhythm strip in true millimetres, the physician's reading, the measurements.
import { html, nothing } from "lit-html";
import { clock } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { measuredPanel } from "../hospital/case-measured.js";
import { crossed, marksOf, mm } from "../hospital/measured.js";
import { patientWords } from "../hospital/words.js";
import { footer, top } from "./first.js";
import "./true-paper.js";

export function second(state, ecg, { page, pages, recording, sha }) {
  const title = ecg ? html`${t("12-lead ECG")} <span class="w4">${clock(ecg.at, "seconds")}</span>` : t("12-lead ECG");
  return html`<section class="sheet" aria-label=${t("Page {n} of {all}", { n: page, all: pages })}>
    ${top(state, title, html`${patientWords(state.patient)} · 25 mm/s · 10 mm/mV · ${t("true millimetres")}${ecg?.demonstration ? html` · <b>${t("demonstration signal")}</b>` : nothing}`, page, pages)}
    ${!ecg ? html`<p class="one4">${t("No ECG was recorded in this case.")}</p>`
      : recording ? html`<true-paper .recording=${recording} .marks=${marksOf(ecg.measured)} label=${t("12-lead ECG, 25 mm/s, 10 mm/mV")}></true-paper>
        <div class="sc"><i></i><span>${t("This must measure 50 mm on paper; if not, print at “actual size”.")}</span></div>`
        : html`<p class="one4">${t("The samples of this ECG are not here.")}</p>`}
    ${ecg ? html`<div class="two4"><div><h3><span>${t("Reading (physician)")}</span><span>${ecg.reading ? `${ecg.reading.by} ${clock(ecg.reading.at, "seconds")}` : nothing}</span></h3><p>${ecg.reading ? html`<b>${ecg.reading.text}</b>` : t("Not read yet")}</p></div>
      <div class="meas">${measuredPanel(ecg)}${table(ecg.measured)}</div></div>` : nothing}
    ${footer(ecg?.demonstration ? t("Demonstration signal: a real recording, to which ST elevation was added by a documented transform.") : ecg?.device || "", sha)}</section>`;
}

function table(measured) {
  const rows = crossed(measured);
  if (!rows.length) return nothing;
  return html`<table><thead><tr><th>${t("Lead")}</th><th>${t("Measured")}</th><th class="r">${t("Limit")}</th></tr></thead><tbody>
    ${rows.map(({ lead, uv, limit, down }) => html`<tr><td>${lead}</td><td>ST ${mm(uv)} mm</td><td class="r">${limit === undefined ? "—" : down ? `≤ ${mm(limit * 100)}` : `≥ ${limit.toFixed(1)}`}</td></tr>`)}</tbody></table>`;
}
