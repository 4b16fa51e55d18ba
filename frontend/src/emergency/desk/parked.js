// Facts that are right but have no place: each is filed under a case or discarded with a reason.
import { html, nothing, render } from "lit-html";
import { clock } from "../../web/clock.js";
import { icon } from "../../web/icons.js";
import { t } from "../../web/i18n.js";
import { closer, mark } from "./parts.js";
import { POINT } from "./words.js";

const KIND = {
  time: t("Time"), state: t("State of the unit"), vitals: t("Vital signs"), identity: t("Identity"), assessment: t("Assessment"), medication: t("Medicine"),
  note: t("Note"), photo: t("Photo"), ecg: t("ECG"), destination: t("Destination"), notice: t("Notice"), message: t("Message"), handover: t("Handover"), undo: t("Undo"),
};

function content({ kind, data = {} }) {
  if (kind === "time") return POINT[data.point] ?? data.point;
  if (kind === "medication") return [data.text, data.dose, data.unit, data.route].filter(Boolean).join(" ");
  if (kind === "vitals") return Object.entries(data).filter(([, value]) => typeof value !== "object").map(([name, value]) => `${name.toUpperCase()} ${value}`).join(" · ");
  return data.text ?? data.name ?? data.rule ?? data.hospital ?? "";
}

function one(desk, fact, sheet) {
  const rows = desk.board.rows;
  const settle = async (body) => {
    if (await desk.acts.settle(fact.id, body)) sheet.facts = sheet.facts.filter((each) => each !== fact);
    sheet.draw();
  };
  return html`<li class="fact"><div><b>${KIND[fact.kind] ?? fact.kind}</b> ${content(fact)}</div>
    <p class="two small">${clock(fact.at, "full")} · ${fact.by ?? ""} ${fact.unit ? desk.board.numberOf(fact.unit) : ""} · ${t("received {time}", { time: clock(fact.received_at ?? fact.at, "seconds") })}</p>
    <p class="me-c">${fact.reason}</p>
    <form class="row wrap" @submit=${(event) => { event.preventDefault(); settle({ case: new FormData(event.target).get("case") }); }}>
      <select class="inp sm grow" name="case" aria-label=${t("Case")}>${fact.case ? html`<option value=${fact.case}>${t("its own case {number}", { number: rows.find((row) => row.case === fact.case)?.number ?? "" })}</option>` : nothing}
        ${rows.filter((row) => row.case !== fact.case).map((row) => html`<option value=${row.case}>${row.number} ${row.address}</option>`)}</select><button class="btn go">${t("File here")}</button></form>
    <form class="row wrap" @submit=${(event) => { event.preventDefault(); const reason = new FormData(event.target).get("reason").trim(); if (reason) settle({ reason }); }}>
      <input class="inp sm grow" name="reason" autocomplete="off" required aria-label=${t("Why discard it")} placeholder=${t("Why discard it?")}><button class="btn stop">${t("Discard")}</button></form></li>`;
}

/** Opens the sheet and keeps it until it is closed. */
export async function openParked(desk, holder) {
  const box = document.createElement("dialog");
  box.className = "sheet parked";
  box.setAttribute("aria-labelledby", "parked-title");
  holder.append(box);
  const sheet = { facts: null, problem: "", draw };
  function draw() {
    const list = sheet.problem ? html`<div class="void err" role="alert"><p>${sheet.problem}</p></div>`
      : sheet.facts === null ? html`<div class="skeleton"><span class="sk w0"></span><span class="sk w1"></span></div>`
      : sheet.facts.length ? html`<ul>${sheet.facts.map((fact) => one(desk, fact, sheet))}</ul>`
      : html`<div class="void tight">${mark(icon("inbox", "l"))}<h2>${t("Nothing waits to be filed")}</h2><p class="two">${t("What a crew recorded after its shift, or for a closed case, appears here.")}</p></div>`;
    render(html`<header><h1 id="parked-title">${t("Facts to file")}</h1>${closer(() => box.close(), t("Close"))}</header><div class="in">${list}</div>`, box);
  }
  box.addEventListener("close", () => box.remove());
  draw();
  box.showModal();
  try {
    sheet.facts = await desk.acts.parked();
  } catch (error) {
    sheet.problem = error.message;
  }
  draw();
}
