// Diversion by pathway: one tap on what is not taken, a second on how long; taken again with one tap.
import { html, nothing } from "lit-html";
import { clock, now } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { dialog } from "../../web/ui.js";
import { pic, shape } from "./pictures.js";
import { PATHWAY } from "./words.js";

const SHOWN = ["stemi", "stroke", "trauma", "paediatric", "obstetric", "other"];
const HOURS = [1, 2, 4, 8];
const REASONS = [t("No bed free"), t("Catheter laboratory down"), t("CT down"), t("Staff short"), t("Incident in the house")];

export function diversions(board, state) {
  const known = state.pathways ?? SHOWN;
  const shown = [...SHOWN.filter((each) => known.includes(each)), ...state.diversions.map((each) => each.pathway).filter((each) => each && !SHOWN.includes(each))];
  const all = state.diversions.find((each) => each.pathway === null);
  return html`<section class="div3" aria-labelledby="divert"><h2 id="divert">${t("Diversion")}<small>${t("by pathway; dispatch and crews see it at once")}</small></h2>
    ${one(board, null, t("All patients"), all)}${shown.map((pathway) => one(board, pathway, PATHWAY[pathway] ?? pathway, state.diversions.find((each) => each.pathway === pathway)))}</section>`;
}

function one(board, pathway, name, now_) {
  const act = () => (now_ ? board.divert(pathway, { on: false }, now_) : ask(board, pathway, name));
  return html`<button class="dv" aria-pressed=${String(Boolean(now_))} ?disabled=${!board.treats || board.acts.waits(`divert/${pathway}`)} @click=${act}><b>${name}</b>
    ${now_ ? html`<span>${shape("medium")} ${t("not taken")}</span><small>${now_.until ? t("until {time}", { time: clock(now_.until) }) : t("until further notice")}</small>
      ${now_.reason ? html`<small>${now_.reason}</small>` : nothing}<small>${now_.pending ? t("sending") : html`${now_.set_by} ${clock(now_.set_at)}`}</small>` : html`<span class="ok-c">${pic("check", "s")} ${t("taken")}</span>`}</button>`;
}

async function ask(board, pathway, name) {
  const box = document.createElement("dialog");
  box.className = "sheet ask";
  box.setAttribute("aria-labelledby", "div-title");
  box.innerHTML = `<form method="dialog"><header><h1 id="div-title"></h1></header><div class="in divask"><label></label><input class="inp" name="reason" list="reasons" maxlength="200" autocomplete="off"><datalist id="reasons"></datalist><p></p><div class="row wrap"></div></div>
    <footer><button class="btn" value=""></button></footer></form>`;
  const input = box.querySelector("input");
  const label = box.querySelector("label");
  input.id = "div-reason";
  label.htmlFor = "div-reason";
  label.textContent = t("Reason (dispatch and crews read it)");
  box.querySelector("h1").textContent = t("Not taken: {name}", { name });
  box.querySelector("p").textContent = t("Until:");
  for (const words of REASONS) box.querySelector("datalist").append(Object.assign(document.createElement("option"), { value: words }));
  const until = (hours) => new Date(Math.ceil((now() + hours * 3_600_000) / 600_000) * 600_000);
  for (const hours of HOURS) box.querySelector(".row").append(Object.assign(document.createElement("button"), { className: "btn", value: until(hours).toISOString(), textContent: `${clock(until(hours).getTime())} (${t("{n} h", { n: hours })})` }));
  box.querySelector(".row").append(Object.assign(document.createElement("button"), { className: "btn", value: "open", textContent: t("until further notice") }));
  box.querySelector("footer button").textContent = t("Cancel");
  document.body.append(box);
  const chosen = await dialog(box);
  const reason = input.value.trim();
  box.remove();
  if (chosen) board.divert(pathway, { on: true, until: chosen === "open" ? null : chosen, reason });
}
